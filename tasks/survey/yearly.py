"""The complaints of a calendar year in figures, for the management review (spec 05)."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from tasks.domain.shaping import OBJECT, WHOLE, shaped, texts
from tasks.domain.texts import Flags, Ints
from tasks.domain.working_days import working_days_until
from tasks.survey.shapes import OVERALL

YEARLY = texts("by value") | dict.fromkeys(("opened", "open", "closed", "in_time", "overdue"), WHOLE) | {"days": OBJECT}
"""A line of the statistics: `by` is total, sort, department, question or month; `value` which one of these, a month as
2026-11, the overall rating as OVERALL. `opened` are closed or `open`; `in_time` those closed by their day, `overdue`
those closed later or open after it; `days` the mean number of working days from opening to closing, None where nothing
is closed."""
_PLACES = Decimal("0.1")


def yearly_statistics(cases: pd.DataFrame, year: int, as_of: dt.date) -> pd.DataFrame:
    """The complaints opened in `year` as YEARLY, as they stand on `as_of`; none for a year without any.

    `cases` as CASES; what was withdrawn is none. Departments are those that the forms are about.
    """
    own = cases[(cases["opened_on"].dt.year == year) & (cases["state"] != "withdrawn")]
    names = own["name"].where(own["question"] != OVERALL, OVERALL)
    counted = pd.DataFrame(_counted(own, as_of))
    ways = {
        "total": pd.Series("", index=own.index, dtype="str"),
        "sort": own["sort"],
        "department": own["department"],
        "question": names.where(names != "", own["question"]),
        "month": own["opened_on"].dt.strftime("%Y-%m"),
    }
    parts = [
        counted.groupby(ways[by].to_numpy(dtype=object), sort=True)
        .sum()
        .rename_axis("value")
        .reset_index()
        .assign(by=by)
        for by in ways
    ]
    lines = pd.concat(parts, ignore_index=True)
    pairs = zip(lines["waited"].tolist(), lines["closed"].tolist(), strict=True)
    days = [_mean(int(waited), int(closed)) for waited, closed in pairs]
    return shaped(YEARLY, lines.assign(days=pd.Series(days, index=lines.index, dtype=object)))


def _counted(own: pd.DataFrame, as_of: dt.date) -> dict[str, Ints]:
    closed = (own["state"] == "closed").to_numpy(dtype=np.bool_)
    last = own["closed_on"].where(closed, pd.Timestamp(as_of))
    late = (last > own["due_on"]).to_numpy(dtype=np.bool_)
    counted = {
        "opened": np.ones(len(own), dtype=np.int64),
        "open": ~closed,
        "closed": closed,
        "in_time": closed & ~late,
        "overdue": late,
    }
    return {name: column.astype(np.int64) for name, column in counted.items()} | {"waited": _waited(own, closed)}


def _waited(own: pd.DataFrame, closed: Flags) -> Ints:
    """The working days that each closed case took; 0 for the others, and where it was settled before it was counted."""
    waited = np.zeros(len(own), dtype=np.int64)
    if closed.any():
        last = own["closed_on"].max().date()
        until = [working_days_until(own.loc[closed, name].to_numpy(), last) for name in ("opened_on", "closed_on")]
        waited[closed] = np.maximum(until[0] - until[1], 0)
    return waited


def _mean(total: int, count: int) -> Decimal | None:
    return None if not count else (Decimal(total) / count).quantize(_PLACES, ROUND_HALF_UP)
