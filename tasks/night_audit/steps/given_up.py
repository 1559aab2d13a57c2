"""The reservations that a desk may take back: no-shows and released ones whose guest has not come (spec 06)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from tasks.intake.hotel_tables import reservations, stays
from tasks.night_audit.tables import reservation_outcomes

# Whoever was due longer ago comes no more; the command takes back any.
_LOOKED_BACK = dt.timedelta(days=92)
_GIVEN_UP = ("no_show", "undecided", "released")


@dataclass(frozen=True, slots=True)
class GivenUp:
    """One reservation that is given up: `state` is no_show, undecided or released; `due_in` is the hotel's own time."""

    reservation: str
    who: str
    due_in: dt.datetime
    state: str


def given_up(connection: Connection, at: dt.datetime, limit: int) -> tuple[GivenUp, ...]:
    """The reservations due since three months before `at` that are given up, the last due first, at most `limit`.

    The last outcome stands, what the hotel's system says where none was recorded; a guest who came or a cancellation
    yields to nothing.
    """
    own, last = reservations.c, reservation_outcomes.c
    outcomes = select(last.outcome).where(last.reservation_key == own.reservation_key)
    newest = outcomes.order_by(last.id.desc()).limit(1).correlate(reservations).scalar_subquery()
    state = func.coalesce(newest, own.state).label("state")
    came = select(stays.c.account_key).where(stays.c.reservation_key == own.reservation_key).exists()
    query = (
        select(own.reservation, own.booker, own.group_name, own.due_in, state)
        .where(own.due_in >= at - _LOOKED_BACK, own.state.not_in(("checked_in", "cancelled")))
        .where(state.in_(_GIVEN_UP), ~came)
        .order_by(own.due_in.desc(), own.reservation_key)
        .limit(limit)
    )
    return tuple(
        GivenUp(row.reservation, row.group_name or row.booker, row.due_in, row.state)
        for row in connection.execute(query)
    )
