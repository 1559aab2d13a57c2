from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.demo_company import Company, faults_on, make_company
from tests.demo.running import Result, needs_the_flow, new_on, run_company, run_day

pytestmark = needs_the_flow


@pytest.fixture(scope="module")
def results(company: Company, tmp_path_factory: pytest.TempPathFactory) -> dict[dt.date, Result]:
    return run_company(company, tmp_path_factory.mktemp("home"))


def test_every_run_finds_what_was_put_in_and_invents_nothing(company: Company, results: dict[dt.date, Result]) -> None:
    found = {day: new_on(result, day) for day, result in results.items()}
    wanted = {
        day: Counter(
            {(kind, site, item.lstrip("0")): count for (kind, site, item), count in faults_on(company, day).items()}
        )
        for day in company.days
    }
    assert {day: (found[day] - wanted[day], wanted[day] - found[day]) for day in company.days} == {
        day: (Counter(), Counter()) for day in company.days
    }


def test_every_run_is_completed(results: dict[dt.date, Result]) -> None:
    assert {result["status"] for result in results.values()} == {"completed"}


def test_every_unreadable_row_is_quarantined_on_the_day_of_its_file(
    company: Company, results: dict[dt.date, Result]
) -> None:
    wanted = Counter((one.found_on, one.dataset) for one in company.quarantined)
    for day, result in results.items():
        for dataset in ("ledger", "erp_documents", "on_hand"):
            assert result["rows"][dataset]["quarantined"] == wanted[day, dataset], (day, dataset)


def test_no_row_is_lost(results: dict[dt.date, Result]) -> None:
    for result in results.values():
        for counts in result["rows"].values():
            assert counts["read"] == counts["accepted"] + counts["quarantined"] + counts["repeated"]


def test_a_break_is_carried_under_one_id(results: dict[dt.date, Result]) -> None:
    opened: dict[str, str] = {}
    for result in results.values():
        for one in result["exceptions"]:
            assert opened.setdefault(one["id"], one["opened_on"]) == one["opened_on"]


def test_an_honest_company_has_no_exceptions(tmp_path: Path) -> None:
    honest = make_company(tmp_path / "company", dt.date(2026, 11, 20), days=5, seed=11, faults=False)
    told = run_company(honest, tmp_path / "home")
    assert {day: result["exceptions"] for day, result in told.items()} == {day: [] for day in honest.days}


def test_a_run_said_again_says_the_same(company: Company, tmp_path: Path) -> None:
    first = run_company(Company(company.faults, (), company.days[:1], _first(company), company.masters), tmp_path)
    again = run_day(tmp_path, company.days[0])
    assert again["exceptions"] == first[company.days[0]]["exceptions"]
    assert again["rows"] == first[company.days[0]]["rows"]
    assert again["figures"] == first[company.days[0]]["figures"]


def _first(company: Company) -> dict[dt.date, Path]:
    return {company.days[0]: company.deliveries[company.days[0]]}
