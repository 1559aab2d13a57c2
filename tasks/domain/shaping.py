"""Frames that keep a declared shape: the columns that a part may count on, and their types."""

from __future__ import annotations

import functools
from collections import namedtuple
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray, ExtensionDtype

WHOLE, BLANK, TEXT, FLAG = "int64", "Int64", "str", "bool"
DAY, MOMENT, OBJECT = "datetime64[s]", "datetime64[s, UTC]", "object"
Shape = Mapping[str, str]
_BLANKS: dict[str, Any] = {WHOLE: 0, BLANK: pd.NA, DAY: pd.NaT, MOMENT: pd.NaT, TEXT: "", FLAG: False, OBJECT: None}


def texts(names: str) -> dict[str, str]:
    """A shape of text columns with these names, which are separated by spaces."""
    return dict.fromkeys(names.split(), TEXT)


def empty(shape: Shape) -> pd.DataFrame:
    """A frame without rows in that shape."""
    return _empty(tuple(shape.items())).copy(deep=False)


def shaped(shape: Shape, rows: pd.DataFrame) -> pd.DataFrame:
    """A copy of `rows` with exactly the columns and types of `shape`, index from 0.

    What is not there, or missing in a column that knows no blank, is "", 0 or false; in one of objects None.
    """
    if not len(rows):
        return empty(shape)
    columns = {name: _column(rows, name, dtype) for name, dtype in shape.items()}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)), copy=False)


def each(rows: pd.DataFrame) -> Iterable[Any]:
    """The rows as named tuples, for the few of which something is said one by one."""
    return map(_row(tuple(rows.columns))._make, zip(*(rows[name] for name in rows), strict=True)) if len(rows) else ()


@functools.cache
def _row(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", columns, rename=True)  # noqa: PYI024 - its fields are known only when it is asked for


# Every part of every run asks for frames without rows, and pandas takes long over a column, be it ever so short.
@functools.cache
def _empty(shape: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=_dtype(dtype)) for name, dtype in shape})


@functools.cache
def _dtype(named: str) -> np.dtype[Any] | ExtensionDtype:
    return pd.api.types.pandas_dtype(named)


@functools.cache
def _blank(dtype: str) -> ExtensionArray:
    return pd.Series([_BLANKS[dtype]], dtype=_dtype(dtype)).array


def _column(rows: pd.DataFrame, name: str, dtype: str) -> ExtensionArray:
    if name not in rows:
        return _blank(dtype).repeat(len(rows))
    column, wanted = rows[name], _dtype(dtype)
    if column.dtype != wanted or (dtype == TEXT and column.array.isna().any()):
        if dtype not in (BLANK, OBJECT) and column.hasnans:
            column = column.fillna(_BLANKS[dtype])
        column = column.astype(wanted)
    # Two frames would share it unnoticed, and a change of one change the other.
    own: ExtensionArray = column.array.copy()
    return own
