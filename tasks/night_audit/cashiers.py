"""The cashiers' day: what each shift took and gave back, against what it handed over.

Amounts are cents. Source: spec 06, step 8.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.night_audit.books import deposit_effects, each
from tasks.night_audit.kinds import hotel_finding
from tasks.night_audit.ledgers import COMPANY, FORFEITED, TRANSFERRED

CASH = "cash"
SHEET = ["shift_key", "shift", "operator", "method", "receipts", "refunds", "cash_float", "handed_over", "difference"]
MONEY = ["ref", "number", "shift_key", "shift", "operator", "method", "amount", "at", "reversed"]


@dataclass(frozen=True, slots=True)
class Cashiers:
    """The cashiers' sheet of a date.

    `sheet`: one row a shift and method that took or declared money: shift_key, shift, operator, method, receipts,
    refunds (positive), cash_float, handed_over, difference (these three Int64, missing where nothing was declared),
    by shift and method. `unassigned`: money without a shift that is known (columns of `money_of`). `given_back`: the
    refunds and voids of each operator: operator, count, amount (positive). `by_method`: the day's net money by
    method.
    """

    sheet: pd.DataFrame
    unassigned: pd.DataFrame
    given_back: pd.DataFrame
    by_method: pd.Series[int]
    findings: tuple[Finding, ...]

    @property
    def cash_difference(self) -> int | None:
        """Cents by which the cash handed over differs in all; None where no shift declared cash."""
        cash = self.sheet.loc[self.sheet["method"] == CASH, "difference"].dropna()
        return int(cash.sum()) if len(cash) else None


def money_of(payments: pd.DataFrame, deposits: pd.DataFrame) -> pd.DataFrame:
    """All money that changed hands: ref, number, shift_key, shift, operator, method, amount, at, reversed.

    Refunds are negative; deposits taken and refunded are money too. A bill on account (单位记账), a deposit moved to an
    account and a forfeited one are not: nothing is handed over. `reversed` marks a payment that takes another one back.
    """
    paid = payments.assign(reversed=payments["original_key"] != "")[payments["method"] != COMPANY]
    taken = deposits[~deposits["kind"].isin((TRANSFERRED, FORFEITED))]
    given = taken.assign(amount=deposit_effects(taken), reversed=False)
    whole = pd.concat([paid[MONEY], given[MONEY]], ignore_index=True)
    return whole.sort_values(["at", "ref"], ignore_index=True)


def cashiers_of(money: pd.DataFrame, shifts: pd.DataFrame, as_of: dt.date, *, delivered: bool) -> Cashiers:
    """The sheet and the findings CASH_DIFFERENCE and SHIFT_MISSING of a date.

    `money` as from `money_of`; `shifts` has ref, shift_key, shift, operator, method, opened_at, closed_at,
    cash_float, handed_over; not `delivered`, nothing is checked and the sheet has no declarations. The difference of
    cash is handed_over - cash_float - (receipts - refunds), of another method handed_over - (receipts - refunds); a
    closed shift that took money by a method and declared none of it declared 0. A shift still open is not judged: it
    blocks the close.
    """
    known = shifts["shift_key"]
    strange = (money["shift_key"] == "") | (~money["shift_key"].isin(known) if delivered else False)
    sheet = _sheet(money[~strange], shifts)
    given_back = money[(money["amount"] < 0) | money["reversed"]]
    by_operator = given_back.groupby("operator")["amount"].agg(count="size", amount="sum").reset_index()
    findings = (*_differences(sheet, shifts, as_of), *_missing(money[strange], as_of)) if delivered else ()
    return Cashiers(
        sheet=sheet,
        unassigned=money[strange].reset_index(drop=True),
        given_back=by_operator.assign(amount=-by_operator["amount"]),
        by_method=money.groupby("method")["amount"].sum(),
        findings=tuple(findings),
    )


def _sheet(money: pd.DataFrame, shifts: pd.DataFrame) -> pd.DataFrame:
    opened = {row.shift_key: row for row in each(shifts)}
    declared = {(row.shift_key, row.method): row for row in each(shifts) if row.method}
    taken: dict[tuple[str, str], list[int]] = {}
    names: dict[str, tuple[str, str]] = {key: (row.shift, row.operator) for key, row in opened.items()}
    for row in each(money):
        taken.setdefault((row.shift_key, row.method), []).append(row.amount)
        names.setdefault(row.shift_key, (row.shift, row.operator))
    rows = []
    for key, method in sorted(taken.keys() | declared.keys(), key=lambda one: (names[one[0]][0], *one)):
        amounts, own, head = taken.get((key, method), []), declared.get((key, method)), opened.get(key)
        receipts, refunds = sum(one for one in amounts if one > 0), -sum(one for one in amounts if one < 0)
        float_ = own.cash_float if own is not None and method == CASH and not pd.isna(own.cash_float) else None
        handed_over = None if own is None or pd.isna(own.handed_over) else own.handed_over
        difference = (handed_over or 0) - (float_ or 0) - (receipts - refunds)
        judged = head is not None and not pd.isna(head.closed_at) and (handed_over is not None or receipts != refunds)
        rows.append((key, *names[key], method, receipts, refunds, float_, handed_over, difference if judged else None))
    texts, amounts_, blanks = dict.fromkeys(SHEET[:4], "str"), dict.fromkeys(SHEET[4:6], "int64"), SHEET[6:]
    return pd.DataFrame(rows, columns=SHEET).astype({**texts, **amounts_, **dict.fromkeys(blanks, "Int64")})


def _differences(sheet: pd.DataFrame, shifts: pd.DataFrame, as_of: dt.date) -> Iterable[Finding]:
    refs = shifts.groupby("shift_key")["ref"].min()
    off = sheet[sheet["difference"].fillna(0) != 0]
    for row in each(off):
        expected = int(row.receipts - row.refunds + (0 if pd.isna(row.cash_float) else row.cash_float))
        found = 0 if pd.isna(row.handed_over) else int(row.handed_over)
        ref = str(refs[row.shift_key])
        words = message(
            "night_audit.CASH_DIFFERENCE" if row.difference < 0 else "night_audit.CASH_DIFFERENCE_OVER",
            shift=row.shift,
            owner=row.operator,
            method=message(f"night_audit.method.{row.method}"),
            expected=money_text(expected),
            found=money_text(found),
            difference=money_text(abs(row.difference)),
        )
        yield hotel_finding("CASH_DIFFERENCE", as_of, row.shift, (f"{ref}:{row.method}",), words, (expected, found))


def _missing(strange: pd.DataFrame, as_of: dt.date) -> Iterable[Finding]:
    """One finding a shift that nobody opened, and one for each operator's money without a shift."""
    nobody = strange["shift_key"] == ""
    groups = np.where(nobody, strange["operator"], strange["shift"])
    for (blank, name), own in strange.groupby([nobody.to_numpy(), groups], sort=True):
        total = int(own["amount"].sum())
        words = message(
            "night_audit.SHIFT_MISSING" if bool(blank) else "night_audit.SHIFT_MISSING_UNKNOWN",
            name=str(name),
            owner=str(own["operator"].min()),
            rows=len(own),
            amount=money_text(total),
        )
        yield hotel_finding("SHIFT_MISSING", as_of, str(name), own["ref"], words, (0, total))
