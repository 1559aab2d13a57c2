"""Shifts and checks of a closed date as its close saw them: later files may change them, and that is told (0015)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Connection, Date, DateTime, select

from tasks.domain.amounts import MONEY_SCALE
from tasks.domain.keys import code_key
from tasks.intake.hotel_tables import after_close
from tasks.intake.sealed import TOLD
from tasks.intake.steps.keyed_rows import KEYED
from tasks.intake.tables import changes
from tasks.night_audit.books import grouped
from tasks.night_audit.sealing import Digest, row_digests
from tasks.night_audit.steps.covered import COVERED, NO_CONTENT

_ONE_DAY = dt.timedelta(days=1)


class Closed(NamedTuple):
    """A closed date, the moment at which its night ended, and when it was closed."""

    date: dt.date
    ends: dt.datetime
    closed_at: dt.datetime


def digests_at_close(connection: Connection, kind: str, numbers: Collection[str], closed: Closed) -> list[Digest]:
    """The digests of the rows of `kind` with these numbers that belonged to the date when it was closed.

    Whatever later files changed is taken back, and what they brought is left out: what is left is changed by nobody
    whom the program knows of.
    """
    table, number, dated = COVERED[kind]
    names = [column.name for column in table.columns if column.name not in NO_CONTENT]
    found = connection.execute(select(*(table.c[name] for name in names)).where(table.c[number].in_(numbers)))
    keys = {":".join(str(row[name]) for name in KEYED[kind].shown): row for row in map(dict, found.mappings())}
    since = changes.c.changed_at > closed.closed_at
    newest_first = select(changes).where(changes.c.dataset == kind, changes.c.key.in_(keys), since)
    undone = grouped(connection.execute(newest_first.order_by(changes.c.id.desc())).all(), lambda one: one.key)
    came = select(after_close.c.key).where(
        after_close.c.dataset == kind,
        after_close.c.key.in_(keys),
        after_close.c.field == TOLD[kind],
        after_close.c.stored == "",
        after_close.c.found_at > closed.closed_at,
    )
    rows = []
    for key in keys.keys() - set(connection.execute(came).scalars()):
        row = keys[key]
        for change in undone.get(key, ()):
            row[change.field] = _value(table.c[change.field], change.before)
            if f"{change.field}_key" in row:
                row[f"{change.field}_key"] = code_key(change.before)
        if _was_of(row[dated], closed):
            rows.append(tuple(row[name] for name in names))
    return row_digests(kind, names, rows, number)


def _was_of(value: dt.date, closed: Closed) -> bool:
    if isinstance(value, dt.datetime):
        return closed.ends - _ONE_DAY < value <= closed.ends
    return value == closed.date


def _value(column: Column[object], text: str) -> object:
    """The value that intake wrote as this text (intake.keyed.value_texts)."""
    if text == "" and column.nullable:
        return None
    if isinstance(column.type, BigInteger):
        return int(Decimal(text) * MONEY_SCALE)
    if isinstance(column.type, DateTime):
        return dt.datetime.fromisoformat(text)
    return dt.date.fromisoformat(text[:10]) if isinstance(column.type, Date) else text
