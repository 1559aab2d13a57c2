"""Fully digital invoices against the tax platform's download, in both directions (spec 04: `tax_download`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.domain.shaping import each
from tasks.domain.texts import Flags
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.numbers import damaged
from tasks.invoice_check.said_together import said_together

_FACE = ("issued_on", "buyer_key", "total")
_MONEY = ("net", "tax", "total")
_COMPARED = ("issued_on", "buyer_key", "tax_number", *_MONEY, "state")


def platform_findings(documents: pd.DataFrame, platform: pd.DataFrame) -> tuple[Finding, ...]:
    """Every digital invoice that only the register or only the platform knows, or that they tell differently.

    Both as DOCUMENTS. They are the same by their 20 digits, whatever their kinds are called. Within the days that the
    download covers, from its first to its last, the register's must be there too: NOT_ON_PLATFORM; the other way round
    NOT_IN_REGISTER; PLATFORM_DIFFERS names each field that differs, one finding an invoice. A tax number that one side
    leaves blank is none, and an original that the platform marks red because it was taken back is as it was. A number
    that a spreadsheet cut is told as such, so it is not missing on either side where day, buyer and total agree.
    """
    own, theirs = (rows[rows["digital"]].drop_duplicates("number_key") for rows in (documents, platform))
    if theirs.empty:
        return ()
    there = pd.Index(theirs["number_key"]).get_indexer(pd.Index(own["number_key"]))
    covered = own["issued_on"].between(theirs["issued_on"].min(), theirs["issued_on"].max())
    unknown = np.ones(len(theirs), dtype=np.bool_)
    unknown[there[there >= 0]] = False
    cut = documents[damaged(documents).isin(["scientific", "rounded"])]
    missing, left = own[covered & (there < 0)], theirs[unknown]
    return (
        *_only("NOT_ON_PLATFORM", missing[~(missing["document"].isin(cut["document"]) & _alike(missing, left))]),
        *_only("NOT_IN_REGISTER", left[~_alike(left, cut)]),
        *_different(own[there >= 0], theirs.take(there[there >= 0])),
    )


def _alike(rows: pd.DataFrame, others: pd.DataFrame) -> Flags:
    """Which rows have the day, buyer and total of one of `others`."""
    known = set(zip(*(others[name] for name in _FACE), strict=True))
    return np.fromiter((face in known for face in zip(*(rows[name] for name in _FACE), strict=True)), dtype=np.bool_)


def _only(kind: str, rows: pd.DataFrame) -> Iterator[Finding]:
    for row in each(rows):
        told = message(
            f"invoice_register.platform.{kind}",
            number=row.number,
            date=row.issued_on.date().isoformat(),
            buyer=row.buyer,
            amount=money_text(row.total),
        )
        against = (0, int(row.total)) if kind == "NOT_ON_PLATFORM" else (int(row.total), 0)
        yield invoice_finding(kind, row.issued_on.date(), row.number, row.refs.split(), told, against)


def _different(own: pd.DataFrame, theirs: pd.DataFrame) -> Iterator[Finding]:
    """Both in the same order: each row of one is the invoice of the other."""
    own, theirs = own.reset_index(drop=True), theirs.reset_index(drop=True)
    differs = pd.DataFrame({name: own[name] != theirs[name] for name in _COMPARED})
    differs["tax_number"] &= (own["tax_number"] != "") & (theirs["tax_number"] != "")
    differs["state"] &= ~((theirs["state"] == "red") & (theirs["total"] > 0) & (own["state"] == "valid"))
    wrong = differs.any(axis=1)
    both = own[wrong].join(theirs[wrong].add_suffix("_there"))
    for row, fields in zip(each(both), each(differs[wrong]), strict=True):
        named = [name for name in _COMPARED if getattr(fields, name)]
        fields_told = said_together([_said(row, name) for name in named], "invoice_register.platform.and")
        told = message("invoice_register.platform.PLATFORM_DIFFERS", number=row.number, fields=fields_told)
        against = _against(row, named)
        refs = f"{row.refs} {row.refs_there}".split()
        yield invoice_finding("PLATFORM_DIFFERS", row.issued_on.date(), row.number, refs, told, against)


def _against(row: Any, named: list[str]) -> tuple[int, int] | tuple[str, str]:
    """The platform's figure and the register's: of the largest amount that differs, else of the first other field."""
    for name in reversed(_MONEY):
        if name in named:
            return int(getattr(row, f"{name}_there")), int(getattr(row, name))
    shown = [name for name in named if name != "state"]
    return (_shown(row, shown[0], "_there"), _shown(row, shown[0], "")) if shown else ("", "")


def _said(row: Any, name: str) -> Message:
    here, there = _shown(row, name, ""), _shown(row, name, "_there")
    if name == "state":
        words = [message(f"invoice_register.state.{state}") for state in (here, there)]
        return message("invoice_register.platform.state", here=words[0], there=words[1])
    return message(f"invoice_register.platform.{name.removesuffix('_key')}", here=here, there=there)


def _shown(row: Any, name: str, side: str) -> str:
    value = getattr(row, name.removesuffix("_key") + side)
    if name in _MONEY:
        return money_text(value)
    return str(value.date().isoformat() if name == "issued_on" else value)
