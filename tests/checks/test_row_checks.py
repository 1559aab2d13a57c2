"""Every row by itself, and one break for a matched pair."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.domain.finding import Finding
from tasks.domain.message import keys_of
from tasks.stock_ledger.row_checks import row_checks
from tests.checks.frames import erp_lines, items_of, ledger_rows, pairs_of, told

ITEMS = items_of("""
    item_key | item_name | specification | item_class
    A1       | 轴承 6205 | M16×80        | II
    A2       | 编码器    | 24V           | I
    A3       | 润滑脂    |               |
""")
NO_LEDGER = ledger_rows("site")
NO_ERP = erp_lines("site")
NO_PAIRS = pairs_of()


def checked(
    ledger: pd.DataFrame = NO_LEDGER, erp: pd.DataFrame = NO_ERP, pairs: pd.DataFrame = NO_PAIRS
) -> list[Finding]:
    return row_checks(ledger, erp, pairs, ITEMS)


def kinds(findings: list[Finding]) -> list[str]:
    return sorted(one.kind for one in findings)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("A1  | PURCHASE_IN", []),
        ("A9  | PURCHASE_IN", ["checks.UNKNOWN_ITEM.code"]),
        ("A9  | PETTY_IN", ["checks.UNKNOWN_ITEM.petty"]),
        ("    | PETTY_IN", ["checks.UNKNOWN_ITEM.petty"]),
        ("    | OWN_USE_OUT", ["checks.UNKNOWN_ITEM.blank"]),
    ],
)
def test_an_item_stands_in_the_master(row: str, expected: list[str]) -> None:
    findings = checked(ledger_rows(f"item | category\n{row}"))
    assert [one.message.key for one in findings] == expected


def test_a_blank_code_with_a_partner_by_name_is_told_by_the_item_break_alone() -> None:
    ledger = ledger_rows("item | item_name\n | 轴承6205")
    assert checked(ledger, erp_lines("item\nA1"), pairs_of((1, 1001, "near"))) == []


def test_without_an_item_master_no_item_is_judged() -> None:
    ledger = ledger_rows("item | category | quality\nA9 | REPAIR_OUT | damaged\n | PETTY_IN | good")
    kinds_found = kinds(row_checks(ledger, NO_ERP, NO_PAIRS, ITEMS.iloc[:0]))
    assert kinds_found == ["TRANSFER_REFERENCE"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("A1 | 轴承6205  | M16*80 ", None),
        ("A1 | 軸承-6205 | ｍ16×80", None),
        ("A1 |           |        ", None),
        ("A1 | 轴承6205  |        ", None),
        ("A3 | 润滑脂    | 1L     ", None),
        ("A1 | 轴承6206  | M16×80 ", ("轴承 6205", "轴承6206")),
        ("A1 | 轴承6205  | M16×90 ", ("M16×80", "M16×90")),
        ("A1 | 螺栓      | M8     ", ("轴承 6205 M16×80", "螺栓 M8")),
    ],
)
def test_name_and_specification_follow_the_master(row: str, expected: tuple[str, str] | None) -> None:
    table = f"item | item_name | specification\n{row}"
    for findings in (checked(ledger_rows(table)), checked(erp=erp_lines(table))):
        assert [(one.kind, one.expected, one.found) for one in findings] == (
            [("NAME_MISMATCH", *expected)] if expected else []
        )


GOOD_ONLY = ["PURCHASE_IN", "PETTY_IN", "REPAIRED_IN", "GOOD_TRANSFER_IN", "GOOD_TRANSFER_OUT", "OWN_USE_OUT"]
DAMAGED_ONLY = ["DAMAGED_IN", "DAMAGED_TRANSFER_IN", "DAMAGED_TRANSFER_OUT", "REPAIR_OUT", "SCRAP_OUT"]


@pytest.mark.parametrize("category", [*GOOD_ONLY, *DAMAGED_ONLY, "RETURN_TO_STOCK"])
@pytest.mark.parametrize("quality", ["good", "damaged", ""])
def test_every_category_has_its_quality_of_warehouse(category: str, quality: str) -> None:
    allowed = (
        {"", "good"}
        if category in GOOD_ONLY
        else {"", "damaged"}
        if category in DAMAGED_ONLY
        else {"", "good", "damaged"}
    )
    quantity = -1 if category == "RETURN_TO_STOCK" else 1
    ledger = ledger_rows(
        f"category | quality | quantity | order | remark\n{category} | {quality} | {quantity} | DB1 | ZX-1"
    )
    assert kinds(checked(ledger)) == ([] if quality in allowed else ["WRONG_QUALITY"])


def test_only_class_two_items_go_out_for_repair() -> None:
    ledger = ledger_rows("""
        item | category   | quality | warehouse | remark
        A1   | REPAIR_OUT | damaged | DF01B     | ZX-1
        A2   | REPAIR_OUT | damaged | DF01B     | ZX-1
        A2   | SCRAP_OUT  | damaged | DF01B     |
        A3   | REPAIR_OUT | damaged | DF01B     | ZX-1
    """)
    assert told(checked(ledger), "kind", "item", "refs") == [("NOT_REPAIRABLE", "A2", ("ledger:DF01:2026-11-20:2",))]


@pytest.mark.parametrize(
    ("category", "quantity", "right"),
    [
        ("PURCHASE_IN", "0.0001", True),
        ("PURCHASE_IN", "0", False),
        ("PURCHASE_IN", "-1", False),
        ("OWN_USE_OUT", "-2", False),
        ("RETURN_TO_STOCK", "-2", True),
        ("RETURN_TO_STOCK", "0", False),
        ("RETURN_TO_STOCK", "2", False),
    ],
)
def test_the_sign_of_a_ledger_row(category: str, quantity: str, *, right: bool) -> None:
    findings = checked(ledger_rows(f"category | quantity\n{category} | {quantity}"))
    assert told(findings, "kind", "found", "difference") == ([] if right else [("SIGN", quantity, 0)])


@pytest.mark.parametrize(
    ("category", "red", "quantity", "right"),
    [
        ("PURCHASE_IN", "no", "1", True),
        ("PURCHASE_IN", "", "1", True),
        ("PURCHASE_IN", "", "-1", False),
        ("PURCHASE_IN", "yes", "-1", True),
        ("PURCHASE_IN", "yes", "1", False),
        ("OWN_USE_OUT", "yes", "0", False),
        ("RETURN_TO_STOCK", "no", "-1", True),
        ("RETURN_TO_STOCK", "yes", "1", False),
    ],
)
def test_the_sign_of_an_erp_line(category: str, red: str, quantity: str, *, right: bool) -> None:
    findings = checked(erp=erp_lines(f"category | red | quantity\n{category} | {red} | {quantity}"))
    assert kinds(findings) == ([] if right else ["SIGN"])
    named = [word for one in findings for word in keys_of(one.message) if word.startswith("matching.category.")]
    assert named == ([] if right or quantity == "0" else [f"matching.category.{category}"])


@pytest.mark.parametrize(
    ("category", "order", "remark", "lacking"),
    [
        ("GOOD_TRANSFER_IN", "DB1", "", None),
        ("GOOD_TRANSFER_IN", "", "调拨单号：DB-1", None),
        ("GOOD_TRANSFER_IN", "", "db20261120", None),
        ("GOOD_TRANSFER_IN", "", "", "order"),
        ("GOOD_TRANSFER_IN", "", "调拨单未到", "order"),
        ("GOOD_TRANSFER_OUT", "DB1", "ZX-1", None),
        ("GOOD_TRANSFER_OUT", "DB1", "装箱单 12", None),
        ("GOOD_TRANSFER_OUT", "DB1", "裝箱單號:12", None),
        ("GOOD_TRANSFER_OUT", "DB1", "packing list no. 7", None),
        ("GOOD_TRANSFER_OUT", "DB1", "", "list"),
        ("GOOD_TRANSFER_OUT", "DB1", "已发出", "list"),
        ("GOOD_TRANSFER_OUT", "DB1", "DB-1", "list"),
        ("GOOD_TRANSFER_OUT", "DB1", "11月20日发货", "list"),
        ("GOOD_TRANSFER_OUT", "DB1", "2026-11-20 发货", "list"),
        ("GOOD_TRANSFER_OUT", "DB1", "发货 3 件", "list"),
        ("GOOD_TRANSFER_OUT", "", "", "order_and_list"),
        ("GOOD_TRANSFER_OUT", "", "DB-1，ZX-1", None),
        ("REPAIR_OUT", "", "ZX-1", None),
        ("REPAIR_OUT", "", "", "list"),
        ("SCRAP_OUT", "", "", None),
    ],
)
def test_a_transfer_names_its_order_and_what_goes_out_its_packing_list(
    category: str, order: str, remark: str, lacking: str | None
) -> None:
    quality = "good" if category.startswith("GOOD") else "damaged"
    ledger = ledger_rows(f"category | quality | order | remark\n{category} | {quality} | {order} | {remark}")
    expected = [f"checks.TRANSFER_REFERENCE.ledger_{lacking}"] if lacking else []
    assert [one.message.key for one in checked(ledger)] == expected


@pytest.mark.parametrize(
    ("category", "document_type", "order", "right"),
    [
        ("GOOD_TRANSFER_OUT", "other_issue", "DB1", True),
        ("GOOD_TRANSFER_OUT", "other_issue", "", False),
        ("GOOD_TRANSFER_IN", "transfer_order", "", True),
        ("REPAIR_OUT", "other_issue", "", True),
    ],
)
def test_the_erp_owes_only_the_transfer_order(category: str, document_type: str, order: str, *, right: bool) -> None:
    quality = "damaged" if category == "REPAIR_OUT" else "good"
    erp = erp_lines(f"category | quality | document_type | order\n{category} | {quality} | {document_type} | {order}")
    assert kinds(checked(erp=erp)) == ([] if right else ["TRANSFER_REFERENCE"])


PAIR = ("ledger:DF01:2026-11-20:1", "erp:Q-1:1")


def test_a_matched_pair_that_fails_on_both_sides_is_one_break_with_both_references() -> None:
    table = "item | item_name\nA1 | 螺栓"
    (found,) = checked(ledger_rows(table), erp_lines(table), pairs_of((1, 1001, "exact")))
    assert (found.kind, found.refs, found.stands_on) == ("NAME_MISMATCH", PAIR, ("L-1",))


def test_a_matched_pair_that_fails_on_one_side_names_the_place_of_that_side() -> None:
    ledger = ledger_rows("warehouse | quality\nDF01A | good")
    erp = erp_lines("warehouse | quality\nDF01B | damaged")
    (found,) = checked(ledger, erp, pairs_of((1, 1001, "near")))
    assert (found.kind, found.warehouse, found.refs, found.stands_on) == ("WRONG_QUALITY", "DF01B", PAIR, ("L-1",))


def test_an_unmatched_row_is_a_break_of_its_own() -> None:
    table = "item\nA9"
    findings = checked(ledger_rows(table), erp_lines(table))
    assert told(findings, "refs", "stands_on") == [(("erp:Q-1:1",), ("E-Q-1-1",)), ((PAIR[0],), ("L-1",))]


def test_a_grouped_match_is_one_break_with_all_its_rows() -> None:
    ledger = ledger_rows("item | quantity\nA9 | 5")
    erp = erp_lines("item | quantity\nA9 | 2\nA9 | 3")
    (found,) = checked(ledger, erp, pairs_of((1, 1001, "grouped"), (1, 1002, "grouped")))
    assert found.refs == (PAIR[0], "erp:Q-1:1", "erp:Q-2:1")
    assert found.stands_on == ("L-1",)


def test_the_two_legs_of_one_transfer_order_stay_two_cases() -> None:
    ledger = ledger_rows("""
        site | category          | item | order | remark | warehouse
        DF01 | GOOD_TRANSFER_OUT | A9   | DB1   | ZX-1   | DF01A
        DF02 | GOOD_TRANSFER_IN  | A9   | DB1   |        | DF02A
    """)
    erp = erp_lines("""
        document | site | category          | item | order | document_type  | warehouse
        T-1      | DF01 | GOOD_TRANSFER_OUT | A9   | DB1   | transfer_order | DF01A
        T-1      | DF02 | GOOD_TRANSFER_IN  | A9   | DB1   | transfer_order | DF02A
    """).assign(line=1001)
    findings = checked(ledger, erp, pairs_of((1, 1001, "exact"), (2, 1001, "exact")))
    assert told(findings, "site", "refs") == [
        ("DF01", ("ledger:DF01:2026-11-20:1", "erp:T-1:1")),
        ("DF02", ("ledger:DF02:2026-11-20:2", "erp:T-1:1")),
    ]
    assert len({one.id for one in findings}) == 2


MIXED_LEDGER = ledger_rows("""
    item | item_name | category         | quality | quantity | remark
    A9   |           | PURCHASE_IN      | good    | 1        |
    A1   | 螺栓      | PURCHASE_IN      | damaged | 1        |
    A2   |           | REPAIR_OUT       | damaged | 1        |
    A1   |           | GOOD_TRANSFER_IN | good    | -1       |
    A1   | 螺母      | OWN_USE_OUT      | good    | 1        |
    A1   |           | OWN_USE_OUT      | good    | 2        |
""")
MIXED_ERP = erp_lines("""
    item | item_name | category    | quality | quantity
    A9   |           | PURCHASE_IN | good    | 1
    A1   | 螺母      | PURCHASE_IN | good    | 1
    A1   | 螺帽      | OWN_USE_OUT | good    | 1
    A9   |           | SCRAP_OUT   | good    | 0
""")
MIXED_PAIRS = pairs_of((1, 1001, "exact"), (2, 1002, "near"), (5, 1003, "exact"), (6, 1004, "near"))


AS_WRITTEN = checked(MIXED_LEDGER, MIXED_ERP, MIXED_PAIRS)


@settings(max_examples=20)
@given(st.permutations(range(6)), st.permutations(range(4)), st.permutations(range(4)))
def test_the_order_of_rows_changes_nothing(ledger: list[int], erp: list[int], pairs: list[int]) -> None:
    assert checked(MIXED_LEDGER.iloc[ledger], MIXED_ERP.iloc[erp], MIXED_PAIRS.iloc[pairs]) == AS_WRITTEN
