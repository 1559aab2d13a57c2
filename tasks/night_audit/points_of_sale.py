"""Restaurant and shop checks against the folios: each check charged to a room stands once in the right guest's bill.

Amounts are cents. Source: spec 06, step 6.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.keys import code_key, name_key
from tasks.domain.message import Message, message
from tasks.night_audit.books import grouped
from tasks.night_audit.kinds import hotel_finding
from tasks.night_audit.rows import FolioLine, PosCheck, Stay

ROOM, DIRECT = "room", "direct"
_WORDS = re.compile(r"[\s,，;；:：()（）/]+")


class _Posting(NamedTuple):
    """One posting of a folio that stands: not reversed and no reversal."""

    ref: str
    account_key: str
    account: str
    amount: int
    outlet: str
    named: frozenset[str]


class _Check(NamedTuple):
    """One check, and the accounts of the stays that had its room when it was made."""

    ref: str
    check: str
    key: str
    outlet: str
    amount: int
    settlement: str
    room: str
    guest: str
    operator: str
    accounts: tuple[str, ...]
    guests: tuple[str, ...]


def pos_findings(
    checks: Collection[PosCheck], folio: Iterable[FolioLine], stays: Iterable[Stay], as_of: dt.date
) -> tuple[Finding, ...]:
    """POS_WRONG_ROOM, POS_MISSING and POS_DOUBLE of a date's checks, in the order of their numbers.

    `folio` are the date's postings of points of sale.

    A posting belongs to the check whose number its remark or own number names; else to one of the same outlet and
    amount, first in the account of the stay that had the room at that time, then elsewhere. A check paid directly that
    also stands in a folio is double. Every finding says both ways to mend it: transfer before the close, red reversal
    and a new posting after it.
    """
    if not checks:
        return ()
    told = list(_checks(checks, stays))
    matched = _matched(told, _standing(folio))
    return tuple(finding for one in told for finding in _judged(one, matched[one.ref], as_of))


def _checks(checks: Iterable[PosCheck], stays: Iterable[Stay]) -> Iterator[_Check]:
    by_room = grouped(sorted(stays, key=lambda one: one.account_key), lambda stay: stay.room_key)
    for row in sorted(checks, key=lambda one: (one.check_key, one.ref)):
        own = [stay for stay in by_room.get(row.room_key, ()) if _inside(stay, row.at)]
        yield _Check(
            ref=row.ref,
            check=row.check,
            key=row.check_key,
            outlet=row.outlet,
            amount=row.amount,
            settlement=row.settlement,
            room=row.room,
            guest=row.guest,
            operator=row.operator,
            accounts=tuple(stay.account_key for stay in own),
            guests=tuple(stay.guest for stay in own),
        )


def _inside(stay: Stay, at: dt.datetime) -> bool:
    return stay.arrived_at <= at and (stay.departed_at is None or stay.departed_at > at)


def _standing(folio: Iterable[FolioLine]) -> list[_Posting]:
    """The postings that are neither reversed nor a reversal, by reference."""
    rows = sorted(folio, key=lambda one: one.ref)
    undone = {row.original_key for row in rows}
    return [
        _Posting(
            ref=row.ref,
            account_key=row.account_key,
            account=row.account,
            amount=row.amount,
            outlet=name_key(row.outlet),
            named=frozenset({row.number_key, *(code_key(word) for word in _WORDS.split(row.remark) if word)}),
        )
        for row in rows
        if not row.original_key and row.number_key not in undone
    ]


def _matched(checks: Sequence[_Check], postings: Sequence[_Posting]) -> Mapping[str, list[_Posting]]:
    """The postings of every check: those that name it, else one like it, of its own stay before another's."""
    naming: dict[str, list[_Posting]] = defaultdict(list)
    for posting in postings:
        for word in posting.named:
            naming[word].append(posting)
    found: dict[str, list[_Posting]] = {one.ref: [] for one in checks}
    free = {posting.ref: posting for posting in postings}
    for one in checks:
        found[one.ref] += [free.pop(posting.ref) for posting in naming.get(one.key, ()) if posting.ref in free]
    for at_home in (True, False):
        waiting = [one for one in checks if not found[one.ref] and one.settlement == ROOM]
        for one, posting in _alike(waiting, tuple(free.values()), at_home=at_home):
            found[one.ref].append(free.pop(posting.ref))
    return found


def _alike(
    checks: Iterable[_Check], postings: Iterable[_Posting], *, at_home: bool
) -> Iterator[tuple[_Check, _Posting]]:
    """To each check the first posting left of its amount and outlet: of its own stay's (`at_home`), or of all."""
    # Breakfasts are thousands of one amount: nobody may go through all that are alike for each.
    alike = grouped(postings, lambda one: (one.amount, one.outlet, one.account_key if at_home else ""))
    lines = {like: deque(own) for like, own in alike.items()}
    for one in checks:
        fitting = product((one.amount,), {"", name_key(one.outlet)}, one.accounts if at_home else ("",))
        heads = [lines[like] for like in fitting if lines.get(like)]
        if heads:
            yield one, min(heads, key=lambda line: line[0].ref).popleft()


def _judged(one: _Check, postings: Sequence[_Posting], as_of: dt.date) -> Iterable[Finding]:
    if one.settlement == DIRECT:
        if postings:
            yield _finding("POS_DOUBLE", "paid", one, postings, as_of)
        return
    if one.settlement != ROOM:
        return
    if not postings:
        why = "vacant" if not one.accounts else ""
        yield _finding("POS_WRONG_ROOM" if why else "POS_MISSING", why, one, postings, as_of)
        return
    if len(postings) > 1:
        yield _finding("POS_DOUBLE", "", one, postings, as_of)
    right = [posting for posting in postings if posting.account_key in one.accounts]
    if not one.accounts:
        yield _finding("POS_WRONG_ROOM", "vacant", one, postings, as_of)
    elif not right:
        yield _finding("POS_WRONG_ROOM", "", one, postings, as_of)
    elif all(posting.amount != one.amount for posting in right):
        yield _finding("POS_MISSING", "amount", one, right, as_of)
    elif one.guest and name_key(one.guest) not in set(map(name_key, one.guests)):
        yield _finding("POS_WRONG_ROOM", "guest", one, postings, as_of)


def _finding(kind: str, why: str, one: _Check, postings: Sequence[_Posting], as_of: dt.date) -> Finding:
    refs = (one.ref, *(posting.ref for posting in postings))
    found = sum(posting.amount for posting in postings)
    due = 0 if one.settlement == DIRECT else one.amount
    against = (due, found) if kind != "POS_WRONG_ROOM" else (one.room, _accounts(postings))
    return hotel_finding(kind, as_of, one.check, refs, _words(kind, why, one, postings), against)


def _words(kind: str, why: str, one: _Check, postings: Sequence[_Posting]) -> Message:
    key = f"night_audit.{kind}" + (f"_{why.upper()}" if why else "")
    return message(
        key,
        check=one.check,
        outlet=one.outlet,
        room=one.room,
        guest=one.guest,
        guests="、".join(one.guests),
        account=_accounts(postings),
        amount=money_text(one.amount),
        found=money_text(sum(posting.amount for posting in postings)),
        owner=one.operator,
        mend=message("night_audit.mend.pos"),
    )


def _accounts(postings: Sequence[_Posting]) -> str:
    return "、".join(dict.fromkeys(posting.account for posting in postings))
