"""The check of finished books: every number accounted for, every receipt booked (spec 04, BOOK_CHECK)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.keys import name_keys
from tasks.domain.message import message
from tasks.domain.shaping import each, shaped
from tasks.domain.texts import Ints
from tasks.invoice_check.books import in_books
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.shapes import BOOK_CHECKS

UNUSED, OPEN, PASSED, FAILED = "unused", "open", "passed", "failed"


def book_checks(documents: pd.DataFrame, books: pd.DataFrame, links: pd.DataFrame | None) -> pd.DataFrame:
    """One row a book, as BOOK_CHECKS: how far it is used, whether it is finished, and the result of its check.

    A book is finished once its last number is used, or once its department has begun a later one of the same kind and
    code. Then it passes when no number between its lowest used one and its highest is missing and every invoice of it
    that money was received for stands in the revenue ledger (`links` as LINKS of both sides; None: not asked).
    """
    used = documents.assign(book_at=in_books(documents, books))
    used = used[used["book_at"] >= 0].drop_duplicates(["book_at", "counter"])
    spans = used.groupby("book_at").agg(
        used=("counter", "size"),
        lowest=("counter", "min"),
        highest=("counter", "max"),
        opened_on=("issued_on", "min"),
        last_used_on=("issued_on", "max"),
    )
    rows = books.reset_index(drop=True).join(spans)
    rows = rows.assign(
        used=rows["used"].fillna(0).astype("int64"), leaves=rows["last_counter"] - rows["first_counter"] + 1
    )
    begun = rows["used"] > 0
    finished = begun & ((rows["highest"] == rows["last_counter"]).fillna(value=False) | _left(rows))
    missing = (rows["highest"] - rows["lowest"] + 1 - rows["used"]).fillna(0).astype("int64")
    unbooked = _unbooked(used, links, len(rows))
    failed = (missing > 0) | (unbooked > 0)
    result = np.select([~begun, ~finished, failed], [UNUSED, OPEN, FAILED], PASSED)
    return shaped(BOOK_CHECKS, rows.assign(missing=missing, unbooked=unbooked, result=result))


def book_check_findings(checks: pd.DataFrame) -> tuple[Finding, ...]:
    """Every finished book that did not pass, one finding a book; `checks` as of `book_checks`."""
    found = []
    for row in each(checks[checks["result"] == FAILED]):
        told = message("invoice_register.book_check", book=row.book, missing=row.missing, unbooked=row.unbooked)
        found.append(invoice_finding("BOOK_CHECK", row.last_used_on.date(), row.book, [row.ref], told))
    return tuple(found)


def _left(rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether the book's department opened a later one after its last use, of the same kind and code."""
    place = [rows["kind_key"], rows["code_key"], name_keys(rows["department"])]
    newest = rows.groupby(place)["opened_on"].transform("max")
    return newest > rows["last_used_on"]


def _unbooked(used: pd.DataFrame, links: pd.DataFrame | None, books: int) -> Ints:
    """How many invoices of each book were paid for and have no entry in the revenue ledger."""
    if links is None:
        return np.zeros(books, dtype=np.int64)
    paid, booked = (links.loc[links["side"] == side, "document"] for side in ("receipt", "revenue"))
    asked = used[(used["state"] != "void") & used["document"].isin(paid) & ~used["document"].isin(booked)]
    return np.bincount(asked["book_at"], minlength=books).astype(np.int64)
