"""Years behind a day as the program itself leaves them: two days run for real, their rows set back in time many times.

Copied is every row that the two days left in the database, whatever its table: files and their counts, settled lines
of both books, values that a later file changed, on-hand, breaks opened one day and resolved the next, their states,
runs with their figures. Mails are none, for the measured runs send none.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import pandas as pd
from sqlalchemy import BigInteger, Column, Connection, Date, DateTime, Integer, Table, func, select, text
from sqlalchemy.types import TypeDecorator

from benchmarks.big_day import CATEGORIES, Size, lines_of, write_day, write_export, write_on_hand
from tasks.adapters.store import METADATA, Store, read_frame, write_frame
from tasks.intake.tables import files, row_counts
from tasks.register.tables import break_sightings, breaks, runs

DAYS_OF_YEAR = 365
DAYS_RUN = 2
STOCK = 1000
# What names a row beside its number: each copy has names of its own.
_HASHED = {("files", "sha256"), ("breaks", "id"), ("break_sightings", "break_id"), ("break_events", "break_id")}
_NUMBERED = {"document", "document_key"}
_MASTERS = frozenset({"departments", "sites", "warehouses", "items"})
_BLOCKS_AT_ONCE = 20

RunDay = Callable[[dt.date], str]


def run_two_days(inbox: Path, day: dt.date, size: Size, run: RunDay) -> None:
    """Two days before `day` run for real: the second one's export corrects what the first one's had wrong.

    Both move the same things and end with an on-hand that follows from what the ERP posted.
    """
    first, second = day - dt.timedelta(days=2), day - dt.timedelta(days=1)
    lines = lines_of(size, seed=2)
    write_day(inbox, first, lines, "HA")
    stock = dict.fromkeys(((line.warehouse, line.item) for line in lines), STOCK)
    write_on_hand(inbox, first, stock)
    assert json.loads(run(first))["figures"]["ledger_lines"] == len(lines)
    write_day(inbox, second, lines, "HB", fault_every=0)
    write_export(inbox, first, lines, "HA", fault_every=0)
    for line in lines:
        stock[line.warehouse, line.item] += line.quantity if CATEGORIES[line.category][2] else -line.quantity
    write_on_hand(inbox, second, stock)
    alive = [one for one in json.loads(run(second))["exceptions"] if one["state"] != "resolved"]
    assert not alive, f"history is not settled: {alive[:3]}"


def set_back(store: Store, years: int) -> int:
    """Copies the two days that stand in `store` until `years` are full; returns the rows of each book."""
    tables = [table for table in METADATA.sorted_tables if table.name not in _MASTERS | {"alembic_version"}]
    with store.reading() as connection:
        found = {table: _rows(connection, table) for table in tables}
    kept = {table: rows for table, rows in found.items() if len(rows)}
    # A table that nobody has imported is unknown here, and years without it would be no years.
    assert {files, row_counts, breaks, break_sightings, runs} <= kept.keys()
    last = {table.name: int(rows["id"].max()) for table, rows in kept.items() if "id" in rows and _is_number(table)}
    blocks = list(range(years * DAYS_OF_YEAR // DAYS_RUN - 1, 0, -1))
    for start in range(0, len(blocks), _BLOCKS_AT_ONCE):
        with store.writing() as connection:
            for block in blocks[start : start + _BLOCKS_AT_ONCE]:
                for table, rows in kept.items():
                    write_frame(connection, table, _copied(table, rows, block, last))
    with store.writing() as connection:
        _number_on(connection, [METADATA.tables[name] for name in last])
        return int(connection.execute(select(func.count()).select_from(METADATA.tables["ledger_rows"])).scalar_one())


def _rows(connection: Connection, table: Table) -> pd.DataFrame:
    query = select(table)
    # Master data stands beside the days and is not copied.
    if table is files or table is row_counts:
        query = query.where(table.c.period.is_not(None))
    return read_frame(connection, query)


def _is_number(table: Table) -> bool:
    return isinstance(table.c.id.type, (Integer, BigInteger))


def _copied(table: Table, rows: pd.DataFrame, block: int, last: dict[str, int]) -> pd.DataFrame:
    """The rows `block` times two days earlier, with numbers and names of their own."""
    back = pd.Timedelta(days=block * DAYS_RUN)
    return pd.DataFrame(
        {column.name: _earlier(column, rows[column.name], block, back, last) for column in table.columns}
    )


def _earlier(
    column: Column[object], values: pd.Series, block: int, back: pd.Timedelta, last: dict[str, int]
) -> pd.Series:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, (Date, DateTime)):
        return values - back
    if (column.table.name, column.name) in _HASHED:
        return values.map(lambda name: blake2b(f"{name} {block}".encode()).hexdigest()[: len(name)]).astype("str")
    if column.name in _NUMBERED:
        return values + f"X{block}"
    numbered = column.table.name if column.name == "id" else _refers_to(column)
    return values + block * last[numbered] if numbered in last else values


def _refers_to(column: Column[object]) -> str:
    return next((key.column.table.name for key in column.foreign_keys if key.column.name == "id"), "")


def _number_on(connection: Connection, tables: list[Table]) -> None:
    """Makes PostgreSQL number on behind what was written, and know how much there is, as it would by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        highest = select(func.max(table.c.id)).scalar_subquery()
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest)))
    connection.execute(text("ANALYZE"))
