"""The numbers of counts, their sheets, recounts and documents, and what a number says (spec 02; docs/decisions/0016).

Numbers are made when a count opens and known again when a sheet comes back, however they were typed.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from tasks.domain.keys import clean

_SHEET = re.compile(r"PD-(\d{4})-(0[1-9]|1[0-2])(-S\d+)?-(.+?)(-R\d+)?")
_DASHES = re.compile(r"[‐-―−_]")
_DIRECTIONS = {"in": "RI", "out": "IS"}


def count_number(period: dt.date, scoped: int = 0) -> str:
    """`2026-11` for the month's own count, `2026-11-S2` for the second one with a scope; of any day of the month."""
    month = f"{period:%Y-%m}"
    return f"{month}-S{scoped}" if scoped else month


def sheet_number(count: str, code: str) -> str:
    """`PD-2026-11-DF01`: the sheet of the site or department `code` in the count."""
    return number_key(f"PD-{count}-{code}")


def recount_number(sheet: str, number: int) -> str:
    """`PD-2026-11-DF01-R1`: the sheet on which lines of the first sheet are counted again, `number` from 1."""
    return f"{sheet}-R{number}"


def document_number(count: str, code: str, direction: str, sequence: int) -> str:
    """`PD-2026-11-DF01-RI1`: an adjustment document of a site or department; direction `in` is RI, `out` is IS."""
    return f"{sheet_number(count, code)}-{_DIRECTIONS[direction]}{sequence}"


def number_key(text: str) -> str:
    """What a sheet's number is known by, however it was typed: half-width, upper case, plain dashes, no spaces."""
    return _DASHES.sub("-", clean(text)).replace(" ", "").upper()


def month_end(number: str) -> dt.date | None:
    """The last day of the month that a sheet's number is for, or None for a number that Daybook never makes."""
    found = _SHEET.fullmatch(number)
    if not found or found[1] == "0000":
        return None
    year, month = int(found[1]), int(found[2])
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def code_of(number: str) -> str:
    """The site's code or the department in a sheet's number, or blank for a number that Daybook never makes."""
    found = _SHEET.fullmatch(number)
    return found[4] if found else ""
