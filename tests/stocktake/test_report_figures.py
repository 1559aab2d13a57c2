"""Accuracy never netted, the three-way proof, causes, repeated shortages, reviews, the agreement (spec 02, step 6)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from tasks.stocktake.accuracy import Accuracy, accuracy_by, accuracy_of
from tasks.stocktake.agreement import Confirmation, agreement_findings, by_warehouse, statement
from tasks.stocktake.proof import ledger_books, three_way
from tasks.stocktake.reviews import Conduct, by_cause, repeated_shortages, reviews
from tests.stocktake.drawing import COUNT, POLICY, counted, frame, rows, said

OCTOBER = (dt.date(2026, 10, 1), dt.date(2026, 10, 31))


def test_accuracy_is_never_netted() -> None:
    found = counted(
        """
        item | frozen | unit_price
        A1   | 100    | 10
        A2   | 100    | 10
        A3   | 200    | 1
        A4   | 100    | 1
        A5   | 100    | -
        """,
        "item | counted\nA1 | 98\nA2 | 102\nA3 | 200\nA4 | -\nA5 | 50\nA6 | 1",
        items="item | unit_price\nA6 | 5",
        policy=POLICY,
    )
    one = accuracy_of(found.variances)
    # 98 and 102 are 4 off, not 0; A5 has no price; A6 was found beside the list.
    assert (one.lines, one.lines_counted, one.found, one.exact, one.within, one.lines_off) == (5, 4, 1, 1, 3, 4)
    assert (one.surplus_value, one.shortage_value, one.unpriced) == (2_500, 2_000, 1)
    assert one.shares == {
        "exact_lines": "0.200000",
        "accuracy_by_line": "0.600000",
        "within_by_value": "1.000000",
        "accuracy_by_quantity": "0.890000",
        "accuracy_by_value": "0.979545",
        "coverage": "0.800000",
    }


def test_a_book_of_zero_has_no_accuracy_and_a_wild_count_none_below_zero() -> None:
    nothing = accuracy_of(counted("item | frozen\nA1 | 0", "item | counted\nA1 | 0").variances)
    assert nothing.shares["accuracy_by_quantity"] is None
    assert nothing.shares["accuracy_by_value"] is None
    assert nothing.shares["exact_lines"] == "1.000000"
    assert set(Accuracy().shares.values()) == {None}
    wild = accuracy_of(counted("item | frozen\nA1 | 1", "item | counted\nA1 | 9").variances)
    assert wild.shares["accuracy_by_quantity"] == "0.000000"


def test_the_accuracy_of_all_is_that_of_its_parts_together() -> None:
    found = counted(
        "item | frozen | warehouse\nA1 | 5 | DF01A\nA1 | 7 | DF01B\nA2 | 1 | DF01B",
        "item | counted | warehouse\nA1 | 4 | DF01A\nA1 | 9 | DF01B",
    )
    parts = accuracy_by(found.variances, "warehouse")
    assert list(parts) == ["DF01A", "DF01B"]
    assert parts["DF01A"] + parts["DF01B"] == accuracy_of(found.variances)


def quantities(table: str, *columns: str) -> pd.DataFrame:
    """warehouse, item, then quantities as named; `date` is of October; `-` is blank."""
    drawn = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    named = pd.DataFrame(drawn, columns=["warehouse_key", "item_key", *columns], dtype="str")
    for column in columns:
        if column == "date":
            named["date"] = pd.to_datetime("2026-10-" + named["date"]).astype("datetime64[s]")
        else:
            scaled = [None if text == "-" else int(text) * 10_000 for text in named[column]]
            named[column] = pd.array(scaled, dtype="Int64")
            if column != "stated_balance":
                named[column] = named[column].astype("int64")
    return named


def test_the_three_proofs_are_of_ledger_report_erp_and_count() -> None:
    opening = quantities("DF01A | A1 | 10\nDF01A | A2 | 5\nD1A | A1 | 3", "quantity")
    ledger = quantities(
        "DF01A | A1 | 05 | 1 | 4 | 14\nDF01A | A1 | 06 | 2 | -1 | 12\nDF01A | A3 | 07 | 3 | 2 | -",
        "date", "number", "movement", "stated_balance",
    )  # fmt: skip
    movements = frame(
        "movements",
        "warehouse | item | date | quantity\nDF01A | A1 | 10-05 | 3\nDF01A | A3 | 10-31 | 2\nDF01A | A1 | 01 | 9",
    )
    books = ledger_books(opening, ledger, movements, OCTOBER)
    shown = books.astype(dict.fromkeys(("by_ledger", "by_report", "by_erp"), "Int64"))
    assert [tuple(row) for row in shown.fillna(-10_000).to_numpy().tolist()] == [
        ("D1A", "A1", -10_000, -10_000, 30_000),
        ("DF01A", "A1", 130_000, 120_000, 130_000),
        ("DF01A", "A2", 50_000, -10_000, 50_000),
        ("DF01A", "A3", 20_000, -10_000, 20_000),
    ]
    found = counted(
        """
        item | frozen | warehouse | site
        A1   | 13     | DF01A     | DF01
        A2   | 5      | DF01A     | DF01
        A3   | 2      | DF01A     | DF01
        A1   | 3      | D1A       | -
        """,
        "item | counted | warehouse\nA1 | 13 | DF01A\nA2 | 4 | DF01A\nA3 | - | DF01A\nA1 | 3 | D1A",
    )
    proof = three_way(books, found.variances)
    assert proof.to_numpy().tolist() == [
        ["第一业务部", "", 0, 0, 0, 0, 1, 0],
        ["第一业务部", "DF01", 1, 1, 3, 0, 2, 1],
    ]


def test_causes_are_summed_without_netting() -> None:
    found = counted(
        "item | frozen\nA1 | 5\nA2 | 5\nA3 | 5\nA4 | 5",
        "item | counted | cause\nA1 | 3 | 丢失\nA2 | 7 | 丢失\nA3 | 6 | 记错\nA4 | 5 | -",
    )
    assert by_cause(found.variances).to_numpy().tolist() == [["丢失", 2, 2_000, 2_000], ["记错", 1, 1_000, 0]]


@pytest.mark.parametrize(
    ("past", "told"),
    [
        ("10", ["2026-10、2026-11"]),
        ("09", ["2026-09、2026-11"]),
        ("09 10", ["2026-09、2026-10、2026-11"]),
        ("10 10", ["2026-10、2026-11"]),
        ("08", []),
        ("11", []),
        ("", []),
    ],
)
def test_an_item_short_in_two_of_the_last_three_months_is_told(past: str, told: list[str]) -> None:
    found = counted("item | frozen\nA1 | 5\nA2 | 5", "item | counted\nA1 | 4\nA2 | 6")
    history = pd.DataFrame(
        [
            (pd.Timestamp(f"2026-{month}-28"), "DF01", "第一业务部", item)
            for month in past.split()
            for item in ("A1", "A2")
        ],
        columns=["period", "site", "department", "item_key"],
    )
    history = history.astype({"period": "datetime64[s]", "site": "str", "department": "str", "item_key": "str"})
    again = repeated_shortages(COUNT, found.variances, history)
    assert [dict(one.message.parameters)["periods"] for one in again] == told
    assert {one.item for one in again} <= {"A1"}


def test_reviews_are_proposed_with_their_grounds() -> None:
    found = counted(
        """
        number          | site | department | warehouse | item | frozen
        PD-2026-11-DF01 | DF01 | 第一业务部 | DF01A     | A1   | 5
        PD-2026-11-DF02 | DF02 | 第一业务部 | DF02A     | A1   | 5
        PD-2026-11-DF02 | DF02 | 第一业务部 | DF02A     | A2   | 5
        PD-2026-11-DF03 | DF03 | 第一业务部 | DF03A     | A1   | 5
        PD-2026-11-DF04 | DF04 | 第一业务部 | DF04A     | A1   | 5
        PD-2026-11-D1   | -    | 第一业务部 | D1A       | A1   | 5
        """,
        """
        number          | warehouse | item | counted | cause
        PD-2026-11-DF01 | DF01A     | A1   | 5       | -
        PD-2026-11-DF02 | DF02A     | A1   | 4       | -
        PD-2026-11-DF02 | DF02A     | A2   | -       | -
        PD-2026-11-DF04 | DF04A     | A1   | 4       | 丢失
        """,
    )
    conduct = Conduct({"DF01": "张工", "DF02": "李工"}, missing={"DF03"}, late={"DF02"})
    proposed = reviews(found.variances, conduct, ())
    told = [(one.site, one.person, one.proposal, [said(ground) for ground in one.grounds]) for one in proposed]
    # DF04 is short with a reason: neither praise nor blame.
    assert told == [
        ("DF01", "张工", "reward", ["按时交表，全部盘点，账实相符"]),
        ("DF02", "李工", "penalty", ["盘点表迟交", "1 行没有盘点", "1 行差异没有写原因"]),
        ("DF03", "", "penalty", ["没有交盘点表"]),
    ]


def test_the_statement_is_opening_and_in_and_out_and_closing() -> None:
    opening = quantities("DF01A | A1 | 10\nDF01A | A2 | 0\nDF01B | A1 | 2", "quantity")
    movements = frame(
        "movements",
        """
        warehouse | item | date  | quantity
        DF01A     | A1   | 10-05 | 4
        DF01A     | A1   | 10-06 | -3
        DF01A     | A3   | 10-31 | 1
        DF01A     | A1   | 09-30 | 7
        DF01A     | A1   | 01    | 7
        """,
    )
    listed = statement(opening, movements, OCTOBER)
    assert listed.to_numpy().tolist() == [
        ["DF01A", "A1", 100_000, 40_000, 30_000, 110_000],
        ["DF01A", "A3", 0, 10_000, 0, 10_000],
        ["DF01B", "A1", 20_000, 0, 0, 20_000],
    ]
    sums = by_warehouse(listed, {"A1": 25_000})
    assert sums.to_dict("records")[0] == {
        "warehouse_key": "DF01A", "items": 2, "opening": 100_000, "in": 50_000, "out": 30_000, "closing": 120_000,
        "opening_value": 2_500, "in_value": 1_000, "out_value": 750, "closing_value": 2_750, "unpriced": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({}, "对账单尚未确认：现场和业务部。"),
        ({"site": ""}, "对账单尚未确认：业务部。"),
        ({"site": "", "department": ""}, None),
        ({"site": "DF01B 少记一笔", "department": ""}, "对账单有异议：现场。DF01B 少记一笔"),
        ({"department": "数量不对"}, "对账单有异议：业务部。数量不对"),
    ],
)
def test_an_agreement_is_open_until_both_sides_agree(answers: dict[str, str], told: str | None) -> None:
    given = [Confirmation("DF01", side, not reason, "张工", reason) for side, reason in answers.items()]
    found = agreement_findings(["DF01"], given, COUNT.period)
    assert [said(one.message) for one in found] == ([] if told is None else [told])


def test_figures_of_the_frames_are_shown_as_people_write_them() -> None:
    assert rows(frame("variances", "item | variance | value\nA1 | -2.5 | -0.05"), "item variance value") == [
        "A1 -2.5 -0.05"
    ]
