"""What stops the close: each named with its object, and nothing else."""

from __future__ import annotations

import pytest

from tasks.domain.message import message
from tasks.night_audit.bad_rows import unread_rows
from tasks.night_audit.kinds import BLOCKING
from tasks.night_audit.policy import Policy
from tasks.night_audit.prechecks import prechecks
from tests.night_audit.drawing import drawn, hotel, named, said

ROOMS = """
    room | state
    301  | normal
    302  | repair
    303  | closed
    304  | house
    305  | normal
"""


def blocked(policy: Policy | None = None, **tables: str) -> list[str]:
    found = prechecks(hotel(rooms=ROOMS, **tables), policy or Policy())
    assert {one.kind for one in found} <= BLOCKING
    return named(found)


def test_a_clean_night_is_not_blocked() -> None:
    assert (
        blocked(
            stays="account | room\nA1 | 301\nA2 | 0305",
            shifts="shift | method\nS1 | cash\nS1 | card",
            pos_checks="check | amount | settlement\nC1 | 20.00 | room\nC2 | 20.00 | direct",
        )
        == []
    )


@pytest.mark.parametrize(
    ("shifts", "found"),
    [
        ("S1 | cash | 20 | -\nS1 | card | 20 | -", ["OPEN_SHIFT S1"]),
        ("S1 | cash | 20 | 20 16:00\nS1 | card | 20 | -", []),
        ("S1 | cash | 19 | -", []),
        ("S1 | cash | 20 | 20 16:00\nS2 | cash | 20 | -\nS3 | cash | 20 | -", ["OPEN_SHIFT S2", "OPEN_SHIFT S3"]),
    ],
)
def test_a_shift_of_the_date_that_was_not_handed_over_blocks(shifts: str, found: list[str]) -> None:
    assert blocked(shifts=f"shift | method | date | closed_at\n{shifts}") == found


@pytest.mark.parametrize(
    ("due_out", "departed_at", "kind", "found"),
    [
        ("20 12:00", "-", "normal", ["DUE_OUT A1"]),
        ("19 12:00", "-", "house", ["DUE_OUT A1"]),
        ("20 12:00", "20 11:00", "normal", []),
        ("20 12:00", "21 09:00", "normal", []),
        ("21 12:00", "-", "normal", []),
        ("21 00:00", "-", "normal", []),
        ("20 16:00", "-", "hourly", ["HOURLY_OVERSTAY A1"]),
        ("21 01:59", "-", "hourly", ["HOURLY_OVERSTAY A1"]),
        ("21 03:30", "-", "hourly", ["HOURLY_OVERSTAY A1"]),
        ("27 12:00", "-", "hourly", ["HOURLY_OVERSTAY A1"]),
        ("20 16:00", "20 17:00", "hourly", []),
        ("20 16:00", "21 06:00", "hourly", []),
    ],
)
def test_whoever_should_have_left_blocks(due_out: str, departed_at: str, kind: str, found: list[str]) -> None:
    stay = f"A1 | 19 14:00 | {due_out} | {departed_at} | {kind}"
    assert blocked(stays=f"account | arrived_at | due_out | departed_at | kind\n{stay}") == found


def test_a_converted_hourly_stay_blocks_nothing() -> None:
    stays = "account | kind | room | due_out\nA1 | hourly | 301 | 20 16:00\nA2 | hourly | 305 | 21 03:30"
    assert blocked(Policy(hourly_overnight="convert"), stays=stays) == []


@pytest.mark.parametrize(
    ("kind", "price", "found"),
    [
        ("normal", "-", ["NO_PRICE A1"]),
        ("normal", "0.00", ["NO_PRICE A1"]),
        ("long", "-", ["NO_PRICE A1"]),
        ("shared", "-", ["NO_PRICE A1"]),
        ("free", "-", []),
        ("house", "-", []),
        ("hourly", "-", ["HOURLY_OVERSTAY A1"]),
        ("normal", "0.01", []),
    ],
)
def test_a_stay_to_be_charged_needs_a_price(kind: str, price: str, found: list[str]) -> None:
    assert blocked(stays=f"account | kind | price | due_out\nA1 | {kind} | {price} | 21 12:00") == found


@pytest.mark.parametrize(
    ("room", "departed_at", "words"),
    [
        ("301", "-", []),
        ("304", "-", []),
        ("302", "-", ["维修或停用的 302 房"]),
        ("303", "-", ["维修或停用的 303 房"]),
        ("302", "20 20:00", []),
        ("999", "-", ["房号“999”不在房间档案中"]),
        ("-", "-", ["房号“”不在房间档案中"]),
    ],
)
def test_nobody_sleeps_in_a_room_out_of_order_or_in_none(room: str, departed_at: str, words: list[str]) -> None:
    books = hotel(rooms=ROOMS, stays=f"account | room | departed_at\nA1 | {room} | {departed_at}")
    found = prechecks(books, Policy())
    assert named(found) == ["ROOM_OUT_OF_ORDER A1"] * len(words)
    assert all(word in said(one.message) for one, word in zip(found, words, strict=True))


@pytest.mark.parametrize(
    ("stays", "found"),
    [
        ("A1 | 301 | normal | -\nA2 | 0301 | normal | -", ["DOUBLE_OCCUPIED 301"]),
        ("A1 | 301 | shared | -\nA2 | 301 | shared | -", []),
        ("A1 | 301 | normal | 1\nA2 | 301 | normal | 2", []),
        ("A1 | 301 | shared | 1\nA2 | 301 | shared | 1", ["DOUBLE_OCCUPIED 301"]),
        ("A1 | 301 | shared | -\nA2 | 301 | normal | -", ["DOUBLE_OCCUPIED 301"]),
        ("A1 | 301 | free | -\nA2 | 301 | house | -", ["DOUBLE_OCCUPIED 301"]),
    ],
)
def test_two_stays_in_one_room_are_a_conflict_unless_they_share_it(stays: str, found: list[str]) -> None:
    assert blocked(stays=f"account | room | kind | bed\n{stays}") == found


def test_a_room_sold_again_after_a_departure_is_no_conflict() -> None:
    assert blocked(stays="account | arrived_at | departed_at\nA1 | 19 14:00 | 21 01:00\nA2 | 21 01:30 | -") == []


@pytest.mark.parametrize(
    ("check", "found"),
    [
        ("C1 | 20 19:00 | open", ["POS_UNSETTLED C1"]),
        ("C1 | 21 01:30 | open", ["POS_UNSETTLED C1"]),
        ("C1 | 21 08:00 | open", []),
        ("C1 | 18 19:00 | open", ["POS_UNSETTLED C1"]),
        ("C1 | 20 19:00 | direct", []),
    ],
)
def test_an_unsettled_check_blocks(check: str, found: list[str]) -> None:
    assert blocked(pos_checks=f"check | at | settlement | amount\n{check} | 58.00") == found


def test_a_row_that_cannot_be_read_blocks_with_file_row_and_column() -> None:
    reason = message("intake.cell.missing").to_json()
    [bad] = drawn("quarantined", "dataset | file | row | value | row_key\nstays | 在住.xlsx | 7 | 三百 | -")
    found = prechecks(hotel(rooms=ROOMS, quarantined=(bad._replace(reason=reason),)), Policy())
    assert named(found) == ["BAD_ROW 在住.xlsx"]
    assert found[0].refs == ("stays:在住.xlsx:Sheet1:7:金额",)
    assert "在住.xlsx 第 7 行“金额”的值“三百”" in said(found[0].message)


def test_a_row_that_cannot_be_read_blocks_by_the_name_of_its_stay() -> None:
    reason = message("intake.cell.missing").to_json()
    [bad] = drawn("quarantined", "dataset | file | row | value | row_key\nstays | 在住.xlsx | 7 | 三百 | A2")
    found = prechecks(hotel(rooms=ROOMS, quarantined=(bad._replace(reason=reason),)), Policy())
    assert named(found) == ["BAD_ROW A2"]
    assert "A2（在住.xlsx 第 7 行）：“金额”的值“三百”" in said(found[0].message)


@pytest.mark.parametrize("dataset", ["shifts", "pos_checks"])
def test_a_shift_or_check_that_cannot_be_read_is_told_and_stops_nothing(dataset: str) -> None:
    reason = message("intake.cell.missing").to_json()
    [bad] = drawn("quarantined", f"dataset | file | row | value | row_key\n{dataset} | 班次.xlsx | 7 | 三百 | S1")
    books = hotel(rooms=ROOMS, quarantined=(bad._replace(reason=reason),))
    assert prechecks(books, Policy()) == []
    [found] = unread_rows(books)
    assert (found.kind, found.item) == ("UNREAD_ROW", "S1")
    assert "S1（班次.xlsx 第 7 行）：“金额”的值“三百”" in said(found.message)


def test_each_names_who_acts_and_the_fix() -> None:
    books = hotel(
        rooms=ROOMS,
        shifts="shift | operator | closed_at\nS1 | 李 | -",
        stays="""
            account | due_out  | price | kind
            A1      | 20 12:00 | -     | normal
            A2      | 20 15:00 | 80.00 | hourly
            """,
        pos_checks="check | settlement | amount\nC1 | open | 58.00",
    )
    told = {one.kind: (said(one.message), said(one.message, "en")) for one in prechecks(books, Policy())}
    assert told["OPEN_SHIFT"][0].endswith("请李点款交班后再夜审。")
    assert told["DUE_OUT"][1].endswith("Front desk: extend the stay or check it out.")
    assert told["NO_PRICE"][1].startswith("Account A1 (王, room 301, due out 11-20 12:00) has no price.")
    assert told["HOURLY_OVERSTAY"][0].startswith("钟点房账号 A2")
    assert "A1, A2" in told["DOUBLE_OCCUPIED"][0]
    assert "58.00" in told["POS_UNSETTLED"][1]
