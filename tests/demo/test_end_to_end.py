from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.demo_company import SEED, Company, faults_on, make_company
from tests.demo.running import Result, needs_the_flow, new_on, run_company, run_day

pytestmark = needs_the_flow


def test_nine_days_find_every_fault_that_was_put_in_and_invent_none(company: Company, tmp_path: Path) -> None:
    results = run_company(company, tmp_path)
    assert {result["status"] for result in results.values()} == {"completed"}
    invented, overlooked = _compared(company, results)
    assert (invented, overlooked) == ({}, {})
    _quarantined_as_known(company, results)
    _carried_under_one_id(results)
    last = company.days[-1]
    assert _judged(run_day(tmp_path, last)) == _judged(results[last])


def test_an_honest_company_has_no_exceptions(tmp_path: Path) -> None:
    honest = make_company(tmp_path / "company", dt.date(2026, 11, 20), days=3, seed=11, faults=False)
    told = run_company(honest, tmp_path / "home")
    assert {day: result["exceptions"] for day, result in told.items()} == {day: [] for day in honest.days}


@pytest.mark.proof
@pytest.mark.parametrize("seed", [SEED, 1, 2])
def test_a_whole_month_finds_every_fault_that_was_put_in_and_invents_none(seed: int, tmp_path: Path) -> None:
    month = make_company(tmp_path / "company", dt.date(2026, 11, 20), seed=seed)
    results = run_company(month, tmp_path / "home")
    assert _compared(month, results) == ({}, {})
    _quarantined_as_known(month, results)
    _carried_under_one_id(results)


Differences = dict[dt.date, Counter[tuple[str, str, str]]]


def _compared(company: Company, results: dict[dt.date, Result]) -> tuple[Differences, Differences]:
    """Per day what was found though nobody put it in, and what was not found."""
    invented, overlooked = {}, {}
    for day, result in results.items():
        found = new_on(result, day)
        known = faults_on(company, day)
        wanted = Counter({(kind, site, item.lstrip("0")): count for (kind, site, item), count in known.items()})
        invented[day], overlooked[day] = found - wanted, wanted - found
    return {day: one for day, one in invented.items() if one}, {day: one for day, one in overlooked.items() if one}


def _quarantined_as_known(company: Company, results: dict[dt.date, Result]) -> None:
    wanted = Counter((one.found_on, one.dataset) for one in company.quarantined)
    for day, result in results.items():
        for dataset in ("ledger", "erp_documents", "on_hand"):
            assert result["rows"][dataset]["quarantined"] == wanted[day, dataset], (day, dataset)
        for counts in result["rows"].values():
            assert counts["read"] == counts["accepted"] + counts["quarantined"] + counts["repeated"]


def _carried_under_one_id(results: dict[dt.date, Result]) -> None:
    opened: dict[str, str] = {}
    for result in results.values():
        for one in result["exceptions"]:
            assert opened.setdefault(one["id"], one["opened_on"]) == one["opened_on"]


def _judged(result: Result) -> tuple[object, ...]:
    return result["status"], result["rows"], result["figures"], result["exceptions"]
