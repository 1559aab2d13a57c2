"""The charts of a report, and the pictures of its tables, drawn natively in its workbook."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from tasks.adapters.bars import INTERVAL_COLOURS, STACK_COLOURS, scale_start
from tasks.adapters.charts import colour_of
from tasks.adapters.report_book import Book
from tasks.adapters.workbook_cells import put
from tasks.domain.report import Bars, Chart, Kind, Table

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart as XlsxChart
    from xlsxwriter.worksheet import Worksheet

_CHART_ROW, _CHART_COLUMN, _CHART_ROWS, _CHART_PIXELS = 4, 4, 17, (600, 330)
# How many rows of a table one picture can show, and how large it is: in pixels, and in rows of the sheet of 20 pixels.
_PICTURED_MAX, _PICTURE_WIDTH, _ROW_PIXELS, _FRAME_PIXELS = 40, 820, 24, 130
_INTERVAL_PIXELS, _SHEET_ROW_PIXELS = 360, 20
_CHART_MARKS = ("circle", "square", "triangle", "diamond")


def draw_charts(book: Book, summary: Worksheet, charts: tuple[Chart, ...]) -> None:
    """Writes the data of the charts on one sheet and draws each natively beside the figures of the summary."""
    data = book.sheet(book.word("report.workbook.trend"))
    data.freeze_panes(2, 0)
    first = 0
    for place, chart in enumerate(charts):
        data.set_column(first, first + len(chart.series), 18)
        _chart_data(book, data, chart, first)
        drawing = _drawing(book, data.get_name(), chart, first)
        summary.insert_chart(
            _CHART_ROW + place * _CHART_ROWS, _CHART_COLUMN, drawing, {"description": book.said(chart.title)}
        )
        first += len(chart.series) + 2


def _chart_data(book: Book, data: Worksheet, chart: Chart, first: int) -> None:
    data.write_string(0, first, book.said(chart.title), book.look.section)
    data.write_string(1, first, book.word("report.workbook.date"), book.look.heading("text"))
    for at, date in enumerate(chart.dates, start=2):
        # A month is no day on an axis of days: as a text it stands as wide as any other.
        month = f"{date:%Y-%m}"
        put(data, (at, first), "text" if chart.months else "date", month if chart.months else date, book.look)
    for across, one in enumerate(chart.series, start=first + 1):
        data.write_string(1, across, book.said(one.label), book.look.heading("count"))
        for at, value in enumerate(one.values, start=2):
            put(data, (at, across), one.kind, value, book.look)


def _drawing(book: Book, sheet: str, chart: Chart, first: int) -> XlsxChart:
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
    return {"num_format": "0%" if kinds[:1] in (("rate",), ("share",)) else "#,##0", "line": {"none": True}}


def draw_bars(book: Book, tables: Sequence[tuple[str, Table]]) -> None:
    """Draws each table with bars, which stands on the sheet of that name, on one sheet of pictures."""
    pictured = [(name, table, table.bars) for name, table in tables if table.bars and table.rows]
    if not pictured:
        return
    sheet = book.sheet(book.word("report.workbook.pictures"), landscape=False)
    at = 0
    for name, table, bars in pictured:
        rows = min(len(table.rows), _PICTURED_MAX)
        if bars.kind == "stack":
            drawing = _stacks(book, name, table, bars)
        else:
            drawing = _intervals(book, name, table, bars, _distances(sheet, at, table, bars))
        title = book.said(table.title)
        if rows < len(table.rows):
            title = book.word("report.workbook.first_rows", title=title, count=rows)
        # A picture of intervals has to hide the cells that it is drawn from.
        height = _FRAME_PIXELS + _ROW_PIXELS * rows if bars.kind == "stack" else _INTERVAL_PIXELS
        drawing.set_title({"name": title, "name_font": {"size": 12, "bold": False}})
        drawing.set_legend({"position": "bottom"})
        drawing.set_size({"width": _PICTURE_WIDTH, "height": height})
        sheet.insert_chart(at, 0, drawing, {"description": title})
        at += height // _SHEET_ROW_PIXELS + 2


def _stacks(book: Book, sheet: str, table: Table, bars: Bars) -> XlsxChart:
    drawing = book.file.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for colour, name in zip(STACK_COLOURS, bars.columns, strict=False):
        drawing.add_series({**_columns(sheet, table, name), "fill": {"color": colour}, "gap": 60})
    # The first row stands on top, as in the table.
    drawing.set_y_axis({"reverse": True, "line": {"none": True}})
    drawing.set_x_axis({"num_format": "0%", "major_gridlines": {"visible": True, "line": {"color": "#E3E7EC"}}})
    return drawing


def _intervals(book: Book, sheet: str, table: Table, bars: Bars, distances: tuple[str, str]) -> XlsxChart:
    _, value, _, *target = bars.columns
    drawing = book.file.add_chart({"type": "line"})
    dot = {"fill": {"color": INTERVAL_COLOURS["value"]}, "border": {"color": INTERVAL_COLOURS["value"]}}
    drawing.add_series(
        {
            **_columns(sheet, table, value),
            "line": {"none": True},
            "marker": {"type": "circle", "size": 8, **dot},
            "y_error_bars": {
                "type": "custom",
                "plus_values": distances[0],
                "minus_values": distances[1],
                "line": {"color": INTERVAL_COLOURS["interval"], "width": 2.5},
            },
        }
    )
    for name in target:
        dash = {"fill": {"color": INTERVAL_COLOURS["target"]}, "border": {"color": INTERVAL_COLOURS["target"]}}
        series = {"line": {"none": True}, "marker": {"type": "long_dash", "size": 12, **dash}}
        drawing.add_series({**_columns(sheet, table, name), **series})
    # What the spreadsheet reads as the scale of an axis is no figure of the report.
    bottom = float(scale_start(table))
    grid = {"visible": True, "line": {"color": "#E3E7EC"}}
    drawing.set_y_axis({"num_format": "0%", "min": bottom, "max": 1, "major_gridlines": grid, "line": {"none": True}})
    return drawing


def _columns(sheet: str, table: Table, name: str) -> dict[str, object]:
    """The name, categories and values of a series that shows one column of a table as it stands on its sheet."""
    place = [column.name for column in table.columns].index(name)
    end = min(len(table.rows), _PICTURED_MAX)
    return {
        "name": [sheet, 0, place], "categories": [sheet, 1, 0, end, 0], "values": [sheet, 1, place, end, place],
    }  # fmt: skip


def _distances(sheet: Worksheet, top: int, table: Table, bars: Bars) -> tuple[str, str]:
    """Writes how far the ends of each interval lie from its value, behind the picture; gives the two ranges."""
    places = [[column.name for column in table.columns].index(name) for name in bars.columns[:3]]
    rows = table.rows[:_PICTURED_MAX]
    for at, row in enumerate(rows, start=top):
        low, value, high = (row[place] for place in places)
        if isinstance(low, Decimal) and isinstance(value, Decimal) and isinstance(high, Decimal):
            sheet.write_number(at, 0, high - value)
            sheet.write_number(at, 1, value - low)
    name, end = sheet.get_name().replace("'", "''"), top + len(rows)
    return f"='{name}'!$A${top + 1}:$A${end}", f"='{name}'!$B${top + 1}:$B${end}"
