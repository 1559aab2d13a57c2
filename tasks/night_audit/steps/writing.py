"""Rows into the tables of a hotel: each noun into the columns that its fields name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Table

from tasks.adapters.store import write_rows


def write(connection: Connection, table: Table, rows: Sequence[NamedTuple], **common: object) -> None:
    """Adds every row to `table`, with `common` in each; fields that the table lacks are left out.

    Columns that neither has get their default or null.
    """
    if not rows:
        return
    fields = rows[0]._fields
    kept = [place for place, name in enumerate(fields) if name in table.columns]
    names = [*(fields[place] for place in kept), *common]
    last = tuple(common.values())
    write_rows(connection, table, names, [(*(row[place] for place in kept), *last) for row in rows])
