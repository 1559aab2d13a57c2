"""Voided invoices that are not: money stands against them, or they were voided too late (spec 04, VOID_KEPT)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.shaping import each
from tasks.invoice_check.cited import numbers_in
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.left_over import names_of
from tasks.invoice_check.policy import Policy


def void_findings(
    documents: pd.DataFrame, receipts: pd.DataFrame, voided: pd.DataFrame, policy: Policy
) -> tuple[Finding, ...]:
    """Every voided invoice with money against it, and every one voided in a later month than it was issued.

    `documents` as DOCUMENTS; `receipts` as RECEIPTS, those that were matched with no invoice: they are against a void
    one when they name none but void ones. `voided`: document and voided_on, the day of the delivery that said so after
    another had said otherwise; what comes within `void_lag_days` after the month's end still counts as made in it. In a
    later month only a red letter takes an invoice back.
    """
    void = documents[documents["state"] == "void"]
    return (*_paid(void, receipts, documents), *_late(void, voided, policy.void_lag_days))


def _paid(void: pd.DataFrame, receipts: pd.DataFrame, documents: pd.DataFrame) -> Iterator[Finding]:
    if void.empty or receipts.empty:
        return
    against = receipts[(names_of(receipts, documents) == "void").to_numpy()]
    cells = numbers_in(against["invoice"])
    paid = against.iloc[cells["at"].to_numpy()].assign(named=cells["key"].to_numpy())
    rows = paid.merge(void, left_on="named", right_on="number_key", suffixes=("", "_void"))
    for _, same in rows.groupby("document", sort=False):
        one, amount = same.iloc[0], int(same["amount"].sum())
        told = message(
            "invoice_register.void_kept.paid",
            number=one["number_void"],
            amount=money_text(amount),
            receipts=" ".join(same["number"]),
        )
        refs = [*one["refs"].split(), *same["ref"]]
        yield invoice_finding("VOID_KEPT", one["issued_on"].date(), one["number_void"], refs, told, (0, amount))


def _late(void: pd.DataFrame, voided: pd.DataFrame, lag_days: int) -> Iterator[Finding]:
    rows = void.merge(voided[["document", "voided_on"]], on="document")
    made = rows["voided_on"] - pd.Timedelta(days=lag_days)
    late = made.dt.to_period("M") > rows["issued_on"].dt.to_period("M")
    for row in each(rows[late]):
        told = message(
            "invoice_register.void_kept.late",
            number=row.number,
            issued=row.issued_on.date().isoformat(),
            voided=row.voided_on.date().isoformat(),
        )
        against = (0, int(row.total))
        yield invoice_finding("VOID_KEPT", row.issued_on.date(), row.number, row.refs.split(), told, against)
