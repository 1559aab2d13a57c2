"""A sheet of a workbook to print, scan and sign: its lines beside the code, its table ruled, its signatures abreast."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from tasks.adapters.qr_code import qr_picture
from tasks.adapters.report_book import Book
from tasks.adapters.workbook_cells import LINE_POINTS, lines_in, put, width_of
from tasks.domain.report import Column, Sheet

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

# Excel ends at 1,048,576 rows.
_ROWS_MAX = 1_048_575
# So many characters an upright A4 page holds.
_UPRIGHT_WIDTH = 95
# So many rows of ordinary height a code to scan takes, the first under the title, and so many characters in width.
_CODE_ROWS, _CODE_WIDTH = 7, 15


def draw_sheet(book: Book, one: Sheet) -> None:
    """Adds the sheet to the workbook, one A4 page wide: what does not fit on a line of its cell takes more of them.

    The heading of its table stands on each page. Rows that no spreadsheet holds are left out.
    """
    sheet = book.sheet(book.said(one.title), landscape=_wide(one.table.columns))
    names = [book.word(column.heading) for column in one.table.columns]
    widths = [max(column.width, width_of(name) + 2) for column, name in zip(one.table.columns, names, strict=True)]
    last = max(1, len(names) - 1)
    for across, width in enumerate(widths):
        sheet.set_column(across, across, width)
    sheet.merge_range(0, 0, 0, last, book.said(one.title), book.look.sheet_title)
    sheet.set_row(0, 28)
    beside = _column_of_code(widths) if one.code else last + 1
    at = 0
    for at, line in enumerate(map(book.said, one.lines), start=1):
        _write_across(book, sheet, at, (0, beside - 1), line)
        sheet.set_row(at, _points(lines_in(line, sum(widths[:beside]))))
    at += 2
    if one.code:
        picture = io.BytesIO(qr_picture(one.code))
        options = {"image_data": picture, "x_scale": 0.75, "y_scale": 0.75, "object_position": 2}
        sheet.insert_image(1, beside, "code.png", options | {"description": one.code})
        at = max(at, _CODE_ROWS)
    for across, name in enumerate(names):
        sheet.write_string(at, across, name, book.look.ruled_heading)
    sheet.repeat_rows(at)
    at = _rows(book, sheet, one, at, widths)
    at = _signatures(book, sheet, [book.said(role) for role in one.signatures], at, widths)
    sheet.print_area(0, 0, at, last)


def _rows(book: Book, sheet: Worksheet, one: Sheet, at: int, widths: Sequence[int]) -> int:
    """Writes the rows of the table under its heading at row `at`; gives the last row written."""
    if not one.table.rows:
        sheet.write_string(at + 1, 0, book.said(one.table.empty), book.look.plain)
        return at + 1
    for row in one.table.rows[: _ROWS_MAX - at]:
        at += 1
        lines = 1
        for across, (column, value) in enumerate(zip(one.table.columns, row, strict=True)):
            put(sheet, (at, across), column.kind, value, book.look, ruled=True)
            lines = max(lines, book.lines(column.kind, value, widths[across]))
        if lines > 1:
            sheet.set_row(at, _points(lines))
    return at


def _signatures(book: Book, sheet: Worksheet, roles: Sequence[str], at: int, widths: Sequence[int]) -> int:
    """Writes a line to sign for each role, as many abreast as the page holds; gives the last row written."""
    said = [book.word("report.signature", role=role) for role in roles]
    starts = [0, *accumulate(widths)]
    abreast = max(1, min(starts[-1] // (max(map(width_of, said), default=0) + 4), len(widths)))
    for place, line in enumerate(said):
        step = place % abreast
        at += 0 if step else 2
        # The first column that begins no earlier than this one's share of the width.
        sheet.write_string(at, bisect_right(starts, starts[-1] * step // abreast - 1), line, book.look.plain)
    return at


def _write_across(book: Book, sheet: Worksheet, row: int, columns: tuple[int, int], text: str) -> None:
    if columns[0] == columns[1]:
        sheet.write_string(row, columns[0], text, book.look.line)
    else:
        sheet.merge_range(row, columns[0], row, columns[1], "", book.look.line)
        sheet.write_string(row, columns[0], text, book.look.line)


def _column_of_code(widths: Sequence[int]) -> int:
    """The column at which a code may begin, so that it ends with the table; never the first, for lines stand there."""
    room = list(accumulate(reversed(widths)))
    behind = next((place for place, width in enumerate(room, start=1) if width >= _CODE_WIDTH), len(widths))
    return max(len(widths) - behind, 1)


def _points(lines: int) -> float:
    return LINE_POINTS * lines + 2


def _wide(columns: Sequence[Column]) -> bool:
    return sum(column.width for column in columns) > _UPRIGHT_WIDTH
