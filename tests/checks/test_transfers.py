"""Transfers: who may make them, do they arrive, do they arrive in full."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.domain.agreeing import manager_agreed
from tasks.domain.finding import Finding
from tasks.stock_ledger.transfers import transfer_checks, transfer_rules
from tests.checks.frames import erp_lines, ledger_rows, pairs_of, stock, told

NO_LEDGER = ledger_rows("site")
NO_ERP = erp_lines("site")
FRIDAY = dt.date(2026, 11, 20)
WAREHOUSES = stock("""
    warehouse_key | site | department
    DF01A         | DF01 | north
    DF02A         | DF02 | north
    DF03A         | DF03 | south
    DF01B         | DF01 | north
    DF03B         | DF03 | south
    PM            |      |
""")
DEPARTMENTS = stock("""
    department | manager | clerk
    业务管理部 | Wang    | Li
    north      | Zhao    | Qian
    south      | Sun     |
""")
RULES = transfer_rules(DEPARTMENTS, working_days=5, management_department="业务管理")


def checked(
    legs: pd.DataFrame = NO_ERP,
    as_of: dt.date = FRIDAY,
    ledger: pd.DataFrame = NO_LEDGER,
    pairs: pd.DataFrame | None = None,
) -> list[Finding]:
    return transfer_checks(legs, ledger, pairs_of() if pairs is None else pairs, WAREHOUSES, as_of, RULES)


def crossing(maker: str, remark: str = "", to: str = "DF03A", document_type: str = "other_issue") -> pd.DataFrame:
    return erp_lines(f"""
        document | site | category          | order | warehouse | made_by | remark   | document_type
        CK-1     | DF01 | GOOD_TRANSFER_OUT | DB1   | DF01A     | {maker} | {remark} | {document_type}
        RK-1     | DF03 | GOOD_TRANSFER_IN  | DB1   | {to}      | Sun     |          | other_receipt
    """)


@pytest.mark.parametrize(
    ("maker", "remark", "to", "right"),
    [
        ("Qian", "", "DF03A", False),
        ("", "", "DF03A", False),
        ("Li", "", "DF03A", True),
        ("Wang", "", "DF03A", True),
        ("业务管理部账务", "", "DF03A", True),
        ("Qian", "孙经理同意", "DF03A", True),
        ("Qian", "approved by Sun", "DF03A", True),
        ("Qian", "孙经理未同意", "DF03A", False),
        ("Qian", "not approved", "DF03A", False),
        ("Qian", "", "DF02A", True),  # within the department
        ("Qian", "", "PM", True),  # production management is no department
    ],
)
def test_only_the_management_department_transfers_between_departments(
    maker: str, remark: str, to: str, *, right: bool
) -> None:
    expected = [("UNAUTHORISED_TRANSFER", "DF01A", maker, ("DB1",), ("erp:CK-1:1", "erp:RK-1:1"), 0)]
    found = told(checked(crossing(maker, remark, to)), "kind", "warehouse", "found", "stands_on", "refs", "difference")
    assert found == ([] if right else expected)


def test_the_maker_of_the_order_decides_even_when_clerks_post_its_legs() -> None:
    order = erp_lines("""
        document | site | category      | order | warehouse | made_by | document_type
        DB-1     | DF01 | GOOD_TRANSFER | DB1   | DF01A     | Li      | transfer_order
    """)
    assert checked(pd.concat([crossing("Qian"), order.assign(line=2001)])) == []


def test_the_remark_of_the_sites_ledger_may_name_the_manager() -> None:
    ledger = ledger_rows("""
        category          | order | remark
        GOOD_TRANSFER_OUT | DB1   | 赵经理同意 ZX-1
    """)
    assert checked(crossing("Qian"), ledger=ledger) == []


def test_a_transfer_order_without_a_number_is_known_by_its_document() -> None:
    legs = erp_lines("""
        document | site | category          | warehouse | made_by | document_type
        DB-7     | DF01 | GOOD_TRANSFER_OUT | DF01A     | Qian    | transfer_order
        DB-7     | DF03 | GOOD_TRANSFER_IN  | DF03A     | Qian    | transfer_order
    """)
    assert told(checked(legs), "kind", "stands_on") == [("UNAUTHORISED_TRANSFER", ("DB7",))]


def test_an_export_without_makers_tells_nothing_about_makers() -> None:
    assert checked(crossing("").assign(made_by="")) == []


def test_one_break_for_every_order_and_item() -> None:
    legs = erp_lines("""
        site | category          | order | warehouse | item | made_by
        DF01 | GOOD_TRANSFER_OUT | DB1   | DF01A     | A1   | Qian
        DF03 | GOOD_TRANSFER_IN  | DB1   | DF03A     | A1   | Sun
        DF01 | GOOD_TRANSFER_OUT | DB1   | DF01A     | A2   | Qian
        DF03 | GOOD_TRANSFER_IN  | DB1   | DF03A     | A2   | Sun
    """)
    assert told(checked(legs), "kind", "item") == [("UNAUTHORISED_TRANSFER", "A1"), ("UNAUTHORISED_TRANSFER", "A2")]


OUT = """
    site | category          | order | warehouse | quantity | made_by
    DF01 | GOOD_TRANSFER_OUT | DB1   | DF01A     | 5        | Qian
"""


@pytest.mark.parametrize(
    ("as_of", "is_open"),
    [("2026-11-20", False), ("2026-11-26", False), ("2026-11-27", True), ("2026-12-31", True), ("2026-11-19", False)],
)
def test_a_transfer_out_is_open_after_five_working_days(as_of: str, *, is_open: bool) -> None:
    found = told(
        checked(erp_lines(OUT), dt.date.fromisoformat(as_of)),
        "kind",
        "stands_on",
        "warehouse",
        "expected",
        "difference",
    )
    assert found == ([("OPEN_TRANSFER", ("DB1",), "DF01A", "5", 50000)] if is_open else [])


def test_an_open_transfer_keeps_its_id_from_day_to_day() -> None:
    ids = {checked(erp_lines(OUT), FRIDAY + dt.timedelta(days=days))[0].id for days in (7, 8, 30)}
    assert len(ids) == 1


LATER = dt.date(2026, 12, 4)


@pytest.mark.parametrize(
    ("arrived", "kind", "difference"),
    [
        ("DF02 | GOOD_TRANSFER_IN    | DB1 | DF02A | 5 | 2026-11-25", None, 0),
        ("DF02 | GOOD_TRANSFER_IN    | DB1 | DF02A | 5 | 2026-12-04", None, 0),
        ("DF02 | GOOD_TRANSFER_IN    | DB1 | DF02A | 3 | 2026-11-25", "TRANSFER_QUANTITY", 20000),
        ("DF02 | GOOD_TRANSFER_IN    | DB1 | DF02A | 6 | 2026-11-25", "TRANSFER_QUANTITY", -10000),
        ("DF02 | GOOD_TRANSFER_IN    | DB1 | DF02A | 5 | 2026-12-05", "OPEN_TRANSFER", 50000),
        ("DF02 | GOOD_TRANSFER_IN    | DB2 | DF02A | 5 | 2026-11-25", "OPEN_TRANSFER", 50000),
        ("DF02 | DAMAGED_TRANSFER_IN | DB1 | DF01B | 5 | 2026-11-25", "OPEN_TRANSFER", 50000),
    ],
)
def test_what_counts_as_arrival(arrived: str, kind: str | None, difference: int) -> None:
    head = "site | category | order | warehouse | quantity | date"
    legs = erp_lines(f"{head}\nDF01 | GOOD_TRANSFER_OUT | DB1 | DF01A | 5 | 2026-11-20\n{arrived}")
    assert told(checked(legs, LATER), "kind", "difference") == ([(kind, difference)] if kind else [])


def test_a_ledger_row_counts_where_the_erp_has_no_leg() -> None:
    ledger = ledger_rows("""
        site | category          | order | remark       | warehouse | quantity
        DF01 | GOOD_TRANSFER_OUT | DB1   | ZX-1         | DF01A     | 5
        DF02 | GOOD_TRANSFER_OUT |       | 调拨单 DB-2  | DF02A     | 2
        DF01 | GOOD_TRANSFER_IN  | DB2   |              | DF01A     | 2
        DF01 | GOOD_TRANSFER_OUT |       |              | DF01A     | 9
    """)
    (found,) = checked(as_of=LATER, ledger=ledger)
    assert (found.kind, found.refs, found.difference) == ("OPEN_TRANSFER", ("ledger:DF01:2026-11-20:1",), 50000)
    posted = checked(erp_lines(OUT), LATER, ledger)
    assert told(posted, "kind", "refs") == [("OPEN_TRANSFER", ("erp:Q-1:1",))]


def test_a_leg_without_an_order_takes_that_of_its_partner() -> None:
    legs = erp_lines("""
        site | category          | order | warehouse | quantity
        DF01 | GOOD_TRANSFER_OUT |       | DF01A     | 5
        DF02 | GOOD_TRANSFER_IN  | DB1   | DF02A     | 4
    """)
    ledger = ledger_rows("category | order | quantity | remark\nGOOD_TRANSFER_OUT | DB1 | 5 | ZX-1")
    findings = checked(legs, LATER, ledger, pairs_of((1, 1001, "exact")))
    assert told(findings, "kind", "stands_on", "difference") == [("TRANSFER_QUANTITY", ("DB1",), 10000)]


def test_an_order_alone_proves_no_arrival_of_goods_that_left_on_an_issue() -> None:
    legs = erp_lines("""
        site | category          | order | warehouse | quantity | document_type
        DF01 | GOOD_TRANSFER_OUT | DB1   | DF01A     | 5        | other_issue
        DF02 | GOOD_TRANSFER_IN  | DB1   | DF02A     | 5        | transfer_order
    """)
    assert [one.kind for one in checked(legs, LATER)] == ["OPEN_TRANSFER"]
    assert checked(legs.assign(document_type="transfer_order"), LATER) == []


def test_a_red_reversal_takes_the_transfer_back() -> None:
    legs = erp_lines("""
        site | category          | order | warehouse | quantity | red
        DF01 | GOOD_TRANSFER_OUT | DB1   | DF01A     | 5        | no
        DF01 | GOOD_TRANSFER_OUT | DB1   | DF01A     | -5       | yes
    """)
    assert checked(legs, LATER) == []


@pytest.mark.parametrize(
    ("remark", "agreed"),
    [
        ("张经理同意", True),
        ("已批准", True),
        ("agreed with Zhao", True),
        ("Approved", True),
        ("", False),
        ("不同意", False),
        ("未经批准", False),
        ("待批准", False),
        ("未经王经理同意", False),
        ("待张经理批准后发货", False),
        ("需部门经理同意", False),
        ("请张经理批准", False),
        ("已申请经理批准", False),
        ("经理尚未同意", False),
        ("经请示张经理同意", True),
        ("数量不足，张经理同意", True),
        ("张经理不在，李经理已同意", True),
        ("not agreed", False),
        ("to be approved by Zhao", False),
        ("has not been approved", False),
        ("waiting until approved", False),
        ("Not urgent. Approved by Zhao", True),
        ("unapproved", False),
    ],
)
def test_who_agreed(remark: str, *, agreed: bool) -> None:
    assert manager_agreed(remark) is agreed


MANY = erp_lines("""
    site | category          | order | warehouse | quantity | item | made_by
    DF01 | GOOD_TRANSFER_OUT | DB1   | DF01A     | 5        | A1   | Qian
    DF03 | GOOD_TRANSFER_IN  | DB1   | DF03A     | 2        | A1   | Sun
    DF03 | GOOD_TRANSFER_IN  | DB1   | DF03A     | 2        | A1   | Sun
    DF01 | GOOD_TRANSFER_OUT | DB2   | DF01A     | 1        | A2   | Qian
    DF02 | GOOD_TRANSFER_OUT | DB2   | DF02A     | 1        | A2   | Qian
""")
AS_WRITTEN = checked(MANY, LATER)


@settings(max_examples=10)
@given(st.permutations(range(5)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    assert [one.kind for one in AS_WRITTEN] == ["OPEN_TRANSFER", "TRANSFER_QUANTITY", "UNAUTHORISED_TRANSFER"]
    assert checked(MANY.iloc[order], LATER) == AS_WRITTEN
