"""Frames beside the tables: a temporary table for as long as one statement needs it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pandas as pd
from sqlalchemy import Column, Connection, MetaData, Table, and_, select, update

from tasks.adapters.store import read_frame, write_frame

VALUES_AT_ONCE = 10_000


@contextmanager
def staged(connection: Connection, like: Table, frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[Table]:
    """A temporary table with the `columns` of `like` that holds the rows of `frame` until the block ends."""
    name = f"staged_{like.name}"
    table = Table(name, MetaData(), *(Column(one, like.c[one].type) for one in columns), prefixes=["TEMPORARY"])
    table.create(connection)
    write_frame(connection, table, frame[list(columns)])
    try:
        yield table
    finally:
        table.drop(connection)


def update_by_key(connection: Connection, table: Table, key: Sequence[str], rows: pd.DataFrame) -> None:
    """Writes every column of `rows` into the stored row of the same key."""
    columns = [column.name for column in table.columns if column.name in rows.columns]
    with staged(connection, table, rows, columns) as new:
        connection.execute(
            update(table)
            .values({name: new.c[name] for name in columns if name not in key})
            .where(and_(*(table.c[name] == new.c[name] for name in key)))
        )


def rows_where(
    connection: Connection, table: Table, column: str, values: pd.Series, columns: Sequence[str] = ()
) -> pd.DataFrame:
    """Every stored row whose `column` is one of `values`, whole or only its `columns`."""
    query = select(*(table.c[name] for name in columns)) if columns else select(table)
    wanted = values.drop_duplicates()
    listed = wanted.dt.date.tolist() if pd.api.types.is_datetime64_any_dtype(wanted.dtype) else wanted.tolist()
    parts = [
        read_frame(connection, query.where(table.c[column].in_(listed[start : start + VALUES_AT_ONCE])))
        for start in range(0, len(listed), VALUES_AT_ONCE)
    ]
    return pd.concat(parts, ignore_index=True) if parts else read_frame(connection, query.limit(0))


def is_empty(connection: Connection, table: Table) -> bool:
    """Whether `table` holds no row."""
    return connection.execute(select(table.c[next(iter(table.columns.keys()))]).limit(1)).first() is None
