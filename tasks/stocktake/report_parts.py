"""The parts that the tables of a count's report are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from tasks.domain.message import Message, message
from tasks.domain.report import Column, Kind, Table, Value

FLOW = "stocktake"
# Causes that the count sheet offers, by the codes of the words `causes`; anything else is somebody's own words.
CAUSES = frozenset(
    {
        "unrecorded_receipt", "unrecorded_issue", "late_document", "wrong_entry", "mixed_up", "measuring",
        "natural_loss", "damage", "lost", "theft", "other",
    }
)  # fmt: skip


def word(key: str, /, **parameters: str | int | Message) -> Message:
    """The wording of the stocktake's own catalogue."""
    return message(f"stocktake.{key}", **parameters)


def drawn(
    name: str, rows: Iterable[Sequence[Value]], *columns: tuple[str, Kind, int], shown: int = 10, answers: bool = False
) -> Table:
    """A table of the report, its columns by name, kind and width."""
    headed = tuple(Column(column, f"stocktake.heading.{column}", kind, width) for column, kind, width in columns)
    return Table(name, word(f"table.{name}"), headed, tuple(map(tuple, rows)), word(f"empty.{name}"), shown, answers)


def yuan_or_none(cents: Any) -> Decimal | None:
    """Cents as an amount, None where they are blank."""
    return None if pd.isna(cents) else Decimal(int(cents)) / 100


def amount_or_none(scaled: Any) -> int | None:
    """A scaled quantity, None where it is blank."""
    return None if pd.isna(scaled) else int(scaled)


def dated(moment: Any) -> dt.date | None:
    """The day of a moment, None where it is blank."""
    return None if pd.isna(moment) else pd.Timestamp(moment).date()


def shown_cause(cause: str) -> Message:
    """A cause in words: a code of the sheet's list, or what somebody wrote; "without" for none."""
    if not cause:
        return word("cause.none")
    return word(f"cause.{cause}") if cause in CAUSES else message("report.plain", text=cause)
