"""Between the columns of a frame and the columns of a database, as a whole and without loss."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionArray
from sqlalchemy import Boolean, Column, ColumnElement, Connection, Date, DateTime, Integer, Table
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeDecorator, TypeEngine

Value = object
RawRow = tuple[Value, ...]
Array = ExtensionArray | np.ndarray[tuple[int], np.dtype[Any]]
EMPTIES_KEPT = 100
# The dtype "str" of pandas, made from Arrow's texts without a look at each one.
_TEXT = pd.StringDtype(na_value=np.nan)


def frame_of(columns: Sequence[ColumnElement[object]], chunks: Iterable[Sequence[RawRow]]) -> pd.DataFrame:
    """A frame with one column for each of `columns`, typed by the column's SQL type (see store.read_frame).

    `chunks` are the rows as the driver gives them, piece by piece: only the frame is ever held whole.
    """
    parts = [_part(columns, rows) for rows in chunks]
    if not parts:
        # Most questions of a night find nothing; a copy shares its columns until somebody writes to it.
        return _without_rows(tuple(columns)).copy(deep=False)
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


@lru_cache(maxsize=EMPTIES_KEPT)
def _without_rows(columns: tuple[ColumnElement[object], ...]) -> pd.DataFrame:
    return _part(columns, ())


def inserted_into_sqlite(connection: Connection, table: Table, frame: pd.DataFrame) -> None:
    """Adds the rows with one prepared statement, values already in the texts that SQLAlchemy reads back."""
    columns = _written_columns(table, frame)
    names = ", ".join(f'"{column.name}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    values = [_values(column, frame, as_text=True) for column in columns]
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own tables alone
    connection.exec_driver_sql(statement, list(zip(*values, strict=True)))


def copied_into_postgresql(connection: Connection, table: Table, frame: pd.DataFrame) -> None:
    """Adds the rows with COPY, inside the connection's transaction."""
    from psycopg import Connection as PostgresConnection
    from psycopg import sql

    columns = _written_columns(table, frame)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    )
    values = [_values(column, frame, as_text=False) for column in columns]
    driver = cast("PostgresConnection[tuple[object, ...]]", connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in zip(*values, strict=True):
            copy.write_row(row)


def _kind(column: ColumnElement[object]) -> TypeEngine[object]:
    kind = column.type
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _part(columns: Sequence[ColumnElement[object]], rows: Sequence[RawRow]) -> pd.DataFrame:
    by_column: Sequence[Sequence[Value]] = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    typed = [_typed(column, values) for column, values in zip(columns, by_column, strict=True)]
    frame = pd.DataFrame(dict(enumerate(typed)), index=pd.RangeIndex(len(rows)), copy=False)
    frame.columns = pd.Index([str(column.key) for column in columns], dtype="str")
    return frame


def _typed(column: ColumnElement[object], values: Sequence[Value]) -> Array:
    # Arrays, not series: a frame made of series lays each one's index against its own first.
    kind = _kind(column)
    if isinstance(kind, (Date, DateTime)):
        return _times(values, aware=isinstance(kind, DateTime) and kind.timezone)
    if isinstance(kind, (Boolean, Integer)):
        nullable = (isinstance(column, Column) and bool(column.nullable)) or None in values
        if isinstance(kind, Boolean):
            # SQLite gives truths as 0 and 1.
            truths = [None if value is None else bool(value) for value in values]
            return pd.array(truths, dtype="boolean") if nullable else np.array(truths, dtype="bool")
        numbers = cast("Sequence[int | None]", values)
        return pd.array(numbers, dtype="Int64") if nullable else np.array(numbers, dtype="int64")
    texts = pa.array(cast("Sequence[str]", values), type=pa.large_string())
    return cast("ExtensionArray", pd.array(texts, dtype=_TEXT))


def _times(values: Sequence[Value], *, aware: bool) -> Array:
    """Days or moments, given as the texts of SQLite (moments in UTC) or as Python's own; each distinct one read once.

    Fractions of a second are cut off.
    """
    places, uniques = pd.factorize(np.array(values, dtype=object))
    known = np.array([*map(_without_zone, uniques), None], dtype="datetime64[us]").astype("datetime64[s]")
    # A missing one has place -1, which takes the None at the end.
    moments = known[places]
    return pd.DatetimeIndex(moments).tz_localize("UTC").array if aware else moments


def _without_zone(value: Value) -> Value:
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(dt.UTC).replace(tzinfo=None)
    return value


def _written_columns(table: Table, frame: pd.DataFrame) -> list[Column[object]]:
    return [column for column in table.columns if column.name in frame.columns or column.default is not None]


def _values(column: Column[object], frame: pd.DataFrame, *, as_text: bool) -> Sequence[Value]:
    if column.name not in frame.columns:
        default = column.default
        return list(repeat(default.arg if isinstance(default, ScalarElementColumnDefault) else None, len(frame)))
    series = frame[column.name]
    kind = _kind(column)
    if isinstance(kind, (Date, DateTime)):
        return _dates(series, kind, as_text=as_text)
    plain = series.astype(object)
    return cast("Sequence[Value]", (plain.where(series.notna(), None) if series.hasnans else plain).tolist())


def _dates(series: pd.Series, kind: Date | DateTime, *, as_text: bool) -> Sequence[Value]:
    aware = isinstance(kind, DateTime) and kind.timezone
    if aware:
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    unit: Literal["D", "us"] = "D" if isinstance(kind, Date) else "us"
    days = series.to_numpy().astype(f"datetime64[{unit}]")
    if not as_text:
        plain = days.astype(object).tolist()
        if not aware:
            return cast("Sequence[Value]", plain)
        return [None if value is None else value.replace(tzinfo=dt.UTC) for value in plain]
    texts = np.char.replace(np.datetime_as_string(days, unit=unit), "T", " ").astype(object)
    texts[np.isnat(days)] = None
    return cast("Sequence[Value]", texts.tolist())
