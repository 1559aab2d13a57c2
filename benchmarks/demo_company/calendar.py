"""Working days of the made-up company: the Chinese official calendar, Monday to Friday in years unknown to it."""

from __future__ import annotations

import datetime as dt

import chinese_calendar

DAY = dt.timedelta(days=1)


def is_working_day(day: dt.date) -> bool:
    """Whether offices are open."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5  # noqa: PLR2004 - Saturday and Sunday


def working_days_after(day: dt.date, count: int) -> dt.date:
    """The `count`-th working day after `day`."""
    while count:
        day += DAY
        count -= is_working_day(day)
    return day
