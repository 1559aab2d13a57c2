"""The parts that the tables of the returns' report are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from tasks.damaged_returns.facts import cubic_metres
from tasks.domain.amounts import rate_text
from tasks.domain.message import Message, message
from tasks.domain.report import Column, Kind, Table, Value

FLOW = "damaged-returns"


def word(key: str, /, **parameters: str | int | Message) -> Message:
    """The wording of the returns' own catalogue."""
    return message(f"damaged_returns.{key}", **parameters)


def drawn(
    name: str, rows: Iterable[Sequence[Value]], *columns: tuple[str, Kind, int], shown: int = 10, answers: bool = False
) -> Table:
    """A table of the report, its columns by name, kind and width."""
    headed = tuple(Column(column, f"damaged_returns.heading.{column}", kind, width) for column, kind, width in columns)
    return Table(name, word(f"table.{name}"), headed, tuple(map(tuple, rows)), word(f"empty.{name}"), shown, answers)


def dated(moment: Any) -> dt.date | None:
    """The day of a moment, None where it is blank."""
    return None if pd.isna(moment) else pd.Timestamp(moment).date()


def days_since(moment: Any, as_of: dt.date) -> int | None:
    """How many days have passed since, None where nobody knows."""
    return None if pd.isna(moment) else (as_of - pd.Timestamp(moment).date()).days


def number_or_none(number: Any) -> int | None:
    """A whole number, None where it is blank."""
    return None if pd.isna(number) else int(number)


def yuan_or_none(cents: Any) -> Decimal | None:
    """Cents as an amount, None where they are blank."""
    return None if pd.isna(cents) else Decimal(int(cents)) / 100


def volume_or_none(scaled: Any) -> Decimal | None:
    """A volume scaled by 10^12 in m³, None where it is not known."""
    return None if pd.isna(scaled) else cubic_metres(scaled)


def share_or_none(part: Any, whole: Any) -> Decimal | None:
    """A share from 0 to 1, None where there is no whole."""
    text = rate_text(int(part), int(whole))
    return None if text is None else Decimal(text)
