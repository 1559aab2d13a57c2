"""The survey of the demo: what is put wrong in it is found, and nothing else."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any, cast

import pytest

from benchmarks.demo_company.survey import make_survey
from flows.opening import made_home
from flows.running import broken_invariants
from flows.survey_day import carried_out

LAST = dt.date(2026, 11, 20)
Found = list[dict[str, str]]


def test_every_fault_that_was_put_in_is_found_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYBOOK_HOME", str(tmp_path))
    made_home()
    wrong = make_survey(tmp_path / "inbox", LAST)
    before = asyncio.run(carried_out("2026-10", "", mail=False))
    summary = asyncio.run(carried_out("2026-11", "", mail=False))
    alive = Counter(one["kind"] for one in cast("Found", summary["exceptions"]) if one["state"] == "open")
    assert alive == Counter(wrong)
    assert not broken_invariants()
    # 90 forms came back in October; of those sent, five of each department never did.
    figures = cast("dict[str, Any]", before["figures"])
    assert (figures["forms_sent"], figures["forms_returned"], figures["forms_valid"]) == (105, 90, 90)
    assert (figures["satisfied"], figures["satisfaction"], figures["response_rate"]) == (80, "0.888889", "0.857143")
    assert [one["satisfied"] for one in figures["by_department"]] == [22, 42, 16]
