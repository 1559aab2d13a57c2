"""Reads the reservations of a month that ends, as they stand (spec 06, step 14: 信誉档案)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from tasks.intake import hotel_tables as delivered
from tasks.night_audit.books import Books
from tasks.night_audit.hotel_day import night_end
from tasks.night_audit.policy import Policy
from tasks.night_audit.reputation import Month
from tasks.night_audit.reservations import standing
from tasks.night_audit.rows import Deposit, Outcome, Reservation, Stay
from tasks.night_audit.steps.reading import read, read_by
from tasks.night_audit.tables import reservation_outcomes


def month_of(connection: Connection, date: dt.date, policy: Policy) -> Month:
    """The reservations due in the month up to the end of the night of `date`, its last, and their stays."""
    begins = night_end(date.replace(day=1) - dt.timedelta(days=1), policy.night_ends)
    ends = night_end(date, policy.night_ends)
    due = delivered.reservations.c.due_in
    reservations = read(connection, Reservation, delivered.reservations, due > begins, due <= ends)
    keys = {row.reservation_key for row in reservations}
    stays = read_by(connection, Stay, delivered.stays.c.reservation_key, keys)
    books = Books(
        as_of=date,
        delivered=frozenset(),
        reservations=reservations,
        deposits=read_by(connection, Deposit, delivered.deposits.c.reservation_key, keys),
        stays=stays,
        outcomes=read_by(connection, Outcome, reservation_outcomes.c.reservation_key, keys),
    )
    return Month(standing(books, policy, ends), stays)
