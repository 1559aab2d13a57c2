"""Where the rows lie on which breaks stand: file, sheet and row of every reference, for the breaks that are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select, tuple_

from tasks.domain.breaks import Break
from tasks.domain.keys import code_key
from tasks.domain.message import Message
from tasks.intake.tables import erp_lines, files, ledger_rows
from tasks.stock_ledger.set_aside import source_words

_IN = 1000


def sources_of(connection: Connection, breaks: Iterable[Break]) -> dict[str, Message]:
    """The place of each row that `breaks` refer to, by reference; of a row that changed since, the one that counts."""
    refs = sorted({ref for one in breaks for ref in one.refs})
    rows = {key: ref for ref in refs if (key := _ledger_key(ref)) is not None}
    lines = {ref: own for ref in refs if (own := _erp_key(ref)) is not None}
    number = ledger_rows.c.date, ledger_rows.c.site, ledger_rows.c.number
    # Withdrawn rows first, so that the row that counts has the last word.
    rank = ledger_rows.c.withdrawn_by.is_(None), ledger_rows.c.id
    found = {rows[key]: place for key, place in _places(connection, ledger_rows, number, list(rows), rank)}
    document = erp_lines.c.document_key, erp_lines.c.line_key
    places = dict(_places(connection, erp_lines, document, list(set(lines.values())), ()))
    return found | {ref: places[own] for ref, own in lines.items() if own in places}


def _places(
    connection: Connection, table: Table, key: Sequence[Any], wanted: list[tuple[Any, ...]], rank: Sequence[Any]
) -> Iterable[tuple[tuple[Any, ...], Message]]:
    for start in range(0, len(wanted), _IN):
        some = wanted[start : start + _IN]
        query = (
            select(*key, files.c.name, table.c.sheet, table.c.row)
            .join(files, files.c.id == table.c.file_id)
            # SQLite finds no index for rows of values alone and would look at every row that ever lived.
            .where(
                *(column.in_({own[at] for own in some}) for at, column in enumerate(key[:2])), tuple_(*key).in_(some)
            )
            .order_by(*rank)
        )
        for *own, name, sheet, row in connection.execute(query):
            yield tuple(own), source_words(name, sheet, row)


def _ledger_key(ref: str) -> tuple[dt.date, str, int] | None:
    kind, _, rest = ref.partition(":")
    day, part, number = rest.rpartition(":")
    site, named, date = day.rpartition(":")
    # A ledger that never came is referred to by site and date alone.
    if kind != "ledger" or not part or not named:
        return None
    return dt.date.fromisoformat(date), site, int(number)


def _erp_key(ref: str) -> tuple[str, str] | None:
    kind, _, rest = ref.partition(":")
    document, part, line = rest.rpartition(":")
    return (code_key(document), code_key(line)) if kind == "erp" and part else None
