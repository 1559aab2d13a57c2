"""Voided invoices that are not: money stands against them, or they were voided too late (spec 04, VOID_KEPT)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.shaping import each
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.policy import Policy


def void_findings(
    documents: pd.DataFrame, receipts: pd.DataFrame | None, voided: pd.DataFrame, policy: Policy
) -> tuple[Finding, ...]:
    """Every voided invoice with money against it, and every one voided in a later month than it was issued.

    `documents` as DOCUMENTS; `receipts` as LINKS, of which those of the side receipt count, None where no receipts were
    ever delivered. `voided`: document and voided_on, the day of the delivery that said so first after another had said
    otherwise; what comes within `void_lag_days` after the month's end still counts as made in it. In a later month only
    a red letter takes an invoice back.
    """
    void = documents[documents["state"] == "void"]
    return (*(() if receipts is None else _paid(void, receipts)), *_late(void, voided, policy.void_lag_days))


def _paid(void: pd.DataFrame, links: pd.DataFrame) -> Iterator[Finding]:
    received = links[(links["side"] == "receipt") & links["document"].isin(void["document"])]
    sums = received.groupby("document").agg(paid=("amount", "sum"), others=("other", " ".join))
    rows = void.merge(sums[sums["paid"] != 0], left_on="document", right_index=True)
    for row in each(rows):
        told = message("invoice_register.void_kept.paid", number=row.number, amount=money_text(row.paid))
        refs = [*row.refs.split(), *row.others.split()]
        against = (0, int(row.paid))
        yield invoice_finding("VOID_KEPT", row.issued_on.date(), row.number, refs, told, against)


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
        yield invoice_finding("VOID_KEPT", row.issued_on.date(), row.number, row.refs.split(), told)
