"""Which business date a moment belongs to, and which stays are in house, come and go on one (spec 06, step 4).

The night of a date ends at `night_ends` of the next calendar day, that second included. No clock is asked, so that a
night closed late has the figures of a night closed in time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from tasks.night_audit.books import Books, once
from tasks.night_audit.policy import Policy
from tasks.night_audit.rows import Stay

SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)


def since_midnight(time: dt.time) -> dt.timedelta:
    """How long after midnight `time` is."""
    return dt.timedelta(hours=time.hour, minutes=time.minute, seconds=time.second)


def business_date(moment: dt.datetime, night_ends: dt.time) -> dt.date:
    """The business date of a moment."""
    return (moment - since_midnight(night_ends) - SECOND).date()


def night_end(date: dt.date, night_ends: dt.time) -> dt.datetime:
    """The last moment that belongs to the business date."""
    return at_time(date, night_ends) + DAY


def at_time(date: dt.date, time: dt.time) -> dt.datetime:
    """`time` of the calendar day `date`."""
    return dt.datetime.combine(date, time)


@dataclass(frozen=True, slots=True)
class Movements:
    """Which stays are in the house on the night, came, left, came and left, and stayed on; each in the given order.

    `departed` are those that had arrived before the date; `arrived` holds the day use too.
    """

    in_house: tuple[Stay, ...]
    arrived: tuple[Stay, ...]
    departed: tuple[Stay, ...]
    day_use: tuple[Stay, ...]
    stayed_over: tuple[Stay, ...]


def movements(stays: Iterable[Stay], date: dt.date, night_ends: dt.time) -> Movements:
    """What every stay did on `date`."""
    begins, ends = night_end(date - DAY, night_ends), night_end(date, night_ends)
    inside: list[Stay] = []
    came: list[Stay] = []
    left: list[Stay] = []
    visited: list[Stay] = []
    stayed: list[Stay] = []
    for stay in stays:
        if stay.arrived_at > ends:
            continue
        before = stay.arrived_at <= begins
        if not before:
            came.append(stay)
        gone = stay.departed_at
        if gone is None or gone > ends:
            inside.append(stay)
            if before:
                stayed.append(stay)
        elif gone > begins:
            (left if before else visited).append(stay)
    return Movements(tuple(inside), tuple(came), tuple(left), tuple(visited), tuple(stayed))


@once
def moved(books: Books, policy: Policy) -> Movements:
    """What the stays of the books did on their date."""
    return movements(books.stays, books.as_of, policy.night_ends)


def present(books: Books, policy: Policy) -> tuple[Stay, ...]:
    """The stays that spend the night of the books' date in the hotel: arrived by its end and not departed by then."""
    return moved(books, policy).in_house


def stays_by_the_hour(stay: Stay) -> bool:
    """Whether a stay that is in house on a night is an hourly one that has not left since.

    Its hours take no part: they may run on, but a night in the house is charged or told (spec 06, step 4).
    """
    return stay.kind == "hourly" and stay.departed_at is None
