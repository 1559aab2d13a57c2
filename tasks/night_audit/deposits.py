"""What is held on reservations: balances at a moment, and the deposits that outlive their reservation (spec 06)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.night_audit.books import Books, grouped, once
from tasks.night_audit.hotel_day import business_date, night_end, present
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.policy import Policy
from tasks.night_audit.rows import Deposit

if TYPE_CHECKING:
    from tasks.night_audit.reservations import Standing

# States in which nobody is expected any more, so that the money waits for a named decision.
_OVER = frozenset({"no_show", "undecided", "released", "cancelled", "unknown", "departed"})


class Held(NamedTuple):
    """What a reservation holds, in cents.

    `balance` is what was received less what left, `received` all receipts above zero; `since` is the first row's
    moment, `reservation` as the deposits write it.
    """

    reservation: str
    balance: int
    received: int
    since: dt.datetime


def held(deposits: Iterable[Deposit], until: dt.datetime) -> Mapping[str, Held]:
    """What each reservation that ever had a deposit row by `until` holds then, by its key.

    Rows without a reservation belong to an account and are left out.
    """
    reserved = (row for row in deposits if row.reservation_key and row.at <= until)
    return {
        key: Held(
            reservation=rows[0].reservation,
            balance=sum(row.effect for row in rows),
            received=sum(max(row.effect, 0) for row in rows),
            since=min(row.at for row in rows),
        )
        for key, rows in grouped(reserved, lambda row: row.reservation_key).items()
    }


@once
def held_at_close(books: Books, policy: Policy) -> Mapping[str, Held]:
    """What each reservation holds at the end of the night of the books' date (`held`)."""
    return held(books.deposits, night_end(books.as_of, policy.night_ends))


def undecided_deposits(books: Books, policy: Policy, standing: Iterable[Standing]) -> list[Finding]:
    """One DEPOSIT_UNDECIDED for every deposit that outlived its reservation, by reservation (spec 06).

    `standing` has every reservation of the books with its state after the audit (reservations.Settlement). A deposit is
    listed while its balance is not zero and nobody is expected on it: the reservation is a no-show, released or
    cancelled, is unknown, or all of its stays have departed. Each names its age in days and the last state.
    Where reservations were never delivered none can be missed, and nothing is listed (spec 00: not checked).
    """
    if "reservations" not in books.delivered:
        return []
    known = {one.reservation.reservation_key: one for one in standing}
    departed = {stay.reservation_key for stay in books.stays} - _staying(books, policy)
    findings = []
    for key, money in sorted(held_at_close(books, policy).items()):
        one = known.get(key)
        state = one.state if one else "unknown"
        if key in departed and state in {"checked_in", "booked"}:
            state = "departed"
        if money.balance and state in _OVER:
            findings.append(_undecided(books, policy, key, money, one, state))
    return findings


def _undecided(books: Books, policy: Policy, key: str, money: Held, known: Standing | None, state: str) -> Finding:
    told = message(
        "night_audit.DEPOSIT_UNDECIDED",
        reservation=money.reservation,
        booker=known.reservation.booker if known else "",
        state=message(f"night_audit.last_state.{state}"),
        days=(books.as_of - business_date(money.since, policy.night_ends)).days,
        amount=money_text(money.balance),
        owner=desk_of("DEPOSIT_UNDECIDED"),
    )
    refs = [row.ref for row in books.deposits if row.reservation_key == key]
    refs += [known.reservation.ref] if known else []
    found = hotel_finding("DEPOSIT_UNDECIDED", books.as_of, money.reservation, refs, told, (0, money.balance))
    # A part refunded later is the same open deposit.
    return replace(found, stands_on=())


def _staying(books: Books, policy: Policy) -> set[str]:
    """The reservations of which a stay has not departed by the end of the night, or has not come yet."""
    coming = {stay.reservation_key for stay in books.stays if stay.departed_at is None}
    return coming.union(stay.reservation_key for stay in present(books, policy))
