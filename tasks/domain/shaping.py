"""Frames that keep a declared shape: the columns that a part may count on, and their types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

WHOLE, BLANK, TEXT, FLAG, DAY, OBJECT = "int64", "Int64", "str", "bool", "datetime64[s]", "object"
Shape = Mapping[str, str]
_BLANKS: dict[str, Any] = {WHOLE: 0, BLANK: pd.NA, DAY: pd.NaT, TEXT: "", FLAG: False, OBJECT: None}


def texts(names: str) -> dict[str, str]:
    """A shape of text columns with these names, which are separated by spaces."""
    return dict.fromkeys(names.split(), TEXT)


def empty(shape: Shape) -> pd.DataFrame:
    """A frame without rows in that shape."""
    return pd.DataFrame(columns=list(shape)).astype(dict(shape))


def shaped(shape: Shape, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with exactly the columns and types of `shape`, index from 0.

    What is not there, or missing in a column that knows no blank, is "", 0 or false; in one of objects None.
    """
    index = pd.RangeIndex(len(rows))
    columns = {column: _column(rows.get(column), dtype, index) for column, dtype in shape.items()}
    return pd.DataFrame(columns, index=index, copy=False)


def each(rows: pd.DataFrame) -> Iterable[Any]:
    """The rows as named tuples, for the few of which something is said one by one."""
    return rows.itertuples(index=False)


def _column(given: pd.Series | None, dtype: str, index: pd.RangeIndex) -> pd.Series:
    wanted = pd.api.types.pandas_dtype(dtype)
    if given is None:
        return pd.Series(_BLANKS[dtype], index=index, dtype=wanted)
    column = given.set_axis(index)
    if dtype not in (BLANK, OBJECT) and column.hasnans:
        column = column.fillna(_BLANKS[dtype])
    return column if column.dtype == wanted else column.astype(wanted)
