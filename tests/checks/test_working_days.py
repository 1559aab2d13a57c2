"""Working days by the official calendar, and Monday to Friday where it is not yet known."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.working_days import (
    is_working_day,
    known_year,
    next_working_day,
    next_working_days,
    working_days_between,
    working_days_until,
)

DAYS = st.dates(dt.date(2003, 1, 1), dt.date(2041, 12, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-09-20", True),  # a Sunday worked for National Day
        ("2026-09-30", True),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # a Saturday worked for National Day
        ("2026-10-11", False),
        ("2026-11-21", False),
        ("2026-11-23", True),
        ("2040-10-01", True),  # a Monday of a year that nobody has announced
        ("2040-10-06", False),
    ],
)
def test_holidays_and_make_up_workdays(day: str, *, worked: bool) -> None:
    assert is_working_day(dt.date.fromisoformat(day)) is worked


@pytest.mark.parametrize(
    ("day", "n", "following"),
    [
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 4, "2026-10-12"),
        ("2026-12-31", 2, "2027-01-04"),
        ("2040-10-05", 1, "2040-10-08"),
    ],
)
def test_the_next_working_day(day: str, n: int, following: str) -> None:
    assert next_working_day(dt.date.fromisoformat(day), n) == dt.date.fromisoformat(following)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-11-20", "2026-11-20", 0),
        ("2026-11-20", "2026-11-22", 0),
        ("2026-11-20", "2026-11-23", 1),
        ("2026-11-20", "2026-11-27", 5),
        ("2026-09-30", "2026-10-07", 0),
        ("2026-09-30", "2026-10-10", 3),
        ("2026-11-27", "2026-11-20", 0),
        ("2026-12-30", "2027-01-04", 3),  # 1 January 2027 is a Friday that nobody has announced yet
    ],
)
def test_working_days_lie_after_the_start_up_to_the_end(start: str, end: str, count: int) -> None:
    assert working_days_between(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == count


def test_what_the_calendar_knows() -> None:
    assert [known_year(year) for year in (2003, 2004, 2026, 2040)] == [False, True, True, False]


def test_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="counted forward"):
        next_working_day(dt.date(2026, 11, 20), -1)


def test_no_days_give_no_days() -> None:
    none = np.array([], dtype="datetime64[D]")
    assert len(next_working_days(none)) == 0
    assert len(working_days_until(none, dt.date(2026, 11, 20))) == 0


@given(st.dates(dt.date(2004, 1, 1), dt.date(2026, 12, 31)))
def test_a_known_day_is_worked_exactly_when_the_official_calendar_says_so(day: dt.date) -> None:
    assert is_working_day(day) == chinese_calendar.is_workday(day)


@given(DAYS, st.integers(0, 60))
def test_counting_day_by_day_comes_to_the_same(start: dt.date, length: int) -> None:
    end = start + dt.timedelta(days=length)
    by_hand = sum(is_working_day(start + dt.timedelta(days=n)) for n in range(1, length + 1))
    assert working_days_between(start, end) == by_hand


@given(DAYS, st.integers(1, 300))
def test_so_many_working_days_lie_before_the_next_one(day: dt.date, n: int) -> None:
    following = next_working_day(day, n)
    assert is_working_day(following)
    assert working_days_between(day, following) == n


@given(st.lists(DAYS, min_size=1, max_size=20), DAYS)
def test_many_days_at_once_are_counted_like_one_by_one(days: list[dt.date], end: dt.date) -> None:
    column = np.array(days, dtype="datetime64[D]")
    assert working_days_until(column, end).tolist() == [working_days_between(day, end) for day in days]
    assert next_working_days(column, 3).tolist() == [next_working_day(day, 3) for day in days]
