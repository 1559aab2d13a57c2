"""The frames that the parts of a stocktake hand to one another: their columns, and what stands in each.

Quantities are int64 scaled by 10,000 (Int64 where they may be blank), prices Int64 scaled by 10,000, values Int64
cents, days datetime64[s], moments the same in UTC. Texts are never missing, "" is blank. Source: spec 02.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionDtype

QUANTITY, BLANK_QUANTITY, NUMBER, TEXT, FLAG = "int64", "Int64", "int64", "str", "bool"
DAY, MOMENT = "datetime64[s]", "datetime64[s, UTC]"
PAIR = ["warehouse_key", "item_key"]
_BLANKS: dict[str, Any] = {QUANTITY: 0, BLANK_QUANTITY: pd.NA, DAY: pd.NaT, MOMENT: pd.NaT, TEXT: "", FLAG: False}


def _texts(names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), TEXT)


SHAPES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        # One row a line of a first sheet; `number` is the sheet's. `audited_before` is what `audited_sums` gave at the
        # opening. A warehouse and item stand in a count once.
        "lines": _texts(
            "number stocktake site department warehouse_key warehouse warehouse_name quality item_key item item_name "
            "specification unit abc serials"
        )
        | {"unit_price": BLANK_QUANTITY, "frozen": QUANTITY, "audited_before": QUANTITY},
        # One row a row of a returned sheet, `number` the sheet's or its recount's, each sheet in its newest version.
        # `counted` blank is not counted. `received_at` is when the sheet came.
        "counts": _texts(
            "number warehouse_key warehouse item_key item item_name serials cause responsible proposal remark "
            "counted_by supervised_by ref"
        )
        | {"counted": BLANK_QUANTITY, "damaged": BLANK_QUANTITY, "counted_on": DAY, "received_at": MOMENT},
        # Audited movements with their sign; `received_at` is when the line became what it is.
        "movements": _texts("warehouse_key item_key document ref")
        | {"date": DAY, "quantity": QUANTITY, "received_at": MOMENT},
        # What the books held at the cut-off, one row a warehouse and item.
        "stock": _texts("warehouse_key item_key serials") | {"frozen": QUANTITY, "audited_before": QUANTITY},
        # The sheets of a count: `round` 0 is the first, `base` the first sheet that a recount counts again.
        "sheets": _texts("number base site department") | {"round": NUMBER},
        # The master of items as far as a new row of a sheet needs it.
        "items": _texts("item_key item item_name specification unit abc") | {"unit_price": BLANK_QUANTITY},
        # One row a line that was listed or came back. `listed`: it stood on the sheet; `known`: the master has it.
        # book = frozen + moved + late; `book_before` is the book as people knew it. `counted`, `counted_on`,
        # `counted_by`, `supervised_by` and `round` are of the count that stands; variance = counted - book, `value` its
        # worth with its sign, blank without a price. `counters` are all who counted or supervised it in any round, and
        # `refs` the rows of the count that stands, each on a line. `last_round` is the highest round that came back,
        # `rejected` says that a recount came from nobody or from one who had counted before. `within`: inside the
        # limits of its class. `status`: not_counted, even, unknown_item, recount, no_reason or ready.
        "variances": _texts(
            "number stocktake site department warehouse_key warehouse warehouse_name quality item_key item item_name "
            "specification unit abc serials counted_serials cause responsible proposal remark counted_by supervised_by "
            "counters refs late_refs status"
        )
        | {
            "last_round": NUMBER,
            "rejected": FLAG,
            "listed": FLAG,
            "known": FLAG,
            "unit_price": BLANK_QUANTITY,
            "round": NUMBER,
            "counted_on": DAY,
        }
        | {"frozen": QUANTITY, "moved": QUANTITY, "late": QUANTITY, "book": QUANTITY, "book_before": QUANTITY}
        | {"counted": BLANK_QUANTITY, "first_counted": BLANK_QUANTITY, "damaged": BLANK_QUANTITY}
        | {"variance": BLANK_QUANTITY, "variance_before": BLANK_QUANTITY, "value": BLANK_QUANTITY, "within": FLAG},
        # Variances that an approver let pass: the figures as approved, by whom and why.
        "approved": _texts("warehouse_key item_key approved_by approval_reason")
        | {"variance": QUANTITY, "approval_id": NUMBER, "approved_at": MOMENT},
        # A line of an adjustment document as `tables.adjustments` and `adjustment_lines` keep it.
        "adjustments": _texts(
            "document stocktake site department warehouse_key warehouse direction number item_key item item_name "
            "specification unit cause approved_by approval_reason"
        )
        | {"sequence": NUMBER, "line": NUMBER, "quantity": QUANTITY, "unit_price": BLANK_QUANTITY}
        | {"value": BLANK_QUANTITY, "approval_id": NUMBER, "approved_at": MOMENT},
    }
)


@dataclass(frozen=True, slots=True)
class Count:
    """One count as it was opened: `period` is the last day of its month, `cut_off` the day whose close is frozen."""

    number: str
    period: dt.date
    cut_off: dt.date
    opened_at: dt.datetime


def empty(name: str) -> pd.DataFrame:
    """The frame of that name without rows, in its shape; raises KeyError for a name that is none."""
    return _empty(name).copy(deep=False)


@functools.cache
def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype=_dtype(dtype)) for column, dtype in SHAPES[name].items()})


def shaped(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with exactly the columns and types of the frame `name`, index from 0.

    What is not there, or missing in a column that knows no blank, is "", 0 or false.
    """
    if rows.empty:
        return empty(name)
    index = pd.RangeIndex(len(rows))
    columns = {column: _column(rows.get(column), dtype, index) for column, dtype in SHAPES[name].items()}
    return pd.DataFrame(columns, index=index, copy=False)


@functools.cache
def _dtype(named: str) -> np.dtype[Any] | ExtensionDtype:
    return pd.api.types.pandas_dtype(named)


def _column(given: pd.Series | None, dtype: str, index: pd.RangeIndex) -> pd.Series:
    wanted = _dtype(dtype)
    if given is None:
        return pd.Series(_BLANKS[dtype], index=index, dtype=wanted)
    column = given.set_axis(index)
    if dtype != BLANK_QUANTITY and column.hasnans:
        column = column.fillna(_BLANKS[dtype])
    return column if column.dtype == wanted else column.astype(wanted)
