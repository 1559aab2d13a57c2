"""A period is the month, quarter or year of the calendar in which a day lies, known by its last day."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.survey.cycles import MONTHS, Cycle, cycle_before, cycle_end, cycle_ends, cycle_start

CYCLES = st.sampled_from(sorted(MONTHS))
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "cycle", "first", "last", "before"),
    [
        ("2026-11-22", "month", "2026-11-01", "2026-11-30", "2026-10-31"),
        ("2024-02-29", "month", "2024-02-01", "2024-02-29", "2024-01-31"),
        ("2026-01-01", "month", "2026-01-01", "2026-01-31", "2025-12-31"),
        ("2026-11-22", "quarter", "2026-10-01", "2026-12-31", "2026-09-30"),
        ("2026-03-31", "quarter", "2026-01-01", "2026-03-31", "2025-12-31"),
        ("2026-11-22", "year", "2026-01-01", "2026-12-31", "2025-12-31"),
    ],
)
def test_a_day_lies_in_one_period(day: str, cycle: Cycle, first: str, last: str, before: str) -> None:
    period = cycle_end(dt.date.fromisoformat(day), cycle)
    found = (cycle_start(period, cycle), period, cycle_before(period, cycle))
    assert [one.isoformat() for one in found] == [first, last, before]


@given(DAYS, CYCLES, st.integers(0, 30))
def test_periods_follow_one_another_without_a_gap(day: dt.date, cycle: Cycle, back: int) -> None:
    period = cycle_end(day, cycle)
    assert cycle_start(period, cycle) <= day <= period
    earlier = cycle_before(period, cycle, back)
    assert cycle_end(earlier, cycle) == earlier
    assert cycle_start(earlier, cycle) - dt.timedelta(days=1) == cycle_before(earlier, cycle)
    assert cycle_before(period, cycle, back + 1) == cycle_before(earlier, cycle)


@given(st.lists(DAYS, max_size=20), CYCLES)
def test_a_column_of_days_has_the_periods_of_its_days(days: list[dt.date], cycle: Cycle) -> None:
    column = pd.Series(pd.to_datetime(days), dtype="datetime64[s]")
    assert cycle_ends(column, cycle).dt.date.tolist() == [cycle_end(day, cycle) for day in days]
