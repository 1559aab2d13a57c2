"""Which business date a moment belongs to, and which stays are in house, come and go on one (spec 06, step 4).

The night of a date ends at `night_ends` of the next calendar day, that second included. `stays` are those of the
books; every mask has their index. No clock is asked, so that a night closed late has the figures of a night closed
in time.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from tasks.night_audit.books import Books, once
from tasks.night_audit.policy import Policy

SECOND = pd.Timedelta(seconds=1)
DAY = pd.Timedelta(days=1)


def since_midnight(time: dt.time) -> pd.Timedelta:
    """How long after midnight `time` is."""
    return pd.Timedelta(hours=time.hour, minutes=time.minute, seconds=time.second)


def business_dates(moments: pd.Series[pd.Timestamp], night_ends: dt.time) -> pd.Series[pd.Timestamp]:
    """The business date of each moment, at midnight; a blank moment has a blank date."""
    return (moments - since_midnight(night_ends) - SECOND).dt.normalize()


def business_date(moment: dt.datetime, night_ends: dt.time) -> dt.date:
    """The business date of one moment."""
    return (pd.Timestamp(moment) - since_midnight(night_ends) - SECOND).date()


def night_end(date: dt.date, night_ends: dt.time) -> pd.Timestamp:
    """The last moment that belongs to the business date."""
    return at_time(date, night_ends) + DAY


def at_time(date: dt.date, time: dt.time) -> pd.Timestamp:
    """`time` of the calendar day `date`."""
    return (pd.Timestamp(date) + since_midnight(time)).as_unit("s")


@dataclass(frozen=True, slots=True)
class Movements:
    """Which stays are in the house, came, left, came and left, and stayed on: masks with the index of the stays."""

    in_house: pd.Series[bool]
    arrived: pd.Series[bool]
    departed: pd.Series[bool]
    day_use: pd.Series[bool]
    stayed_over: pd.Series[bool]


def movements(stays: pd.DataFrame, date: dt.date, night_ends: dt.time) -> Movements:
    """What every stay did on `date`; each single answer has a function of its name below."""
    came, went = _dates(stays, night_ends)
    day = pd.Timestamp(date)
    before, same, leaving = came < day, came == day, went == day
    inside = (before | same) & (went.isna() | (went > day))
    return Movements(inside, same, leaving & before, leaving & same, inside & before)


@once
def present(books: Books, policy: Policy) -> pd.DataFrame:
    """The stays that spend the night of the books' date in the hotel (`in_house`)."""
    return books.stays[in_house(books.stays, books.as_of, policy.night_ends)]


def in_house(stays: pd.DataFrame, date: dt.date, night_ends: dt.time) -> pd.Series[bool]:
    """Which stays spend the night of `date` in the hotel: arrived by its end and not departed by then."""
    return movements(stays, date, night_ends).in_house


def arrived(stays: pd.DataFrame, date: dt.date, night_ends: dt.time) -> pd.Series[bool]:
    """Which stays arrived on `date`, day use among them."""
    return movements(stays, date, night_ends).arrived


def departed(stays: pd.DataFrame, date: dt.date, night_ends: dt.time) -> pd.Series[bool]:
    """Which stays departed on `date` and had arrived before it."""
    return movements(stays, date, night_ends).departed


def day_use(stays: pd.DataFrame, date: dt.date, night_ends: dt.time) -> pd.Series[bool]:
    """Which stays arrived and departed on `date`."""
    return movements(stays, date, night_ends).day_use


def stayed_over(stays: pd.DataFrame, date: dt.date, night_ends: dt.time) -> pd.Series[bool]:
    """Which stays are in house on the night of `date` and had arrived before it."""
    return movements(stays, date, night_ends).stayed_over


def overstayed_hours(stays: pd.DataFrame, date: dt.date, night_ends: dt.time) -> pd.Series[bool]:
    """Which hourly stays are still in house at the end of the night of `date`, past their hours.

    One whose hours run on beyond the end of the night is not: it is posted when it departs (spec 06, step 4).
    """
    past = stays["due_out"] < night_end(date, night_ends)
    return in_house(stays, date, night_ends) & (stays["kind"] == "hourly") & stays["departed_at"].isna() & past


def _dates(stays: pd.DataFrame, night_ends: dt.time) -> tuple[pd.Series[pd.Timestamp], pd.Series[pd.Timestamp]]:
    return business_dates(stays["arrived_at"], night_ends), business_dates(stays["departed_at"], night_ends)
