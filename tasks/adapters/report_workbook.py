"""The report as a workbook: a summary with a native chart, one filterable sheet a table, and the sheets to sign."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import xlsxwriter

from config.wording import wording
from tasks.adapters.charts import colour_of
from tasks.adapters.speech import shown, spoken
from tasks.adapters.workbook_cells import Look, put, sheet_name, width_of
from tasks.domain.message import Message
from tasks.domain.report import Chart, Column, Kind, Report, Sheet, Table, Value, area_of

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart as XlsxChart
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# Excel ends at 1,048,576 rows; one of them is the heading.
SHEET_ROWS_MAX = 1_048_575
ANSWERS = ("treatment", "reason", "answered_by", "owner")
TREATMENTS = ("explain", "assign", "write_off")
_ANSWER_WIDTHS = {"treatment": 12, "reason": 30, "answered_by": 12, "owner": 12}
_A4 = 9
_COLUMN_WIDTH_MAX = 44
_LINE_CHARACTERS = 76
_LINE_POINTS, _LINES_MAX = 13.5, 20
_CHART_COLUMN, _CHART_ROWS, _CHART_PIXELS = 4, 17, (600, 330)
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

    First the summary, then the sheets to sign, if there are any (the workbook opens on the first), then every table
    with all its rows, then the data of the charts. Texts stay texts: nothing becomes a formula, a link or a number.
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
    book = _Book(file, Look(file, language), language, set())
    summary = book.sheet(book.word("report.workbook.summary"))
    for sheet in report.sheets:
        _sheet_to_sign(book, sheet)
    for table in report.tables:
        _table_sheet(book, table)
    _summary(book, summary, report)
    if report.charts:
        _charts(book, summary, report.charts)
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


def _summary(book: _Book, sheet: Worksheet, report: Report) -> None:
    """Writes title, status, figures and small print."""
    look = book.look
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 2, 26)
    sheet.set_column(3, 3, 2)
    sheet.write_string(0, 0, book.said(report.title), look.title)
    sheet.write_string(1, 0, f"{book.said(report.subtitle)} · {report.period}", look.muted)
    status = book.word(f"report.status.{report.status}")
    sheet.set_row(2, 34)
    said = book.word("report.text.status", status=status, headline=book.said(report.headline))
    sheet.merge_range(2, 0, 2, 2, "", look.banner)
    sheet.write_string(2, 0, said, look.banner)
    top = 4
    for column, key in enumerate(("figure", "value", "detail")):
        kind: Kind = "count" if key == "value" else "text"
        sheet.write_string(top, column, book.word(f"report.workbook.{key}"), look.heading(kind))
    for at, figure in enumerate(report.figures, start=top + 1):
        sheet.write_string(at, 0, book.word(f"{area_of(report.flow)}.figure.{figure.name}"), look.cell("text"))
        put(sheet, (at, 1), figure.kind, figure.value, look)
        sheet.write_string(at, 2, book.said(figure.detail) if figure.detail else "", look.cell("wording"))
    sections = (
        ("next_steps", [book.said(one) for one in report.next_steps]),
        ("notes", [book.said(one) for one in report.notes] + list(_cut_tables(book, report.tables))),
        ("definitions", [book.said(one) for one in report.definitions]),
        ("inputs", [book.said(one) for one in report.inputs]),
    )
    at = top + len(report.figures) + 2
    for section, lines in sections:
        at = _section(book, sheet, at, section, lines)


def _section(book: _Book, sheet: Worksheet, top: int, section: str, lines: list[str]) -> int:
    """Writes the lines under their heading from row `top`; gives the row where the next section begins."""
    if not lines:
        return top
    sheet.write_string(top, 0, book.word(f"report.section.{section}"), book.look.section)
    for at, line in enumerate(lines, start=top + 1):
        sheet.merge_range(at, 0, at, 2, "", book.look.line)
        sheet.write_string(at, 0, line, book.look.line)
        sheet.set_row(at, 15 * (1 + width_of(line) // _LINE_CHARACTERS))
    return top + len(lines) + 2


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
        sheet.write_string(0, at, name, book.look.heading(column.kind))
        sheet.set_column(at, at, min(max(column.width, width_of(name) + 3), _COLUMN_WIDTH_MAX))
    rows = table.rows[:SHEET_ROWS_MAX]
    for at, row in enumerate(rows, start=1):
        for across, place in enumerate(kept):
            put(sheet, (at, across), table.columns[place].kind, row[place], book.look)
        lines = max((_lines(book, table.columns[place], row[place]) for place in kept), default=1)
        if lines > 1:
            sheet.set_row(at, _LINE_POINTS * lines + 4)
    if table.answers:
        _answer_columns(book, sheet, rows, len(kept), moved)
    if not rows:
        sheet.write_string(1, 0, book.said(table.empty), book.look.muted)
    _finish(
        sheet, len(rows), len(kept) + len(answers), frozen=1 if kept and table.columns[kept[0]].kind == "text" else 0
    )


def _lines(book: _Book, column: Column, value: Value) -> int:
    """How many lines a sentence takes: not every program works out the height of a wrapped row by itself."""
    if column.kind not in ("text", "wording") or value is None:
        return 1
    room = min(max(column.width, 8), _COLUMN_WIDTH_MAX) - 2
    return min(-(-width_of(shown(column.kind, value, book.language)) // room), _LINES_MAX) or 1


def _finish(sheet: Worksheet, rows: int, columns: int, *, frozen: int) -> None:
    sheet.freeze_panes(1, frozen)
    sheet.repeat_rows(0)
    sheet.set_row(0, 30)
    sheet.autofilter(0, 0, max(rows, 1), max(columns - 1, 0))


def _answer_columns(
    book: _Book, sheet: Worksheet, rows: tuple[tuple[Value, ...], ...], first: int, moved: dict[str, int]
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
            put(sheet, (at, across), column.kind, value, book.look, ruled=True)
    if not one.table.rows:
        at += 1
        sheet.write_string(at, 0, book.said(one.table.empty), book.look.plain)
    for role in one.signatures:
        at += 2
        sheet.write_string(at, 0, book.word("report.signature", role=book.said(role)), book.look.plain)
    sheet.print_area(0, 0, at, last)


def _wide(columns: tuple[Column, ...]) -> bool:
    return sum(column.width for column in columns) > 95  # noqa: PLR2004 - characters that an upright A4 page holds


def _charts(book: _Book, summary: Worksheet, charts: tuple[Chart, ...]) -> None:
    """Writes the data of the charts on one sheet and draws each natively beside the figures of the summary."""
    data = book.sheet(book.word("report.workbook.trend"))
    data.freeze_panes(2, 0)
    first = 0
    for place, chart in enumerate(charts):
        data.set_column(first, first + len(chart.series), 18)
        _chart_data(book, data, chart, first)
        drawing = _drawing(book, data.get_name(), chart, first)
        summary.insert_chart(4 + place * _CHART_ROWS, _CHART_COLUMN, drawing, {"description": book.said(chart.title)})
        first += len(chart.series) + 2


def _chart_data(book: _Book, data: Worksheet, chart: Chart, first: int) -> None:
    data.write_string(0, first, book.said(chart.title), book.look.section)
    data.write_string(1, first, book.word("report.workbook.date"), book.look.heading("text"))
    for at, date in enumerate(chart.dates, start=2):
        put(data, (at, first), "date", date, book.look)
    for across, one in enumerate(chart.series, start=first + 1):
        data.write_string(1, across, book.said(one.label), book.look.heading("count"))
        for at, value in enumerate(one.values, start=2):
            put(data, (at, across), one.kind, value, book.look)


def _drawing(book: _Book, sheet: str, chart: Chart, first: int) -> XlsxChart:
    drawing = book.file.add_chart({"type": "column" if chart.kind == "bars" else "line"})
    drawing.set_title({"name": book.said(chart.title), "name_font": {"size": 12, "bold": False}})
    drawing.set_legend({"position": "bottom"})
    drawing.set_size({"width": _CHART_PIXELS[0], "height": _CHART_PIXELS[1]})
    drawing.show_blanks_as("gap")
    kinds = tuple(dict.fromkeys(one.kind for one in chart.series))
    end = 1 + len(chart.dates)
    for place, one in enumerate(chart.series):
        colour, mark = colour_of(place), _CHART_MARKS[place % len(_CHART_MARKS)]
        drawing.add_series(
            {
                "name": [sheet, 1, first + 1 + place],
                "categories": [sheet, 2, first, end, first],
                "values": [sheet, 2, first + 1 + place, end, first + 1 + place],
                "line": {"color": colour, "width": 2},
                "fill": {"color": colour},
                "marker": {"type": mark, "size": 5, "fill": {"color": colour}, "border": {"color": colour}},
                "y2_axis": one.kind != kinds[0],
            }
        )
    drawing.set_x_axis({"num_format": "mm-dd", "interval_unit": max(1, len(chart.dates) // 8)})
    drawing.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#E3E7EC"}}, **_axis(kinds[:1])})
    drawing.set_y2_axis(_axis(kinds[1:]))
    return drawing


def _axis(kinds: tuple[Kind, ...]) -> dict[str, object]:
    return {"num_format": "0%" if kinds[:1] == ("rate",) else "#,##0", "line": {"none": True}}
