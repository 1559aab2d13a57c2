"""Between the columns of a frame and the columns of a database, as a whole and without loss."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import repeat
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
from sqlalchemy import Boolean, Column, ColumnElement, Connection, Date, DateTime, Integer, Row, Table
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeDecorator, TypeEngine

Value = object


def frame_of(columns: Sequence[ColumnElement[object]], rows: Sequence[Row[Any]]) -> pd.DataFrame:
    """A frame with one column for each of `columns`, typed by the column's SQL type (see store.read_frame)."""
    by_column: Sequence[Sequence[Value]] = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    names = [str(column.key) for column in columns]
    typed = [_typed(column, values) for column, values in zip(columns, by_column, strict=True)]
    frame = pd.DataFrame(dict(enumerate(typed)), index=pd.RangeIndex(len(rows)))
    frame.columns = pd.Index(names, dtype="str")
    return frame


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


def _typed(column: ColumnElement[object], values: Sequence[Value]) -> pd.Series:
    kind = _kind(column)
    if isinstance(kind, DateTime) and kind.timezone:
        moments = pd.Series([pd.NaT if value is None else value for value in values], dtype="object")
        return pd.Series(pd.to_datetime(moments, utc=True)).dt.as_unit("s")
    if isinstance(kind, (Date, DateTime)):
        return pd.Series(np.array([_naive(value) for value in values], dtype="datetime64[s]"))
    if isinstance(kind, (Boolean, Integer)):
        nullable = (isinstance(column, Column) and bool(column.nullable)) or None in values
        if isinstance(kind, Boolean):
            return pd.Series(values, dtype="boolean" if nullable else "bool")
        return pd.Series(values, dtype="Int64" if nullable else "int64")
    return pd.Series(cast("Sequence[str]", values), dtype="str")


def _naive(value: Value) -> Value:
    return np.datetime64("NaT", "s") if value is None else value


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
