"""What a run of the invoice check judges: everything that was delivered up to a day, as frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from tasks.domain.keys import name_key
from tasks.domain.shaping import DAY, texts
from tasks.domain.texts import distinct

VOIDED = texts("document") | {"voided_on": DAY}
"""Invoices that a later file brought as void, with the day it came."""


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Frames by the names of `shapes` up to the day, None for what was never delivered; `voided` as VOIDED.

    `known_invoices` and `known_entries` are those of later days too: a voucher of the next month tells why an invoice
    of this one is not booked in it.

    `clerks` are named by department.
    """

    invoices: pd.DataFrame | None
    books: pd.DataFrame | None
    platform: pd.DataFrame | None
    receipts: pd.DataFrame | None
    entries: pd.DataFrame | None
    decisions: pd.DataFrame
    voided: pd.DataFrame
    clerks: Mapping[str, str]
    known_invoices: pd.DataFrame | None = None
    known_entries: pd.DataFrame | None = None


def without_closing(material: Material, words: Sequence[str]) -> Material:
    """The material whose entries of revenue that say in their summary one of `words` are `closing` and no revenue.

    At each month's end a ledger carries its revenue to the year's profit: that line takes back what was earned, and is
    neither revenue nor a correction of it.
    """
    keys = [name_key(word) for word in words]
    found = {}
    for name in ("entries", "known_entries"):
        rows = getattr(material, name)
        if rows is not None:
            said = distinct(rows["summary"])
            closing = said.flags(any(key in name_key(text) for key in keys) for text in said.texts) & rows["revenue"]
            found[name] = rows.assign(closing=closing, revenue=rows["revenue"] & ~closing)
    return replace(material, **found)
