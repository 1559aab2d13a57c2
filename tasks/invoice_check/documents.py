"""Invoices as a whole: their lines summed, and each red one joined to the invoice that it takes back (spec 04)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasks.domain.shaping import shaped
from tasks.domain.texts import Ints
from tasks.invoice_check.shapes import DOCUMENTS

_SUMS = ["net", "tax", "total"]
_SAID_ONCE = ["tax_number", "original", "notice", "issuer", "drawer", "department", "remark"]


def documents_of(invoices: pd.DataFrame, terms_days: int) -> pd.DataFrame:
    """One row an invoice, as DOCUMENTS, in the order of their first lines; `invoices` as INVOICES.

    An invoice is void, or else red, as soon as one of its lines says so; other words are those of its first line, or of
    the first that says any. What has no agreed day is due `terms_days` after its issue.
    """
    codes, uniques = pd.factorize(invoices["document"])
    lines = np.bincount(codes, minlength=len(uniques))
    first = np.zeros(len(uniques), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    whole = invoices.iloc[first].reset_index(drop=True)
    whole = whole.assign(lines=lines, original_number=whole["original"], refs=whole["ref"])
    whole = whole.assign(**{name: _sums(invoices[name], codes, len(uniques)) for name in _SUMS})
    several = invoices[(lines > 1)[codes]]
    if len(several):
        whole = _of_several(whole, several, codes[(lines > 1)[codes]])
    terms = whole["issued_on"] + pd.Timedelta(days=terms_days)
    whole = whole.assign(due_on=whole["due_on"].fillna(terms.astype("datetime64[s]")))
    return shaped(DOCUMENTS, whole.assign(original=_originals(whole)))


def _sums(column: pd.Series[int], codes: Ints, count: int) -> Ints:
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, codes, column.to_numpy(dtype=np.int64))
    return total


def _of_several(whole: pd.DataFrame, lines: pd.DataFrame, codes: Ints) -> pd.DataFrame:
    """`whole` with what the lines of invoices of several lines say together."""
    grouped = lines.groupby(codes)
    whole = whole.copy()
    at = grouped.size().index
    whole.loc[at, "refs"] = grouped["ref"].agg(" ".join)
    for state in ("red", "void"):
        saying = lines["state"].eq(state).groupby(codes).any()
        whole.loc[at[saying], "state"] = state
    said = lines[[*_SAID_ONCE, "original_key"]].replace("", np.nan).groupby(codes).first().fillna("")
    whole.loc[at, list(said.columns)] = said
    whole.loc[at, "original_number"] = said["original"]
    whole.loc[at, "due_on"] = grouped["due_on"].first()
    return whole


def _originals(whole: pd.DataFrame) -> pd.Series[str]:
    """The document that each red one takes back, "" where it is not known or could be several.

    The number is looked for in its own kind and code, then in its kind, then anywhere, at last behind its code.
    """
    red = (whole["state"] == "red") & (whole["original_key"] != "")
    asked = whole[red]
    found = pd.Series("", index=whole.index, dtype="str")
    # Some mark an original red too, once it is taken back.
    blue = whole[(whole["state"] != "red") | (whole["total"] > 0)]
    if asked.empty or blue.empty:
        return found
    number = asked["original_key"]
    lookups = (
        (blue["document"], asked["kind_key"] + ":" + asked["code_key"] + ":" + number),
        (blue["kind_key"] + ":" + blue["number_key"], asked["kind_key"] + ":" + number),
        (blue["number_key"], number),
        (blue["code_key"] + blue["number"], number),
    )
    left = pd.Series(data=True, index=asked.index)
    for known, wanted in lookups:
        once = ~known.duplicated(keep=False)
        names = pd.Series(blue.loc[once, "document"].to_numpy(), index=known[once])
        here = wanted[left].map(names).dropna()
        found.loc[here.index] = here
        left &= ~asked.index.isin(here.index)
    return found
