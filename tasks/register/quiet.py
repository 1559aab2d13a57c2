"""Explanations that hold no more: their last day is past, or what they explained is no longer what it was; pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from tasks.domain.breaks import Break
from tasks.register.life import Sighting


class Known(NamedTuple):
    """What the register has to know of a break that a date sees again: all else is as the date sees it."""

    id: str
    date: dt.date
    expected: str
    found: str
    difference: int
    opened_on: dt.date
    owner: str
    last_period: dt.date
    quiet_until: dt.date | None


def as_heard_again(
    period: dt.date,
    now: Mapping[str, Break],
    known: Mapping[str, Known],
    told: Mapping[str, Sighting],
    *,
    watched: bool,
) -> dict[str, Sighting]:
    """What was told, but breaks that no longer lie quiet as resolved, so that a date that sees them reopens them.

    That is a written-off one whose difference is another since, and an explained one whose explanation's last day is
    before `period`, or where explanations are `watched` whose figures are others since.
    """
    return {
        name: replace(last, state="resolved")
        if name in now and name in known and _is_heard(period, now[name], known[name], last, watched=watched)
        else last
        for name, last in told.items()
    }


def _is_heard(period: dt.date, now: Break, known: Known, last: Sighting, *, watched: bool) -> bool:
    newest = known.last_period == last.period
    if last.state == "written-off":
        return newest and now.difference != known.difference
    if last.state != "explained":
        return False
    past = known.quiet_until is not None and known.quiet_until < period
    figures = (now.expected, now.found, now.difference) != (known.expected, known.found, known.difference)
    return past or (watched and newest and figures)
