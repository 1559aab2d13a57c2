"""Cells, formats and names of the workbooks that Daybook writes: what is text stays text, what is a number is exact."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from tasks.adapters.plain_text import display_width
from tasks.adapters.speech import NUMERIC, printable, shown
from tasks.domain.amounts import QUANTITY_PLACES, money
from tasks.domain.message import Message
from tasks.domain.report import Kind, Value

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

CELL_CHARACTERS_MAX = 32_767
SHEET_NAME_CHARACTERS_MAX = 31
# A spreadsheet keeps numbers as binary floating point, exact up to so many digits; longer ones are written as text.
EXACT_DIGITS_MAX = 15
# The days of a workbook begin with this year; older dates are written as text.
FIRST_YEAR = 1900
FONT = "Microsoft YaHei"
# How high a line of a wrapped cell is, and beyond how many lines a row does not grow.
LINE_POINTS, LINES_MAX = 13.5, 20

_FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "quantity": "#,##0.0###",
    "volume": "#,##0.0###########",
    "money": "#,##0.00",
    "rate": "0.0%",
    "share": "0.0##########%",
    "date": "yyyy-mm-dd",
    "text": "@",
    "wording": "@",
}
_INK, _RULE, _SOFT, _MUTED = "#16273F", "#C9D1DA", "#EEF2F7", "#5B6776"


class Look:
    """The formats of one workbook, each made once, and the language of its reader."""

    def __init__(self, file: Workbook, language: str) -> None:
        """Formats that belong to `file`, for a reader of `language`."""
        self._file = file
        self.language = language
        self._cells: dict[tuple[str, bool, bool], Format] = {}
        self.title = self._made(font_size=18, bold=True, font_color=_INK)
        self.muted = self._made(font_color=_MUTED)
        self.plain = self._made()
        self.section = self._made(bold=True, font_size=12, font_color=_INK)
        self.banner = self._made(bold=True, bg_color=_SOFT, font_color=_INK, text_wrap=True, valign="vcenter", left=5)
        self.line = self._made(text_wrap=True, valign="top")
        self.sheet_title = self._made(bold=True, font_size=16, align="center")
        self.ruled_heading = self._made(bold=True, border=1, align="center", valign="vcenter", text_wrap=True)
        self.answer_heading = self._made(bold=True, bg_color="#FFE9A8", bottom=2, valign="vcenter")
        self.answer = self._made(
            bg_color="#FFF9E3", border=1, border_color="#E9DDB0", text_wrap=True, valign="top", num_format="@"
        )

    def heading(self, kind: Kind) -> Format:
        """The format of the heading over cells of `kind`, over numbers to the right."""
        side: dict[str, object] = {"align": "right"} if kind in NUMERIC else {"align": "left", "indent": 1}
        return self._made(
            bold=True, bg_color=_SOFT, bottom=2, bottom_color=_INK, valign="vcenter", text_wrap=True, **side
        )

    def cell(self, kind: Kind, *, ruled: bool = False, whole: bool = False) -> Format:
        """The format of a cell of `kind`; a `whole` quantity or volume has no point, `ruled` cells have all borders."""
        known = (kind, ruled, whole)
        if known not in self._cells:
            wanted: dict[str, object] = {
                "num_format": "#,##0" if whole else _FORMATS[kind],
                "valign": "top",
                "text_wrap": kind in ("wording", "text"),
                "align": "right" if kind in NUMERIC else "left",
            }
            if kind not in NUMERIC:
                wanted["indent"] = 1
            wanted |= {"border": 1} if ruled else {"bottom": 1, "bottom_color": "#E6EAEE"}
            self._cells[known] = self._made(**wanted)
        return self._cells[known]

    def _made(self, **wanted: object) -> Format:
        return self._file.add_format({"font_name": FONT, "font_size": 10, **wanted})


def width_of(text: str) -> int:
    """The width of a text in characters of a spreadsheet column."""
    return display_width(text)


def lines_in(text: str, width: int) -> int:
    """How many lines a wrapped text takes in a cell of that width, from 1 to LINES_MAX.

    Not every program works out the height of a wrapped row by itself.
    """
    room = max(width - 2, 1)
    # No sign is wider than two columns, and most cells of a long table are codes.
    if 2 * len(text) <= room:
        return 1
    return min(-(-width_of(text) // room), LINES_MAX) or 1


def put(
    sheet: Worksheet,
    at: tuple[int, int],
    kind: Kind,
    value: Value,
    look: Look,
    *,
    ruled: bool = False,
) -> None:
    """Writes one value at row and column: numbers as numbers, dates as dates, everything else as text.

    Undefined is an empty cell; a number of more than EXACT_DIGITS_MAX digits is written as text, which keeps every
    digit; a text beyond CELL_CHARACTERS_MAX ends in an ellipsis.
    """
    row, column = at
    if value is None:
        sheet.write_blank(row, column, None, look.cell(kind, ruled=ruled))
    elif isinstance(value, dt.date) and value.year >= FIRST_YEAR:
        sheet.write_datetime(row, column, value, look.cell("date", ruled=ruled))
    elif kind in NUMERIC and not isinstance(value, dt.date | Message):
        number = _number(kind, value)
        if len(number.as_tuple().digits) > EXACT_DIGITS_MAX:
            sheet.write_string(row, column, shown(kind, value, look.language), look.cell(kind, ruled=ruled))
        else:
            whole = kind in {"quantity", "volume"} and number == number.to_integral_value()
            sheet.write_number(row, column, number, look.cell(kind, ruled=ruled, whole=whole))
    else:
        sheet.write_string(row, column, cut(shown(kind, value, look.language)), look.cell(kind, ruled=ruled))


def _number(kind: Kind, value: str | int | Decimal) -> Decimal:
    if kind == "quantity":
        return Decimal(value).scaleb(-QUANTITY_PLACES)
    return money(Decimal(value)) if kind == "money" else Decimal(value)


def cut(text: str) -> str:
    """`text` as a cell holds it: printable, at most CELL_CHARACTERS_MAX characters, the last an ellipsis where cut."""
    clean = printable(text)
    return clean if len(clean) <= CELL_CHARACTERS_MAX else clean[: CELL_CHARACTERS_MAX - 1] + "…"


def sheet_name(title: str, taken: set[str]) -> str:
    """A name for a sheet that Excel accepts and that no other sheet of `taken` bears; it is added to `taken`."""
    base = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", printable(title)).strip(" '")[:SHEET_NAME_CHARACTERS_MAX] or "-"
    name, again = base, 1
    while name.casefold() in taken:
        again += 1
        suffix = f" ({again})"
        name = base[: SHEET_NAME_CHARACTERS_MAX - len(suffix)] + suffix
    taken.add(name.casefold())
    return name
