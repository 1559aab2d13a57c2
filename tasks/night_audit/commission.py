"""Commission of the night: accrued for each room within its dates, and taken back outside them (spec 06, step 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.keys import name_key
from tasks.domain.message import message
from tasks.night_audit.books import Books
from tasks.night_audit.charges import charged_nights
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.policy import Policy
from tasks.night_audit.rows import Stay

ITEM = "commission"


class Accrued(NamedTuple):
    """Commission that the night accrues, in cents, for whoever arranged the stay (`source`)."""

    account_key: str
    account: str
    room_key: str
    room: str
    source: str
    amount: int
    ref: str


class Reversal(NamedTuple):
    """A red reversal proposed for commission that was accrued for `date`; `amount` is cents below zero.

    `original` is the number of the row to reverse, "" for what an earlier close accrued.
    """

    account_key: str
    account: str
    original: str
    date: dt.date
    amount: int
    ref: str


class _Earlier(NamedTuple):
    """Commission that the folio of the date or an earlier close holds."""

    account_key: str
    original: str
    date: dt.date
    amount: int
    ref: str


@dataclass(frozen=True, slots=True)
class Commission:
    """What the night accrues, and the reversals that it proposes of what was accrued outside its dates."""

    accruals: tuple[Accrued, ...]
    reversals: tuple[Reversal, ...]
    findings: list[Finding]


def night_commission(books: Books, policy: Policy) -> Commission:
    """The commission of the books' date.

    It accrues on paid stays in house while 佣金起 ≤ date ≤ 佣金止, a blank end being open; free and house rooms earn
    none. It is of the room: where several accounts of one source share a room, the highest counts once. Accrued outside
    its dates is what the folio of the date (item commission, net of its own reversals) or an earlier close holds for a
    date that the stay's commission, as it is delivered now, does not cover.
    """
    outside = sorted(_outside(books), key=lambda one: (one[0].account_key, one[1].date, one[1].ref))
    return Commission(
        accruals=tuple(sorted(_accruals(books, policy), key=lambda one: one.account_key)),
        reversals=tuple(
            Reversal(stay.account_key, stay.account, one.original, one.date, -one.amount, one.ref)
            for stay, one in outside
        ),
        findings=[_finding(books, stay, one) for stay, one in outside],
    )


def _accruals(books: Books, policy: Policy) -> list[Accrued]:
    """The highest commission of each room and source; of equal ones the first account's."""
    nights = charged_nights(books, policy)
    due = [night.stay for night in nights if night.kind == "paid" and _covers(night.stay, books.as_of)]
    accrued = [
        Accrued(stay.account_key, stay.account, stay.room_key, stay.room, stay.source, stay.commission or 0, stay.ref)
        for stay in due
    ]
    highest: dict[tuple[str, str], Accrued] = {}
    for one in sorted(accrued, key=lambda one: (-one.amount, one.account_key)):
        highest.setdefault((one.room_key, name_key(one.source)), one)
    return list(highest.values())


def _covers(stay: Stay, date: dt.date) -> bool:
    """Whether the stay's commission covers `date`; a stay without commission covers none."""
    begun = stay.commission_from is None or stay.commission_from <= date
    ended = stay.commission_to is not None and stay.commission_to < date
    return (stay.commission or 0) > 0 and begun and not ended


def _outside(books: Books) -> Iterator[tuple[Stay, _Earlier]]:
    """What was accrued outside its dates, with its stay."""
    stays = {stay.account_key: stay for stay in books.stays}
    for one in (*_posted(books), *_kept(books)):
        stay = stays.get(one.account_key)
        if stay is not None and not _covers(stay, one.date):
            yield stay, one


def _posted(books: Books) -> Iterator[_Earlier]:
    """Commission in the folio of the date that no row reverses."""
    rows = [row for row in books.folio if not row.night_posting and name_key(row.item) == ITEM]
    undone = {row.original_key for row in rows}
    for row in rows:
        if row.amount and not row.original_key and row.number_key not in undone:
            yield _Earlier(row.account_key, row.number, row.date, row.amount, row.ref)


def _kept(books: Books) -> Iterator[_Earlier]:
    """Commission of earlier closes."""
    for row in books.accruals:
        ref = f"accruals:{row.account}:{row.business_date:%Y-%m-%d}"
        yield _Earlier(row.account_key, "", row.business_date, row.amount, ref)


def _finding(books: Books, stay: Stay, one: _Earlier) -> Finding:
    told = message(
        "night_audit.COMMISSION_OUTSIDE",
        account=stay.account,
        guest=stay.guest,
        date=f"{one.date:%Y-%m-%d}",
        amount=money_text(one.amount),
        reversal=money_text(-one.amount),
        owner=desk_of("COMMISSION_OUTSIDE"),
    )
    return hotel_finding("COMMISSION_OUTSIDE", books.as_of, stay.account, [one.ref], told, (0, one.amount))
