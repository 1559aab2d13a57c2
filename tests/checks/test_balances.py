"""On-hand follows from its movements, never falls below zero, and agrees with what the site states."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.domain.finding import Finding
from tasks.domain.movements import signed_movements
from tasks.stock_ledger.balances import balance_checks, negative_checks, stated_balance_checks
from tests.checks.frames import erp_lines, ledger_rows, scaled, stock, told

DAY = dt.date(2026, 11, 20)
WAREHOUSES = stock("warehouse_key | site\nDF01A | DF01\nDF02A | DF02")
NO_STOCK = stock("warehouse | item | quantity")
NO_LEDGER = ledger_rows("site")
NO_ERP = erp_lines("site")
BEFORE = stock("""
    warehouse | item | quantity | date
    DF01A     | A1   | 10       | 2026-11-19
    DF01A     | A2   | 0.5      | 2026-11-19
    DF02A     | A1   | 7        | 2026-11-18
""")
NO_MOVES = stock("warehouse | item | quantity | date")
NOT_CARRIED = stock("warehouse | item | anchor_quantity | anchor_date | movements")


def balanced(
    today: str, moves: pd.DataFrame = NO_MOVES, carried: pd.DataFrame = NOT_CARRIED, previous: pd.DataFrame = BEFORE
) -> list[Finding]:
    return balance_checks(previous, moves, stock(f"warehouse | item | quantity\n{today}"), carried, WAREHOUSES, DAY)


@pytest.mark.parametrize(
    ("category", "red", "quantity", "effect"),
    [
        ("PURCHASE_IN", "no", "2.5", "2.5"),
        ("OWN_USE_OUT", "no", "2.5", "-2.5"),
        ("OWN_USE_OUT", "yes", "-2", "2"),
        ("RETURN_TO_STOCK", "yes", "-2", "-2"),
        ("GOOD_TRANSFER_IN", "no", "1", "1"),
        ("DAMAGED_TRANSFER_OUT", "no", "1", "-1"),
        ("GOOD_TRANSFER", "no", "1", "0"),
    ],
)
def test_what_a_movement_does_to_on_hand(category: str, red: str, quantity: str, effect: str) -> None:
    lines = erp_lines(f"category | red | quantity\n{category} | {red} | {quantity}")
    assert signed_movements(lines).tolist() == [scaled(effect)]


@pytest.mark.parametrize(
    ("today", "moved", "expected"),
    [
        ("DF01A | A1 | 10\nDF01A | A2 | 0.5", "", []),
        ("DF01A | A1 | 12\nDF01A | A2 | 0.5", "DF01A | A1 | 2 | 2026-11-20", []),
        ("DF01A | A1 | 12\nDF01A | A2 | 0.5", "", [("A1", "10", "12", 20000)]),
        ("DF01A | A1 | 10\nDF01A | A2 | 0.4999", "", [("A2", "0.5", "0.4999", -1)]),
        ("DF01A | A1 | 10", "", [("A2", "0.5", "0", -5000)]),  # left out of a delivered warehouse
        ("DF01A | A1 | 10", "DF01A | A2 | -0.5 | 2026-11-20", []),
        ("DF01A | A1 | 10\nDF01A | A2 | 0.5\nDF01A | A3 | 1", "", [("A3", "0", "1", 10000)]),
        ("DF02A | A1 | 7", "", []),
        ("DF02A | A1 | 9", "DF02A | A1 | 2 | 2026-11-19", []),  # two days lie between the two counts
        ("DF02A | A1 | 7", "DF02A | A1 | 2 | 2026-11-18", []),  # already in the count before
        ("DF02A | A1 | 7", "DF02A | A1 | 2 | 2026-11-21", []),  # after the run's date
        ("DF09A | A1 | 7", "", []),  # the first count of a warehouse
    ],
)
def test_on_hand_follows_from_the_count_before(today: str, moved: str, expected: list[tuple[object, ...]]) -> None:
    findings = balanced(today, stock(f"warehouse | item | quantity | date\n{moved}"))
    assert told(findings, "item", "expected", "found", "difference") == expected
    assert all(one.stands_on == () and one.kind == "BALANCE" for one in findings)


ALL_AS_BEFORE = "DF01A | A1 | {}\nDF01A | A2 | 0.5"


@pytest.mark.parametrize(
    ("since", "found", "left"),
    [
        ("0", "10", 20000),  # the jump of two stands, although today follows from yesterday
        ("2", "10", 0),  # a late document explains it
        ("0", "8", 0),  # it jumped back
        ("-1", "9", 20000),
    ],
)
def test_a_jump_that_nobody_explained_stays_until_it_is(since: str, found: str, left: int) -> None:
    carried = stock(
        f"warehouse | item | anchor_quantity | anchor_date | movements\nDF01A | A1 | 8 | 2026-11-17 | {since}"
    )
    findings = balanced(ALL_AS_BEFORE.format(found), carried=carried)
    assert told(findings, "item", "difference") == ([("A1", left)] if left else [])


def test_a_carried_break_without_on_hand_today_is_not_judged() -> None:
    carried = stock("warehouse | item | anchor_quantity | anchor_date | movements\nDF02A | A1 | 8 | 2026-11-17 | 0")
    assert balanced(ALL_AS_BEFORE.format("10"), carried=carried) == []


def test_a_jump_names_the_days_documents_and_keeps_its_id() -> None:
    moves = stock("warehouse | item | quantity | date | ref\nDF01A | A1 | 2 | 2026-11-20 | erp:Q-1:1")
    (found,) = balanced(ALL_AS_BEFORE.format("10"), moves)
    assert (found.site, found.refs) == ("DF01", ("erp:Q-1:1",))
    assert found.id == balanced(ALL_AS_BEFORE.format("99"))[0].id


AMOUNTS = st.integers(-(10**9), 10**9)


@settings(max_examples=20)
@given(AMOUNTS, st.lists(AMOUNTS, max_size=6), AMOUNTS)
def test_the_equation_is_exact(start: int, moved: list[int], found: int) -> None:
    def on(quantities: list[int], day: str) -> pd.DataFrame:
        frame = pd.DataFrame({"warehouse": "DF01A", "item": "A1", "quantity": pd.Series(quantities, dtype="int64")})
        return frame.assign(date=pd.Timestamp(day))

    findings = balance_checks(
        on([start], "2026-11-19"), on(moved, "2026-11-20"), on([found], "2026-11-20"), NOT_CARRIED, WAREHOUSES, DAY
    )
    off = Decimal(found) - sum(map(Decimal, moved), Decimal(start))
    assert [Decimal(one.difference) for one in findings] == ([off] if off else [])


OPENING = stock("warehouse | item | quantity\nDF01A | A1 | 10\nDF02A | A1 | 3")


def below_zero(
    ledger: str = "", erp: str = "", today: pd.DataFrame = NO_STOCK, opening: pd.DataFrame = OPENING
) -> list[Finding]:
    head = "category | quantity | site | warehouse | item"
    return negative_checks(
        opening, ledger_rows(f"{head}\n{ledger}"), erp_lines(f"{head}\n{erp}"), today, WAREHOUSES, DAY
    )


@pytest.mark.parametrize(
    ("rows", "lowest", "row"),
    [
        (["OWN_USE_OUT | 10"], None, 0),
        (["OWN_USE_OUT | 10.0001"], "-0.0001", 1),
        (["PURCHASE_IN | 1", "OWN_USE_OUT | 11"], None, 0),
        (["OWN_USE_OUT | 11", "PURCHASE_IN | 1"], "-1", 1),  # in ledger order, although the day ends at zero
        (["OWN_USE_OUT | 6", "OWN_USE_OUT | 6", "OWN_USE_OUT | 1", "PURCHASE_IN | 9"], "-3", 2),
        (["RETURN_TO_STOCK | -11"], "-1", 1),
    ],
)
def test_a_balance_below_zero_is_named_with_the_row_that_took_it_there(
    rows: list[str], lowest: str | None, row: int
) -> None:
    found = told(below_zero("\n".join(f"{one} | DF01 | DF01A | A1" for one in rows)), "found", "refs", "stands_on")
    assert found == ([(lowest, (f"ledger:DF01:2026-11-20:{row}",), ())] if lowest else [])


def test_an_item_that_the_opening_leaves_out_starts_at_zero() -> None:
    assert told(below_zero("OWN_USE_OUT | 1 | DF01 | DF01A | A9"), "item", "found") == [("A9", "-1")]


def test_a_warehouse_whose_opening_was_never_delivered_is_not_judged() -> None:
    assert below_zero("OWN_USE_OUT | 99 | DF03 | DF03A | A1") == []


def test_without_a_ledger_the_erp_counts_and_its_receipts_come_first() -> None:
    assert below_zero(erp="OWN_USE_OUT | 5 | DF02 | DF02A | A1\nPURCHASE_IN | 2 | DF02 | DF02A | A1") == []
    found = below_zero(erp="OWN_USE_OUT | 6 | DF02 | DF02A | A1\nPURCHASE_IN | 2 | DF02 | DF02A | A1")
    assert told(found, "site", "found", "refs") == [("DF02", "-1", ("erp:Q-1:1",))]


def test_on_hand_below_zero_is_a_state_without_any_movement() -> None:
    low = stock("warehouse | item | quantity\nDF01A | A1 | -4\nDF01A | A2 | 0")
    (found,) = below_zero(today=low)
    assert (found.kind, found.found, found.difference, found.refs) == ("NEGATIVE_BALANCE", "-4", -40000, ())
    assert below_zero("OWN_USE_OUT | 11 | DF01 | DF01A | A1", today=low)[0].id == found.id
    assert below_zero(opening=low) == [found]  # no movement and no count today: it is still so
    assert below_zero(opening=low, today=OPENING) == []


MOVES = st.lists(st.tuples(st.booleans(), st.integers(1, 50)), max_size=12)


@settings(max_examples=20)
@given(MOVES)
def test_the_running_balance_is_that_of_a_patient_clerk(moves: list[tuple[bool, int]]) -> None:
    rows = "\n".join(f"{'PURCHASE_IN' if up else 'OWN_USE_OUT'} | {n / 10} | DF01 | DF01A | A1" for up, n in moves)
    ledger = ledger_rows(f"category | quantity | site | warehouse | item\n{rows}")
    shuffled = ledger.sample(frac=1, random_state=len(moves))
    findings = negative_checks(OPENING, shuffled, NO_ERP, NO_STOCK, WAREHOUSES, DAY)
    balance, lowest = Decimal(10), Decimal(0)
    for up, tenths in moves:
        balance += Decimal(tenths) / 10 * (1 if up else -1)
        lowest = min(lowest, balance)
    assert [Decimal(one.found) for one in findings] == ([lowest] if lowest < 0 else [])


def stated(table: str, opening: pd.DataFrame = NO_STOCK, previous: pd.DataFrame = NO_STOCK) -> list[tuple[object, ...]]:
    ledger = ledger_rows(f"category | quantity | stated_balance\n{table}")
    findings = stated_balance_checks(ledger, opening, previous)
    assert stated_balance_checks(ledger.iloc[::-1], opening, previous) == findings
    return told(findings, "refs", "expected", "found", "difference", "stands_on")


def wrong(row: int, expected: str, found: str) -> tuple[object, ...]:
    return ((f"ledger:DF01:2026-11-20:{row}",), expected, found, scaled(found) - scaled(expected), (f"L-{row}",))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("PURCHASE_IN | 1 | 11", []),
        ("PURCHASE_IN | 1 | 12", [wrong(1, "11", "12")]),
        ("PURCHASE_IN | 1 |", []),
        ("PURCHASE_IN | 1 |\nOWN_USE_OUT | 3 | 8", []),
        ("PURCHASE_IN | 1 | 12\nOWN_USE_OUT | 3 | 9", [wrong(1, "11", "12")]),  # one slip, no avalanche
        ("PURCHASE_IN | 1 | 12\nOWN_USE_OUT | 3 |\nOWN_USE_OUT | 1 | 7", [wrong(1, "11", "12"), wrong(3, "8", "7")]),
    ],
)
def test_the_sites_own_balance_follows_from_its_rows(rows: str, expected: list[tuple[object, ...]]) -> None:
    assert stated(rows, OPENING) == expected


def test_the_sites_last_stated_balance_goes_before_on_hand() -> None:
    previous = stock("warehouse | item | quantity\nDF01A | A1 | 4")
    assert stated("PURCHASE_IN | 1 | 5", OPENING, previous) == []
    assert stated("PURCHASE_IN | 1 | 11", OPENING, previous) == [wrong(1, "5", "11")]


def test_where_nothing_is_known_the_first_stated_balance_is_taken_as_it_is() -> None:
    assert stated("PURCHASE_IN | 1 | 77\nPURCHASE_IN | 1 | 78\nPURCHASE_IN | 1 | 80") == [wrong(3, "79", "80")]


def test_an_item_that_a_delivered_warehouse_leaves_out_starts_at_zero() -> None:
    other = stock("warehouse | item | quantity\nDF01A | A2 | 4")
    assert stated("PURCHASE_IN | 1 | 2", other) == [wrong(1, "1", "2")]
