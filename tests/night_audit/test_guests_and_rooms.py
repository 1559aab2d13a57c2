"""Rooms as desk and housekeeping see them, guests and companies who owe too much, points of members."""

from __future__ import annotations

import pandas as pd

from tasks.night_audit.guests import (
    balance_findings,
    credit_findings,
    high_balances,
    points_earned,
    points_findings,
)
from tasks.night_audit.room_status import conditions_after, room_discrepancies
from tests.night_audit.drawing import B, frame, named, said

STAYS = frame("stays", "account | room | guest\nA1 | 301 | 王\nA2 | 302 | 李\nA3 | 302 | 周")
ROOMS = frame(
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


def lines(table: str) -> pd.DataFrame:
    """Ledger lines of which only the balance matters."""
    return frame("opening", table).rename(columns={"balance": "closing"})


def test_skips_and_sleeps_are_told_by_room_and_what_was_not_seen_is_not() -> None:
    found = room_discrepancies(ROOMS, STAYS, B)

    assert named(found) == ["SKIP 301 occupied→vacant", "SLEEP 303 vacant→occupied"]
    assert "王" in said(found[0].message)


def test_occupied_rooms_become_dirty() -> None:
    changed = conditions_after(ROOMS, STAYS)

    assert changed[["room", "before", "after"]].to_numpy().tolist() == [["301", "clean", "dirty"]]


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
    assert high["short"].tolist() == [90000, 1]


def test_a_company_above_its_credit_limit_is_told_and_one_at_it_is_not() -> None:
    balances = lines(
        "ledger | account | balance\ncorporate | 远景 | 1000.01\ncorporate | 金风 | 1000.00\ncorporate | 三一 | 9.00"
    )
    accounts = frame("corporate_accounts", "company | credit_limit\n远景 | 1000.00\n金风 | 1000.00\n三一 | -")

    assert named(credit_findings(balances, accounts, B)) == ["CREDIT_LIMIT 远景 1000.00→1000.01"]


def test_a_settled_bill_earns_once_and_fractions_are_dropped() -> None:
    members = frame("members", "member | name | points_per_yuan\nM1 | 王 | 1.5\nM2 | 李 | -")
    bills = pd.DataFrame(
        {
            "account_key": ["A1", "A1", "A2", "A3", "A4"],
            "account": ["A1", "A1", "A2", "A3", "A4"],
            "member_key": ["M1", "M1", "M2", "M1", ""],
            "balance": [0, 0, 0, 1, 0],
            "paid": [33333, 33333, 9999, 50000, 50000],
        }
    )

    earned = points_earned(bills, members)

    assert earned[["account", "points"]].to_numpy().tolist() == [["A1", 499], ["A2", 99]]


def test_points_credited_twice_for_a_bill_are_told_also_when_the_first_was_on_an_earlier_date() -> None:
    log = frame(
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
    before = pd.DataFrame({"account_key": ["A2"], "account": ["A2"]})

    assert named(points_findings(log, before, B)) == ["POINTS_DOUBLE A1 1→2", "POINTS_DOUBLE A2 1→2"]
