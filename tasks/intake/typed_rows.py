"""The data rows of one table, typed column by column; a row with a bad cell is quarantined with all its bad cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial

from config.datasets import Dataset, DatasetColumn, Words
from tasks.domain.cells import (
    PLACES,
    is_blank,
    read_amount,
    read_code,
    read_count,
    read_date,
    read_datetime,
    read_sentence,
    read_text,
    reason,
    shown,
)
from tasks.domain.keys import clean, code_key, name_key
from tasks.domain.message import Message, message
from tasks.domain.sheet import Cell
from tasks.intake.found_table import FoundTable
from tasks.intake.lookups import Lookups
from tasks.intake.stated import site_of
from tasks.intake.words import word_codes, word_key

Value = str | int | bool | dt.date | dt.datetime | None
# What our tables hold of a text; a longer one is no code or name but something else in the wrong column.
CHARACTERS = {
    "unit": 40, "line": 20, "sequence": 40, "abc": 4, "break_id": 40, "site_name": 200, "warehouse_name": 200,
    "handler": 80, "made_by": 80, "audited_by": 80, "department": 80, "representative": 80, "custodian": 80,
    "manager": 80, "clerk": 80, "answered_by": 80, "owner": 80, "site": 80,
}  # fmt: skip
CODE_CHARACTERS = 80
# A ledger written shortly after midnight may hold rows of the day that has just begun.
DAYS_AFTER_LEDGER = 1
HALF_YEAR = dt.timedelta(days=183)
_NOT_NEGATIVE = ("price", "volume")
_SIGNED = {"other_receipt": "_IN", "other_issue": "_OUT"}


@dataclass(slots=True)
class TypedRows:
    """Accepted rows as columns of equal length, each with the sheet and the row number that it came from."""

    numbers: list[int] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    columns: dict[str, list[Value]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BadCell:
    """One cell that could not be taken: where it stands, what it holds and why it was not taken."""

    sheet: str
    row: int
    column: str
    value: str
    reason: Message
    date: dt.date | None
    site: str


@dataclass(slots=True)
class Quarantine:
    """The bad cells of a file in the order of its rows."""

    rows: list[BadCell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Context:
    dataset: str
    words: Words
    lookups: Lookups
    site: str
    latest: dt.date | None


def typed_rows(
    table: FoundTable, dataset: Dataset, words: Words, lookups: Lookups, site: str, latest: dt.date | None
) -> tuple[TypedRows, Quarantine]:
    """The accepted rows of `table` with every column of `dataset`, and its bad cells.

    `site` is the ledger's site or blank, `latest` the day that the file is for: it gives days without a year theirs
    and a ledger no rows of later days than the next.
    """
    context = _Context(dataset.name, words, lookups, site, latest)
    bad: dict[int, list[tuple[str, Cell, Message]]] = {}
    columns: dict[str, list[Value]] = {}
    cells: dict[str, list[Cell]] = {}
    for column in dataset.columns:
        place = table.places.get(column.name, -1)
        cells[column.name] = _cells(table.rows, place)
        read = _read_uniques(cells[column.name], column, context)
        values = [read[cell] for cell in cells[column.name]]
        if any(value.__class__ is Message for value in read.values()):
            _mark(values, cells, column, bad)
        columns[column.name] = [None if isinstance(value, Message) else value for value in values]
    for place, wrong in table.contradicted.items():
        bad.setdefault(place, []).extend((name, cells[name][place], why) for name, why in wrong)
    if dataset.name == "ledger" and site:
        columns["site"] = [own or site for own in columns["site"]]
    if dataset.name == "exception_answers":
        _check_owners(columns, bad)
    quarantine = _quarantined(table, columns, bad, context)
    kept = [place for place in range(len(table.rows)) if place not in bad]
    if bad:
        columns = {name: [values[place] for place in kept] for name, values in columns.items()}
    if dataset.name == "erp_documents":
        _direct(columns)
    if dataset.name == "warehouses":
        _tiers(columns)
    rows = TypedRows([table.numbers[place] for place in kept], [table.sheet] * len(kept), columns)
    return rows, quarantine


def _cells(rows: Sequence[Sequence[Cell]], place: int) -> list[Cell]:
    if place < 0:
        return [""] * len(rows)
    return [row[place] if place < len(row) else "" for row in rows]


def _mark(
    values: list[Value | Message],
    cells: dict[str, list[Cell]],
    column: DatasetColumn,
    bad: dict[int, list[tuple[str, Cell, Message]]],
) -> None:
    for place, value in enumerate(values):
        if not isinstance(value, Message):
            continue
        cell = cells[column.name][place]
        if column.type == "quantity" and value.key.endswith("not_a_number"):
            unit = cells["unit"][place] if "unit" in cells else ""
            again = _without_unit(cell, unit)
            if again is not None:
                values[place] = again
                continue
        bad.setdefault(place, []).append((column.name, cell, value))


def _check_owners(columns: dict[str, list[Value]], bad: dict[int, list[tuple[str, Cell, Message]]]) -> None:
    for place, (treatment, owner) in enumerate(zip(columns["treatment"], columns["owner"], strict=True)):
        if treatment == "assign" and not owner:
            bad.setdefault(place, []).append(("owner", "", reason("owner_missing")))


def _without_unit(cell: Cell, unit: Cell) -> int | None:
    """The quantity of `3件` where the row's own unit is 件; another unit would make it another quantity."""
    text, known = clean(str(cell)), clean(str(unit))
    if not isinstance(cell, str) or not known or not text.endswith(known):
        return None
    number = read_amount(text[: -len(known)], PLACES["quantity"])
    return number if isinstance(number, int) else None


def _quarantined(
    table: FoundTable,
    columns: dict[str, list[Value]],
    bad: dict[int, list[tuple[str, Cell, Message]]],
    context: _Context,
) -> Quarantine:
    quarantine, site = Quarantine(), context.site
    days = _cells(table.rows, table.places.get("date", -1))
    for place in sorted(bad):
        # Also a date that the file's own does not allow is the row's.
        day = read_date(days[place], context.latest.year if context.latest else None)
        own = columns["site"][place] if "site" in columns else site
        for name, cell, why in bad[place]:
            heading = table.headings.get(name, name)
            value = shown(cell).replace("\x00", "")
            day_or_none = day if isinstance(day, dt.date) else None
            place_text = own if isinstance(own, str) else site
            quarantine.rows.append(
                BadCell(table.sheet, table.numbers[place], heading, value, why, day_or_none, place_text)
            )
    return quarantine


def _read_uniques(cells: Sequence[Cell], column: DatasetColumn, context: _Context) -> dict[Cell, Value | Message]:
    """What each unique cell of a column means."""
    own = _special(column, context)
    read = partial(_fitting, read=own, column=column) if own else _remembering(column, context.words)
    return {cell: read(cell) for cell in dict.fromkeys(cells)}


def _fitting(cell: Cell, read: Callable[[Cell], Value | Message], column: DatasetColumn) -> Value | Message:
    """What the cell means, or why it does not fit its column: too long, or missing."""
    value = read(cell)
    longest = CHARACTERS.get(column.name, CODE_CHARACTERS if column.type == "code" else 0)
    if longest and isinstance(value, str) and len(value) > longest:
        return reason("too_long", limit=longest)
    nameless = column.type == "code" and isinstance(value, str) and not code_key(value)
    return reason("missing") if column.required and (value is None or value == "" or nameless) else value


@lru_cache(maxsize=200)
def _remembering(column: DatasetColumn, words: Words) -> Callable[[Cell], Value | Message]:
    """How the cells of a column are read that mean the same in every file; a thousand files share most of them."""
    read = partial(_plain, column=column, words=words)
    return lru_cache(maxsize=20_000, typed=True)(partial(_fitting, read=read, column=column))


def _special(column: DatasetColumn, context: _Context) -> Callable[[Cell], Value | Message] | None:
    """How a cell is read whose meaning hangs on its file or the master data, or that means a colour."""
    if column.name == "site" and context.dataset != "sites":
        return partial(_site, context=context)
    if column.name == "warehouse" and context.dataset == "ledger":
        return partial(_warehouse, context=context)
    if column.type == "date":
        return partial(_date, context=context)
    if column.words == "colours":
        return partial(_red, words=context.words)
    return None


def _plain(cell: Cell, column: DatasetColumn, words: Words) -> Value | Message:
    match column.type:
        case "datetime":
            return read_datetime(cell)
        case "quantity" | "price" | "volume":
            amount = read_amount(cell, PLACES[column.type])
            negative = isinstance(amount, int) and amount < 0 and column.type in _NOT_NEGATIVE
            return reason("negative") if negative else amount
        case "count":
            return read_count(cell)
        case "word":
            return _word(cell, column.words, words)
        case "code":
            return read_code(cell)
        case _ if column.name == "reason":
            return read_sentence(cell)
        case _:
            return read_text(cell)


def _word(cell: Cell, name: str, words: Words) -> str | Message:
    text = read_text(cell)
    if isinstance(text, Message) or not text:
        return text
    code = word_codes(words, name).get(word_key(text))
    return message("intake.cell.unknown_word", words=message(f"intake.words.{name}")) if code is None else code


def _red(cell: Cell, words: Words) -> bool | Message | None:
    code = _word(cell, "colours", words)
    if isinstance(code, Message):
        return code
    return None if code == "" else code == "red"


def _date(cell: Cell, context: _Context) -> dt.date | Message | None:
    latest = context.latest
    day = read_date(cell, latest.year if latest else None)
    if latest is None or not isinstance(day, dt.date):
        return day
    if day - latest > HALF_YEAR and isinstance(read_date(cell), Message):
        # 12月31日 in the ledger of 1 January is the day before, not the one at the year's other end.
        day = read_date(cell, latest.year - 1)
    late = isinstance(day, dt.date) and (day - latest).days > DAYS_AFTER_LEDGER
    return reason("date_after_ledger", stated=latest.isoformat()) if late and context.dataset == "ledger" else day


def _site(cell: Cell, context: _Context) -> str | Message:
    text = read_text(cell)
    if isinstance(text, Message) or not text:
        return text
    known = site_of(text, context.lookups.sites)
    if not known:
        passes = not context.lookups.sites or context.dataset == "warehouses"
        return text if passes else reason("site_unknown")
    if context.site and known != context.site:
        return reason("site_conflict", site=context.site)
    return known


def _warehouse(cell: Cell, context: _Context) -> str | Message:
    text = read_text(cell)
    if isinstance(text, Message) or is_blank(text):
        return text
    named = warehouse_key(text, context)
    if named:
        return named
    key = name_key(text)
    qualities = {code for word, code in word_codes(context.words, "warehouse_qualities").items() if word in key}
    if len(qualities) == 1:
        return qualities.pop()
    return reason("warehouse_unknown") if context.lookups.warehouses else code_key(text)


def warehouse_key(text: str, context: _Context) -> str:
    """The key of the warehouse that a text names by code or name, or blank."""
    known = context.lookups.warehouses
    return known.get(code_key(text), "") or known.get(name_key(text), "")


def _direct(columns: dict[str, list[Value]]) -> None:
    """A receipt or an issue says by itself which leg of a transfer it is."""
    columns["category"] = [
        f"{category}{_SIGNED.get(str(kind), '')}" if str(category).endswith("_TRANSFER") else category
        for category, kind in zip(columns["category"], columns["document_type"], strict=True)
    ]


def _tiers(columns: dict[str, list[Value]]) -> None:
    columns["tier"] = [
        tier or ("site" if site else "department" if department else "production")
        for tier, site, department in zip(columns["tier"], columns["site"], columns["department"], strict=True)
    ]
