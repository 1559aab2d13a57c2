"""The three ledgers of a hotel's day: deposits held, guests in the house, corporate accounts.

A ledger line is one holder's day: opening + charges - payments + transfers = closing. What guests and companies owe is
positive; of the deposit ledger, what the hotel holds is, so that a deposit taken is its charge and a refund its
payment. Amounts are cents. Source: spec 06, step 11, and "a deposit outlives its reservation".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple, Protocol

from tasks.domain.amounts import money_text
from tasks.domain.keys import name_key
from tasks.domain.message import Message, message
from tasks.night_audit.rows import Balance, Deposit, Payment, Stay

DEPOSIT, GUEST, CORPORATE = "deposit", "guest", "corporate"
COMPANY = "company"
RECEIVED, TRANSFERRED, FORFEITED = "received", "transferred", "forfeited"
# What the key of a holder begins with where it is a reservation.
RESERVED = "reservations:"
LEDGERS = (DEPOSIT, GUEST, CORPORATE)
AMOUNTS = ("opening", "charges", "payments", "transfers", "closing")
Holder = tuple[str, str]


class LedgerLine(NamedTuple):
    """The day of one holder of a ledger."""

    ledger: str
    account_key: str
    account: str
    opening: int = 0
    charges: int = 0
    payments: int = 0
    transfers: int = 0

    @property
    def closing(self) -> int:
        """What the holder has at the end of the day."""
        return self.opening + self.charges - self.payments + self.transfers


class Charged(Protocol):
    """What is charged to an account: a row of the folio or a posting of the night."""

    @property
    def account_key(self) -> str:
        """The key of the account."""
        ...

    @property
    def account(self) -> str:
        """The account as delivered."""
        ...

    @property
    def amount(self) -> int:
        """Cents."""
        ...


@dataclass(frozen=True, slots=True)
class DayOfLedgers:
    """What moved on a date, and the balances that it found.

    `charges` are those of the folio and the night's postings, `stays` None where stays were never delivered,
    `companies` the names of the corporate accounts.
    """

    opening: Sequence[Balance]
    charges: Sequence[Charged]
    payments: Sequence[Payment]
    deposits: Sequence[Deposit]
    stays: Sequence[Stay] | None
    companies: Sequence[str]


@dataclass(frozen=True, slots=True)
class Untied:
    """One account that does not tie, and why in words: a cent of difference stops the close."""

    ledger: str
    account: str
    reason: Message


def ledger_lines(day: DayOfLedgers) -> tuple[LedgerLine, ...]:
    """One line a holder that had a balance or moved, by ledger (deposit, guest, corporate) and account.

    A deposit belongs to `reservations:<key>` or `stays:<key>`. One that is transferred leaves the deposit ledger and
    pays the account that its row names; where it names only the reservation it stands in the guest ledger under that
    reservation until it is moved. A bill paid by 单位记账 leaves the guest for the company of the stay. A payment whose
    account is a company pays the company. What is forfeited leaves as a payment of the deposit ledger: it becomes
    revenue.
    """
    book = _Book()
    for row in day.opening:
        book.line(row.ledger, row.account_key, row.account).opening += row.balance
    for charge in day.charges:
        book.line(GUEST, charge.account_key, charge.account).charges += charge.amount
    _pay(book, day)
    _deposit(book, day.deposits)
    return book.lines()


def ledger_totals(lines: Sequence[LedgerLine]) -> dict[str, dict[str, int]]:
    """The three ledgers in total: opening, charges, payments, transfers, closing by ledger; zero without lines."""
    totals = {}
    for ledger in LEDGERS:
        own = [line for line in lines if line.ledger == ledger]
        moved = {name: sum(map(attrgetter(name), own)) for name in AMOUNTS[:-1]}
        totals[ledger] = moved | {"closing": LedgerLine(ledger, "", "", **moved).closing}
    return totals


def summed_balances(rows: Iterable[tuple[str, str, str, int]]) -> tuple[Balance, ...]:
    """The balance of each holder from any number of rows (ledger, account_key, account, amount), by ledger and key.

    Of several ways in which an account is written the first in their order is shown. No row is left out for being 0.
    """
    sums: dict[Holder, Balance] = {}
    for ledger, key, account, amount in rows:
        known = sums.get((ledger, key))
        if known is None:
            sums[ledger, key] = Balance(ledger, key, account, amount)
        else:
            sums[ledger, key] = Balance(ledger, key, min(known.account, account), known.balance + amount)
    return tuple(sums[one] for one in sorted(sums))


def changed_balances(lines: Iterable[LedgerLine], standing: Iterable[Balance]) -> tuple[Balance, ...]:
    """What the lines leave otherwise than it stood before, 0 where nothing is left; in the order of the lines.

    Every holder in `standing` has a line. One written in another way than before has changed.
    """
    before = {row[:2]: row[2:] for row in standing}
    nothing, changed = ("", 0), []
    for line in lines:
        stood, closing = before.get(line[:2], nothing), line.closing
        if closing != stood[1] or (closing and line.account != stood[0]):
            changed.append(Balance(line.ledger, line.account_key, line.account, closing))
    return tuple(changed)


def untied(day: DayOfLedgers, lines: Sequence[LedgerLine], folios: Iterable[Balance]) -> tuple[Untied, ...]:
    """Every account that does not tie, in the order of ledger and account; none on a day that may be closed.

    `folios` are the whole history of each deposit and guest account summed up anew, which must equal the line rolled on
    from yesterday. Besides: money on an account that nobody has, a bill on account for a guest without a company, and
    transfers that do not arrive.
    """
    told = [*_strangers(day), *_without_company(day)]
    # What companies owe has no folio.
    rolled = {line[:2]: line for line in lines if line.ledger != CORPORATE}
    summed = {row[:2]: row for row in folios if row.ledger != CORPORATE}
    no_line, no_row = LedgerLine("", "", ""), Balance("", "", "", 0)
    either = rolled.keys() | summed.keys()
    apart = [one for one in either if rolled.get(one, no_line).closing != summed.get(one, no_row).balance]
    for one in sorted(apart, key=lambda one: (LEDGERS.index(one[0]), one[1])):
        line, row = rolled.get(one, no_line), summed.get(one, no_row)
        account, ledger, folio = line.account or row.account, line.closing, row.balance
        words = message("night_audit.untied.folio", account=account, ledger=money_text(ledger), folio=money_text(folio))
        told.append(Untied(one[0], account, words))
    moved = sum(line.transfers for line in lines)
    taken = sum(abs(row.amount) for row in day.deposits if row.kind == TRANSFERRED)
    # A deposit that pays an account lowers both what is held and what is owed; a bill on account changes hands.
    if moved != -2 * taken:
        told.append(Untied("", "", message("night_audit.untied.transfers", difference=money_text(moved + 2 * taken))))
    return tuple(told)


def holder(deposit: Deposit) -> tuple[str, str]:
    """The holder of a deposit, as its key (`reservations:<key>` or `stays:<key>`) and as delivered.

    A row that names both belongs to the reservation: the account is where it goes.
    """
    if deposit.reservation_key:
        return RESERVED + deposit.reservation_key, deposit.reservation
    return f"stays:{deposit.account_key}", deposit.account


def transfer_target(deposit: Deposit) -> str:
    """The account that a transferred deposit pays: the one its row names, else its holder's own key."""
    return deposit.account_key or holder(deposit)[0]


@dataclass(slots=True)
class _OpenLine:
    """A line while its day is posted."""

    account: str
    opening: int = 0
    charges: int = 0
    payments: int = 0
    transfers: int = 0


class _Book:
    """The lines of the day while it is posted."""

    def __init__(self) -> None:
        self._lines: dict[Holder, _OpenLine] = {}

    def line(self, ledger: str, key: str, account: str) -> _OpenLine:
        known = self._lines.get((ledger, key))
        if known is None:
            known = self._lines[ledger, key] = _OpenLine(account)
        # The same holder may be written in several ways; the first in their order is shown.
        known.account = min(account, known.account)
        return known

    def lines(self) -> tuple[LedgerLine, ...]:
        closed = (
            LedgerLine(ledger, key, own.account, own.opening, own.charges, own.payments, own.transfers)
            for (ledger, key), own in self._lines.items()
        )
        return tuple(sorted(closed, key=lambda one: (LEDGERS.index(one.ledger), one.account, one.account_key)))


def _pay(book: _Book, day: DayOfLedgers) -> None:
    companies = _companies_of(day.stays)
    by_guests, by_companies = _payers(day)
    for row in by_companies:
        book.line(CORPORATE, name_key(row.account), row.account).payments += row.amount
    for row in by_guests:
        if row.method == COMPANY:
            company = companies.get(row.account_key, "")
            book.line(GUEST, row.account_key, row.account).transfers -= row.amount
            book.line(CORPORATE, name_key(company), company).transfers += row.amount
        else:
            book.line(GUEST, row.account_key, row.account).payments += row.amount


def _deposit(book: _Book, deposits: Iterable[Deposit]) -> None:
    for row in deposits:
        key, name = holder(row)
        if row.kind == RECEIVED:
            book.line(DEPOSIT, key, name).charges += row.effect
        elif row.kind == TRANSFERRED:
            book.line(DEPOSIT, key, name).transfers += row.effect
            book.line(GUEST, transfer_target(row), row.account or name).transfers += row.effect
        else:
            book.line(DEPOSIT, key, name).payments -= row.effect


def _payers(day: DayOfLedgers) -> tuple[list[Payment], list[Payment]]:
    """The payments of guests, and those of companies on their own accounts; an account of a stay comes first."""
    names, guests = set(map(name_key, day.companies)), {stay.account_key for stay in day.stays or ()}
    told: tuple[list[Payment], list[Payment]] = ([], [])
    for row in day.payments:
        told[name_key(row.account) in names and row.account_key not in guests].append(row)
    return told


def _companies_of(stays: Iterable[Stay] | None) -> Mapping[str, str]:
    """The company of each account."""
    return {stay.account_key: stay.company for stay in stays or ()}


def _strangers(day: DayOfLedgers) -> Iterable[Untied]:
    """Money on an account that no stay, no opening balance and no company has."""
    if day.stays is None:
        return
    guests = {stay.account_key for stay in day.stays} | {row.account_key for row in day.opening if row.ledger == GUEST}
    moved: dict[str, Sequence[Charged]] = {"charge": day.charges, "payment": _payers(day)[0]}
    for sort, rows in moved.items():
        sums: dict[str, int] = defaultdict(int)
        for row in rows:
            if row.account_key not in guests:
                sums[row.account] += row.amount
        for account, amount in sorted(sums.items()):
            words = message(f"night_audit.untied.{sort}", account=account, amount=money_text(amount))
            yield Untied(GUEST, account, words)


def _without_company(day: DayOfLedgers) -> Iterable[Untied]:
    if day.stays is None:
        return
    companies = _companies_of(day.stays)
    for row in _payers(day)[0]:
        if row.method == COMPANY and not companies.get(row.account_key):
            words = message("night_audit.untied.company", account=row.account, amount=money_text(row.amount))
            yield Untied(CORPORATE, row.account, words)
