"""The parts that the tables of a night's report are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from tasks.domain.message import Message, message
from tasks.domain.report import Column, Kind, Table, Value

_AREA = "night_audit"
# Most columns of a ledger's lines are nothing, and what opens a quiet line closes it too.
_AMOUNTS_KEPT = 4096


def word(key: str, /, **parameters: str | int | Message) -> Message:
    """The wording of the audit's own catalogue."""
    return message(f"{_AREA}.{key}", **parameters)


@lru_cache(maxsize=_AMOUNTS_KEPT)
def yuan(cents: int) -> Decimal:
    """Cents as an amount."""
    return Decimal(cents) / 100


def drawn(name: str, rows: Iterable[Sequence[Value]], *columns: tuple[str, Kind, int]) -> Table:
    """A table of the report, its columns by name, kind and width."""
    headed = tuple(Column(column, f"{_AREA}.heading.{column}", kind, width) for column, kind, width in columns)
    return Table(name, word(f"table.{name}"), headed, tuple(map(tuple, rows)), word("empty"))


def amounts(*names: str) -> tuple[tuple[str, Kind, int], ...]:
    """Columns of money."""
    return tuple((name, "money", 12) for name in names)


def yuan_or_none(cents: int | None) -> Decimal | None:
    """Cents as an amount, None where there are none."""
    return None if cents is None else yuan(cents)


def minute(at: dt.datetime) -> str:
    """A moment as a desk reads it."""
    return f"{at:%m-%d %H:%M}"
