"""The report as a workbook: a summary with a native chart, one filterable sheet a table, and the sheets to sign."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

import xlsxwriter

from tasks.adapters.report_book import Book
from tasks.adapters.report_drawings import draw_bars, draw_charts
from tasks.adapters.sheet_to_sign import draw_sheet
from tasks.adapters.speech import shown, spoken
from tasks.adapters.workbook_cells import LINE_POINTS, Look, put, width_of
from tasks.domain.report import Kind, Report, Table, Value, area_of

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

# Excel ends at 1,048,576 rows; one of them is the heading.
SHEET_ROWS_MAX = 1_048_575
ANSWERS = ("treatment", "reason", "answered_by", "owner")
TREATMENTS = ("explain", "assign", "write_off")
_ANSWER_WIDTHS = {"treatment": 12, "reason": 30, "answered_by": 12, "owner": 12}
_COLUMN_WIDTH_MAX = 44
_DATE_WIDTH, _DETAIL_WIDTH = 12, 26
_LINE_CHARACTERS = 76


def workbook_bytes(report: Report, language: str) -> bytes:
    """The report as an xlsx; the same report and language give the same bytes.

    First the summary, then the sheets to sign, if there are any (the workbook opens on the first), then every table
    with all its rows, then the data of the charts and the pictures of the tables with bars. Texts stay texts: nothing
    becomes a formula, a link or a number.
    A table with `answers` closes with the columns of the dataset exception_answers (spec 10) to be filled in; a column
    of the table under one of those headings is moved there, so that no heading stands twice. Rows beyond
    SHEET_ROWS_MAX are left out, and the summary says so.
    """
    written = io.BytesIO()
    file = xlsxwriter.Workbook(
        written,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    file.set_properties({"title": spoken(report.title, language), "created": _created(report.period)})
    book = Book(file, Look(file, language), language, set())
    summary = book.sheet(book.word("report.workbook.summary"))
    for sheet in report.sheets:
        draw_sheet(book, sheet)
    names = [_table_sheet(book, table) for table in report.tables]
    _summary(book, summary, report)
    if report.charts:
        draw_charts(book, summary, report.charts)
    draw_bars(book, list(zip(names, report.tables, strict=True)))
    if report.sheets:
        file.worksheets()[1].activate()
    file.close()
    return written.getvalue()


def _created(period: str) -> dt.datetime:
    """A fixed moment that belongs to the period, for a clock in the file would make equal reports differ."""
    for shape in ("%Y-%m-%d", "%Y-%m"):
        try:
            return dt.datetime.strptime(period, shape)  # noqa: DTZ007 - the format holds no zone
        except ValueError:
            continue
    return dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the workbook's own property, which knows no zone


def _summary(book: Book, sheet: Worksheet, report: Report) -> None:
    """Writes title, status, figures and small print."""
    look = book.look
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 2, _DETAIL_WIDTH)
    sheet.set_column(3, 3, 2)
    sheet.write_string(0, 0, book.said(report.title), look.title)
    sheet.write_string(1, 0, f"{book.said(report.subtitle)} · {report.period}", look.muted)
    status = book.word(f"report.status.{report.status}")
    sheet.set_row(2, 34)
    said = book.word("report.text.status", status=status, headline=book.said(report.headline))
    sheet.merge_range(2, 0, 2, 2, "", look.banner)
    sheet.write_string(2, 0, said, look.banner)
    at = _figures(book, sheet, 4, report)
    sections = (
        ("next_steps", [book.said(one) for one in report.next_steps]),
        ("notes", [book.said(one) for one in report.notes] + list(_cut_tables(book, report.tables))),
        ("definitions", [book.said(one) for one in report.definitions]),
        ("inputs", [book.said(one) for one in report.inputs]),
    )
    for section, lines in sections:
        at = _section(book, sheet, at, section, lines)


def _figures(book: Book, sheet: Worksheet, top: int, report: Report) -> int:
    """Writes the figures from row `top`; gives the row where what follows begins."""
    if not report.figures:
        return top
    look = book.look
    for column, key in enumerate(("figure", "value", "detail")):
        kind: Kind = "count" if key == "value" else "text"
        sheet.write_string(top, column, book.word(f"report.workbook.{key}"), look.heading(kind))
    for at, figure in enumerate(report.figures, start=top + 1):
        sheet.write_string(at, 0, book.word(f"{area_of(report.flow)}.figure.{figure.name}"), look.cell("text"))
        put(sheet, (at, 1), figure.kind, figure.value, look)
        detail = book.said(figure.detail) if figure.detail else ""
        sheet.write_string(at, 2, detail, look.cell("wording"))
        if (lines := book.lines("text", detail, _DETAIL_WIDTH)) > 1:
            sheet.set_row(at, LINE_POINTS * lines + 4)
    return top + len(report.figures) + 2


def _section(book: Book, sheet: Worksheet, top: int, section: str, lines: list[str]) -> int:
    """Writes the lines under their heading from row `top`; gives the row where the next section begins."""
    if not lines:
        return top
    sheet.write_string(top, 0, book.word(f"report.section.{section}"), book.look.section)
    for at, line in enumerate(lines, start=top + 1):
        sheet.merge_range(at, 0, at, 2, "", book.look.line)
        sheet.write_string(at, 0, line, book.look.line)
        sheet.set_row(at, 15 * (1 + width_of(line) // _LINE_CHARACTERS))
    return top + len(lines) + 2


def _cut_tables(book: Book, tables: Iterable[Table]) -> Iterable[str]:
    for table in tables:
        beyond = len(table.rows) - SHEET_ROWS_MAX
        if beyond > 0:
            title = book.said(table.title)
            yield book.word("report.workbook.rows_cut", table=title, limit=SHEET_ROWS_MAX, count=beyond)


def _table_sheet(book: Book, table: Table) -> str:
    """Writes the table on a sheet of its own; gives the sheet's name."""
    sheet = book.sheet(book.said(table.title))
    answers = {book.word(f"report.answer.{name}"): name for name in ANSWERS} if table.answers else {}
    moved = {
        answers[book.word(column.heading)]: place
        for place, column in enumerate(table.columns)
        if book.word(column.heading) in answers
    }
    kept = [place for place in range(len(table.columns)) if place not in moved.values()]
    for at, place in enumerate(kept):
        column = table.columns[place]
        name = book.word("report.answer.id") if table.answers and column.name == "id" else book.word(column.heading)
        sheet.write_string(0, at, name, book.look.heading(column.kind))
        wide = _DATE_WIDTH if column.kind == "date" else column.width
        sheet.set_column(at, at, min(max(wide, width_of(name) + 3), _COLUMN_WIDTH_MAX))
    rows = table.rows[:SHEET_ROWS_MAX]
    kinds = [column.kind for column in table.columns]
    widths = [min(max(column.width, 8), _COLUMN_WIDTH_MAX) for column in table.columns]
    for at, row in enumerate(rows, start=1):
        for across, place in enumerate(kept):
            put(sheet, (at, across), table.columns[place].kind, row[place], book.look)
        lines = max((book.lines(kinds[place], row[place], widths[place]) for place in kept), default=1)
        if lines > 1:
            sheet.set_row(at, LINE_POINTS * lines + 4)
    if table.answers:
        _answer_columns(book, sheet, rows, len(kept), moved)
    if not rows:
        sheet.write_string(1, 0, book.said(table.empty), book.look.muted)
    _finish(
        sheet, len(rows), len(kept) + len(answers), frozen=1 if kept and table.columns[kept[0]].kind == "text" else 0
    )
    return str(sheet.get_name())


def _finish(sheet: Worksheet, rows: int, columns: int, *, frozen: int) -> None:
    sheet.freeze_panes(1, frozen)
    sheet.repeat_rows(0)
    sheet.set_row(0, 30)
    sheet.autofilter(0, 0, max(rows, 1), max(columns - 1, 0))


def _answer_columns(
    book: Book, sheet: Worksheet, rows: tuple[tuple[Value, ...], ...], first: int, moved: dict[str, int]
) -> None:
    for at, name in enumerate(ANSWERS, start=first):
        sheet.write_string(0, at, book.word(f"report.answer.{name}"), book.look.answer_heading)
        sheet.set_column(at, at, _ANSWER_WIDTHS[name])
        for down, row in enumerate(rows, start=1):
            before = row[moved[name]] if name in moved else None
            text = "" if before is None else shown("text", before, book.language)
            if text:
                sheet.write_string(down, at, text, book.look.answer)
            else:
                sheet.write_blank(down, at, None, book.look.answer)
    if rows:
        sheet.data_validation(
            1,
            first,
            len(rows),
            first,
            {
                "validate": "list",
                "source": [book.word(f"report.answer.{name}") for name in TREATMENTS],
                "input_title": book.word("report.answer.hint_title"),
                "input_message": book.word("report.answer.hint"),
                "error_message": book.word("report.answer.error"),
            },
        )
