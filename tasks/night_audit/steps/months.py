"""Reads the reservations of a month that ends, as they stand (spec 06, step 14: 信誉档案)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import Connection, select

from tasks.adapters.store import read_frame
from tasks.intake import hotel_tables as delivered
from tasks.night_audit.books import books_of, shaped
from tasks.night_audit.hotel_day import night_end
from tasks.night_audit.policy import Policy
from tasks.night_audit.reputation import Month
from tasks.night_audit.reservations import standing
from tasks.night_audit.steps.people import rows_by
from tasks.night_audit.tables import reservation_outcomes


def month_of(connection: Connection, date: dt.date, policy: Policy) -> Month:
    """The reservations due in the month up to the end of the night of `date`, its last, and their stays."""
    begins = night_end(date.replace(day=1) - dt.timedelta(days=1), policy.night_ends)
    ends = night_end(date, policy.night_ends)
    due = delivered.reservations.c.due_in
    query = select(delivered.reservations).where(due > begins.to_pydatetime(), due <= ends.to_pydatetime())
    reservations = shaped("reservations", read_frame(connection, query))
    keys = set(reservations["reservation_key"])
    found = {}
    for name, table in (
        ("deposits", delivered.deposits),
        ("stays", delivered.stays),
        ("outcomes", reservation_outcomes),
    ):
        rows = rows_by(connection, table, table.c.reservation_key, keys)
        found[name] = shaped(name, pd.concat(rows, ignore_index=True)) if rows else shaped(name, pd.DataFrame())
    now = standing(books_of(date, (), found | {"reservations": reservations}), policy, ends)
    return Month(now, found["stays"])
