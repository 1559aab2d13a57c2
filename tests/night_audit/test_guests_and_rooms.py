"""Rooms as desk and housekeeping see them, guests and companies who owe too much, points of members."""

from __future__ import annotations

from tasks.night_audit.guests import (
    Bill,
    balance_findings,
    credit_findings,
    high_balances,
    points_earned,
    points_findings,
)
from tasks.night_audit.ledgers import LedgerLine
from tasks.night_audit.room_status import conditions_after, room_discrepancies
from tests.night_audit.drawing import B, drawn, named, rows, said

STAYS = drawn("stays", "account | room | guest\nA1 | 301 | 王\nA2 | 302 | 李\nA3 | 302 | 周")
ROOMS = drawn(
    "rooms",
    """
    room | housekeeping | condition
    301  | vacant       | clean
    302  | occupied     | dirty
    303  | occupied     | clean
    304  | vacant       | clean
    305  | -            | inspect
    """,
)


def lines(table: str) -> list[LedgerLine]:
    """Ledger lines of which only the balance matters."""
    return [LedgerLine(*balance) for balance in drawn("opening", table)]


def test_skips_and_sleeps_are_told_by_room_and_what_was_not_seen_is_not() -> None:
    found = room_discrepancies(ROOMS, STAYS, B)

    assert named(found) == ["SKIP 301 occupied→vacant", "SLEEP 303 vacant→occupied"]
    assert "王" in said(found[0].message)


def test_occupied_rooms_become_dirty() -> None:
    changed = conditions_after(ROOMS, STAYS)

    assert rows(changed, "room before after") == ["301 clean dirty"]


def test_guests_who_owe_more_than_their_deposit_are_told_the_largest_first() -> None:
    balances = lines(
        """
        ledger  | account | account_key | balance
        guest   | A1      | A1          | 300.00
        guest   | A2      | A2          | 900.00
        guest   | A3      | A3          | 100.00
        deposit | A1      | stays:A1    | 299.99
        deposit | A3      | stays:A3    | 100.00
        """
    )

    high = high_balances(balances, STAYS)

    assert named(balance_findings(high, B)) == [
        "BALANCE_ABOVE_DEPOSIT A2 0.00→900.00",
        "BALANCE_ABOVE_DEPOSIT A1 299.99→300.00",
    ]
    assert [one.short for one in high] == [90000, 1]


def test_a_company_above_its_credit_limit_is_told_and_one_at_it_is_not() -> None:
    balances = lines(
        "ledger | account | balance\ncorporate | 远景 | 1000.01\ncorporate | 金风 | 1000.00\ncorporate | 三一 | 9.00"
    )
    accounts = drawn("corporate_accounts", "company | credit_limit\n远景 | 1000.00\n金风 | 1000.00\n三一 | -")

    assert named(credit_findings(balances, accounts, B)) == ["CREDIT_LIMIT 远景 1000.00→1000.01"]


def test_a_company_that_owes_and_is_not_listed_has_no_credit() -> None:
    balances = lines(
        "ledger | account | balance\ncorporate | 远景 | 10.00\ncorporate | 金风 | 0.01\ncorporate | 三一 | -5.00"
    )
    accounts = drawn("corporate_accounts", "company | credit_limit\n远 景 | -")

    found = credit_findings(balances, accounts, B)

    assert named(found) == ["CREDIT_LIMIT 金风 0.00→0.01"]
    assert said(found[0].message).startswith("金风 挂账 0.01，但没有列入协议单位")


def test_a_settled_bill_earns_once_and_fractions_are_dropped() -> None:
    members = drawn("members", "member | name | points_per_yuan\nM1 | 王 | 1.5\nM2 | 李 | -")
    bills = [
        Bill("A1", "A1", "M1", balance=0, paid=33333),
        Bill("A1", "A1", "M1", balance=0, paid=33333),
        Bill("A2", "A2", "M2", balance=0, paid=9999),
        Bill("A3", "A3", "M1", balance=1, paid=50000),
        Bill("A4", "A4", "", balance=0, paid=50000),
    ]

    earned = points_earned(bills, members)

    assert rows(earned, "account points") == ["A1 499", "A2 99"]


def test_points_credited_twice_for_a_bill_are_told_also_when_the_first_was_on_an_earlier_date() -> None:
    log = drawn(
        "operation_log",
        """
        at       | operator | action | object
        20 11:00 | 李       | points | A1
        20 11:05 | 周       | points | A1
        20 12:00 | 李       | points | A2
        20 13:00 | 李       | points | A3
        20 13:00 | 李       | other  | A3
        """,
    )

    assert named(points_findings(log, {"A2"}, B)) == ["POINTS_DOUBLE A1 1→2", "POINTS_DOUBLE A2 1→2"]
