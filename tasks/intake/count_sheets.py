"""Which count sheet a table is, and what its rows say beside their cells' own types (spec 02: collect).

A sheet is known by the number that stands above its table and, hidden, in every row; whatever its file is called.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from tasks.domain.cells import reason
from tasks.domain.count_numbers import code_of, month_end, number_key
from tasks.domain.sheet import refused
from tasks.intake.lookups import Lookups
from tasks.intake.stated import Stated, site_of
from tasks.intake.typed_rows import BadCell, Quarantine, TypedRows

COUNT_SHEETS = "count_sheets"


def numbered(part: tuple[TypedRows, Quarantine], stated: Stated, heading: str) -> tuple[TypedRows, Quarantine, str]:
    """The rows and bad cells of one table with its number in every row, and the number, blank for an empty table.

    It is the one stated above the table, else that of the first row that has one. A row that somebody added has none
    and gets it; one of another sheet is quarantined under `heading`, for it was copied from there. Raises RefusedFile:
    count_number where rows stand under no number.
    """
    rows, bad = part
    own = [number_key(str(number or "")) for number in rows.columns["number"]]
    number = number_key(stated.number) or next(filter(None, own), "")
    if not number and (own or bad.rows):
        raise refused("count_number", found=stated.number)
    foreign = {place for place, said in enumerate(own) if said and said != number}
    wrong = [_foreign(rows, place, number, heading) for place in sorted(foreign)]
    kept = [place for place in range(len(own)) if place not in foreign]
    columns = {name: [values[place] for place in kept] for name, values in rows.columns.items()}
    columns["number"] = [number] * len(kept)
    good = TypedRows(
        [rows.numbers[place] for place in kept], [rows.sheets[place] for place in kept], columns, rows.notices
    )
    cells = sorted([*(replace(cell, key=number) for cell in bad.rows), *wrong], key=lambda cell: cell.row)
    return good, Quarantine(cells), number


def _foreign(rows: TypedRows, place: int, number: str, heading: str) -> BadCell:
    said = str(rows.columns["number"][place])
    why = reason("count_number", number=number)
    return BadCell(rows.sheets[place], rows.numbers[place], heading, said, why, None, "", number)


def month_of(numbers: Sequence[str]) -> dt.date | None:
    """The last day of the month that the sheets are for, the latest where they are of several; None if none says."""
    return max(filter(None, (month_end(number_key(number)) for number in numbers)), default=None)


def counted_site(numbers: Sequence[str], lookups: Lookups) -> str:
    """The code of the one site that the sheets are of; blank for a department's stores and for several sites."""
    found = {site_of(code_of(number), lookups.sites) for number in numbers}
    return found.pop() if len(found) == 1 else ""
