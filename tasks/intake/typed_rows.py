"""The data rows of one table, typed column by column; a row with a bad cell is quarantined with all its bad cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from config.datasets import Dataset, DatasetColumn, Words
from tasks.domain.cells import (
    PLACES,
    is_blank,
    read_amount,
    read_column,
    read_date,
    reason,
    shown,
)
from tasks.domain.keys import clean
from tasks.domain.message import Message, message
from tasks.domain.sheet import Cell
from tasks.intake.cell_readers import NEVER_NEGATIVE, Context, Value, read_uniques
from tasks.intake.found_table import FoundTable
from tasks.intake.hotel_rows import DATED_BY_MOMENT, business_date, complete
from tasks.intake.lookups import Lookups
from tasks.intake.row_keys import row_key
from tasks.intake.survey_rows import OWN_DAY, all_counted_in, known_as
from tasks.intake.wide_sheets import answered

_SIGNED = {"other_receipt": "_IN", "other_issue": "_OUT"}


@dataclass(slots=True)
class TypedRows:
    """Accepted rows as columns of equal length, each with the sheet and the row number that it came from."""

    numbers: list[int] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    columns: dict[str, list[Value]] = field(default_factory=dict)
    notices: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class BadCell:
    """One cell that could not be taken: where it stands, what it holds, why, and the key that its row is known by."""

    sheet: str
    row: int
    column: str
    value: str
    reason: Message
    date: dt.date | None
    site: str
    key: str


@dataclass(slots=True)
class Quarantine:
    """The bad cells of a file in the order of its rows."""

    rows: list[BadCell] = field(default_factory=list)


def typed_rows(
    table: FoundTable, dataset: Dataset, words: Words, lookups: Lookups, site: str, latest: dt.date | None
) -> tuple[TypedRows, Quarantine]:
    """The accepted rows of `table` with every column of `dataset`, and its bad cells.

    `site` is the ledger's site or blank, `latest` the day that the file is for: it gives days without a year theirs
    and a ledger no rows of later days than the next.
    """
    context = Context(dataset.name, words, lookups, site, latest)
    bad: dict[int, list[tuple[str, Cell, Message]]] = {}
    columns: dict[str, list[Value]] = {}
    cells: dict[str, list[Cell]] = {}
    for column in dataset.columns:
        place = table.places.get(column.name, -1)
        cells[column.name] = _cells(table.rows, place)
        read = read_uniques(cells[column.name], column, context)
        values = [read[cell] for cell in cells[column.name]]
        if any(value.__class__ is Message for value in read.values()):
            _mark(values, cells, column, bad)
        columns[column.name] = [None if isinstance(value, Message) else value for value in values]
    for place, wrong in table.contradicted.items():
        bad.setdefault(place, []).extend((name, cells[name][place], why) for name, why in wrong)
    notices = _settle_rivals(table, dataset, cells, columns, bad, context) if table.rivals else ()
    if dataset.name == "ledger" and site:
        columns["site"] = [own or site for own in columns["site"]]
    if dataset.name == "exception_answers":
        _check_owners(columns, bad)
    moments = [column.name for column in dataset.columns if column.time]
    for place, name, why in complete(dataset.name, columns, moments, latest, lookups.night_ends):
        bad.setdefault(place, []).append((name, cells[name][place], why))
    if dataset.wide:
        _take_answers(table, columns, bad)
    quarantine = _quarantined(table, columns, bad, context)
    kept = [place for place in range(len(table.rows)) if place not in bad]
    if bad:
        columns = {name: [values[place] for place in kept] for name, values in columns.items()}
    if dataset.name == "erp_documents":
        _direct(columns)
    if dataset.name == "warehouses":
        _tiers(columns)
    numbers = [table.numbers[place] for place in kept]
    rows = TypedRows(numbers, [table.sheet] * len(kept), columns, notices)
    return rows, quarantine


def _take_answers(
    table: FoundTable, columns: dict[str, list[Value]], bad: dict[int, list[tuple[str, Cell, Message]]]
) -> None:
    """What was answered, as columns; a row with a cell that is no answer is bad."""
    said = answered(table.asked, table.rows)
    columns["answers"] = list(said.texts)
    columns["contents"] = list(said.contents)
    columns["layout"] = [table.asked.layout.key] * len(table.rows)
    for place, heading, cell, why in said.wrong:
        bad.setdefault(place, []).append((heading, cell, why))


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
            if again is not None and (again >= 0 or column.name not in NEVER_NEGATIVE):
                values[place] = again
                continue
        bad.setdefault(place, []).append((column.name, cell, value))


def _settle_rivals(
    table: FoundTable,
    dataset: Dataset,
    cells: dict[str, list[Cell]],
    columns: dict[str, list[Value]],
    bad: dict[int, list[tuple[str, Cell, Message]]],
    context: Context,
) -> tuple[Message, ...]:
    """What is said of columns that mean the same as one that is read; rows are bad where nobody can tell which counts.

    Nothing is said of one that is blank, or that means the same in every row.
    """
    notices: list[Message] = []
    for rival in table.rivals:
        column = next(one for one in dataset.columns if one.name == rival.column)
        own, beside = cells[column.name], _cells(table.rows, rival.place)
        meant = read_uniques(beside, column, context)
        differs = [meant[cell] != value for cell, value in zip(beside, columns[column.name], strict=True)]
        wrong = [place for place, differ in enumerate(differs) if differ and place not in bad]
        if not wrong or all(is_blank(cell) for cell in beside):
            continue
        first, second = rival.headings
        if rival.extra or (column.type == "text" and not column.required):
            notices.append(message("intake.notice.headings_beside", sheet=table.sheet, first=first, second=second))
            continue
        letters = dict(zip(("column", "other_column"), rival.letters, strict=True))
        for place in wrong:
            texts = {"one": clean(shown(own[place])), "other": clean(shown(beside[place]))}
            why = reason("headings_differ", heading=first, other_heading=second, **texts, **letters)
            bad.setdefault(place, []).append((column.name, own[place], why))
    return tuple(notices)


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
    context: Context,
) -> Quarantine:
    quarantine, site = Quarantine(), context.site
    days = _days(table, columns, context)
    for place in sorted(bad):
        key = known_as(context.dataset, row_key(context.dataset, columns, place), days[place])
        own = columns["site"][place] if "site" in columns else site
        for name, cell, why in bad[place]:
            heading = table.headings.get(name, name)
            value = shown(cell).replace("\x00", "")
            place_text = own if isinstance(own, str) else site
            quarantine.rows.append(
                BadCell(table.sheet, table.numbers[place], heading, value, why, days[place], place_text, key)
            )
    return quarantine


def _days(table: FoundTable, columns: dict[str, list[Value]], context: Context) -> list[dt.date | None]:
    """The date of each row as it can be read, also one that the file's own date does not allow."""
    if context.dataset in DATED_BY_MOMENT:
        ends = context.lookups.night_ends
        return [business_date(at, ends) if isinstance(at, dt.datetime) else None for at in columns["at"]]
    if context.dataset == "responses":
        return all_counted_in(columns["survey_period"], columns["returned_on"], context.latest)
    own = OWN_DAY.get(context.dataset, "date")
    year = context.latest.year if context.latest else None
    read = read_column(_cells(table.rows, table.places.get(own, -1)), partial(read_date, year=year))
    return [day if isinstance(day, dt.date) else None for day in read]


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
