"""The three ledgers of a hotel's day: deposits held, guests in the house, corporate accounts.

A ledger line is one holder's day: opening + charges - payments + transfers = closing. What guests and companies owe is
positive; of the deposit ledger, what the hotel holds is, so that a deposit taken is its charge and a refund its
payment. Amounts are cents. Source: spec 06, step 11, and "a deposit outlives its reservation".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.keys import name_key, name_keys
from tasks.domain.message import Message, message
from tasks.night_audit.books import deposit_effects

DEPOSIT, GUEST, CORPORATE = "deposit", "guest", "corporate"
COMPANY = "company"
RECEIVED, TRANSFERRED, FORFEITED = "received", "transferred", "forfeited"
LEDGERS = (DEPOSIT, GUEST, CORPORATE)
_MOVES = ("charges", "payments", "transfers")
AMOUNTS = ("opening", *_MOVES, "closing")
BALANCE = ["ledger", "account_key", "account", "balance"]
LINE = ["ledger", "account_key", "account", "opening", *_MOVES, "closing"]


@dataclass(frozen=True, slots=True)
class DayOfLedgers:
    """What moved on a date, and the balances that it found.

    `opening`: ledger, account_key, account, balance. `charges`: account_key, account, amount (folio and night's
    postings). `payments`: account_key, account, method, amount. `deposits`: reservation_key, reservation, account_key,
    account, kind, amount. `stays`: account_key, account, company, None where stays were never delivered. `companies`:
    the names of the corporate accounts.
    """

    opening: pd.DataFrame
    charges: pd.DataFrame
    payments: pd.DataFrame
    deposits: pd.DataFrame
    stays: pd.DataFrame | None
    companies: pd.Series[str]


@dataclass(frozen=True, slots=True)
class Untied:
    """One account that does not tie, and why in words: a cent of difference stops the close."""

    ledger: str
    account: str
    reason: Message


def ledger_lines(day: DayOfLedgers) -> pd.DataFrame:
    """One line a holder that had a balance or moved, by ledger (deposit, guest, corporate) and account.

    Columns: ledger, account_key, account, opening, charges, payments, transfers, closing.
    A deposit belongs to `reservations:<key>` or `stays:<key>`. One that is transferred leaves the deposit ledger and
    pays the account that its row names; where it names only the reservation it stands in the guest ledger under that
    reservation until it is moved. A bill paid by 单位记账 leaves the guest for the company of the stay. A payment whose
    account is a company pays the company. What is forfeited leaves as a payment of the deposit ledger: it becomes
    revenue.
    """
    book = _Book()
    for ledger, key, account, balance in _rows(day.opening, "ledger", "account_key", "account", "balance"):
        book.move(ledger, key, account, opening=balance)
    for key, account, amount in _rows(day.charges, "account_key", "account", "amount"):
        book.move(GUEST, key, account, charges=amount)
    _pay(book, day)
    _deposit(book, day.deposits)
    return book.lines()


def ledger_totals(lines: pd.DataFrame) -> dict[str, dict[str, int]]:
    """The three ledgers in total: opening, charges, payments, transfers, closing by ledger; zero without lines."""
    sums = {ledger: lines[lines["ledger"] == ledger] for ledger in LEDGERS}
    return {ledger: {name: int(own[name].sum()) for name in AMOUNTS} for ledger, own in sums.items()}


def summed_balances(rows: Iterable[tuple[str, str, str, int]]) -> pd.DataFrame:
    """The balance of each holder from any number of rows: ledger, account_key, account, balance, by ledger and key.

    Of several ways in which an account is written the first in their order is shown. No row is left out for being 0.
    """
    sums: dict[tuple[str, str], tuple[str, int]] = {}
    # Groups of a frame would be asked for their smallest text one by one.
    for ledger, key, account, amount in rows:
        known, balance = sums.get((ledger, key), (account, 0))
        sums[ledger, key] = min(known, account), balance + int(amount)
    ordered = sorted(sums.items())
    texts = {
        "ledger": [ledger for (ledger, _), _ in ordered],
        "account_key": [key for (_, key), _ in ordered],
        "account": [account for _, (account, _) in ordered],
    }
    balances = np.array([balance for _, (_, balance) in ordered], dtype="int64")
    return pd.DataFrame(texts, dtype="str").assign(balance=balances)


def untied(day: DayOfLedgers, lines: pd.DataFrame, folios: pd.DataFrame) -> tuple[Untied, ...]:
    """Every account that does not tie, in the order of ledger and account; none on a day that may be closed.

    `folios` has ledger, account_key, account, balance: the whole history of each deposit and guest account summed up
    anew, which must equal the line rolled on from yesterday. Besides: money on an account that nobody has, a bill on
    account for a guest without a company, and transfers that do not arrive.
    """
    told = [*_strangers(day), *_without_company(day)]
    rolled, summed = _balances(lines, "closing"), _balances(folios, "balance")
    order = sorted(rolled.keys() | summed.keys(), key=lambda holder: (LEDGERS.index(holder[0]), holder[1]))
    for holder in order:
        (account, ledger), (other, folio) = rolled.get(holder, ("", 0)), summed.get(holder, ("", 0))
        if ledger != folio:
            account = account or other
            words = message(
                "night_audit.untied.folio", account=account, ledger=money_text(ledger), folio=money_text(folio)
            )
            told.append(Untied(holder[0], account, words))
    moved = int(lines["transfers"].sum())
    taken = int(day.deposits.loc[day.deposits["kind"] == TRANSFERRED, "amount"].abs().sum())
    # A deposit that pays an account lowers both what is held and what is owed; a bill on account changes hands.
    if moved != -2 * taken:
        told.append(Untied("", "", message("night_audit.untied.transfers", difference=money_text(moved + 2 * taken))))
    return tuple(told)


def holders(deposits: pd.DataFrame) -> tuple[pd.Series[str], pd.Series[str]]:
    """The holder of every deposit, as its key (`reservations:<key>` or `stays:<key>`) and as delivered.

    A row that names both belongs to the reservation: the account is where it goes.
    """
    reserved = deposits["reservation_key"] != ""
    key = ("reservations:" + deposits["reservation_key"]).where(reserved, "stays:" + deposits["account_key"])
    return key, deposits["reservation"].where(reserved, deposits["account"])


class _Book:
    """The lines of the day while it is posted: a few hundred holders, so plain sums beat frames."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], dict[str, int]] = {}
        self._accounts: dict[tuple[str, str], str] = {}

    def move(self, ledger: str, key: str, account: str, **amounts: int) -> None:
        holder = (ledger, key)
        line = self._lines.setdefault(holder, dict.fromkeys(("opening", *_MOVES), 0))
        # The same holder may be written in several ways; the first in their order is shown.
        self._accounts[holder] = min(account, self._accounts.get(holder, account))
        for name, amount in amounts.items():
            line[name] += amount

    def lines(self) -> pd.DataFrame:
        rows = sorted(
            (LEDGERS.index(ledger), self._accounts[ledger, key], key, line)
            for (ledger, key), line in self._lines.items()
        )
        frame = pd.DataFrame([line for *_, line in rows], columns=["opening", *_MOVES]).astype("int64")
        frame["closing"] = frame["opening"] + frame["charges"] - frame["payments"] + frame["transfers"]
        frame["ledger"] = pd.Series([LEDGERS[order] for order, *_ in rows], dtype="str")
        frame["account_key"] = pd.Series([key for _, _, key, _ in rows], dtype="str")
        frame["account"] = pd.Series([account for _, account, _, _ in rows], dtype="str")
        return frame[LINE]


def _rows(frame: pd.DataFrame, *names: str) -> Iterable[tuple[Any, ...]]:
    return zip(*(frame[name].tolist() for name in names), strict=True)


def _pay(book: _Book, day: DayOfLedgers) -> None:
    by_company = _of_companies(day)
    companies = _companies_of(day.payments, day.stays)
    rows = _rows(day.payments, "account_key", "account", "method", "amount")
    for (key, account, method, amount), returned, company in zip(rows, by_company, companies, strict=True):
        if returned:
            book.move(CORPORATE, name_key(account), account, payments=amount)
        elif method == COMPANY:
            book.move(GUEST, key, account, transfers=-amount)
            book.move(CORPORATE, name_key(company), company, transfers=amount)
        else:
            book.move(GUEST, key, account, payments=amount)


def transfer_targets(deposits: pd.DataFrame) -> pd.Series[str]:
    """The account that a transferred deposit pays: the one its row names, else its holder's own key."""
    return deposits["account_key"].where(deposits["account_key"] != "", holders(deposits)[0])


def _deposit(book: _Book, deposits: pd.DataFrame) -> None:
    keys, accounts = holders(deposits)
    rows = _rows(deposits.assign(target=transfer_targets(deposits)), "kind", "target", "account")
    effects = deposit_effects(deposits)
    for (kind, target, target_account), key, account, amount in zip(rows, keys, accounts, effects, strict=True):
        if kind == RECEIVED:
            book.move(DEPOSIT, key, account, charges=amount)
        elif kind == TRANSFERRED:
            book.move(DEPOSIT, key, account, transfers=amount)
            book.move(GUEST, target, target_account or account, transfers=amount)
        else:
            book.move(DEPOSIT, key, account, payments=-amount)


def _balances(lines: pd.DataFrame, name: str) -> dict[tuple[str, str], tuple[str, int]]:
    """Account and balance of every holder of deposits and every guest; what companies owe has no folio."""
    rows = _rows(lines, "ledger", "account_key", "account", name)
    return {(ledger, key): (account, balance) for ledger, key, account, balance in rows if ledger != CORPORATE}


def _of_companies(day: DayOfLedgers) -> pd.Series[bool]:
    """Which payments are made by a company on its own account; an account of a stay comes first."""
    guests = day.payments["account_key"].isin([] if day.stays is None else day.stays["account_key"])
    return name_keys(day.payments["account"]).isin(name_keys(day.companies)) & ~guests


def _companies_of(payments: pd.DataFrame, stays: pd.DataFrame | None) -> pd.Series[str]:
    if stays is None:
        return pd.Series("", index=payments.index, dtype="str")
    known = stays.drop_duplicates("account_key").set_index("account_key")["company"]
    return payments["account_key"].map(known).fillna("").astype("str")


def _strangers(day: DayOfLedgers) -> list[Untied]:
    """Money on an account that no stay, no opening balance and no company has."""
    if day.stays is None:
        return []
    guests = {*day.stays["account_key"], *day.opening.loc[day.opening["ledger"] == GUEST, "account_key"]}
    told = []
    for frame, sort in ((day.charges, "charge"), (day.payments[~_of_companies(day)], "payment")):
        strange = frame[~frame["account_key"].isin(guests)]
        for account, amount in strange.groupby("account")["amount"].sum().items():
            words = message(f"night_audit.untied.{sort}", account=str(account), amount=money_text(int(amount)))
            told.append(Untied(GUEST, str(account), words))
    return told


def _without_company(day: DayOfLedgers) -> list[Untied]:
    billed = day.payments[(day.payments["method"] == COMPANY) & ~_of_companies(day)]
    companies = _companies_of(billed, day.stays)
    told = []
    for place in np.flatnonzero((companies == "").to_numpy()):
        account, amount = billed["account"].iloc[place], money_text(int(billed["amount"].iloc[place]))
        words = message("night_audit.untied.company", account=account, amount=amount)
        told.append(Untied(CORPORATE, account, words))
    return told
