"""Between the columns of a frame and the columns of a database, as a whole and without loss."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionArray
from sqlalchemy import Boolean, Column, ColumnElement, Connection, Date, DateTime, Dialect, Integer, Table
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeDecorator, TypeEngine

Value = object
RawRow = tuple[Value, ...]
Written = dict[Column[object], Sequence[Value]]
Array = ExtensionArray | np.ndarray[tuple[int], np.dtype[Any]]
# The dtype "str" of pandas, made from Arrow's texts without a look at each one.
_TEXT = pd.StringDtype(na_value=np.nan)


def frame_of(columns: Sequence[ColumnElement[object]], chunks: Iterable[Sequence[RawRow]]) -> pd.DataFrame:
    """A frame with one column for each of `columns`, typed by the column's SQL type (see store.read_frame).

    `chunks` are the rows as the driver gives them, piece by piece: only the frame is ever held whole.
    """
    parts = [_arrays(columns, rows) for rows in chunks]
    if not parts:
        return _nothing(tuple(columns)).copy(deep=False)
    return _framed(columns, parts[0] if len(parts) == 1 else [_joined(parts, place) for place in range(len(columns))])


# A small day asks many questions to which the answer is nothing; what nothing looks like is worked out once for each.
@lru_cache(maxsize=1000)
def _nothing(columns: tuple[ColumnElement[object], ...]) -> pd.DataFrame:
    return _framed(columns, _arrays(columns, ()))


def frame_values(table: Table, frame: pd.DataFrame, *, as_text: bool) -> Written:
    """The columns that the frame fills, with their values: days and moments as texts that SQLAlchemy reads back."""
    return {column: _values(column, frame, as_text=as_text) for column in _written_columns(table, frame.columns)}


def row_values(table: Table, names: Sequence[str], rows: Sequence[RawRow], dialect: Dialect) -> Written:
    """The columns that rows of the fields `names` fill, with their values as the driver of `dialect` takes them."""
    given = dict(zip(names, zip(*rows, strict=True), strict=True))
    values: Written = {}
    for column in _written_columns(table, names):
        bound = column.type.dialect_impl(dialect).bind_processor(dialect)
        own = given.get(column.name) or _defaults(column, len(rows))
        values[column] = own if bound is None else list(map(bound, own))
    return values


def inserted_into_sqlite(connection: Connection, table: Table, written: Written) -> None:
    """Adds the rows with one prepared statement."""
    names = ", ".join(f'"{column.name}"' for column in written)
    marks = ", ".join("?" * len(written))
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own tables alone
    connection.exec_driver_sql(statement, list(zip(*written.values(), strict=True)))


def copied_into_postgresql(connection: Connection, table: Table, written: Written) -> None:
    """Adds the rows with COPY, inside the connection's transaction."""
    from psycopg import Connection as PostgresConnection
    from psycopg import sql

    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(sql.Identifier(column.name) for column in written)
    )
    driver = cast("PostgresConnection[tuple[object, ...]]", connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in zip(*written.values(), strict=True):
            copy.write_row(row)


def _kind(column: ColumnElement[object]) -> TypeEngine[object]:
    kind = column.type
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _arrays(columns: Sequence[ColumnElement[object]], rows: Sequence[RawRow]) -> list[Array]:
    by_column: Sequence[Sequence[Value]] = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return [_typed(column, values) for column, values in zip(columns, by_column, strict=True)]


def _joined(parts: Sequence[list[Array]], place: int) -> Array:
    """The column at `place` as a whole; its pieces are let go of, so that no frame is ever held twice."""
    whole: Array = pd.concat([pd.Series(part[place], copy=False) for part in parts], ignore_index=True).array
    for part in parts:
        # A slice would keep the whole.
        part[place] = np.zeros(0)
    return whole


def _framed(columns: Sequence[ColumnElement[object]], arrays: Sequence[Array]) -> pd.DataFrame:
    frame = pd.DataFrame(dict(enumerate(arrays)), index=pd.RangeIndex(len(arrays[0])), copy=False)
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


def _written_columns(table: Table, names: Collection[str]) -> list[Column[object]]:
    return [column for column in table.columns if column.name in names or column.default is not None]


def _defaults(column: Column[object], count: int) -> Sequence[Value]:
    default = column.default
    return list(repeat(default.arg if isinstance(default, ScalarElementColumnDefault) else None, count))


def _values(column: Column[object], frame: pd.DataFrame, *, as_text: bool) -> Sequence[Value]:
    if column.name not in frame.columns:
        return _defaults(column, len(frame))
    series = frame[column.name]
    kind = _kind(column)
    if isinstance(kind, (Date, DateTime)):
        return _dates(series, kind, as_text=as_text)
    if isinstance(series.dtype, np.dtype):
        plain = series.astype(object)
        return cast("Sequence[Value]", (plain.where(series.notna(), None) if series.hasnans else plain).tolist())
    # Arrow gives Python's own values, None for a missing one, without a look at each by pandas.
    return cast("Sequence[Value]", pa.array(series.array).to_pylist())


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
