"""What becomes of reservations: by the clock, at the close, and when the guest comes after all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.night_audit.books import Books
from tasks.night_audit.deposits import undecided_deposits
from tasks.night_audit.late_guests import restoring
from tasks.night_audit.policy import Policy
from tasks.night_audit.reservations import Settlement, settle, sweep
from tasks.night_audit.rows import Outcome
from tests.night_audit.drawing import B, drawn, hotel, moment, named, rows, said

POLICY = Policy()
RESERVATIONS = """
    reservation | kind       | confirmed | rooms   | room_count | booker
    plain       | individual | -         | -       | 1          | 甲
    marked      | individual | yes       | 301     | 1          | 乙
    paid        | individual | no        | -       | 1          | 丙
    refunded    | individual | -         | -       | 1          | 丁
    group       | group      | -         | -       | 5          | 戊
    group_yes   | group      | yes       | -       | 5          | 己
    group_paid  | group      | -         | -       | 5          | 庚
    group_rooms | group      | -         | 401,402 | 2          | 辛
"""
DEPOSITS = """
    number | reservation | amount | kind     | at
    D1     | paid        | 100.00 | received | 15 10:00
    D2     | refunded    | 100.00 | received | 15 10:00
    D3     | refunded    | -100.00| refunded | 16 10:00
    D4     | group_paid  | 500.00 | received | 15 10:00
"""


def outcomes(result: Settlement) -> dict[str, str]:
    return {one.reservation: one.outcome for one in result.outcomes}


def one_reservation(line: str = "", **tables: str) -> Books:
    heading = "reservation | confirmed | due_in | entered_at | state"
    return hotel(reservations=f"{heading}\n{line or 'R1 | - | 20 14:00 | 10 09:00 | booked'}", **tables)


def test_the_close_releases_what_nothing_secures_and_keeps_the_rest_as_no_shows() -> None:
    result = settle(hotel(reservations=RESERVATIONS, deposits=DEPOSITS), POLICY)
    assert outcomes(result) == {
        "plain": "released",
        "marked": "no_show",
        "paid": "no_show",
        "refunded": "released",
        "group": "released",
        "group_yes": "released",
        "group_paid": "undecided",
        "group_rooms": "undecided",
    }
    assert (result.no_shows, result.released) == (4, 4)
    assert {(one.at, one.business_date) for one in result.outcomes} == {(moment("21 02:00"), B)}


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("20 14:59:59", {}),
        ("20 15:00", {"R1": "no_show"}),
        ("20 18:00", {"R1": "released"}),
        ("21 01:50", {"R1": "released"}),
    ],
)
def test_an_unconfirmed_guest_is_a_no_show_after_an_hour_and_released_at_six(now: str, state: dict[str, str]) -> None:
    assert outcomes(sweep(one_reservation(), POLICY, moment(now))) == state


@pytest.mark.parametrize(
    ("line", "now", "state"),
    [
        ("R1 | -   | 20 22:00 | 10 09:00 | booked", "20 17:59:59", {}),
        ("R1 | -   | 20 22:00 | 10 09:00 | booked", "20 18:00", {"R1": "released"}),
        ("R1 | yes | 20 22:00 | 10 09:00 | booked", "20 22:59", {}),
        ("R1 | yes | 20 22:00 | 10 09:00 | booked", "20 23:00", {"R1": "no_show"}),
        ("R1 | -   | 20 22:00 | 20 18:30 | booked", "20 19:00", {}),
        ("R1 | -   | 20 22:00 | 20 18:30 | booked", "20 23:00", {"R1": "no_show"}),
        ("R1 | -   | 21 01:00 | 10 09:00 | booked", "20 18:00", {"R1": "released"}),
        ("R1 | -   | 21 14:00 | 10 09:00 | booked", "20 23:00", {}),
        ("R1 | -   | 20 14:00 | 10 09:00 | cancelled", "20 23:00", {}),
        ("R1 | -   | 20 14:00 | 10 09:00 | checked_in", "20 23:00", {}),
        ("R1 | -   | 20 14:00 | 10 09:00 | no_show", "20 23:00", {}),
    ],
)
def test_the_clock_judges_each_by_its_due_time(line: str, now: str, state: dict[str, str]) -> None:
    assert outcomes(sweep(one_reservation(line), POLICY, moment(now))) == state


def test_a_swept_no_show_without_security_is_released_at_six_and_at_the_close() -> None:
    swept = "reservation_key | outcome | at\nR1 | no_show | 20 15:00"
    books = one_reservation(outcomes=swept)
    assert outcomes(sweep(books, POLICY, moment("20 18:00"))) == {"R1": "released"}
    closed = settle(books, POLICY)
    assert (outcomes(closed), closed.no_shows, closed.released) == ({"R1": "released"}, 0, 1)


def test_what_a_sweep_released_counts_at_the_close_and_is_not_released_again() -> None:
    result = settle(one_reservation(outcomes="reservation_key | outcome\nR1 | released"), POLICY)
    assert (outcomes(result), result.released) == ({}, 1)
    assert named(result.findings) == ["RELEASED R1"]


def test_a_no_show_of_an_earlier_night_stays_one_though_its_deposit_is_gone() -> None:
    books = one_reservation(
        "R1 | - | 19 14:00 | 10 09:00 | booked",
        outcomes="reservation_key | outcome | at | business_date\nR1 | no_show | 20 02:00 | 19",
    )
    result = settle(books, POLICY)
    assert (outcomes(result), result.no_shows, result.released) == ({}, 0, 0)


def test_a_group_to_be_decided_is_named_every_night_and_counted_once() -> None:
    books = hotel(
        reservations="reservation | kind | rooms | due_in\nG1 | group | 401 | 18 14:00",
        outcomes="reservation_key | outcome | business_date\nG1 | undecided | 18",
    )
    result = settle(books, POLICY)
    assert (outcomes(result), result.no_shows) == ({}, 0)
    assert named(result.findings) == ["NO_SHOW G1"]


@pytest.mark.parametrize(
    ("state", "stay", "ends"),
    [
        ("checked_in", "", "checked_in"),
        ("booked", "A1 | R1 | 20 23:30", "checked_in"),
        ("booked", "A1 | R1 | 21 02:00", "checked_in"),
        ("checked_in", "A1 | R1 | 21 03:00", "released"),
        ("cancelled", "", "cancelled"),
    ],
)
def test_a_no_show_who_comes_and_a_cancellation_win_over_the_clock(state: str, stay: str, ends: str) -> None:
    books = one_reservation(
        f"R1 | - | 20 14:00 | 10 09:00 | {state}",
        outcomes="reservation_key | outcome\nR1 | no_show",
        stays=f"account | reservation | arrived_at\n{stay}",
    )
    assert rows(settle(books, POLICY).standing, "state") == [ends]


@pytest.mark.parametrize("delivered", ["booked", "no_show", "released"])
def test_only_arrival_or_cancellation_undo_what_was_set_here(delivered: str) -> None:
    books = one_reservation(
        f"R1 | yes | 20 14:00 | 10 09:00 | {delivered}", outcomes="reservation_key | outcome\nR1 | released"
    )
    assert rows(settle(books, POLICY).standing, "state") == ["released"]


@pytest.mark.parametrize(("restored_at", "at_close"), [("20 20:00", {"R1": "released"}), ("21 08:00", {})])
def test_no_clock_touches_what_was_restored_but_the_close_of_its_night_does(
    restored_at: str, at_close: dict[str, str]
) -> None:
    books = one_reservation(
        outcomes=f"reservation_key | outcome | at\nR1 | released | 20 18:00\nR1 | restored | {restored_at}"
    )
    assert outcomes(sweep(books, POLICY, moment("20 23:50"))) == {}
    assert outcomes(settle(books, POLICY)) == at_close


def test_nothing_is_settled_twice() -> None:
    books = hotel(reservations=RESERVATIONS, deposits=DEPOSITS)
    first = settle(books, POLICY)
    recorded = (Outcome(one.reservation_key, one.outcome, one.at, one.business_date) for one in first.outcomes)
    second = settle(replace(books, outcomes=tuple(recorded)), POLICY)
    assert second.outcomes == ()
    assert (second.no_shows, second.released) == (first.no_shows, first.released)
    assert [one.id for one in second.findings] == [one.id for one in first.findings]


def test_a_deposit_outlives_its_reservation_whatever_becomes_of_it() -> None:
    books = hotel(
        reservations="""
            reservation | confirmed | due_in   | state
            no_show     | -         | 20 14:00 | booked
            cancelled   | -         | 25 14:00 | cancelled
            came        | -         | 20 14:00 | checked_in
            left        | -         | 18 14:00 | checked_in
            expected    | -         | 25 14:00 | booked
            refunded    | -         | 20 14:00 | cancelled
            """,
        deposits="""
            number | reservation | amount  | kind     | at
            D1     | no_show     | 100.00  | received | 15 10:00
            D2     | no_show     | 20.00   | refunded | 16 10:00
            D3     | cancelled   | 50.00   | received | 20 01:00
            D4     | came        | 50.00   | received | 15 10:00
            D5     | left        | 50.00   | received | 15 10:00
            D6     | expected    | 50.00   | received | 15 10:00
            D7     | refunded    | 50.00   | received | 15 10:00
            D8     | refunded    | -50.00  | refunded | 15 11:00
            D9     | purged      | 70.00   | received | 20 10:00
            """,
        stays="""
            account | reservation | arrived_at | departed_at
            A1      | came        | 20 14:00   | -
            A2      | left        | 18 14:00   | 20 09:00
            """,
    )
    listed = undecided_deposits(books, POLICY, settle(books, POLICY).standing)
    assert named(listed) == [
        "DEPOSIT_UNDECIDED cancelled 0.00→50.00",
        "DEPOSIT_UNDECIDED left 0.00→50.00",
        "DEPOSIT_UNDECIDED no_show 0.00→80.00",
        "DEPOSIT_UNDECIDED purged 0.00→70.00",
    ]
    assert [said(one.message, "en").split(";")[0] for one in listed][2:] == [
        "Reservation no_show (王) is no-show",
        "Reservation purged () is reservation not to be found",
    ]
    assert listed[2].refs == ("deposits:D1", "deposits:D2", "reservations:no_show")
    assert "已存 1 天" in said(listed[0].message)


def test_without_any_reservations_no_deposit_is_missing_its_own() -> None:
    books = hotel(deposits="number | reservation | amount\nD1 | R1 | 50.00")
    assert undecided_deposits(books, POLICY, settle(books, POLICY).standing) == []


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["individual", "group"]), st.sampled_from(["", "301"]), st.integers(0, 3))))
def test_settling_moves_no_deposit_and_forgets_none(chosen: list[tuple[str, str, int]]) -> None:
    reservations = drawn(
        "reservations",
        "reservation|kind|rooms\n" + "\n".join(f"R{place}|{kind}|{r}" for place, (kind, r, _) in enumerate(chosen, 1)),
    )
    deposits = drawn(
        "deposits",
        "number|reservation|amount\n"
        + "\n".join(f"D{place}|R{place}|{count * 10}.01" for place, (_, _, count) in enumerate(chosen, 1) if count),
    )
    books = hotel(reservations=reservations, deposits=deposits)
    result = settle(books, POLICY)
    listed = undecided_deposits(books, POLICY, result.standing)
    assert sum(one.difference for one in listed) == 100 * sum(row.effect for row in deposits)
    assert result.no_shows + result.released == len(chosen)


LATE = {
    "rooms": """
        room | room_type | condition | state
        301  | 大床      | clean     | normal
        302  | 大床      | dirty     | normal
        303  | 大床      | clean     | normal
        304  | 大床      | clean     | repair
        401  | 双床      | clean     | normal
        """,
    "reservations": """
        reservation | rooms | confirmed | room_count
        R1          | 301   | yes       | 1
        R2          | 303   | yes       | 1
        """,
    "outcomes": "reservation_key | outcome\nR1 | no_show",
}


@pytest.mark.parametrize(
    ("stays", "kept", "sold", "offered"),
    [
        ("", ("301",), (), ()),
        ("A1 | 301", (), ("301",), ("302",)),
        ("A1 | 301\nA2 | 302", (), ("301",), ("401",)),
        ("A1 | 301\nA2 | 302\nA3 | 401", (), ("301",), ()),
    ],
)
def test_a_no_show_who_comes_gets_another_room_and_nobody_is_moved(
    stays: str, kept: tuple[str, ...], sold: tuple[str, ...], offered: tuple[str, ...]
) -> None:
    books = hotel(**LATE, stays=f"account | room\n{stays}")
    found = restoring(books, POLICY, "R1", moment("20 23:00"))
    assert (found.refusal, found.kept, found.sold, found.offered) == (None, kept, sold, offered)


@pytest.mark.parametrize(("key", "why"), [("R2", "预订 R2 的状态是预订，无需恢复。"), ("R9", "没有预订 R9。")])
def test_only_what_was_given_up_can_be_restored(key: str, why: str) -> None:
    refusal = restoring(hotel(**LATE), POLICY, key, moment("20 23:00")).refusal
    assert refusal is not None
    assert said(refusal) == why
