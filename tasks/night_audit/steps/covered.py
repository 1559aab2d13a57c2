"""The rows that the seal of a date covers: where each kind of them is found, and their digests as they are now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, select

from tasks.intake import hotel_tables as delivered
from tasks.night_audit.sealing import Digest, row_digests
from tasks.night_audit.tables import (
    commission_accruals,
    ledger_balances,
    night_postings,
    points_earned,
    reservation_outcomes,
)

_ONE_DAY = dt.timedelta(days=1)
# Where a row came from is no content of it, for several files may deliver the same one; nor is its own id or when it
# was kept, for a night done again after a crash ends in the same hash.
NO_CONTENT = frozenset({"file_id", "sheet", "row", "id", "recorded_at"})


class Covered(NamedTuple):
    """A kind of rows: the column by which people know one, and the column of the date or moment it is covered by."""

    table: Table
    number: str
    dated: str


# Delivered rows that may still change after the close, which is told (decision 0015); covered as they were at it.
LATE: Mapping[str, Covered] = MappingProxyType(
    {
        "shifts": Covered(delivered.shifts, "shift", "date"),
        "pos_checks": Covered(delivered.pos_checks, "check", "at"),
    }
)
COVERED: Mapping[str, Covered] = MappingProxyType(
    {
        "folio": Covered(delivered.folio, "number", "sealed_on"),
        "payments": Covered(delivered.payments, "number", "sealed_on"),
        "deposits": Covered(delivered.deposits, "number", "sealed_on"),
        "stays": Covered(delivered.stays, "account", "sealed_on"),
        "night_postings": Covered(night_postings, "number", "business_date"),
        "ledger_balances": Covered(ledger_balances, "account", "business_date"),
        "commission_accruals": Covered(commission_accruals, "account", "business_date"),
        "points_earned": Covered(points_earned, "account", "business_date"),
        "reservation_outcomes": Covered(reservation_outcomes, "reservation", "business_date"),
        **LATE,
    }
)
# What a date covers whose seal does not say it: all of them before migration 0014.
ONCE_COVERED = tuple(COVERED)[:8]


def present_digests(
    connection: Connection,
    date: dt.date,
    ends: dt.datetime,
    kinds: Collection[str],
    among: Mapping[str, ColumnElement[bool]],
) -> list[Digest]:
    """The digest of every row of `kinds` that is covered for `date`, whose night ends at `ends`, as the row is now.

    `among` says where those of a kind are, as the close of the date knows that: without it all rows that there ever
    were are looked through, since a row that somebody changed may lie anywhere.
    """
    found = []
    given = {"date": date, "begins": ends - _ONE_DAY, "ends": ends}
    for kind in kinds:
        query = _of_date(kind)
        names = [str(column.key) for column in query.selected_columns]
        rows = connection.execute(query.where(among[kind]) if kind in among else query, given).all()
        found += row_digests(kind, names, rows, COVERED[kind].number)
    return found


@cache
def _of_date(kind: str) -> Select[Any]:
    """The question for the rows of `kind` that belong to a date, whose night begins and ends at two moments."""
    table, _, dated = COVERED[kind]
    column = table.c[dated]
    columns = [one for one in table.columns if one.name not in NO_CONTENT]
    if dated == "at":
        return select(*columns).where(column > bindparam("begins"), column <= bindparam("ends"))
    return select(*columns).where(column == bindparam("date"))
