"""Working days of the Chinese official calendar, with its holidays and make-up workdays (spec 00: working day).

The calendar library knows whole years as they are announced; any other year counts Monday to Friday, and the caller
says so once in the report (`known_year`).

Signatures: is_working_day(day) -> bool; next_working_day(day, n=1) -> date; working_days_between(start, end) -> int;
known_year(year) -> bool; next_working_days(days, n=1) -> days; working_days_until(days, end) -> counts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from chinese_calendar.constants import holidays, workdays

Days = npt.NDArray[np.datetime64]
_SATURDAY = 5
# Day 0 of numpy's calendar, 1970-01-01, was a Thursday.
_WEEKDAY_OF_DAY_ZERO = 3
_KNOWN_YEARS = frozenset(day.year for day in holidays)


@dataclass(frozen=True, slots=True)
class _Span:
    """Whole years side by side: `first` as a day number, per day whether it is worked, and the running count."""

    first: int
    worked: npt.NDArray[np.int64]
    count: npt.NDArray[np.int64]


def known_year(year: int) -> bool:
    """Whether the official calendar of `year` is known; otherwise its working days are Monday to Friday."""
    return year in _KNOWN_YEARS


def is_working_day(day: dt.date) -> bool:
    """Whether `day` is worked: holidays and weekends are not, make-up workdays at a weekend are."""
    if known_year(day.year):
        return day in workdays or (day.weekday() < _SATURDAY and day not in holidays)
    return day.weekday() < _SATURDAY


def next_working_day(day: dt.date, n: int = 1) -> dt.date:
    """The `n`-th working day after `day`; `day` itself when n is 0. Raises ValueError for a negative n."""
    following: dt.date = next_working_days(np.array([day], dtype="datetime64[D]"), n)[0].item()
    return following


def working_days_between(start: dt.date, end: dt.date) -> int:
    """How many working days lie after `start` and up to and with `end`; 0 when `end` is not after `start`."""
    return int(working_days_until(np.array([start], dtype="datetime64[D]"), end)[0])


def next_working_days(days: Days, n: int = 1) -> Days:
    """`next_working_day` of every day at once: datetime64[D] in the order given. Raises ValueError for a negative n."""
    if n < 0:
        raise ValueError(f"working days are counted forward, not {n}")
    numbers = _numbers(days)
    if n == 0 or numbers.size == 0:
        return numbers.astype("datetime64[D]")
    span = _span(_year(int(numbers.min())), _year(int(numbers.max())) + 1 + n // 200)
    after = np.searchsorted(span.worked, numbers, side="right")
    return span.worked[after + n - 1].astype("datetime64[D]")


def working_days_until(days: Days, end: dt.date) -> npt.NDArray[np.int64]:
    """`working_days_between(day, end)` of every day at once: int64 in the order given."""
    numbers = _numbers(days)
    if numbers.size == 0:
        return np.zeros(0, dtype=np.int64)
    last = int(np.datetime64(end, "D").astype(np.int64))
    span = _span(min(_year(int(numbers.min())), end.year), max(_year(int(numbers.max())), end.year))
    counted = span.count[last - span.first] - span.count[numbers - span.first]
    elapsed: npt.NDArray[np.int64] = np.maximum(counted, 0)
    return elapsed


def _numbers(days: Days) -> npt.NDArray[np.int64]:
    numbers: npt.NDArray[np.int64] = np.asarray(days, dtype="datetime64[D]").astype(np.int64)
    return numbers


def _year(number: int) -> int:
    return dt.date.fromordinal(number + dt.date(1970, 1, 1).toordinal()).year


@cache
def _span(first_year: int, last_year: int) -> _Span:
    first = np.datetime64(dt.date(first_year, 1, 1), "D").astype(np.int64)
    last = np.datetime64(dt.date(last_year, 12, 31), "D").astype(np.int64)
    numbers = np.arange(first, last + 1, dtype=np.int64)
    worked = (numbers + _WEEKDAY_OF_DAY_ZERO) % 7 < _SATURDAY
    worked[_within(numbers, list(holidays))] = False
    worked[_within(numbers, list(workdays))] = True
    return _Span(int(first), numbers[worked], np.cumsum(worked, dtype=np.int64))


def _within(numbers: npt.NDArray[np.int64], days: list[dt.date]) -> npt.NDArray[np.int64]:
    known = _numbers(np.array(days, dtype="datetime64[D]"))
    places: npt.NDArray[np.int64] = known[(known >= numbers[0]) & (known <= numbers[-1])] - numbers[0]
    return places
