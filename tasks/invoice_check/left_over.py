"""What is in no link: invoices that nobody booked, receipts and entries that belong to none, and what they name."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasks.domain.texts import found_in
from tasks.invoice_check.cited import numbers_in
from tasks.invoice_check.decisions import NOTHING_DECIDED, Decided


def left_documents(documents: pd.DataFrame, links: pd.DataFrame, ignored: frozenset[str]) -> pd.DataFrame:
    """The invoices in no link that are neither void nor without an amount nor left alone by a decision."""
    rows = documents[(documents["state"] != "void") & ~found_in(documents["document"], links["document"])]
    return _told(rows, "document", rows["net"], ignored)


def left_others(others: pd.DataFrame, links: pd.DataFrame, ignored: frozenset[str], party: str) -> pd.DataFrame:
    """The receipts or entries in no link, but for those that a decision leaves alone or that cancel each other.

    What was booked and taken back for the same customer (`party`, a column), and names the same, needs no invoice.
    """
    rows = others[~found_in(others["ref"], links["other"])]
    rows = _told(rows, "ref", rows["amount"], ignored)
    if rows.empty:
        return rows
    together = rows["amount"].groupby([rows[party], rows["invoice"], rows["amount"].abs()]).transform("sum")
    kept: pd.DataFrame = rows[(together != 0).to_numpy(dtype=np.bool_)]
    return kept


def names_of(others: pd.DataFrame, documents: pd.DataFrame, decided: Decided = NOTHING_DECIDED) -> pd.Series[str]:
    """Why each of these rows, which are in no link, has no invoice; by the index of `others`.

    none: it names none; unknown: none that is registered; void: only void ones; left_alone: only such as people leave
    alone; apart: people took it apart from its invoice; several: what it names may be one of several.
    """
    cells = numbers_in(others["invoice"])
    told = np.full(len(others), "none", dtype=object)
    told[cells["at"].to_numpy()] = "unknown"
    void = documents["state"] == "void"
    alone = ~void & found_in(documents["document"], decided.ignored)
    for known, word in ((void, "void"), (alone, "left_alone"), (~void & ~alone, "several")):
        there = found_in(cells["key"], documents.loc[known, "number_key"])
        told[cells["at"].to_numpy()[there]] = word
    apart = found_in(others["ref"], [other for _, other in decided.apart])
    told[apart & np.isin(told, ["none", "several"])] = "apart"
    return pd.Series(told, index=others.index, dtype="str")


def _told(rows: pd.DataFrame, name: str, amounts: pd.Series[int], ignored: frozenset[str]) -> pd.DataFrame:
    wanted: pd.DataFrame = rows[(amounts != 0) & ~found_in(rows[name], ignored)]
    return wanted
