"""The parts that the tables of the survey's report are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from tasks.domain.message import Message, message
from tasks.domain.report import Bars, Column, Kind, Table, Value
from tasks.survey.masking import masked
from tasks.survey.shapes import OVERALL
from tasks.survey.shares import shown_share

FLOW = "survey"
ROWS_MAX = 20_000
"""How many rows of a table a report holds; what is beyond is counted in its notes."""


def word(key: str, /, **parameters: str | int | Message) -> Message:
    """The wording of the survey's report."""
    return message(f"survey_report.{key}", **parameters)


def drawn(
    name: str,
    rows: Iterable[Sequence[Value]],
    *columns: tuple[str, Kind, int],
    shown: int = 10,
    bars: Bars | None = None,
) -> Table:
    """A table of the report, its columns by name, kind and width."""
    headed = tuple(Column(column, f"survey_report.heading.{column}", kind, width) for column, kind, width in columns)
    return Table(name, word(f"table.{name}"), headed, tuple(map(tuple, rows)), word(f"empty.{name}"), shown, bars=bars)


def dated(moment: Any) -> dt.date | None:
    """The day of a moment, None where it is blank."""
    return None if pd.isna(moment) else pd.Timestamp(moment).date()


def share(value: Fraction | Decimal | None, target: Fraction | None = None) -> Decimal | None:
    """A share as it is shown, with as many digits as tell it from the target; None where it is undefined."""
    return None if value is None else shown_share(Fraction(value), target)


def as_it_is(text: str) -> Message:
    """Words of people, where a table holds wordings beside them."""
    return message("report.plain", text=text)


def said(text: str) -> Message | None:
    """What somebody wrote without personal data, None where nobody wrote anything."""
    return as_it_is(masked(text)) if text else None


def named(value: str) -> Message:
    """A department, product or channel; one that nobody filled in says so."""
    return as_it_is(value) if value else word("blank_value")


def question_name(question: str, name: str) -> Message:
    """A question as people read it; the overall rating has a name of its own."""
    return word("overall") if question == OVERALL else as_it_is(name)


def rating_name(rating: int) -> Message:
    """What an answer says: one of the five words."""
    return word(f"rating.{rating}")


def beyond(tables: Iterable[Table], whole: dict[str, int]) -> Iterable[Message]:
    """A note for each table that holds fewer rows than there are."""
    for table in tables:
        left = whole.get(table.name, 0) - len(table.rows)
        if left > 0:
            yield word("note.beyond", table=table.title, limit=ROWS_MAX, count=left)
