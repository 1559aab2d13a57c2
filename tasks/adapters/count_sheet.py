"""Count sheets to hand out: ready to print on A4, only what is to be filled in unlocked, known again by their number.

Equal arguments give equal bytes. Source: spec 02, open.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import xlsxwriter

from config.datasets import EXAMPLE_DAY, Dataset, DatasetColumn, Word
from config.wording import wording
from tasks.adapters.plain_text import display_width
from tasks.adapters.speech import printable
from tasks.adapters.whole_files import write_whole
from tasks.adapters.workbook_cells import FONT
from tasks.domain.amounts import QUANTITY_PLACES
from tasks.domain.cells import QUANTITY_MAX

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# Rows for what is found and not listed; whoever finds more writes below them.
BLANK_ROWS = 20
HEADINGS_ROW = 5
STORES_NAMED = 6
LINE_POINTS = 21
_TEXT_POINTS = 13.5
_A4 = 9
_WIDTHS = {
    "warehouse": 9, "item": 12, "item_name": 20, "specification": 15, "unit": 5, "book": 9, "counted": 9, "damaged": 9,
    "serials": 17, "cause": 12, "responsible": 10, "proposal": 13, "remark": 12, "counted_on": 11, "counted_by": 9,
    "supervised_by": 9,
}  # fmt: skip
_LISTED = ("number", "warehouse", "item", "item_name", "specification", "unit", "book")
_QUANTITIES = ("book", "counted", "damaged")
_MADE = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - the workbook's own property, which knows no zone
_INK, _RULE, _HEAD, _FILL = "#16273F", "#8A94A3", "#DCE6F1", "#FFF8D6"


@dataclass(frozen=True, slots=True)
class SheetHead:
    """What stands above the lines of a sheet: `code` and `name` are a site's, a department has its name alone.

    A `recount` (1, 2…) is blind whatever `blind` says: it shows neither book nor first count. `method` is how is
    counted: self, supervised, spot or blank.
    """

    number: str
    code: str
    name: str
    month: str
    cut_off: dt.date
    due_on: dt.date
    blind: bool
    recount: int = 0
    method: str = ""

    @property
    def shows_book(self) -> bool:
        """Whether the sheet has a column with the book."""
        return not self.blind and not self.recount


@dataclass(frozen=True, slots=True)
class SheetForm:
    """How count sheets look: the dataset that takes them back, the causes to choose from, the reader's language."""

    dataset: Dataset
    causes: tuple[Word, ...]
    language: str

    def say(self, name: str, /, **parameters: object) -> str:
        """The wording `count_sheets.<name>`."""
        return wording(self.language, f"count_sheets.{name}", **parameters)

    def heading(self, column: DatasetColumn) -> str:
        """What heads the column."""
        return column.heading_zh if self.language == "zh_CN" else column.heading_en


def write_count_sheet(path: Path, head: SheetHead, lines: pd.DataFrame, form: SheetForm) -> None:
    """Writes the workbook at `path`, whole or not at all; raises OSError where it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, count_sheet(head, lines, form), durable=False)


def count_sheet(head: SheetHead, lines: pd.DataFrame, form: SheetForm) -> bytes:
    """The bytes of an xlsx with one line for each of `lines` in their order, and blank rows for what else is found.

    `lines`: warehouse, warehouse_name, item, item_name, specification, unit and frozen, the book scaled by 10,000.
    """
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": head.number, "created": _MADE, "author": "Daybook"})
        sheet = book.add_worksheet(form.say("title"))
        columns = tuple(one for one in form.dataset.columns if one.name != "book" or head.shows_book)
        last = HEADINGS_ROW + len(lines) + BLANK_ROWS
        looks = _Looks(book)
        _write_columns(sheet, columns, form, looks)
        _write_head(sheet, head, _stores(lines), form, looks)
        _write_lines(sheet, head, lines, columns, looks)
        _validate(sheet, columns, form, last)
        _shade(sheet, columns, looks, last)
        _set_up(sheet, form, last, len(columns))
    return stream.getvalue()


class _Looks:
    """The formats of one workbook; what is written in a format here is locked unless it says otherwise."""

    def __init__(self, book: Workbook) -> None:
        made = partial(_format, book)
        self.title = made(bold=True, font_size=15, font_color=_INK, valign="vcenter")
        self.head = made(font_size=10, font_color=_INK, valign="vcenter")
        self.note = made(font_size=9, font_color="#7A4B00", valign="vcenter")
        self.heading = made(bold=True, border=1, bg_color=_HEAD, text_wrap=True, align="center", valign="vcenter")
        self.text = made(num_format="@", text_wrap=True, valign="vcenter")
        self.quantity = made(num_format="General", valign="vcenter")
        self.date = made(num_format="yyyy-mm-dd", valign="vcenter", locked=False)
        self.open_text = made(num_format="@", text_wrap=True, valign="vcenter", locked=False)
        self.open_quantity = made(num_format="General", valign="vcenter", locked=False)
        self.ruled = book.add_format({"border": 1, "border_color": _RULE})
        self.yellow = book.add_format({"border": 1, "border_color": _RULE, "bg_color": _FILL})
        blank = partial(made, valign="vcenter", border=1, border_color=_RULE, bg_color=_FILL, locked=False)
        self._blank = {
            "@": blank(num_format="@", text_wrap=True),
            "General": blank(),
            "date": blank(num_format="yyyy-mm-dd"),
        }

    def open_for(self, column: DatasetColumn) -> Format:
        """How the cells of a column look that anybody may fill in."""
        if column.type == "date":
            return self.date
        return self.open_quantity if column.name in _QUANTITIES else self.open_text

    def blank_for(self, column: DatasetColumn) -> Format:
        """The same for a blank row, ruled and yellow in itself: what only a condition colours is not printed there."""
        if column.type == "date":
            return self._blank["date"]
        return self._blank["General" if column.name in _QUANTITIES else "@"]


def _format(book: Workbook, **shape: object) -> Format:
    return book.add_format({"font_name": FONT, "font_size": 10, **shape})


def _write_columns(sheet: Worksheet, columns: Sequence[DatasetColumn], form: SheetForm, looks: _Looks) -> None:
    """The headings, and the columns open to their ends: listed cells are locked one by one."""
    for place, column in enumerate(columns):
        hidden = {"hidden": True} if column.name == "number" else {}
        sheet.set_column(place, place, _WIDTHS.get(column.name, 12), looks.open_for(column), hidden)
        sheet.write_string(HEADINGS_ROW, place, form.heading(column), looks.heading)


def _write_head(sheet: Worksheet, head: SheetHead, stores: str, form: SheetForm, looks: _Looks) -> None:
    title = form.say("recount_title", round=head.recount) if head.recount else form.say("title")
    place = form.say("site", code=head.code, name=head.name) if head.code else form.say("department", name=head.name)
    for row in range(HEADINGS_ROW):
        # The blank cells beside the words are locked too, unlike those of the columns below.
        sheet.set_row(row, 26 if row == 0 else 16, looks.head)
    sheet.set_row(HEADINGS_ROW, 30, looks.head)
    sheet.write_string(0, 1, title, looks.title)
    said = (
        (1, 1, place),
        (1, 6, form.say("month", month=head.month)),
        (1, 11, form.say("cut_off", date=head.cut_off.isoformat())),
        (2, 1, form.say("number", number=head.number)),
        (2, 6, form.say(f"method.{head.method}") if head.method else ""),
        (2, 11, form.say("due", date=head.due_on.isoformat())),
        (3, 1, form.say("stores", stores=stores) if stores else ""),
    )
    for row, column, text in said:
        sheet.write_string(row, column, printable(text), looks.head)
    note = "note_recount" if head.recount else "note" if head.shows_book else "note_blind"
    sheet.write_string(4, 1, form.say(note), looks.note)


def _stores(lines: pd.DataFrame) -> str:
    """The first of the warehouses on the sheet, each with its name, for a code alone tells nobody good from damaged."""
    known = lines[["warehouse", "warehouse_name"]].drop_duplicates("warehouse").head(STORES_NAMED)
    return "  ".join(f"{code} {name}".strip() for code, name in known.itertuples(index=False))


def _write_lines(
    sheet: Worksheet, head: SheetHead, lines: pd.DataFrame, columns: Sequence[DatasetColumn], looks: _Looks
) -> None:
    first = HEADINGS_ROW + 1
    texts = {name: map(printable, lines[name]) for name in _LISTED if name in lines.columns and name != "number"}
    for place, column in enumerate(columns):
        if column.name == "number":
            _write_texts(sheet, (first, place), [head.number] * len(lines), looks.text)
        elif column.name == "book":
            for row, frozen in enumerate(lines["frozen"].tolist(), start=first):
                sheet.write_number(row, place, _number(frozen), looks.quantity)
        elif column.name in texts:
            _write_texts(sheet, (first, place), texts[column.name], looks.text)
    for row, texts_of_row in enumerate(zip(lines["item_name"], lines["specification"], strict=True), start=first):
        high = max(map(_lines_of, ("item_name", "specification"), texts_of_row))
        if high > 1:
            sheet.set_row(row, max(LINE_POINTS, _TEXT_POINTS * high))
    # Written though blank, so that they are printed for whoever counts on paper.
    for row in range(first + len(lines), first + len(lines) + BLANK_ROWS):
        for place, column in enumerate(columns):
            sheet.write_blank(row, place, None, looks.blank_for(column))


def _lines_of(name: str, text: str) -> int:
    """How many lines a text takes in its column."""
    room = _WIDTHS[name] - 1
    # No sign is wider than two columns, and most names are short.
    return 1 if 2 * len(text) <= room else -(-display_width(text) // room)


def _write_texts(sheet: Worksheet, at: tuple[int, int], texts: Iterable[str], look: Format) -> None:
    for row, text in enumerate(texts, start=at[0]):
        sheet.write_string(row, at[1], text, look)


def _number(scaled: int) -> int | Decimal:
    whole, rest = divmod(scaled, 10**QUANTITY_PLACES)
    return Decimal(scaled).scaleb(-QUANTITY_PLACES) if rest else whole


def _validate(sheet: Worksheet, columns: Sequence[DatasetColumn], form: SheetForm, last: int) -> None:
    for place, column in enumerate(columns):
        rule = _rule(column, form)
        if rule:
            rule |= {"error_title": form.say("wrong_title")}
            sheet.data_validation(HEADINGS_ROW + 1, place, last, place, rule)


def _rule(column: DatasetColumn, form: SheetForm) -> dict[str, object]:
    if column.name in ("counted", "damaged"):
        rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": QUANTITY_MAX}
        return rule | {"error_message": form.say("wrong_quantity")}
    if column.type == "date":
        rule = {"validate": "date", "criteria": "between"}
        rule |= {"minimum": dt.date(2000, 1, 1), "maximum": dt.date(2100, 12, 31)}
        return rule | {"error_message": form.say("wrong_date", example=EXAMPLE_DAY.isoformat())}
    if column.name == "cause":
        source = [word.zh if form.language == "zh_CN" else word.en for word in form.causes]
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        return rule | {"error_message": form.say("other_cause")}
    if column.name == "serials":
        return {"validate": "any", "input_message": form.say("serials")}
    return {}


def _shade(sheet: Worksheet, columns: Sequence[DatasetColumn], looks: _Looks, last: int) -> None:
    """Rules and yellow cells by condition: written cell by cell they would make the file several times as large."""
    first, listed = HEADINGS_ROW + 1, last - BLANK_ROWS
    if listed < first:
        return
    opened = next(place for place, column in enumerate(columns) if column.name not in _LISTED)
    for left, right, look in ((0, opened - 1, looks.ruled), (opened, len(columns) - 1, looks.yellow)):
        sheet.conditional_format(first, left, listed, right, {"type": "no_errors", "format": look})


def _set_up(sheet: Worksheet, form: SheetForm, last: int, width: int) -> None:
    # High enough to write into by hand once the width is fitted to the page.
    sheet.set_default_row(LINE_POINTS)
    sheet.freeze_panes(HEADINGS_ROW + 1, 4)
    sheet.autofilter(HEADINGS_ROW, 0, last, width - 1)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, HEADINGS_ROW)
    sheet.set_footer(f"&L{form.say('signatures')}&R{form.say('page')}")
