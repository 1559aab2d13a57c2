"""Books and stubs whose years of keeping are over, listed for the tax office; nothing is destroyed (spec 04)."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from tasks.domain.shaping import shaped
from tasks.invoice_check.book_check import FAILED, PASSED
from tasks.invoice_check.books import in_books
from tasks.invoice_check.shapes import RETENTION

BOOK, STUB = "book", "stub"


def past_retention(
    documents: pd.DataFrame, books: pd.DataFrame | None, checks: pd.DataFrame | None, years: int, as_of: dt.date
) -> pd.DataFrame:
    """What has been kept for `years` since its last use by `as_of`, as RETENTION, the oldest first.

    A finished book (`checks` as of `book_checks`, None where no books were ever delivered) counts as a whole; paper
    invoices of no book count by kind and year, as stubs. Fully digital ones have neither.
    """
    paper = documents[~documents["digital"]]
    parts = []
    if books is not None and checks is not None:
        paper = paper[in_books(paper, books) < 0]
        done = checks[checks["result"].isin([PASSED, FAILED])]
        parts.append(done.assign(what=BOOK, name=done["book"], numbers=done["used"], last_on=done["last_used_on"]))
    year = paper["issued_on"].dt.year
    stubs = paper.groupby(["kind", year], sort=True).agg(
        numbers=("document", "size"), first=("number", "first"), last=("number", "last"), last_on=("issued_on", "max")
    )
    stubs = stubs.rename_axis(["kind", "year"]).reset_index()
    name = stubs["year"].astype("str") + " " + stubs["kind"] + " " + stubs["first"] + "–" + stubs["last"]
    parts.append(stubs.assign(what=STUB, name=name, department=""))
    columns = ["what", "name", "kind", "department", "numbers", "last_on"]
    whole = pd.concat([part[columns] for part in parts], ignore_index=True)
    until = whole["last_on"] + pd.DateOffset(years=years)
    whole = whole.assign(until=until.astype("datetime64[s]"))
    over = whole[whole["until"] < pd.Timestamp(as_of)]
    return shaped(RETENTION, over.sort_values(["until", "what", "name", "kind"], kind="stable"))
