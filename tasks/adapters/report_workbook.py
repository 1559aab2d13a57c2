"""The report as a workbook: a summary with a native chart, one filterable sheet a table, and the sheets to sign."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import xlsxwriter

from config.wording import wording
from tasks.adapters.speech import shown, spoken
from tasks.adapters.workbook_cells import Look, heading_kind, put, sheet_name, width_of
from tasks.domain.message import Message
from tasks.domain.report import Chart, Column, Report, Sheet, Table, Value, area_of

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# Excel ends at 1,048,576 rows; one of them is the heading.
SHEET_ROWS_MAX = 1_048_575
ANSWERS = ("treatment", "reason", "answered_by", "owner")
TREATMENTS = ("explain", "assign", "write_off")
_ANSWER_WIDTHS = {"treatment": 12, "reason": 30, "answered_by": 12, "owner": 12}
_A4 = 9
_CHART_COLOURS = ("#1F5F99", "#C8641B", "#2F7D5B", "#7A4F9A")
_CHART_MARKS = ("circle", "square", "triangle", "diamond")


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook being written: its formats, the reader's language and the sheet names that are taken."""

    file: Workbook
    look: Look
    language: str
    names: set[str]

    def word(self, key: str, **parameters: object) -> str:
        return wording(self.language, key, **parameters)

    def said(self, one: Message) -> str:
        return spoken(one, self.language)

    def sheet(self, title: str, *, landscape: bool = True) -> Worksheet:
        """A new sheet named after `title`, set up to print on A4, one page wide, with page numbers."""
        sheet = self.file.add_worksheet(sheet_name(title, self.names))
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        sheet.set_header("&L" + title.replace("&", "&&"))
        sheet.set_footer("&C" + self.word("report.workbook.page", page="&P", pages="&N"))
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        if landscape:
            sheet.set_landscape()
        return sheet


def workbook_bytes(report: Report, language: str) -> bytes:
    """The report as an xlsx; the same report and language give the same bytes.

    First the sheets to sign, if there are any, then the summary, then every table with all its rows, then the data of
    the charts. Texts stay texts: nothing becomes a formula, a link or a number. A table with `answers` closes with
    the columns of the dataset exception_answers (spec 10) to be filled in; a column of the table under one of those
    headings is moved there, so that no heading stands twice. Rows beyond SHEET_ROWS_MAX are left out and the summary says so.
    """
    written = io.BytesIO()
    file = xlsxwriter.Workbook(
        written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    file.set_properties({"title": spoken(report.title, language), "created": _created(report.period)})
    book = _Book(file, Look(file), language, set())
    summary = book.sheet(book.word("report.workbook.summary"))
    for sheet in report.sheets:
        _sheet_to_sign(book, sheet)
    for table in report.tables:
        _table_sheet(book, table)
    below = _summary(book, summary, report)
    if report.charts:
        _charts(book, summary, report.charts, below)
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
    return dt.datetime(2000, 1, 1)  # noqa: DTZ001


def _summary(book: _Book, sheet: Worksheet, report: Report) -> int:
    """Writes title, status, figures and small print; gives the first free row below."""
    look = book.look
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 2, 44)
    sheet.write_string(0, 0, book.said(report.title), look.title)
    sheet.write_string(1, 0, f"{book.said(report.subtitle)} · {report.period}", look.muted)
    status = book.word(f"report.status.{report.status}")
    sheet.set_row(2, 34)
    said = book.word("report.text.status", status=status, headline=book.said(report.headline))
    sheet.merge_range(2, 0, 2, 2, "", look.banner)
    sheet.write_string(2, 0, said, look.banner)
    at = 4
    for column, key in enumerate(("figure", "value", "detail")):
        kind = "n" if key == "value" else "t"
        sheet.write_string(at, column, book.word(f"report.workbook.{key}"), look.heading(kind))
    for at, figure in enumerate(report.figures, start=at + 1):
        sheet.write_string(at, 0, book.word(f"{area_of(report.flow)}.figure.{figure.name}"), look.cell("text"))
        put(sheet, (at, 1), figure.kind, figure.value, look, book.language)
        sheet.write_string(at, 2, book.said(figure.detail) if figure.detail else "", look.cell("wording"))
    sections = (
        ("next_steps", [book.said(one) for one in report.next_steps]),
        ("notes", [book.said(one) for one in report.notes] + list(_cut_tables(book, report.tables))),
        ("definitions", [book.said(one) for one in report.definitions]),
        ("inputs", [book.said(one) for one in report.inputs]),
    )
    at += 2
    for section, lines in sections:
        at = _section(book, sheet, at, section, lines)
    return at


def _section(book: _Book, sheet: Worksheet, at: int, section: str, lines: list[str]) -> int:
    if not lines:
        return at
    sheet.write_string(at, 0, book.word(f"report.section.{section}"), book.look.section)
    for at, line in enumerate(lines, start=at + 1):
        sheet.merge_range(at, 0, at, 2, "", book.look.line)
        sheet.write_string(at, 0, line, book.look.line)
        sheet.set_row(at, 15 * (1 + width_of(line) // 92))
    return at + 2


def _cut_tables(book: _Book, tables: Iterable[Table]) -> Iterable[str]:
    for table in tables:
        beyond = len(table.rows) - SHEET_ROWS_MAX
        if beyond > 0:
            title = book.said(table.title)
            yield book.word("report.workbook.rows_cut", table=title, limit=SHEET_ROWS_MAX, count=beyond)


def _table_sheet(book: _Book, table: Table) -> None:
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
        sheet.write_string(0, at, name, book.look.heading(heading_kind(column.kind)))
        sheet.set_column(at, at, max(column.width, width_of(name) + 3))
    rows = table.rows[:SHEET_ROWS_MAX]
    for at, row in enumerate(rows, start=1):
        for across, place in enumerate(kept):
            put(sheet, (at, across), table.columns[place].kind, row[place], book.look, book.language)
    if table.answers:
        _answer_columns(book, sheet, table, rows, len(kept), moved)
    if not rows:
        sheet.write_string(1, 0, book.said(table.empty), book.look.muted)
    _finish(sheet, len(rows), len(kept) + len(answers), frozen=1 if kept and table.columns[kept[0]].kind == "text" else 0)


def _finish(sheet: Worksheet, rows: int, columns: int, *, frozen: int) -> None:
    sheet.freeze_panes(1, frozen)
    sheet.repeat_rows(0)
    sheet.set_row(0, 30)
    sheet.autofilter(0, 0, max(rows, 1), max(columns - 1, 0))


def _answer_columns(
    book: _Book, sheet: Worksheet, table: Table, rows: tuple[tuple[Value, ...], ...], first: int, moved: dict[str, int]
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


def _sheet_to_sign(book: _Book, one: Sheet) -> None:
    sheet = book.sheet(book.said(one.title), landscape=_wide(one.table.columns))
    last = max(1, len(one.table.columns) - 1)
    sheet.merge_range(0, 0, 0, last, "", book.look.sheet_title)
    sheet.write_string(0, 0, book.said(one.title), book.look.sheet_title)
    sheet.set_row(0, 28)
    at = 0
    for at, line in enumerate(one.lines, start=1):
        sheet.write_string(at, 0, book.said(line), book.look.plain)
    at += 2
    for across, column in enumerate(one.table.columns):
        name = book.word(column.heading)
        sheet.write_string(at, across, name, book.look.ruled_heading)
        sheet.set_column(across, across, max(column.width, width_of(name) + 2))
    sheet.repeat_rows(at)
    for row in one.table.rows[: SHEET_ROWS_MAX - at]:
        at += 1
        for across, (column, value) in enumerate(zip(one.table.columns, row, strict=True)):
            put(sheet, (at, across), column.kind, value, book.look, book.language, ruled=True)
    if not one.table.rows:
        at += 1
        sheet.write_string(at, 0, book.said(one.table.empty), book.look.plain)
    for role in one.signatures:
        at += 2
        sheet.write_string(at, 0, book.word("report.signature", role=book.said(role)), book.look.plain)
    sheet.print_area(0, 0, at, last)


def _wide(columns: tuple[Column, ...]) -> bool:
    return sum(column.width for column in columns) > 95  # noqa: PLR2004 - characters that an upright A4 page holds


def _charts(book: _Book, summary: Worksheet, charts: tuple[Chart, ...], below: int) -> None:
    """Writes the data of the charts on one sheet and draws each natively on the summary."""
    data = book.sheet(book.word("report.workbook.trend"))
    data.set_column(0, 200, 16)
    start, name = 0, data.get_name()
    for chart in charts:
        across = start + 1
        data.write_string(0, start, book.said(chart.title), book.look.section)
        data.write_string(1, start, book.word("report.workbook.date"), book.look.heading("t"))
        for at, date in enumerate(chart.dates, start=2):
            put(data, (at, start), "date", date, book.look, book.language)
        drawing = book.file.add_chart({"type": "column" if chart.kind == "bars" else "line"})
        drawing.set_title({"name": book.said(chart.title), "overlay": False, "name_font": {"size": 12, "bold": False}})
        drawing.set_legend({"position": "bottom"})
        drawing.set_size({"width": 860, "height": 300})
        drawing.show_blanks_as("gap")
        kinds = tuple(dict.fromkeys(one.kind for one in chart.series))
        for place, one in enumerate(chart.series):
            data.write_string(1, across, book.said(one.label), book.look.heading("n"))
            for at, value in enumerate(one.values, start=2):
                if value is not None:
                    put(data, (at, across), one.kind, value, book.look, book.language)
            colour, mark = _CHART_COLOURS[place % 4], _CHART_MARKS[place % 4]
            end = 1 + len(chart.dates)
            drawing.add_series(
                {
                    "name": [name, 1, across],
                    "categories": [name, 2, start, end, start],
                    "values": [name, 2, across, end, across],
                    "line": {"color": colour, "width": 2},
                    "fill": {"color": colour},
                    "marker": {"type": mark, "size": 5, "fill": {"color": colour}, "border": {"color": colour}},
                    "y2_axis": one.kind != kinds[0],
                }
            )
            across += 1
        drawing.set_x_axis({"num_format": "mm-dd", "date_axis": False, "interval_unit": max(1, len(chart.dates) // 10)})
        drawing.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#E3E7EC"}}, "line": {"none": True}})
        summary.insert_chart(below, 0, drawing, {"description": book.said(chart.title)})
        below += 16
        start = across + 1
    data.freeze_panes(2, 0)
