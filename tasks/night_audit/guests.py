"""Guests and companies who owe more than they should, and the points that members earn.

Amounts are cents, points whole numbers. Source: spec 06, step 9.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from tasks.domain.amounts import MONEY_SCALE, SHARE_SCALE, money_text
from tasks.domain.finding import Finding
from tasks.domain.keys import code_key, name_key
from tasks.domain.message import message
from tasks.night_audit.books import grouped
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.ledgers import CORPORATE, DEPOSIT, GUEST, LedgerLine
from tasks.night_audit.rows import Company, Member, Operation, Stay

POINTS = "points"


class HighBalance(NamedTuple):
    """A guest in the house who owes `short` more than the deposit."""

    ref: str
    account: str
    room: str
    guest: str
    balance: int
    deposit: int
    short: int


class Bill(NamedTuple):
    """The bill of a member who left: what is still owed, and the money received in all."""

    account_key: str
    account: str
    member_key: str
    balance: int
    paid: int


class Earned(NamedTuple):
    """The points that a bill earned its member."""

    account_key: str
    account: str
    member_key: str
    member: str
    points: int


def closing_balances(lines: Iterable[LedgerLine], ledger: str) -> Mapping[str, int]:
    """What each holder of the ledger has at the end of the day, by account_key."""
    return {line.account_key: line.closing for line in lines if line.ledger == ledger}


def high_balances(lines: Iterable[LedgerLine], in_house: Iterable[Stay]) -> tuple[HighBalance, ...]:
    """The guests in the house who owe more than they deposited (催押), the largest shortfall first.

    A guest without a deposit has deposited 0; what is still held on the reservation counts for the first of its
    accounts.
    """
    lines = tuple(lines)
    owed, held = closing_balances(lines, GUEST), closing_balances(lines, DEPOSIT)
    told = []
    counted = {""}
    for stay in sorted(in_house, key=lambda one: one.account_key):
        balance, deposit = owed.get(stay.account_key, 0), held.get(f"stays:{stay.account_key}", 0)
        if stay.reservation_key not in counted:
            counted.add(stay.reservation_key)
            deposit += held.get(f"reservations:{stay.reservation_key}", 0)
        if balance > max(deposit, 0):
            short = balance - deposit
            told.append(HighBalance(stay.ref, stay.account, stay.room, stay.guest, balance, deposit, short))
    return tuple(sorted(told, key=lambda one: (-one.short, one.account)))


def balance_findings(high: Iterable[HighBalance], as_of: dt.date) -> tuple[Finding, ...]:
    """BALANCE_ABOVE_DEPOSIT for each of `high_balances`, in its order."""
    return tuple(
        hotel_finding(
            "BALANCE_ABOVE_DEPOSIT",
            as_of,
            one.account,
            (one.ref,),
            message(
                "night_audit.BALANCE_ABOVE_DEPOSIT",
                account=one.account,
                room=one.room,
                guest=one.guest,
                balance=money_text(one.balance),
                deposit=money_text(one.deposit),
                short=money_text(one.short),
                owner=desk_of("BALANCE_ABOVE_DEPOSIT"),
            ),
            (one.deposit, one.balance),
        )
        for one in high
    )


def credit_findings(lines: Iterable[LedgerLine], accounts: Collection[Company], as_of: dt.date) -> tuple[Finding, ...]:
    """CREDIT_LIMIT for each company that owes more than its limit, by name; a blank limit limits nothing.

    A company that owes and is not among `accounts` has no credit at all; those come last.
    """
    lines = tuple(lines)
    owed = closing_balances(lines, CORPORATE)
    told = []
    for row in sorted(accounts, key=lambda one: one.company):
        balance, limit = owed.get(name_key(row.company), 0), row.credit_limit
        if limit is None or balance <= limit:
            continue
        words = message(
            "night_audit.CREDIT_LIMIT",
            company=row.company,
            balance=money_text(balance),
            limit=money_text(limit),
            over=money_text(balance - limit),
            owner=desk_of("CREDIT_LIMIT"),
        )
        told.append(hotel_finding("CREDIT_LIMIT", as_of, row.company, (row.ref,), words, (limit, balance)))
    return (*told, *_not_listed(lines, accounts, as_of))


def _not_listed(lines: Iterable[LedgerLine], accounts: Iterable[Company], as_of: dt.date) -> Iterator[Finding]:
    listed = {name_key(row.company) for row in accounts}
    for line in lines:
        if line.ledger == CORPORATE and line.account_key and line.account_key not in listed and line.closing > 0:
            words = message(
                "night_audit.CREDIT_NOT_LISTED",
                company=line.account,
                balance=money_text(line.closing),
                owner=desk_of("CREDIT_LIMIT"),
            )
            ref = f"corporate_accounts:{line.account}"
            yield hotel_finding("CREDIT_LIMIT", as_of, line.account, (ref,), words, (0, line.closing))


def points_earned(bills: Iterable[Bill], members: Iterable[Member]) -> tuple[Earned, ...]:
    """The points of bills settled on the date, by account.

    A bill is settled when its guest has left and owes nothing. Each earns once, its money times the member's points a
    yuan, fractions dropped; a member without a number of points a yuan earns one.
    """
    known = {member.member_key: member for member in members}
    told = {}
    for bill in bills:
        member = known.get(bill.member_key)
        if member is None or bill.balance or bill.paid <= 0:
            continue
        factor = SHARE_SCALE if member.points_per_yuan is None else member.points_per_yuan
        points = bill.paid * factor // (MONEY_SCALE * SHARE_SCALE)
        told[bill.account_key] = Earned(bill.account_key, bill.account, bill.member_key, member.member, points)
    return tuple(sorted((one for one in told.values() if one.points > 0), key=lambda one: one.account))


def points_findings(log: Iterable[Operation], earned_before: Container[str], as_of: dt.date) -> tuple[Finding, ...]:
    """POINTS_DOUBLE for each bill whose points were credited more than once, by bill.

    `log` are the date's operations; `earned_before` the keys of accounts whose bills earned on an earlier date.
    """
    ordered = sorted((line for line in log if line.action == POINTS), key=lambda one: (one.at, one.ref))
    credited = grouped(ordered, lambda line: code_key(line.object))
    told = []
    for key, own in sorted(credited.items()):
        if len(own) == 1 and key not in earned_before:
            continue
        account = own[0].object
        # One credit on this date is the second one where the bill had earned before.
        times = max(len(own), 2)
        words = message("night_audit.POINTS_DOUBLE", account=account, times=times, owner=own[-1].operator)
        refs = [line.ref for line in own]
        told.append(hotel_finding("POINTS_DOUBLE", as_of, account, refs, words, ("1", str(times))))
    return tuple(sorted(told, key=lambda one: one.item))
