"""The cashiers' day: what each shift took and gave back, against what it handed over.

Amounts are cents. Source: spec 06, step 8.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.night_audit.books import grouped
from tasks.night_audit.kinds import hotel_finding
from tasks.night_audit.ledgers import COMPANY, FORFEITED, TRANSFERRED
from tasks.night_audit.rows import Deposit, Payment, Shift

CASH = "cash"


class Money(NamedTuple):
    """Money that changed hands, refunds below zero; `reversed` marks a payment that takes another one back."""

    ref: str
    number: str
    shift_key: str
    shift: str
    operator: str
    method: str
    amount: int
    at: dt.datetime
    reversed: bool = False


class SheetLine(NamedTuple):
    """What a shift took by one method, refunds above zero, and what it declared; None where nothing was declared.

    `elsewhere` is what it took net on other business dates: a night shift goes on after the night has ended.
    """

    shift_key: str
    shift: str
    operator: str
    method: str
    receipts: int
    refunds: int
    elsewhere: int
    cash_float: int | None
    handed_over: int | None
    difference: int | None


class GivenBack(NamedTuple):
    """How often an operator gave money back or took a payment back, and how much in all, above zero."""

    operator: str
    times: int
    amount: int


@dataclass(frozen=True, slots=True)
class Cashiers:
    """The cashiers' sheet of a date.

    `sheet`: one line a shift and method that took or declared money, by shift and method. `unassigned`: money without
    a shift that is known, by time. `given_back`: the refunds and voids, by operator. `by_method`: the day's net money.
    `cash_difference`: the cents by which the cash that the date's shifts handed over differs in all; None where none of
    them declared cash.
    """

    sheet: tuple[SheetLine, ...]
    unassigned: tuple[Money, ...]
    given_back: tuple[GivenBack, ...]
    by_method: Mapping[str, int]
    cash_difference: int | None
    findings: tuple[Finding, ...]


def money_of(payments: Iterable[Payment], deposits: Iterable[Deposit]) -> tuple[Money, ...]:
    """All money that changed hands, by time: payments, and deposits taken and refunded, which are money too.

    A bill on account (单位记账), a deposit moved to an account and a forfeited one are not: nothing is handed over.
    """
    paid = [_of_payment(row) for row in payments if row.method != COMPANY]
    taken = [_of_deposit(row) for row in deposits if row.kind not in {TRANSFERRED, FORFEITED}]
    return tuple(sorted((*paid, *taken), key=lambda one: (one.at, one.ref)))


def cashiers_of(
    money: Sequence[Money],
    shifts: Sequence[Shift],
    as_of: dt.date,
    *,
    delivered: bool,
    elsewhere: Sequence[Money] = (),
) -> Cashiers:
    """The sheet and the findings CASH_DIFFERENCE and SHIFT_MISSING of a date.

    Not `delivered`, nothing is checked and the sheet has no declarations. The difference of cash is
    handed_over - cash_float - (receipts - refunds), of another method handed_over - (receipts - refunds); a closed
    shift that took money by a method and declared none of it declared 0. A shift still open is not judged: it blocks
    the close. A shift hands over once for all that it took, so that what the `shifts` took on other dates, which is
    `elsewhere`, counts to the difference, but neither to the sheet's receipts nor to the cash book of the date.
    """
    known = {row.shift_key for row in (shifts if delivered else money)} - {""}
    strange = tuple(one for one in money if one.shift_key not in known)
    own = {row.shift_key for row in shifts if row.date == as_of}
    sheet = _sheet([one for one in money if one.shift_key in known], shifts, own, elsewhere)
    cash = [line.difference for line in sheet if line.method == CASH and line.shift_key in own]
    judged = [difference for difference in cash if difference is not None]
    by_method: Counter[str] = Counter()
    for one in money:
        by_method[one.method] += one.amount
    return Cashiers(
        sheet=sheet,
        unassigned=strange,
        given_back=_given_back(money),
        by_method=by_method,
        cash_difference=sum(judged) if judged else None,
        findings=(*_differences(sheet, shifts, as_of), *_missing(strange, as_of)) if delivered else (),
    )


def _of_payment(row: Payment) -> Money:
    undoes = row.original_key != ""
    return Money(row.ref, row.number, row.shift_key, row.shift, row.operator, row.method, row.amount, row.at, undoes)


def _of_deposit(row: Deposit) -> Money:
    return Money(row.ref, row.number, row.shift_key, row.shift, row.operator, row.method, row.effect, row.at)


def _given_back(money: Iterable[Money]) -> tuple[GivenBack, ...]:
    back = grouped((one for one in money if one.amount < 0 or one.reversed), lambda one: one.operator)
    return tuple(
        GivenBack(operator, len(own), -sum(one.amount for one in own)) for operator, own in sorted(back.items())
    )


def _sheet(
    money: Sequence[Money], shifts: Sequence[Shift], own: Container[str], elsewhere: Iterable[Money]
) -> tuple[SheetLine, ...]:
    """The lines of the date's `own` shifts, and of those of other dates that took money on it."""
    names = {row.shift_key: (row.shift, row.operator) for row in shifts}
    closed = {row.shift_key for row in shifts if row.closed_at is not None}
    declared = {(row.shift_key, row.method): row for row in shifts if row.method}
    taken = grouped(money, lambda one: (one.shift_key, one.method))
    beside: Counter[tuple[str, str]] = Counter()
    for one in elsewhere:
        beside[one.shift_key, one.method] += one.amount
    shown = taken.keys() | {key for key in (*declared, *beside) if key[0] in own}
    for one in money:
        names.setdefault(one.shift_key, (one.shift, one.operator))
    lines = []
    for key, method in sorted(shown, key=lambda one: (names[one[0]][0], *one)):
        amounts, said = [one.amount for one in taken.get((key, method), ())], declared.get((key, method))
        receipts, refunds = sum(one for one in amounts if one > 0), -sum(one for one in amounts if one < 0)
        cash_float = said.cash_float if said and method == CASH else None
        handed_over = said.handed_over if said else None
        due = receipts - refunds + beside[key, method]
        judged = key in closed and (handed_over is not None or due != 0)
        difference = (handed_over or 0) - (cash_float or 0) - due if judged else None
        moved = (receipts, refunds, beside[key, method])
        lines.append(SheetLine(key, *names[key], method, *moved, cash_float, handed_over, difference))
    return tuple(lines)


def _differences(sheet: Iterable[SheetLine], shifts: Iterable[Shift], as_of: dt.date) -> Iterable[Finding]:
    refs = {row.shift_key: row.ref for row in sorted(shifts, key=lambda one: one.ref, reverse=True)}
    for line in sheet:
        if not line.difference:
            continue
        expected = line.receipts - line.refunds + line.elsewhere + (line.cash_float or 0)
        found = line.handed_over or 0
        words = message(
            "night_audit.CASH_DIFFERENCE" if line.difference < 0 else "night_audit.CASH_DIFFERENCE_OVER",
            shift=line.shift,
            owner=line.operator,
            method=message(f"night_audit.method.{line.method}"),
            expected=money_text(expected),
            found=money_text(found),
            difference=money_text(abs(line.difference)),
        )
        ref = f"{refs[line.shift_key]}:{line.method}"
        yield hotel_finding("CASH_DIFFERENCE", as_of, line.shift, (ref,), words, (expected, found))


def _missing(strange: Iterable[Money], as_of: dt.date) -> Iterable[Finding]:
    """One finding a shift that nobody opened, and one for each operator's money without a shift."""
    groups = grouped(strange, lambda one: (not one.shift_key, one.shift if one.shift_key else one.operator))
    for (nobody, name), own in sorted(groups.items()):
        total = sum(one.amount for one in own)
        words = message(
            "night_audit.SHIFT_MISSING" if nobody else "night_audit.SHIFT_MISSING_UNKNOWN",
            name=name,
            owner=min(one.operator for one in own),
            rows=len(own),
            amount=money_text(total),
        )
        yield hotel_finding("SHIFT_MISSING", as_of, name, (one.ref for one in own), words, (0, total))
