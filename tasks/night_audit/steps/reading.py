"""Rows of a hotel's books out of its tables: each noun by the columns that its fields name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, bindparam, select

AT_ONCE = 5000
Row = TypeVar("Row", bound=NamedTuple)


def read(connection: Connection, noun: type[Row], table: Table, *which: ColumnElement[bool]) -> tuple[Row, ...]:
    """The rows of `table` as `noun`s, in whatever order the database gives them."""
    return rows_of(connection, noun, columns_of(noun, table).where(*which))


def read_on(connection: Connection, noun: type[Row], column: Column[dt.date], date: dt.date) -> tuple[Row, ...]:
    """The rows of the column's table with `date` in it."""
    return rows_of(connection, noun, _on(noun, column), {"date": date})


def read_by(connection: Connection, noun: type[Row], column: Column[str], keys: Collection[str]) -> tuple[Row, ...]:
    """The rows of the column's table with one of `keys` in it, by primary key; no question is asked without a key."""
    query = _by(noun, column)
    return tuple(row for chunk in chunks(keys) for row in rows_of(connection, noun, query, {"keys": chunk}))


def rows_of(
    connection: Connection, noun: type[Row], query: Select[Any], given: Mapping[str, object] = MappingProxyType({})
) -> tuple[Row, ...]:
    """The rows of `query`, whose columns are the fields of `noun` in their order."""
    # All at once: one by one each row is asked of the driver by itself, through four layers.
    return tuple(map(noun._make, connection.execute(query, given).all()))


@cache
def columns_of(noun: type[Row], table: Table) -> Select[Any]:
    """The question for every row of `table` as `noun`s; raises KeyError for a field that the table does not have."""
    return select(*(table.c[name] for name in noun._fields))


# Making a question takes as long as having it answered: what a night asks again and again is made once.
@cache
def _on(noun: type[Row], column: Column[dt.date]) -> Select[Any]:
    return columns_of(noun, _table(column)).where(column == bindparam("date"))


@cache
def _by(noun: type[Row], column: Column[str]) -> Select[Any]:
    table = _table(column)
    chosen = column.in_(bindparam("keys", expanding=True))
    return columns_of(noun, table).where(chosen).order_by(*table.primary_key.columns)


def _table(column: Column[Any]) -> Table:
    table = column.table
    assert isinstance(table, Table)
    return table


def chunks(keys: Collection[str]) -> Iterator[list[str]]:
    """The keys in their order, as many at once as one question bears."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
