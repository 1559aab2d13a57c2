"""The charts of a report drawn natively in its workbook, with their data on a sheet of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.adapters.charts import colour_of
from tasks.adapters.report_book import Book
from tasks.adapters.workbook_cells import put
from tasks.domain.report import Chart, Kind

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart as XlsxChart
    from xlsxwriter.worksheet import Worksheet

_CHART_ROW, _CHART_COLUMN, _CHART_ROWS, _CHART_PIXELS = 4, 4, 17, (600, 330)
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
    return {"num_format": "0%" if kinds[:1] == ("rate",) else "#,##0", "line": {"none": True}}
