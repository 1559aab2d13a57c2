"""Which business dates a scheduled run does: the missed ones first, oldest first, then its own, each once.

After a night off every planned run starts at once and in no order, and of a longer time off no runs were planned at
all; so what is due is read from what was reported, not from the runs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cronsim import CronSim

DateOf = Callable[[dt.datetime], dt.date]


@dataclass(frozen=True, slots=True)
class Due:
    """The dates to do, oldest first; none when there is nothing left to do.

    `passed_over` are the first and last date of a time off so long ago that its dates are not done by themselves.
    """

    dates: tuple[dt.date, ...]
    passed_over: tuple[dt.date, dt.date] | None = None


def due_dates(
    scheduled: dt.datetime,
    date_of: DateOf,
    schedules: Iterable[str],
    reported: Mapping[dt.date, dt.datetime],
    catch_up_days: int,
) -> Due:
    """What a run planned for the moment `scheduled` does, given when each date was last `reported` (the run's end).

    Its own date is `date_of(scheduled)`; a run that ended after the plan's moment has done it already. Missed is a
    date for which `schedules` (cron lines in the zone of `scheduled`) plan a run and which no run reported, since the
    first reported date and at most `catch_up_days` before the own one. With nothing reported yet nothing was missed.
    """
    own = date_of(scheduled)
    earlier = [date for date in reported if date < own]
    ended = reported.get(own)
    mine = () if ended is not None and ended >= scheduled else (own,)
    if not earlier:
        return Due(mine)
    bound = own - dt.timedelta(days=catch_up_days)
    first = max(min(earlier), bound)
    missed = [date for date in planned_dates(schedules, date_of, first, scheduled) if date < own]
    newest = max(earlier) + dt.timedelta(days=1)
    before = bound - dt.timedelta(days=1)
    return Due(
        (*(date for date in missed if date not in reported), *mine), (newest, before) if newest <= before else None
    )


def planned_dates(schedules: Iterable[str], date_of: DateOf, first: dt.date, until: dt.datetime) -> Sequence[dt.date]:
    """The dates from `first` on for which a schedule plans a run before or at `until`, oldest first."""
    found: set[dt.date] = set()
    # A run may do the date of the day before its own start; one day more costs nothing.
    start = dt.datetime.combine(first, dt.time(), until.tzinfo) - dt.timedelta(days=1)
    for line in schedules:
        for moment in CronSim(line, start):
            if moment > until:
                break
            found.add(date_of(moment))
    return sorted(date for date in found if date >= first)
