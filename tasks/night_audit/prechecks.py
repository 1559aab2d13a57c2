"""What stops the close of a night: each finding names its object, who acts and what mends it (spec 06, step 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.night_audit.bad_rows import bad_rows
from tasks.night_audit.books import Books, grouped
from tasks.night_audit.charges import charged_nights
from tasks.night_audit.hotel_day import night_end, present, stays_by_the_hour
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.policy import Policy
from tasks.night_audit.rows import Stay

_OUT_OF_ORDER = ("repair", "closed")


def prechecks(books: Books, policy: Policy) -> list[Finding]:
    """Every blocking finding of the date, by kind and object; a dataset that was never delivered has no rows to block.

    Kinds: OPEN_SHIFT, DUE_OUT, HOURLY_OVERSTAY, NO_PRICE, ROOM_OUT_OF_ORDER, DOUBLE_OCCUPIED, POS_UNSETTLED, BAD_ROW.
    """
    stays = present(books, policy)
    found = [
        *_open_shifts(books),
        *_due_outs(books, stays),
        *_hourly(books, policy, stays),
        *_without_price(books, policy),
        *_out_of_order(books, stays),
        *_double_occupied(books, stays),
        *_unsettled_checks(books, policy),
        *bad_rows(books),
    ]
    return sorted(found, key=lambda one: (one.kind, one.item, one.refs))


def _open_shifts(books: Books) -> Iterator[Finding]:
    """A shift of the date that no row of it says was closed."""
    of_date = (row for row in books.shifts if row.date == books.as_of)
    for rows in grouped(of_date, lambda row: row.shift_key).values():
        if all(row.closed_at is None for row in rows):
            first = rows[0]
            told = message(
                "night_audit.OPEN_SHIFT",
                shift=first.shift,
                owner=first.operator or desk_of("OPEN_SHIFT"),
                opened=f"{first.opened_at:%m-%d %H:%M}",
            )
            yield hotel_finding("OPEN_SHIFT", books.as_of, first.shift, [row.ref for row in rows], told)


def _due_outs(books: Books, stays: Iterable[Stay]) -> Iterator[Finding]:
    """Stays in house whose 预离 is a calendar day up to the date; an hourly one stops the close by itself."""
    for stay in stays:
        if stay.due_out.date() <= books.as_of and stay.departed_at is None and stay.kind != "hourly":
            yield _of_stay("DUE_OUT", books, stay)


def _hourly(books: Books, policy: Policy, stays: Iterable[Stay]) -> Iterator[Finding]:
    if policy.hourly_overnight == "convert":
        return
    for stay in stays:
        if stays_by_the_hour(stay):
            yield _of_stay("HOURLY_OVERSTAY", books, stay)


def _without_price(books: Books, policy: Policy) -> Iterator[Finding]:
    """Stays to be charged whose price is blank or not above zero: a free room has a kind of its own."""
    for night in charged_nights(books, policy):
        if night.kind == "paid" and (night.amount or 0) <= 0:
            yield _of_stay("NO_PRICE", books, night.stay)


def _out_of_order(books: Books, stays: Iterable[Stay]) -> Iterator[Finding]:
    """Stays in rooms under repair or closed, and those in no room that the hotel has."""
    states = {room.room_key: room.state for room in books.rooms}
    for stay in stays:
        if stay.room_key not in states:
            yield _of_stay("ROOM_OUT_OF_ORDER", books, stay, "ROOM_UNKNOWN")
        elif states[stay.room_key] in _OUT_OF_ORDER:
            yield _of_stay("ROOM_OUT_OF_ORDER", books, stay)


def _of_stay(kind: str, books: Books, stay: Stay, wording: str = "") -> Finding:
    told = message(
        f"night_audit.{wording or kind}",
        account=stay.account,
        guest=stay.guest,
        room=stay.room,
        due=f"{stay.due_out:%m-%d %H:%M}",
        owner=desk_of(kind),
    )
    return hotel_finding(kind, books.as_of, stay.account, [stay.ref], told)


def _double_occupied(books: Books, stays: Iterable[Stay]) -> Iterator[Finding]:
    """Rooms with several stays of which one has the room to itself, or two have the same bed."""
    housed = sorted((stay for stay in stays if stay.room_key), key=lambda stay: stay.account_key)
    for own in grouped(housed, lambda stay: stay.room_key).values():
        if len(own) > 1 and _conflict(own):
            told = message(
                "night_audit.DOUBLE_OCCUPIED",
                room=own[0].room,
                accounts=", ".join(stay.account for stay in own),
                guests=", ".join(stay.guest for stay in own),
                owner=desk_of("DOUBLE_OCCUPIED"),
            )
            yield hotel_finding("DOUBLE_OCCUPIED", books.as_of, own[0].room, [stay.ref for stay in own], told)


def _conflict(of_room: Iterable[Stay]) -> bool:
    beds = [(stay.bed.strip(), stay.kind) for stay in of_room]
    taken = [bed for bed, _ in beds if bed]
    return len(set(taken)) < len(taken) or any(not bed and kind != "shared" for bed, kind in beds)


def _unsettled_checks(books: Books, policy: Policy) -> Iterator[Finding]:
    """Checks of the date, and any older one, that nobody settled."""
    ends = night_end(books.as_of, policy.night_ends)
    for check in books.pos_checks:
        if check.settlement == "open" and check.at <= ends:
            told = message(
                "night_audit.POS_UNSETTLED",
                check=check.check,
                outlet=check.outlet,
                amount=money_text(check.amount),
                owner=check.operator or desk_of("POS_UNSETTLED"),
            )
            yield hotel_finding("POS_UNSETTLED", books.as_of, check.check, [check.ref], told)
