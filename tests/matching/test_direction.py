"""A transfer's direction is read from its documents, and a transfer order stands for its two legs."""

from __future__ import annotations

import pandas as pd
import pytest

from tasks.domain.direction import directed
from tasks.domain.movements import transfer_legs
from tests.matching.drawing import lines

WAYS = {
    "the ERP's receipt of the same order": ("order=T1", "Q1 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A order=T1", "", "IN"),
    "the ERP's issue of the same order": ("order=T1", "Q1 22 GOOD_TRANSFER_OUT SL1 bolt 2 DF01A order=T1", "", "OUT"),
    "the ERP's issue of the same day and quantity": (
        "",
        "Q1 20 GOOD_TRANSFER_OUT SL1 bolt 2 DF01A order=T1",
        "",
        "OUT",
    ),
    "another site's leg says nothing": ("order=T1", "Q1 20 GOOD_TRANSFER_OUT SL1 bolt 2 DF02A order=T1", "", "IN"),
    "damaged stock says nothing of good stock": (
        "order=T1",
        "Q1 20 DAMAGED_TRANSFER_OUT SL1 bolt 2 DF01A order=T1",
        "",
        "IN",
    ),
    "a packing list goes out": ("order=T1", "", "装箱单ZX-1", "OUT"),
    "the remark says in": ("", "", "从DF02调入", "IN"),
    "a named order comes in": ("order=T1", "", "", "IN"),
    "nothing named goes out": ("", "", "", "OUT"),
}


@pytest.mark.parametrize(("more", "erp", "remark", "way"), WAYS.values(), ids=WAYS.keys())
def test_the_way_of_a_transfer(more: str, erp: str, remark: str, way: str) -> None:
    ledger = lines(f"1 20 GOOD_TRANSFER SL1 bolt 2 DF01A {more}\n2 20 OWN_USE_OUT SL1 bolt 2 DF01A", "ledger").assign(
        remark=remark
    )
    assert directed(ledger, lines(erp, "erp")).tolist() == [f"GOOD_TRANSFER_{way}", "OWN_USE_OUT"]


def test_rows_that_fit_both_ways_are_counted_off() -> None:
    ledger = lines("1 20 GOOD_TRANSFER SL1 bolt 2 DF01A\n2 20 GOOD_TRANSFER SL1 bolt 2 DF01A", "ledger").assign(
        remark=""
    )
    erp = lines("Q1 20 GOOD_TRANSFER_OUT SL1 bolt 2 DF01A\nQ2 20 GOOD_TRANSFER_IN SL1 bolt 2 DF01A", "erp")
    assert directed(ledger, erp).tolist() == ["GOOD_TRANSFER_IN", "GOOD_TRANSFER_OUT"]


def orders(table: str, others: str = "") -> pd.DataFrame:
    """Transfer orders from DF01A to DF02A, with other documents after them."""
    moved = lines(table, "erp").assign(document_type="transfer_order", from_warehouse="DF01A", to_warehouse="DF02A")
    other = lines(others, "erp").assign(document_type="other_issue", from_warehouse="", to_warehouse="")
    whole = pd.concat([moved, other], ignore_index=True) if others else moved
    return whole.assign(document=whole["ref"].str.split(":").str[1], department="D")


MASTERS = pd.DataFrame(
    {
        "warehouse_key": ["DF01A", "DF02A"],
        "site": ["DF01", "DF02"],
        "department": ["D1", "D2"],
        "quality": ["good", "good"],
    }
)


def test_a_transfer_order_is_two_legs() -> None:
    legs = transfer_legs(orders("T1 20 GOOD_TRANSFER SL1 bolt 2 DF01A"), MASTERS)
    told = legs[["ref", "category", "warehouse", "site", "department", "order"]].to_numpy().tolist()
    assert told == [
        ["erp:T1:1", "GOOD_TRANSFER_OUT", "DF01A", "DF01", "D1", "T1"],
        ["erp:T1:1", "GOOD_TRANSFER_IN", "DF02A", "DF02", "D2", "T1"],
    ]


def test_a_leg_posted_for_itself_takes_the_place_of_the_orders_leg() -> None:
    legs = transfer_legs(
        orders("T1 20 GOOD_TRANSFER SL1 bolt 2 DF01A", "Q7 20 GOOD_TRANSFER_OUT SL1 bolt 2 DF01A order=T1"), MASTERS
    )
    assert legs[["document", "category"]].to_numpy().tolist() == [
        ["Q7", "GOOD_TRANSFER_OUT"],
        ["T1", "GOOD_TRANSFER_IN"],
    ]
