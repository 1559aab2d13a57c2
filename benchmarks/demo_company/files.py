"""Rows into files as people's programs write them: xlsx, xls, csv; the same rows give the same bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import xlsxwriter

Cell = str | int | Decimal | dt.date | None
Rows = Sequence[Sequence[Cell]]
CREATED = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
OLD_EXCEL_IS_AT_HAND = find_spec("xlwt") is not None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows from the top, and how many columns the title of its first row spans (0: not merged)."""

    name: str
    rows: Rows
    title_spans: int = 0


def save_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Writes an xlsx; numbers and dates become such cells, texts stay texts."""
    with xlsxwriter.Workbook(
        path, {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": CREATED})
        as_date = book.add_format({"num_format": "yyyy-mm-dd"})
        title = book.add_format({"bold": True, "align": "center"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.set_column(1, 5, 14)
            for number, row in enumerate(sheet.rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        page.write_datetime(number, place, dt.datetime.combine(cell, dt.time()), as_date)
                    elif isinstance(cell, str):
                        if cell:
                            page.write_string(number, place, cell)
                    elif cell is not None:
                        page.write_number(number, place, cell)
            if sheet.title_spans:
                page.merge_range(0, 0, 0, sheet.title_spans - 1, sheet.rows[0][0], title)


def save_old_workbook(path: Path, sheet: Sheet) -> Path:
    """Writes an xls and returns its path; where its writer is not installed, an xlsx in its stead."""
    if not OLD_EXCEL_IS_AT_HAND:
        save_workbook(path.with_suffix(".xlsx"), [sheet])
        return path.with_suffix(".xlsx")
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet.name)
    as_date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    if sheet.title_spans:
        page.merge(0, 0, 0, sheet.title_spans - 1)
    for number, row in enumerate(sheet.rows):
        for place, cell in enumerate(row):
            if isinstance(cell, dt.date):
                page.write(number, place, cell, as_date)
            elif cell not in {None, ""}:
                page.write(number, place, cell)
    book.save(str(path))
    return path


def save_csv(path: Path, rows: Rows, encoding: str) -> None:
    """Writes comma-separated text with CRLF; dates as 2026-11-20."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
