"""Breaks that a refused ledger row may be the cause of say so, so that whoever works on them looks there first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.message import Message, message

# What a row that was set aside would have been the answer to.
HINTED = frozenset({"MISSING_IN_LEDGER", "LEDGER_MISSING"})
_COLUMNS = ("site", "date", "file", "sheet", "row")
# What stands for the sheet of a file that has none.
_NO_SHEETS = ("", "csv")


def source_words(file: str, sheet: str, row: int) -> Message:
    """Where a row lies, in words: file, sheet where there is one, and row."""
    if sheet in _NO_SHEETS:
        return message("stock_ledger.source_plain", file=file, row=row)
    return message("stock_ledger.source", file=file, sheet=sheet, row=row)


def with_set_aside(findings: Iterable[Finding], rows: pd.DataFrame) -> list[Finding]:
    """The findings in their order; those of HINTED name how many rows of their site and date were set aside, and where.

    `rows` has one row a ledger row set aside: site, date (datetime64), file, sheet, row, the first to be named first.
    """
    found: dict[tuple[str, dt.date], list[Message]] = {}
    for site, date, *place in zip(*(rows[name].tolist() for name in _COLUMNS), strict=True):
        found.setdefault((site, date.date()), []).append(source_words(*place))
    return [_hinted(one, found.get((one.site, one.date), [])) if one.kind in HINTED else one for one in findings]


def _hinted(one: Finding, rows: list[Message]) -> Finding:
    if not rows:
        return one
    said = message("stock_ledger.message.set_aside", why=one.message, rows=len(rows), source=rows[0])
    return replace(one, message=said)
