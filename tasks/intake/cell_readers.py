"""How the cells of one column are read: its type, its words, its file and the master data say what a cell means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from config.datasets import DatasetColumn, Words
from tasks.domain.amounts import money_text
from tasks.domain.cells import (
    PLACES,
    is_blank,
    read_amount,
    read_code,
    read_count,
    read_date,
    read_datetime,
    read_digits,
    read_money,
    read_rate,
    read_sentence,
    read_share,
    read_text,
    read_time,
    read_weight,
    reason,
)
from tasks.domain.freight_text import FREIGHT_WORDS, read_freight
from tasks.domain.keys import code_key, name_key
from tasks.domain.message import Message, message
from tasks.domain.sheet import Cell
from tasks.intake.lookups import Lookups
from tasks.intake.stated import site_of
from tasks.intake.words import word_codes, word_key

Value = str | int | bool | dt.date | dt.datetime | dt.time | None
# What our tables hold of a text; a longer one is no code or name but something else in the wrong column.
CHARACTERS = {
    "unit": 40, "line": 20, "sequence": 40, "abc": 4, "break_id": 40, "site_name": 200, "warehouse_name": 200,
    "handler": 80, "made_by": 80, "audited_by": 80, "department": 80, "representative": 80, "custodian": 80,
    "manager": 80, "clerk": 80, "answered_by": 80, "owner": 80, "site": 80,
    "number": 120, "responsible": 80, "counted_by": 80, "supervised_by": 80, "invoice": 1000, "drawer": 80,
}  # fmt: skip
CODE_CHARACTERS = 80
# A ledger written shortly after midnight may hold rows of the day that has just begun.
DAYS_AFTER_LEDGER = 1
HALF_YEAR = dt.timedelta(days=183)
_CODES = ("code", "digits")
_NOT_NEGATIVE = ("price", "volume")
# Nobody counts or measures less than nothing.
NEVER_NEGATIVE = ("counted", "damaged", "length", "width", "height", "weight", "cost")


@dataclass(frozen=True, slots=True)
class Context:
    """What the cells of a file are read in the light of: `site` is a ledger's or blank, `latest` the day it is for."""

    dataset: str
    words: Words
    lookups: Lookups
    site: str
    latest: dt.date | None


def read_uniques(cells: Sequence[Cell], column: DatasetColumn, context: Context) -> dict[Cell, Value | Message]:
    """What each unique cell of a column means: its value, or the message that says why it has none."""
    own = _special(column, context)
    read = partial(_fitting, read=own, column=column) if own else _remembering(column, context.words)
    return {cell: read(cell) for cell in dict.fromkeys(cells)}


def _fitting(cell: Cell, read: Callable[[Cell], Value | Message], column: DatasetColumn) -> Value | Message:
    """What the cell means, or why it does not fit its column: too long, or missing."""
    value = read(cell)
    longest = CHARACTERS.get(column.name, CODE_CHARACTERS if column.type in _CODES else 0)
    if longest and isinstance(value, str) and len(value) > longest:
        return reason("too_long", limit=longest)
    nameless = column.type in _CODES and isinstance(value, str) and not code_key(value)
    return reason("missing") if column.required and (value is None or value == "" or nameless) else value


@lru_cache(maxsize=200)
def _remembering(column: DatasetColumn, words: Words) -> Callable[[Cell], Value | Message]:
    """How the cells of a column are read that mean the same in every file; a thousand files share most of them."""
    read = partial(_plain, column=column, words=words)
    return lru_cache(maxsize=20_000, typed=True)(partial(_fitting, read=read, column=column))


def _special(column: DatasetColumn, context: Context) -> Callable[[Cell], Value | Message] | None:
    """How a cell is read whose meaning hangs on its file or the master data, or that means a colour."""
    if column.name == "site" and context.dataset != "sites":
        return partial(_site, context=context)
    if column.name == "warehouse" and context.dataset == "ledger":
        return partial(_warehouse, context=context)
    if column.name == "department":
        return partial(_department, known=context.lookups.departments)
    if column.type == "date":
        return partial(_date, context=context)
    if column.words == "colours":
        return partial(_red, words=context.words)
    return None


def _plain(cell: Cell, column: DatasetColumn, words: Words) -> Value | Message:
    return _READERS[column.type](cell, column, words)


def _moment(cell: Cell, column: DatasetColumn, _words: Words) -> Value | Message:
    """The moment; where days without a time have their hour also a time alone, for its row has the day."""
    if not column.time:
        return read_datetime(cell)
    alone = read_time(cell)
    return read_datetime(cell, dt.time.fromisoformat(column.time)) if alone is None else alone


def _amount(cell: Cell, column: DatasetColumn, _words: Words) -> Value | Message:
    amount = read_amount(cell, PLACES[column.type])
    never = column.type in _NOT_NEGATIVE or column.name in NEVER_NEGATIVE
    negative = isinstance(amount, int) and amount < 0 and never
    return reason("negative") if negative else amount


def _freight(cell: Cell, _column: DatasetColumn, _words: Words) -> Value | Message:
    """The amount as a decimal text, or the words that say who bears or bills it; nobody asks for less than nothing."""
    cents = read_money(cell)
    if isinstance(cents, int):
        return reason("negative") if cents < 0 else money_text(cents)
    text = read_text(cell)
    known = isinstance(text, str) and read_freight(text).bearing in FREIGHT_WORDS
    return text if known else cents


def _listed(cell: Cell, column: DatasetColumn, words: Words) -> Value | Message:
    return _word(cell, column.words, words) or column.default


def _text(cell: Cell, column: DatasetColumn, words: Words) -> Value | Message:
    if column.name == "reason":
        return read_sentence(cell)
    text = read_text(cell)
    if isinstance(text, Message) or not column.words or column.verbatim:
        return text
    return word_codes(words, column.words).get(word_key(text), text)


_READERS: Mapping[str, Callable[[Cell, DatasetColumn, Words], Value | Message]] = {
    "datetime": _moment,
    "quantity": _amount,
    "price": _amount,
    "volume": _amount,
    "money": lambda cell, _column, _words: read_money(cell),
    "freight": _freight,
    "share": lambda cell, _column, _words: read_share(cell),
    "weight": lambda cell, _column, _words: read_weight(cell),
    "rate": lambda cell, _column, _words: read_rate(cell),
    "count": lambda cell, _column, _words: read_count(cell),
    "code": lambda cell, _column, _words: read_code(cell),
    "digits": lambda cell, _column, _words: read_digits(cell),
    "word": _listed,
    "text": _text,
}


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


def _date(cell: Cell, context: Context) -> dt.date | Message | None:
    latest = context.latest
    day = read_date(cell, latest.year if latest else None)
    if latest is None or not isinstance(day, dt.date):
        return day
    if day - latest > HALF_YEAR and isinstance(read_date(cell), Message):
        # 12月31日 in the ledger of 1 January is the day before, not the one at the year's other end.
        day = read_date(cell, latest.year - 1)
    elif context.dataset == "count_sheets" and latest - day > HALF_YEAR and isinstance(read_date(cell), Message):
        # December is counted in January.
        day = read_date(cell, latest.year + 1)
    late = isinstance(day, dt.date) and (day - latest).days > DAYS_AFTER_LEDGER
    return reason("date_after_ledger", stated=latest.isoformat()) if late and context.dataset == "ledger" else day


def _site(cell: Cell, context: Context) -> str | Message:
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


def _department(cell: Cell, known: Mapping[str, str]) -> str | Message:
    text = read_text(cell)
    return text if isinstance(text, Message) else known.get(name_key(text), text)


def _warehouse(cell: Cell, context: Context) -> str | Message:
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


def warehouse_key(text: str, context: Context) -> str:
    """The key of the warehouse that a text names by code or name, or blank."""
    known = context.lookups.warehouses
    return known.get(code_key(text), "") or known.get(name_key(text), "")
