"""Empty workbooks to hand out: what people fill in there reads back without a fault."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from config.datasets import EXAMPLE_DAY, EXAMPLE_RATE, EXAMPLE_SHARE, Dataset, DatasetColumn, Word, Words
from config.wording import wording
from tasks.domain.cells import PLACES, QUANTITY_MAX

ROWS_PREPARED = 500
_QUESTION, _EXAMPLE = "question", "example question"
_A4 = 9
_WIDTHS = {
    "date": 12, "datetime": 17, "quantity": 10, "price": 10, "volume": 12, "money": 11, "share": 9, "count": 12,
    "freight": 14, "word": 16, "code": 14, "digits": 22, "rate": 9,
}  # fmt: skip
_WIDE = {"item_name": 22, "remark": 26, "reason": 30, "email": 26, "specification": 18, "sequence": 7, "unit": 7}
# A workbook without a moment of its own is the same in every home.
_MADE = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - the workbook's own property, which knows no zone


@dataclass(frozen=True, slots=True)
class Asking:
    """What a survey asks: the questions of each group in their order, and the five words offered as answers.

    Without questions the workbook has examples of some, without words those that are shipped.
    """

    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ratings: tuple[str, ...] = ()


NOTHING_SAID = Asking()


def template_workbook(dataset: Dataset, language: str, words: Words, asking: Asking = NOTHING_SAID) -> bytes:
    """The bytes of an xlsx workbook: title, headings (required ones with a star), lists, validation, an example row.

    The example row is recognised as it stands and never read; one that somebody has typed over is. In a wide dataset
    the questions of `asking` stand before the overall rating, below the names of their groups. Equal arguments give
    equal bytes.
    """
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": _MADE, "author": "Daybook"})
        title = dataset.title_zh if language == "zh_CN" else dataset.title_en
        sheet = book.add_worksheet(title[:31])
        if dataset.wide:
            dataset, words = _with_questions(dataset, asking, language), _offered(words, asking)
        columns = _visible(dataset)
        header = _write_top(book, sheet, dataset, language, len(columns))
        if dataset.wide and any(asking.groups.values()):
            header = _write_groups(book, sheet, (header, _first_question(columns)), asking)
        lists = _Lists(book, language)
        for place, column in enumerate(columns):
            _write_column(book, sheet, (header, place), column, language)
            _validate(sheet, (header, place), column, language, lists.range_of(column.words, words))
        _write_example(book, sheet, header + 1, dataset, language, words)
        _set_up_print(sheet, header)
    return stream.getvalue()


def _visible(dataset: Dataset) -> tuple[DatasetColumn, ...]:
    return tuple(column for column in dataset.columns if not column.hidden)


def _say(language: str, name: str, **parameters: object) -> str:
    return wording(language, f"intake.handout.{name}", **parameters)


def _write_top(book: Workbook, sheet: Worksheet, dataset: Dataset, language: str, width: int) -> int:
    title = dataset.title_zh if language == "zh_CN" else dataset.title_en
    text = _say(language, "title", title=title, note=_say(language, "note"))
    look = book.add_format({"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"})
    sheet.merge_range(0, 0, 0, max(width - 1, 1), text, look)
    sheet.set_row(0, 26)
    if dataset.name != "ledger":
        return 1
    for place, name in ((0, "site_line"), (4, "date_line"), (8, "person_line")):
        sheet.write_string(1, place, _say(language, name))
    return 2


def _with_questions(dataset: Dataset, asking: Asking, language: str) -> Dataset:
    """The dataset with a column for each question before the overall rating, which is answered with the same words."""
    overall = next(column for column in dataset.columns if column.words == "ratings")
    own = {_QUESTION: [question for named in asking.groups.values() for question in named]}
    examples = {_EXAMPLE: [_say(language, name) for name in ("question_quality", "question_service")]}
    asked = [
        replace(overall, name=name, heading_zh=question, heading_en=question, asked=False)
        for name, questions in (own if own[_QUESTION] else examples).items()
        for question in questions
    ]
    at = dataset.columns.index(overall)
    return replace(dataset, columns=(*dataset.columns[:at], *asked, *dataset.columns[at:]))


def _first_question(columns: Sequence[DatasetColumn]) -> int:
    return next(place for place, column in enumerate(columns) if column.name == _QUESTION)


def _offered(words: Words, asking: Asking) -> Words:
    """The words with the house's own for answers, the shipped ones where it has none."""
    own = tuple(Word(code=text, zh=text, en=text, also=()) for text in asking.ratings) or words.lists["ratings"]
    return replace(words, lists={**words.lists, "ratings": own})


def _write_groups(book: Workbook, sheet: Worksheet, at: tuple[int, int], asking: Asking) -> int:
    """Writes the name of each group over its questions; gives the row of the headings below."""
    look = book.add_format({"bold": True, "align": "center", "border": 1, "bg_color": "#F2F2F2"})
    row, place = at
    for group, questions in asking.groups.items():
        if len(questions) > 1:
            sheet.merge_range(row, place, row, place + len(questions) - 1, group, look)
        elif questions:
            sheet.write_string(row, place, group, look)
        place += len(questions)
    return row + 1


class _Lists:
    """Drop-down words on a hidden sheet, for a list in the cell itself may not be longer than 255 characters."""

    def __init__(self, book: Workbook, language: str) -> None:
        self._book = book
        self._language = language
        self._sheet: Worksheet | None = None
        self._ranges: dict[str, str] = {}

    def range_of(self, name: str, words: Words) -> str:
        """The cells that hold the words of the list `name`, as a formula; blank for no list."""
        if not name or name in self._ranges:
            return self._ranges.get(name, "")
        if self._sheet is None:
            self._sheet = self._book.add_worksheet(_say(self._language, "lists"))
            self._sheet.hide()
        place = len(self._ranges)
        texts = [word.zh if self._language == "zh_CN" else word.en for word in words.lists[name]]
        self._sheet.write_column(0, place, texts)
        letter = chr(ord("A") + place)
        self._ranges[name] = f"='{_say(self._language, 'lists')}'!${letter}$1:${letter}${len(texts)}"
        return self._ranges[name]


def _write_column(book: Workbook, sheet: Worksheet, at: tuple[int, int], column: DatasetColumn, language: str) -> None:
    look = book.add_format(
        {"bold": True, "border": 1, "bg_color": "#DCE6F1" if _starred(column) else "#F2F2F2", "text_wrap": True}
    )
    heading = column.heading_zh if language == "zh_CN" else column.heading_en
    width = _WIDE.get(column.name, _WIDTHS.get(column.type, 14))
    sheet.set_column(at[1], at[1], width, _cell_look(book, column))
    sheet.write_string(at[0], at[1], f"{heading}*" if _starred(column) else heading, look)
    sheet.write_comment(at[0], at[1], _note(column, language), {"x_scale": 1.4})


def _starred(column: DatasetColumn) -> bool:
    return column.required or column.asked


def _cell_look(book: Workbook, column: DatasetColumn) -> Format:
    formats = {
        "date": "yyyy-mm-dd",
        "datetime": "yyyy-mm-dd hh:mm",
        "code": "@",
        "digits": "@",
        "rate": "0.##%",
        "text": "@",
        "word": "@",
        "money": "0.00",
    }
    return book.add_format({"num_format": formats.get(column.type, "General")})


def _note(column: DatasetColumn, language: str) -> str:
    notes = [_say(language, "required")] if _starred(column) else []
    notes += [_say(language, "question_example")] if column.name == _EXAMPLE else []
    match column.type:
        case "word":
            notes.append(_say(language, "choose"))
        case "datetime" if column.time:
            notes.append(_say(language, "as_moment"))
        case "date" | "datetime":
            notes.append(_say(language, "as_date"))
        case "quantity" | "price" | "volume" | "money":
            notes.append(_say(language, "as_number", places=PLACES[column.type]))
        case "freight" | "share" | "rate" as written:
            notes.append(_say(language, f"as_{written}"))
        case "count":
            notes.append(_say(language, "as_number", places=0))
        case "code" | "digits":
            notes.append(_say(language, "as_text"))
        case "text" if column.words == "warehouse_qualities":
            notes.append(_say(language, "propose_warehouse"))
        case "text" if column.words:
            notes.append(_say(language, "propose"))
        case "text":
            notes.append(column.heading_zh if language == "zh_CN" else column.heading_en)
    return "\n".join(notes)


def _validate(sheet: Worksheet, at: tuple[int, int], column: DatasetColumn, language: str, source: str) -> None:
    rule: dict[str, object] = {}
    match column.type:
        case "date" | "datetime":
            rule = {"validate": "date", "criteria": "between"}
            rule |= {"minimum": dt.date(2000, 1, 1), "maximum": dt.date(2100, 12, 31)}
        case "quantity" | "money":
            rule = {"validate": "decimal", "criteria": "between", "minimum": -QUANTITY_MAX, "maximum": QUANTITY_MAX}
        case "price" | "volume":
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": QUANTITY_MAX}
        case "share":
            # The reader also takes 85折, which a workbook takes for a text.
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1, "error_type": "warning"}
        case "rate":
            # The reader also takes 13 for 13 %, which is no share.
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1, "error_type": "warning"}
        case "count":
            rule = {"validate": "integer", "criteria": ">=", "value": 0}
        case _ if source:
            # A warehouse may also be named by its code, an item in a hotel's own words: a text's list only proposes.
            rule = {"validate": "list", "source": source, "error_type": "stop" if column.type == "word" else "warning"}
    if rule:
        rule |= {"error_title": _say(language, "wrong_title"), "error_message": _note(column, language)[:255]}
        sheet.data_validation(at[0] + 2, at[1], at[0] + ROWS_PREPARED, at[1], rule)


def _write_example(book: Workbook, sheet: Worksheet, row: int, dataset: Dataset, language: str, words: Words) -> None:
    grey = {"italic": True, "font_color": "#808080"}
    for place, column in enumerate(_visible(dataset)):
        if place == 0:
            sheet.write_string(row, place, _say(language, "example"), book.add_format(grey))
        elif column.type in ("date", "datetime"):
            sheet.write_datetime(row, place, EXAMPLE_DAY, book.add_format(grey | {"num_format": "yyyy-mm-dd"}))
        elif column.type == "share":
            sheet.write_number(row, place, Decimal(EXAMPLE_SHARE), book.add_format(grey))
        elif column.type == "rate":
            sheet.write_number(row, place, Decimal(EXAMPLE_RATE), book.add_format(grey | {"num_format": "0.##%"}))
        elif column.type in ("quantity", "price", "volume", "money", "freight", "count"):
            sheet.write_number(row, place, column.example, book.add_format(grey))
        else:
            word = words.lists[column.words][0] if column.words else words.example(dataset.name, column.name)
            text = "" if word is None else word.zh if language == "zh_CN" else word.en
            sheet.write_string(row, place, text, book.add_format(grey | {"num_format": "@"}))


def _set_up_print(sheet: Worksheet, header: int) -> None:
    # No print area: it would cut off whatever is filled in below its last row.
    sheet.freeze_panes(header + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, header)
    sheet.set_footer("&C&P / &N")
