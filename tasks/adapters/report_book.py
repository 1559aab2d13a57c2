"""A workbook being written: its sheets are set up for A4 and its words are in one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.wording import wording
from tasks.adapters.speech import shown, spoken
from tasks.adapters.workbook_cells import Look, lines_in, sheet_name
from tasks.domain.message import Message
from tasks.domain.report import Kind, Value

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_A4 = 9


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook being written: its formats, the reader's language and the sheet names that are taken."""

    file: Workbook
    look: Look
    language: str
    names: set[str]

    def word(self, key: str, **parameters: object) -> str:
        """The wording of `key` for the reader."""
        return wording(self.language, key, **parameters)

    def said(self, one: Message) -> str:
        """The words of a message for the reader."""
        return spoken(one, self.language)

    def lines(self, kind: Kind, value: Value, width: int) -> int:
        """How many lines a value takes in a cell of that width; only words are wrapped."""
        if kind not in ("text", "wording") or value is None:
            return 1
        return lines_in(value if isinstance(value, str) else shown(kind, value, self.language), width)

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
