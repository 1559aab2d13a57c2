"""The frames that the parts of a stocktake hand to one another: their columns, and what stands in each.

Quantities are int64 scaled by 10,000 (Int64 where they may be blank), prices Int64 scaled by 10,000, values Int64
cents, days datetime64[s], moments the same in UTC. Texts are never missing, "" is blank. Source: spec 02.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from tasks.domain import shaping
from tasks.domain.shaping import BLANK, DAY, FLAG, MOMENT, WHOLE, Shape, texts

PAIR = ["warehouse_key", "item_key"]

SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        # One row a line of a first sheet; `number` is the sheet's. `audited_before` is what `audited_sums` gave at the
        # opening. A warehouse and item stand in a count once.
        "lines": texts(
            "number stocktake site department warehouse_key warehouse warehouse_name quality item_key item item_name "
            "specification unit abc serials"
        )
        | {"unit_price": BLANK, "frozen": WHOLE, "audited_before": WHOLE},
        # One row a row of a returned sheet, `number` the sheet's or its recount's, each sheet in its newest version.
        # `counted` blank is not counted. `received_at` is when the sheet came.
        "counts": texts(
            "number warehouse_key warehouse item_key item item_name serials cause responsible proposal remark "
            "counted_by supervised_by ref"
        )
        | {"counted": BLANK, "damaged": BLANK, "counted_on": DAY, "received_at": MOMENT},
        # Audited movements with their sign; `received_at` is when the line became what it is.
        "movements": texts("warehouse_key item_key document ref")
        | {"date": DAY, "quantity": WHOLE, "received_at": MOMENT},
        # What the books held at the cut-off, one row a warehouse and item.
        "stock": texts("warehouse_key item_key serials") | {"frozen": WHOLE, "audited_before": WHOLE},
        # The sheets of a count: `round` 0 is the first, `base` the first sheet that a recount counts again.
        "sheets": texts("number base site department") | {"round": WHOLE},
        # The master of items as far as a new row of a sheet needs it.
        "items": texts("item_key item item_name specification unit abc") | {"unit_price": BLANK},
        # One row a line that was listed or came back. `listed`: it stood on the sheet; `known`: the master has it.
        # book = frozen + moved + late; `book_before` is the book as people knew it. `counted`, `counted_on`,
        # `counted_by`, `supervised_by` and `round` are of the count that stands; variance = counted - book, `value` its
        # worth with its sign, blank without a price. `counters` are all who counted or supervised it in any round, and
        # `refs` the rows of the count that stands, each on a line. `last_round` is the highest round that came back,
        # `rejected` says that a recount came from nobody or from one who had counted before. `within`: inside the
        # limits of its class. `status`: not_counted, even, unknown_item, recount, no_reason or ready.
        "variances": texts(
            "number stocktake site department warehouse_key warehouse warehouse_name quality item_key item item_name "
            "specification unit abc serials counted_serials cause responsible proposal remark counted_by supervised_by "
            "counters refs late_refs status"
        )
        | {
            "last_round": WHOLE,
            "rejected": FLAG,
            "listed": FLAG,
            "known": FLAG,
            "unit_price": BLANK,
            "round": WHOLE,
            "counted_on": DAY,
        }
        | {"frozen": WHOLE, "moved": WHOLE, "late": WHOLE, "book": WHOLE, "book_before": WHOLE}
        | {"counted": BLANK, "first_counted": BLANK, "damaged": BLANK}
        | {"variance": BLANK, "variance_before": BLANK, "value": BLANK, "within": FLAG},
        # Variances that an approver let pass: the figures as approved, by whom and why.
        "approved": texts("warehouse_key item_key approved_by approval_reason")
        | {"variance": WHOLE, "approval_id": WHOLE, "approved_at": MOMENT},
        # A line of an adjustment document as `tables.adjustments` and `adjustment_lines` keep it.
        "adjustments": texts(
            "document stocktake site department warehouse_key warehouse direction number item_key item item_name "
            "specification unit cause approved_by approval_reason"
        )
        | {"sequence": WHOLE, "line": WHOLE, "quantity": WHOLE, "unit_price": BLANK}
        | {"value": BLANK, "approval_id": WHOLE, "approved_at": MOMENT},
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
    return shaping.empty(SHAPES[name])


def shaped(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with exactly the columns and types of the frame `name`, index from 0; see `tasks.domain.shaping`."""
    return shaping.shaped(SHAPES[name], rows)
