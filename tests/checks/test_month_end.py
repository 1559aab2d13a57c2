"""The list of a month's end: transfers between departments that a manager agreed to."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from tasks.stock_ledger.month_end import agreed_transfers
from tasks.stock_ledger.transfers import agreed_remarks, directed_legs, ordered_transfers
from tests.checks.frames import erp_lines, ledger_rows

NO_LEDGER = ledger_rows("site")
HEAD = "document | category | order | quantity | date | department | made_by | remark | document_type"
OUT = "CK-1 | GOOD_TRANSFER_OUT | DB1 | 3 | {} | north | Qian | {} | other_issue"
IN = "RK-1 | GOOD_TRANSFER_IN | DB1 | 3 | {} | {} | Sun | {} | other_receipt"


def listed(table: str, ledger: pd.DataFrame = NO_LEDGER, month: str = "2026-11") -> list[tuple[object, ...]]:
    """Date, order, quantity, from, to and remark of each transfer on the list of a month."""
    lines = erp_lines(f"{HEAD}\n{table}")
    posted = ordered_transfers(lines.assign(order_code=lines["order"], item_code=lines["item"]))
    remarks = agreed_remarks([posted, ordered_transfers(ledger)])
    first = dt.date.fromisoformat(f"{month}-01")
    rows = agreed_transfers(directed_legs(posted), remarks, first).rows
    return [(row[0].isoformat(), row[1], row[4], *row[5:7], row[8]) for row in rows if isinstance(row[0], dt.date)]


@pytest.mark.parametrize(
    ("left", "came", "said", "to", "answered", "month", "on_it"),
    [
        ("2026-11-20", "2026-11-22", "经理同意", "south", "", "2026-11", True),
        ("2026-11-20", "2026-11-22", "", "south", "孙经理同意", "2026-11", True),
        ("2026-11-20", "2026-11-22", "", "south", "", "2026-11", False),
        ("2026-11-20", "2026-11-22", "待经理批准", "south", "", "2026-11", False),
        ("2026-11-20", "2026-11-22", "经理同意", "north", "", "2026-11", False),  # within the department
        ("2026-10-30", "2026-11-02", "经理同意", "south", "", "2026-11", True),  # arrived in this month
        ("2026-10-30", "2026-10-31", "经理同意", "south", "", "2026-11", False),  # stood on the list before
        ("2026-10-30", "2026-10-31", "经理同意", "south", "", "2026-10", True),
    ],
)
def test_what_the_list_of_a_month_holds(
    left: str, came: str, said: str, to: str, answered: str, month: str, *, on_it: bool
) -> None:
    found = listed(f"{OUT.format(left, said)}\n{IN.format(came, to, answered)}", month=month)
    assert found == ([(left, "DB1", 30_000, "north", "south", said or answered)] if on_it else [])


def test_a_manager_may_agree_in_the_ledger_alone_and_an_order_be_named_in_the_remark() -> None:
    ledger = ledger_rows("category | remark\nGOOD_TRANSFER_OUT | 调拨单 DB1，赵经理同意")
    table = (
        f"{OUT.format('2026-11-20', '调拨单 DB1').replace('| DB1 |', '| |')}\n{IN.format('2026-11-20', 'south', '')}"
    )
    assert listed(table, ledger) == [("2026-11-20", "DB1", 30_000, "north", "south", "调拨单 DB1，赵经理同意")]


def test_an_order_and_item_is_one_row_however_many_lines_it_left_on_and_whatever_their_order() -> None:
    lines = [OUT.format("2026-11-20", "经理同意"), OUT.format("2026-11-21", ""), IN.format("2026-11-22", "south", "")]
    row = ("2026-11-20", "DB1", 60_000, "north", "south", "经理同意")
    assert listed("\n".join(lines)) == listed("\n".join(lines[::-1])) == [row]
