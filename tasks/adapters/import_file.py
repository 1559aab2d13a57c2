"""A plain table as another program takes it in: one sheet, headings in the first row, and the same as delimited text.

Equal arguments give equal bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter

from tasks.adapters.report_files import csv_bytes
from tasks.adapters.workbook_cells import EXACT_DIGITS_MAX, SHEET_NAME_CHARACTERS_MAX, cut

Cell = str | int | Decimal | dt.date | None
# A workbook without a moment of its own is the same whenever it is made.
_MADE = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - the workbook's own property, which knows no zone
_WIDTH = 16


def import_workbook(title: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The bytes of an xlsx workbook with one sheet called `title`: numbers and dates as such, all else as text."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": _MADE, "author": "Daybook"})
        sheet = book.add_worksheet(title[:SHEET_NAME_CHARACTERS_MAX])
        text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
        number, heading = book.add_format({"num_format": "General"}), book.add_format({"bold": True})
        sheet.set_column(0, max(len(headings) - 1, 0), _WIDTH)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, list(headings), heading)
        for place, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(place, column, value, day)
                elif isinstance(value, int | Decimal) and _is_exact(value):
                    sheet.write_number(place, column, value, number)
                elif value is not None:
                    sheet.write_string(place, column, cut(str(value)), text)
    return stream.getvalue()


def import_csv(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The same table as CSV in UTF-8 with a byte order mark."""
    return csv_bytes([list(headings), *([str(cell) if cell is not None else "" for cell in row] for row in rows)])


def _is_exact(value: int | Decimal) -> bool:
    return len(Decimal(value).as_tuple().digits) <= EXACT_DIGITS_MAX
