"""Money received that does not agree with the invoices (spec 04, RECEIPT_WITHOUT_INVOICE, OVERPAID, UNDERPAID)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.texts import found_in
from tasks.invoice_check.decisions import NOTHING_DECIDED, Decided
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.left_over import left_others, names_of
from tasks.invoice_check.matching import originals
from tasks.invoice_check.told_names import named

_CAUSES = ("twice", "transposed")


def balances(documents: pd.DataFrame, receipts: pd.DataFrame, links: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Every invoice that is neither void nor a red letter of another, with red, paid and balance in cents on `as_of`.

    The columns of DOCUMENTS, then `red` (what red letters took back, 0 or below), `paid` and `balance`: total plus red
    less paid. What was issued or received after `as_of` is not there yet. `links` as of `match_receipts`.
    """
    original = originals(documents)
    until = pd.Timestamp(as_of)
    here = ((documents["state"] != "void") & (documents["issued_on"] <= until)).to_numpy(dtype=np.bool_)
    own = original == np.arange(len(documents))
    red = np.zeros(len(documents), dtype=np.int64)
    np.add.at(red, original[here & ~own], documents["total"].to_numpy()[here & ~own])
    come = links[found_in(links["other"], receipts.loc[receipts["date"] <= until, "ref"])]
    paid = come.groupby("document")["amount"].sum()
    kept = documents[here & own]
    sums = kept["document"].map(paid).fillna(0).astype("int64")
    whole = kept.assign(red=red[here & own], paid=sums)
    owed: pd.DataFrame = whole.assign(balance=whole["total"] + whole["red"] - whole["paid"])
    return owed.reset_index(drop=True)


def payment_findings(
    documents: pd.DataFrame,
    receipts: pd.DataFrame,
    links: pd.DataFrame,
    as_of: dt.date,
    decided: Decided = NOTHING_DECIDED,
) -> tuple[Finding, ...]:
    """Receipts without an invoice, and invoices that were paid too much or, of what was paid, too little.

    An invoice of which nothing was paid is a receivable and no finding here. `links` as of `match_receipts`.
    """
    money = balances(documents, receipts, links, as_of)
    money = money[(money["balance"] != 0) & (money["paid"] != 0) & ~found_in(money["document"], decided.ignored)]
    payments = links.merge(receipts[["ref", "number"]].rename(columns={"ref": "other"}), on="other")
    payments = payments[found_in(payments["document"], money["document"])].sort_values("other")
    by_document = {str(name): own for name, own in payments.groupby("document")}
    found = [_unequal(row, by_document[row["document"]], as_of) for row in _records(money)]
    own = receipts[receipts["date"] <= pd.Timestamp(as_of)]
    left = left_others(own, links, decided.ignored, "payer_key")
    left = left.assign(names=names_of(left, documents, decided))
    # Money against a void invoice is told as VOID_KEPT.
    found += _without_invoice(left[left["names"] != "void"])
    return tuple(sorted(found, key=lambda one: (one.item, one.id)))


def _unequal(row: dict[str, Any], payments: pd.DataFrame, as_of: dt.date) -> Finding:
    owed = row["total"] + row["red"]
    sign = 1 if owed >= 0 else -1
    kind = "UNDERPAID" if row["balance"] * sign > 0 else "OVERPAID"
    cause = payments["cause"].iloc[0]
    how = cause if cause in _CAUSES and (cause != "twice" or kind == "OVERPAID") else "plain"
    if how == "plain" and kind == "UNDERPAID":
        how = "late" if row["due_on"] < pd.Timestamp(as_of) else "not_due"
    if how == "plain" and kind == "OVERPAID" and row["red"] < 0:
        how = "refund"
    told = message(
        f"invoice_money.{kind}.{how}",
        invoice=row["number"],
        buyer=row["buyer"],
        owed=money_text(owed),
        paid=money_text(row["paid"]),
        difference=money_text(abs(row["balance"])),
        receipts=named(payments["number"]),
        due=str(row["due_on"].date().isoformat()),
    )
    refs = [*row["refs"].split(), *payments["other"]]
    return invoice_finding(kind, row["issued_on"].date(), row["number"], refs, told, (owed, row["paid"]))


def _without_invoice(rows: pd.DataFrame) -> Iterator[Finding]:
    for row in _records(rows):
        given = {} if row["names"] in ("none", "apart") else {"invoices": row["invoice"]}
        told = message(
            f"invoice_money.RECEIPT_WITHOUT_INVOICE.{row['names']}",
            receipt=row["number"],
            day=str(row["date"].date().isoformat()),
            payer=row["payer"],
            amount=money_text(row["amount"]),
            **given,
        )
        day, against = row["date"].date(), (0, row["amount"])
        yield invoice_finding("RECEIPT_WITHOUT_INVOICE", day, row["number"], [row["ref"]], told, against)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]
