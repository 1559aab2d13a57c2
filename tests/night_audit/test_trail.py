"""What people did beside the rules, and how it is found."""

from __future__ import annotations

import pytest

from tasks.night_audit.books import Books
from tasks.night_audit.compensation import odd_compensation
from tasks.night_audit.policy import Policy
from tasks.night_audit.reservations import settle
from tasks.night_audit.trail import Trail, trail
from tests.night_audit.drawing import hotel, named, rows, said

POLICY = Policy()
OPERATORS = "operator | may_delete_locked\n李 | no\n张经理 | yes"


def trail_of(books: Books) -> Trail:
    return trail(books, POLICY, settle(books, POLICY).standing)


@pytest.mark.parametrize(
    ("log", "found"),
    [
        ("20 10:59:59 | 李 | R1", []),
        ("20 11:00 | 李 | R1", ["DELETED_LOCKED R1"]),
        ("20 11:00 | 李 | r-1", ["DELETED_LOCKED r-1"]),
        ("20 11:00 | 张经理 | R1", []),
        ("20 11:00 | 王某 | R1", ["DELETED_LOCKED R1"]),
        ("20 09:30 | 李 | PAID", ["DELETED_LOCKED PAID"]),
        ("20 11:00 | 张经理 | PAID", ["DELETED_LOCKED PAID"]),
        ("20 09:30 | 李 | GONE", ["DELETED_LOCKED GONE"]),
    ],
)
def test_a_reservation_is_locked_two_hours_after_entry_and_never_deleted_once_it_held_money(
    log: str, found: list[str]
) -> None:
    books = hotel(
        operators=OPERATORS,
        reservations="reservation | entered_at | due_in\nR1 | 20 09:00 | 25 14:00\nPAID | 20 09:00 | 25 14:00",
        deposits="number | reservation | amount | kind\nD1 | PAID | 50.00 | received\nD2 | PAID | 50.00 | refunded",
        operation_log="at | operator | object | action\n" + log + " | deleted_reservation",
    )
    assert named(trail_of(books).findings) == found


def test_rights_and_times_are_not_checked_without_their_datasets() -> None:
    log = "at | operator | object | action\n20 11:00 | 李 | R1 | deleted_reservation"
    assert trail_of(hotel(operation_log=log, reservations="reservation\nR1")).findings == ()
    assert trail_of(hotel(operation_log=log, operators=OPERATORS)).findings == ()


@pytest.mark.parametrize(
    ("at", "listed"),
    [("21 00:59:59", False), ("21 01:00", True), ("21 02:00", True), ("20 03:00", True), ("20 03:00:01", False)],
)
def test_prices_changed_within_an_hour_of_the_end_of_a_night_are_listed(at: str, *, listed: bool) -> None:
    log = f"at | object | action | before | after\n{at} | A1 | price_changed | 388.00 | 288.00"
    expected = ["PRICE_CHANGED_NEAR_CLOSE A1 388.00→288.00"] if listed else []
    assert named(trail_of(hotel(operation_log=log)).findings) == expected


@pytest.mark.parametrize(
    ("tables", "found"),
    [
        ({"reservations": "reservation | state\nR1 | no_show"}, ["MANUAL_NO_SHOW R1"]),
        ({"reservations": "reservation | state\nR2 | no_show"}, []),
        (
            {
                "reservations": "reservation | state\nR1 | no_show",
                "outcomes": "reservation_key | outcome\nR1 | no_show",
            },
            [],
        ),
        ({"operation_log": "object | action\nR1 | no_show_set"}, ["MANUAL_NO_SHOW R1"]),
        (
            {
                "reservations": "reservation | state\nR1 | no_show",
                "operation_log": "object | action\nR1 | no_show_set",
            },
            ["MANUAL_NO_SHOW R1"],
        ),
    ],
)
def test_a_no_show_set_by_hand_that_held_money_is_listed(tables: dict[str, str], found: list[str]) -> None:
    books = hotel(**tables, deposits="number | reservation | amount\nD1 | R1 | 50.00\nD2 | R1 | -50.00")
    assert named(trail_of(books).findings) == found


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("F9 | F1 | 李 | 20", ["REVERSED_AFTER_CLOSE A1 300.00→-300.00"]),
        ("F9 | F1 | 张经理 | 20", []),
        ("F9 | F2 | 李 | 20", []),
        ("F9 | -  | 李 | 20", []),
    ],
)
def test_what_one_hand_posted_before_and_reversed_after_the_close_is_listed(row: str, found: list[str]) -> None:
    number, original, operator, date = (cell.strip() for cell in row.split("|"))
    books = hotel(
        originals="number | account | date | amount\nF1 | A1 | 19 | 300.00\nF2 | A1 | 20 | 9.00",
        folio="number | account | original | operator | date | amount\n"
        f"{number} | A1 | {original} | {operator} | {date} | -300.00",
    )
    assert named(trail_of(books).findings) == found


def test_a_reversed_payment_is_found_among_payments_alone() -> None:
    books = hotel(
        originals="dataset | number | account | amount\nfolio | F1 | A1 | 300.00\npayments | P1 | A1 | 300.00",
        payments="number | account | original | amount\nP9 | A1 | P1 | -300.00\nP8 | A1 | F1 | -300.00",
    )
    assert [one.refs for one in trail_of(books).findings] == [("payments:P1", "payments:P9")]


def test_reopened_bills_moves_and_transfers_are_listed_as_they_were_logged() -> None:
    books = hotel(
        operation_log="""
            at       | action        | object | before | after
            20 22:00 | bill_reopened | A1     | 已结   | 未结
            20 21:00 | room_changed  | A2     | 301    | 302
            20 20:00 | group_joined  | A3     | -      | T01
            20 19:00 | group_left    | A4     | T01    | -
            20 18:00 | 打印账单      | A5     | -      | -
            """,
        folio="""
            number | account | item     | amount  | date
            F1     | A3      | transfer | -120.00 | 20
            F2     | T01     | transfer | 120.00  | 20
            F3     | T01     | transfer | 5.00    | 19
            F4     | A3      | room     | 300.00  | 20
            """,
    )
    found = trail_of(books)
    assert rows(found.reopened, "at object before after") == ["20 22:00 A1 已结 未结"]
    assert rows(found.room_moves, "object before after") == ["A2 301 302"]
    assert rows(found.group_moves, "object action") == ["A4 group_left", "A3 group_joined"]
    assert rows(found.transfers, "account amount") == ["A3 -120.00", "T01 120.00"]
    assert found.transfers_total == 0


def test_each_names_who_did_what_to_what() -> None:
    books = hotel(
        operators=OPERATORS,
        reservations="reservation | entered_at | due_in\nR1 | 20 09:00 | 25 14:00",
        operation_log="at | object | action\n20 20:00 | R1 | deleted_reservation",
    )
    assert said(trail_of(books).findings[0].message) == (
        "李于 11-20 20:00 删除了已锁定的预订 R1（录入 11-20 09:00），无此权限。请预订查明原因，需要时恢复。"
    )


@pytest.mark.parametrize(
    ("remark", "amount", "listed"),
    [
        ("玻璃杯", "15.00", []),
        ("玻璃杯", "10.00", ["A1 15.00 10.00"]),
        ("打碎玻璃杯×２", "30.00", []),
        ("打碎玻璃杯x2、浴巾1", "110.00", []),
        ("杯子", "15.00", ["A1 - 15.00"]),
    ],
)
def test_compensation_that_differs_from_the_price_list_is_listed(remark: str, amount: str, listed: list[str]) -> None:
    policy = Policy(damage_prices={"玻璃杯": 15_00, "浴巾": 80_00, "杯": 1_00} if remark != "杯子" else {"浴巾": 1})
    books = hotel(folio=f"number | account | item | amount | remark\nF1 | A1 | damage | {amount} | {remark}")
    found = odd_compensation(books, policy)
    assert rows(found, "account expected amount") == listed
    assert odd_compensation(books, POLICY) == ()


def test_reversed_compensation_is_not_compared() -> None:
    books = hotel(
        folio="number | account | item | amount | remark | original\n"
        "F1 | A1 | damage | 10.00 | 玻璃杯 | -\nF2 | A1 | damage | -10.00 | 玻璃杯 | F1"
    )
    assert odd_compensation(books, Policy(damage_prices={"玻璃杯": 15_00})) == ()
