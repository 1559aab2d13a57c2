"""Nine years of a real survey: every distribution that the product keeps is that of a second, independent count."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.sfo_survey import play
from tests.house import ROOT

SURVEYS = ROOT.parent / "shared/data/sfo_customer_survey_2010_2018.zip"
WITHOUT_DATA = pytest.mark.skipif(not SURVEYS.exists(), reason="the airport's surveys are not there")


@WITHOUT_DATA
def test_a_year_that_gives_only_gates_and_lacks_serial_numbers(tmp_path: Path) -> None:
    assert [(told.year, differing) for told, differing in play(SURVEYS, tmp_path, (2013,))] == [(2013, [])]


@WITHOUT_DATA
@pytest.mark.proof
def test_all_nine_years(tmp_path: Path) -> None:
    assert [(told.year, differing) for told, differing in play(SURVEYS, tmp_path)] == [
        (year, []) for year in range(2010, 2019)
    ]
