"""Red letters: each takes back an invoice that is there, no more than is left of it, for the same buyer (spec 04)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.shaping import each
from tasks.invoice_check.kinds import invoice_finding

_OF_ORIGINAL = ["number", "buyer", "buyer_key", "state", "total", "issued_on", "refs"]


def red_findings(documents: pd.DataFrame) -> tuple[Finding, ...]:
    """Every red letter that does not fit what it takes back, one finding each (spec 04, RED_LINK).

    `documents` as DOCUMENTS. A red letter names its original, which is in the register, not void, not later, of the
    same buyer, and of which the red letters before it left enough. An invoice below zero that nobody calls red is told.
    """
    red = documents[documents["state"] == "red"]
    # Some mark the original too once it is taken back: it is above zero, and its red letter names it.
    red = red[~(red["document"].isin(red["original"]) & (red["total"] > 0))]
    red = red.sort_values(["issued_on", "number", "document"], kind="stable")
    blue = documents[documents["document"].isin(red["original"])].set_index("document")
    rows = red.join(blue[_OF_ORIGINAL].add_prefix("blue_"), on="original")
    used = (-rows["total"]).groupby(rows["original"]).cumsum()
    rows = rows.assign(before=rows["blue_total"].fillna(0).astype("int64") - used - rows["total"])
    reasons = (
        ("sign", rows["total"] > 0),
        ("unnamed", (rows["original"] == "") & (rows["original_number"] == "")),
        ("unknown", rows["original"] == ""),
        ("void", rows["blue_state"] == "void"),
        ("later", rows["blue_issued_on"] > rows["issued_on"]),
        ("buyer", (rows["buyer_key"] != rows["blue_buyer_key"]) & (rows["buyer_key"] != "")),
        ("beyond", -rows["total"] > rows["before"]),
    )
    reason = np.select([wrong.to_numpy(dtype=np.bool_) for _, wrong in reasons], [name for name, _ in reasons], "")
    return (*_told(rows.assign(reason=reason)[reason != ""]), *_unmarked(documents))


def _told(wrong: pd.DataFrame) -> Iterator[Finding]:
    for row in each(wrong):
        told = message(
            f"invoice_register.red_link.{row.reason}",
            number=row.number,
            amount=money_text(row.total),
            buyer=row.buyer,
            original=row.original_number if pd.isna(row.blue_number) else row.blue_number,
            original_buyer="" if pd.isna(row.blue_buyer) else row.blue_buyer,
            original_date="" if pd.isna(row.blue_issued_on) else row.blue_issued_on.date().isoformat(),
            left=money_text(max(row.before, 0)),
        )
        against = (-int(max(row.before, 0)) if row.reason == "beyond" else 0, int(row.total))
        refs = f"{row.refs} {'' if pd.isna(row.blue_refs) else row.blue_refs}".split()
        yield invoice_finding("RED_LINK", row.issued_on.date(), row.number, refs, told, against)


def _unmarked(documents: pd.DataFrame) -> Iterator[Finding]:
    for row in each(documents[(documents["state"] == "valid") & (documents["total"] < 0)]):
        told = message("invoice_register.red_link.unmarked", number=row.number, amount=money_text(row.total))
        yield invoice_finding("RED_LINK", row.issued_on.date(), row.number, row.refs.split(), told, (0, int(row.total)))
