"""The report as a page: one self-contained HTML that is file and mail at once, and its twin in plain text."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path

import css_inline
import jinja2
from markupsafe import Markup

import templates
from config.wording import UnknownWording, wording
from tasks.adapters.bars import key_of, pictures_of, scale_start, told_columns
from tasks.adapters.charts import colour_of, mark_of, picture_sources
from tasks.adapters.plain_text import display_width, laid_out
from tasks.adapters.qr_code import qr_drawing
from tasks.adapters.report_shelf import FlowShelf, PeriodShelf
from tasks.adapters.speech import NUMERIC, shown, spoken
from tasks.domain.message import Message
from tasks.domain.report import Chart, Column, Figure, Kind, Report, Table, Value, area_of, title_of

LARGE_FIGURES = 4
# So many digits of a large figure fit into half the width of a phone.
LARGE_DIGITS_MAX = 10
# A heading of so many columns stands on one line; a longer one may take two.
SHORT_HEADING = 11
# A column of words or days at least this many characters wide gets a line of its own under its row.
SENTENCES = ("text", "wording", "date")
SENTENCE_WIDTH_MIN = 30
# A longer run without a blank may be broken anywhere, or one cell would push its table off the page.
WORD_CHARACTERS_MAX = 30
_TEMPLATES = Path(templates.__file__).parent


def html_page(
    report: Report, language: str, pictures: Mapping[str, str] | None = None, notices: tuple[Message, ...] = ()
) -> str:
    """The report as one HTML document with inlined styles and no outside link or picture.

    `pictures` gives each chart's `src` by the chart's name (`cid:…` in a mail); without it the charts are drawn and
    stand in the page as `data:` addresses. `notices` are said first of all. The layout is the template `<area>.html.j2`
    of the report's flow. Raises UnknownWording where a label has no wording in `language`.
    """
    sources = picture_sources(report) if pictures is None else pictures
    page = _environment(language).get_template(f"{area_of(report.flow)}.html.j2")
    styled = page.render(report=report, pictures=sources, notices=notices, area=area_of(report.flow))
    return css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True).inline(styled)


def sheet_page(report: Report, language: str) -> str:
    """The report's tables and sheets as one HTML page to print and sign: light, without figures and charts.

    It is no mail: its styles stand once at its head. Raises UnknownWording where a label has no wording.
    """
    return _environment(language).get_template("sheet.html.j2").render(report=report)


def text_page(report: Report, language: str, notices: tuple[Message, ...] = ()) -> str:
    """The report in plain text with every figure and every row that the HTML shows (spec 10: mail)."""
    page = _environment(language).get_template(f"{area_of(report.flow)}.txt.j2")
    lines = page.render(report=report, notices=notices, area=area_of(report.flow)).splitlines()
    return "\n".join(_without_double_blanks(line.rstrip() for line in lines)).strip("\n") + "\n"


def shelf_page(shelves: Sequence[FlowShelf], language: str, *, at_root: bool = False, query: str = "") -> str:
    """The list of reports as an HTML page, the shelf of each flow; documents are addressed below `/reports/`.

    One that is not `at_root` leads back there. Links between lists carry `query` on.
    """
    page = _environment(language).get_template("reports.html.j2")
    return page.render(shelves=shelves, opened=None, at_root=at_root, query=query)


def period_page(flow: str, opened: PeriodShelf, language: str, *, query: str = "") -> str:
    """The page of all that lies there of one period of a flow, as `shelf_page` shows it."""
    page = _environment(language).get_template("reports.html.j2")
    return page.render(flow=flow, opened=opened, shelves=(), at_root=False, query=query)


@cache
def _environment(language: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=jinja2.select_autoescape(enabled_extensions=("html.j2",), default_for_string=True),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(language_tag=language.replace("_", "-"), word=partial(wording, language))
    environment.filters.update(
        said=partial(_said, language=language),
        value=partial(_cell, language=language),
        label=partial(_figure_label, language=language),
        is_short=lambda words: display_width(words) <= SHORT_HEADING,
        heading=lambda column: wording(language, column.heading),
        align=_alignment,
        across=lambda table: _part(table, under=False),
        under=lambda table: _part(table, under=True),
        is_wide=partial(_is_wide, language=language),
        large=lambda figures: figures[:LARGE_FIGURES],
        small=lambda figures: figures[LARGE_FIGURES:],
        unbroken=lambda cell: any(
            len(word) > WORD_CHARACTERS_MAX for word in str(cell).split() if isinstance(cell, str)
        ),
        pictures=pictures_of,
        key=partial(_key, language=language),
        told=partial(_told, language=language),
        top=_top_rows,
        more=lambda table: max(0, len(table.rows) - table.shown),
        legend=partial(_legend, language=language),
        span=_span,
        printed=partial(_printed, language=language),
        title_of=partial(_flow_title, language=language),
        scanned=partial(_scanned, language=language),
        tables_of=lambda report: [*report.tables, *(sheet.table for sheet in report.sheets)],
        text_table=partial(_text_table, language=language),
        underlined=lambda title, sign: f"{title}\n{sign * display_width(title)}",
    )
    return environment


def _said(one: Message, language: str) -> str:
    return spoken(one, language)


def _cell(value: Value, of: Column | Figure, language: str) -> str:
    return shown(of.kind, value, language)


def _figure_label(figure: Figure, area: str, language: str) -> str:
    return wording(language, f"{area}.figure.{figure.name}")


def _flow_title(flow: str, language: str) -> str:
    """The title of a flow's reports; of a flow that is no more, its name."""
    try:
        return wording(language, title_of(flow))
    except UnknownWording:
        return flow


def _alignment(column: Column) -> str:
    """Numbers stand to the right, so that their digits line up."""
    return "right" if column.kind in NUMERIC else "left"


def _is_wide(figure: Figure, language: str) -> bool:
    """Whether a large figure needs smaller digits to keep to its place on a phone."""
    return display_width(_cell(figure.value, figure, language)) > LARGE_DIGITS_MAX


@dataclass(frozen=True, slots=True)
class _Part:
    """Some columns of a table, and the cells of a row that belong to them."""

    columns: tuple[Column, ...]
    places: tuple[int, ...]

    def cells(self, row: tuple[Value, ...]) -> list[tuple[Column, Value]]:
        return [(column, row[place]) for column, place in zip(self.columns, self.places, strict=True)]

    def filled(self, row: tuple[Value, ...]) -> list[tuple[Column, Value]]:
        return [(column, value) for column, value in self.cells(row) if value not in (None, "")]


def _part(table: Table, *, under: bool) -> _Part:
    pictured = {place for _, place in told_columns(table)}
    places = tuple(
        place
        for place, column in enumerate(table.columns)
        if place not in pictured
        and under == (column.name == "id" or (column.kind in SENTENCES and column.width >= SENTENCE_WIDTH_MIN))
    )
    if under:
        # Words come before references, and the id, which nobody reads first, comes last.
        places = tuple(
            sorted(places, key=lambda at: (table.columns[at].name == "id", table.columns[at].kind != "wording"))
        )
    return _Part(tuple(table.columns[place] for place in places), places)


@cache
def _escaped(kind: Kind, language: str) -> Callable[[Value], str]:
    """What a page shows of values of one kind, each distinct one made and escaped once."""

    @lru_cache(maxsize=1 << 16)
    def escaped(value: Value) -> str:
        return "" if value is None else html.escape(shown(kind, value, language))

    return escaped


def _printed(table: Table, language: str) -> Markup:
    """The rows of a table's body as people read them, escaped and joined for a page; a blank is a blank."""
    cells = [
        map(_escaped(column.kind, language), values)
        for column, values in zip(table.columns, zip(*table.rows, strict=True), strict=True)
    ]
    rows = map("</td><td>".join, zip(*cells, strict=True))
    # Every part is escaped already; a page of thousands of cells is too many for the template to look at one by one.
    return Markup("<tr><td>" + "</td></tr>\n<tr><td>".join(rows) + "</td></tr>")  # noqa: S704 - escaped, as said above


def _scanned(code: str, language: str) -> Markup:
    """The number as a drawing to be scanned."""
    return Markup(qr_drawing(code, wording(language, "report.scan", code=code)))  # noqa: S704 - made here of modules


def _key(table: Table, language: str) -> list[dict[str, str]]:
    """What the colours of a table's pictures mean, and where the scale of its intervals begins."""
    first = f"{int(scale_start(table) * 100)}%"
    headings = {column.name: wording(language, column.heading) for column in table.columns}
    if table.bars is None or table.bars.kind == "interval":
        headings = {}
    return [
        {"colour": colour, "words": headings.get(meaning) or wording(language, f"report.bars.{meaning}", first=first)}
        for colour, meaning in key_of(table)
    ]


def _told(row: tuple[Value, ...], table: Table, language: str) -> str:
    """The figures of a row's picture in words, those that do not stand in a column of the page."""
    told = [(column, row[place]) for column, place in told_columns(table)]
    return " · ".join(
        f"{wording(language, column.heading)} {shown(column.kind, value, language)}"
        for column, value in told
        if value is not None
    )


def _top_rows(table: Table) -> tuple[tuple[Value, ...], ...]:
    return table.rows[: table.shown]


def _legend(chart: Chart, language: str) -> list[dict[str, str]]:
    """Each series in words: its mark and colour in the picture, label and latest value."""
    return [
        {
            "mark": mark_of(place),
            "colour": colour_of(place),
            "label": spoken(one.label, language),
            "latest": shown(one.kind, one.values[-1] if one.values else None, language),
        }
        for place, one in enumerate(chart.series)
    ]


def _span(chart: Chart) -> dict[str, str]:
    ends = (chart.dates[0], chart.dates[-1]) if chart.dates else ("", "")
    month = len("2026-11") if chart.months else None
    return {"first": str(ends[0])[:month], "last": str(ends[1])[:month]}


def _text_table(table: Table, language: str, *, whole: bool = False) -> str:
    rows = table.rows if whole else _top_rows(table)
    return laid_out(
        [wording(language, column.heading) for column in table.columns],
        [
            [shown(column.kind, value, language) for column, value in zip(table.columns, row, strict=True)]
            for row in rows
        ],
        [column.kind in NUMERIC for column in table.columns],
    )


def _without_double_blanks(lines: Iterable[str]) -> Iterable[str]:
    before = ""
    for line in lines:
        if line or before:
            yield line
        before = line
