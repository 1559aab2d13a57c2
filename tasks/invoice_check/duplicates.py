"""Invoices that are there twice: the same number, or likely the same sale under two numbers (spec 04, DUPLICATE)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.shaping import each
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.policy import Series
from tasks.invoice_check.series import members

_SAME_SALE = ["buyer_key", "total", "issued_on"]
_ONE_FACE = ["buyer_key", "issued_on", "state"]


def duplicate_findings(
    invoices: pd.DataFrame, documents: pd.DataFrame, declared: Sequence[Series] = ()
) -> tuple[Finding, ...]:
    """Every number that was used twice, and every pair of numbers that may be one sale (low), one finding a group.

    `invoices` as INVOICES, `documents` as DOCUMENTS of them. A number is one within its kind and code; where there is a
    code, or it is fully digital, across all kinds. Lines of one invoice that name different buyers, days or states are
    two invoices. A declared series that begins anew may use a number once in each period. The same buyer, total and day
    with different numbers is likely one sale; what is void, red or 0.00 is not asked.
    """
    unique = (documents["code_key"] != "") | documents["digital"]
    known = documents["kind_key"].where(~unique, "") + ":" + documents["code_key"] + ":" + documents["number_key"]
    for series in declared:
        if series.resets:
            known = known.str.cat(members(documents, series)["period"].reindex(documents.index), sep=":", na_rep="")
    twice = known.duplicated(keep=False)
    return (
        *_same_number(documents[twice], known[twice]),
        *_two_faces(invoices, documents),
        *_likely(documents[~twice]),
    )


def _same_number(twice: pd.DataFrame, known: pd.Series[str]) -> Iterator[Finding]:
    for _, rows in twice.groupby(known, sort=False):
        first, last = rows.iloc[0], rows.iloc[-1]
        told = message(
            "invoice_register.duplicate.number",
            number=first["number"],
            words=_words(first),
            times=len(rows),
            sales=_sales(rows),
        )
        refs = " ".join(rows["refs"]).split()
        against = (int(first["total"]), int(rows["total"].sum()))
        yield invoice_finding("DUPLICATE", last["issued_on"].date(), last["number"], refs, told, against)


def _two_faces(invoices: pd.DataFrame, documents: pd.DataFrame) -> Iterator[Finding]:
    several = documents.loc[documents["lines"] > 1, "document"]
    if several.empty:
        return
    lines = invoices[invoices["document"].isin(several)]
    faces = lines.drop_duplicates(["document", *_ONE_FACE])
    for _, rows in faces[faces["document"].duplicated(keep=False)].groupby("document", sort=False):
        first = rows.iloc[0]
        told = message(
            "invoice_register.duplicate.lines", number=first["number"], words=_words(first), sales=_sales(rows)
        )
        yield invoice_finding("DUPLICATE", first["issued_on"].date(), first["number"], rows["ref"], told)


def _likely(documents: pd.DataFrame) -> Iterator[Finding]:
    asked = documents[(documents["state"] == "valid") & (documents["total"] != 0) & (documents["buyer_key"] != "")]
    twice = asked[asked.duplicated(_SAME_SALE, keep=False)].sort_values("number", kind="stable")
    for _, rows in twice.groupby(_SAME_SALE, sort=False):
        first = rows.iloc[0]
        told = message(
            "invoice_register.duplicate.likely",
            numbers=" ".join(rows["number"]),
            buyer=first["buyer"],
            amount=money_text(first["total"]),
            date=first["issued_on"].date().isoformat(),
        )
        refs = " ".join(rows["refs"]).split()
        against = (int(first["total"]), int(rows["total"].sum()))
        yield invoice_finding("DUPLICATE", first["issued_on"].date(), rows["number"].iloc[-1], refs, told, against)


def _words(row: pd.Series) -> str:
    return " ".join(word for word in (row["kind"], row["code"]) if word)


def _sales(rows: pd.DataFrame) -> str:
    """What each of them says: day, buyer, amount with tax."""
    said = [f"{row.issued_on.date().isoformat()} {row.buyer} {money_text(row.total)}" for row in each(rows)]
    return "; ".join(said)
