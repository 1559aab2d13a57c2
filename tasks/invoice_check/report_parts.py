"""The parts that the tables of the invoice check's report are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.message import Message, message
from tasks.domain.report import Column, Kind, Table, Value

FLOW = "invoice-check"


def word(key: str, /, **parameters: str | int | Message) -> Message:
    """The wording of the invoice check's own catalogue."""
    return message(f"invoice_check.{key}", **parameters)


def drawn(
    name: str, rows: Iterable[Sequence[Value]], *columns: tuple[str, Kind, int], shown: int = 10, answers: bool = False
) -> Table:
    """A table of the report, its columns by name, kind and width."""
    headed = tuple(Column(column, f"invoice_check.heading.{column}", kind, width) for column, kind, width in columns)
    return Table(name, word(f"table.{name}"), headed, tuple(map(tuple, rows)), word(f"empty.{name}"), shown, answers)


def dated(moment: Any) -> dt.date | None:
    """The day of a moment, None where it is blank."""
    return None if pd.isna(moment) else pd.Timestamp(moment).date()


def yuan(cents: Any) -> Decimal | None:
    """Cents as an amount, None where they are blank."""
    return None if pd.isna(cents) else Decimal(int(cents)) / 100


def shown_money(amount: Value) -> str:
    """An amount within a sentence, with its two places; a blank one is a dash."""
    return "—" if not isinstance(amount, Decimal) else money_text(int(amount * 100))
