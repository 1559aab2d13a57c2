"""Copies of an invoice that ought to be there and are not (spec 04, COPY_MISSING)."""

from __future__ import annotations

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.shaping import each
from tasks.invoice_check.kinds import invoice_finding


def copy_findings(invoices: pd.DataFrame) -> tuple[Finding, ...]:
    """Every invoice with fewer copies at hand than it has; of a voided one all must be kept.

    `invoices` as INVOICES. Where either number is not written nothing is asked; of several lines the first that lacks
    copies speaks.
    """
    wrong = invoices[(invoices["copies_held"] < invoices["copies"]).fillna(value=False)]
    found = []
    for row in each(wrong.drop_duplicates("document")):
        copies, held = str(row.copies), str(row.copies_held)
        way = "void" if row.state == "void" else "kept"
        told = message(f"invoice_register.copy_missing.{way}", number=row.number, copies=copies, held=held)
        day = row.issued_on.date()
        found.append(invoice_finding("COPY_MISSING", day, row.number, [row.ref], told, (copies, held)))
    return tuple(found)
