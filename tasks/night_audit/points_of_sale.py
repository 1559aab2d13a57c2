"""Restaurant and shop checks against the folios: each check charged to a room stands once in the right guest's bill.

Amounts are cents. Source: spec 06, step 6.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.keys import code_key, name_key
from tasks.domain.message import Message, message
from tasks.night_audit.books import each
from tasks.night_audit.kinds import hotel_finding

ROOM, DIRECT = "room", "direct"
_WORDS = re.compile(r"[\s,，;；:：()（）/]+")


@dataclass(frozen=True, slots=True)
class _Posting:
    """One posting of a folio that stands: not reversed and no reversal."""

    ref: str
    account_key: str
    account: str
    amount: int
    outlet: str
    named: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Check:
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


def pos_findings(checks: pd.DataFrame, folio: pd.DataFrame, stays: pd.DataFrame, as_of: dt.date) -> tuple[Finding, ...]:
    """POS_WRONG_ROOM, POS_MISSING and POS_DOUBLE of a date's checks, in the order of their numbers.

    `checks` has ref, check, check_key, outlet, at, amount, settlement, room, room_key, guest, operator; `folio` the
    date's postings of item pos: ref, number, number_key, account_key, account, amount, outlet, original_key, remark;
    `stays` ref, account_key, account, room_key, guest, arrived_at, departed_at.

    A posting belongs to the check whose number its remark or own number names; else to one of the same outlet and
    amount, first in the account of the stay that had the room at that time, then elsewhere. A check paid directly that
    also stands in a folio is double. Every finding says both ways to mend it: transfer before the close, red reversal
    and a new posting after it.
    """
    if not len(checks):
        return ()
    told = list(_checks(checks, stays))
    postings = _standing(folio)
    matched = _matched(told, postings)
    findings: list[Finding] = []
    for one in told:
        findings += _judged(one, matched[one.ref], as_of)
    return tuple(findings)


def _checks(checks: pd.DataFrame, stays: pd.DataFrame) -> Iterator[_Check]:
    ordered = checks.sort_values(["check_key", "ref"])
    there = ordered[["ref", "room_key", "at"]].merge(stays.drop(columns="ref"), on="room_key")
    there = there[(there["arrived_at"] <= there["at"]) & ~(there["departed_at"] <= there["at"])]
    by_check = dict(list(there.sort_values("account_key").groupby("ref")))
    for row in each(ordered):
        own = by_check.get(row.ref)
        yield _Check(
            ref=row.ref,
            check=row.check,
            key=row.check_key,
            outlet=row.outlet,
            amount=int(row.amount),
            settlement=row.settlement,
            room=row.room,
            guest=row.guest,
            operator=row.operator,
            accounts=() if own is None else tuple(own["account_key"]),
            guests=() if own is None else tuple(own["guest"]),
        )


def _standing(folio: pd.DataFrame) -> list[_Posting]:
    """The postings that are neither reversed nor a reversal, by reference."""
    reversed_ = set(folio.loc[folio["original_key"] != "", "original_key"])
    standing = folio[(folio["original_key"] == "") & ~folio["number_key"].isin(reversed_)]
    return [
        _Posting(
            ref=row.ref,
            account_key=row.account_key,
            account=row.account,
            amount=int(row.amount),
            outlet=name_key(row.outlet),
            named=frozenset({row.number_key, *(code_key(word) for word in _WORDS.split(row.remark) if word)}),
        )
        for row in each(standing.sort_values("ref"))
    ]


def _matched(checks: Sequence[_Check], postings: Sequence[_Posting]) -> dict[str, list[_Posting]]:
    """The postings of every check: those that name it, else one like it, of its own stay before another's."""
    found: dict[str, list[_Posting]] = {one.ref: [] for one in checks}
    free = {one.ref: one for one in postings}
    for one in checks:
        for posting in [posting for posting in free.values() if one.key in posting.named]:
            found[one.ref].append(free.pop(posting.ref))
    for own in (True, False):
        for one in checks:
            if found[one.ref] or one.settlement != ROOM:
                continue
            like = [posting for posting in free.values() if _like(one, posting)]
            chosen = next((posting for posting in like if (posting.account_key in one.accounts) == own), None)
            if chosen:
                found[one.ref].append(free.pop(chosen.ref))
    return found


def _like(check: _Check, posting: _Posting) -> bool:
    return posting.amount == check.amount and posting.outlet in {"", name_key(check.outlet)}


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
