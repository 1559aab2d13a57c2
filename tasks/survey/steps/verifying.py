"""What must hold of everything that the survey keeps (spec 10, `daybook verify`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd
from sqlalchemy import Connection, Table, func, select

from tasks.adapters.store import read_frame
from tasks.domain.message import Message, message
from tasks.survey.shapes import OVERALL
from tasks.survey.tables import (
    ANSWERS,
    WEIGHTS,
    survey_case_events,
    survey_cases,
    survey_counts,
    survey_measure_events,
    survey_measures,
    survey_periods,
)


def verify_survey(connection: Connection) -> tuple[Message, ...]:
    """What does not hold: every form stands in one answer, totals are sums of departments, states have a story."""
    return (*_counts(connection), *_stories(connection))


def _counts(connection: Connection) -> Iterable[Message]:
    own = survey_counts.c
    query = select(survey_counts).where(own.dimension.in_(("total", "department"))).order_by(own.period)
    rows = read_frame(connection, query)
    rows["asked"] = rows[list(ANSWERS)].sum(axis=1)
    names = [*ANSWERS, *WEIGHTS, "asked"]
    keys = ["period", "question"]
    total, parts = (
        rows[rows["dimension"] == dimension].groupby(keys)[names].sum() for dimension in ("total", "department")
    )
    whole = total.index.union(parts.index)
    differ = total.reindex(whole, fill_value=0).ne(parts.reindex(whole, fill_value=0)).any(axis=1)
    for period, question in whole[differ.to_numpy()].tolist():
        yield message("survey_desk.broken.total", period=_name(period), question=question)
    forms = {one.period: one.forms for one in connection.execute(select(survey_periods))}
    of_all = rows[(rows["dimension"] == "total") & (rows["question"] == OVERALL)]
    asked = {period.date(): int(count) for period, count in zip(of_all["period"], of_all["asked"], strict=True)}
    for period, count in sorted(forms.items()):
        if asked.get(period, 0) != count:
            yield message("survey_desk.broken.forms", period=_name(period), forms=count, answers=asked.get(period, 0))


def _stories(connection: Connection) -> Iterable[Message]:
    """Each case or measure whose state is not what its last event left."""
    for table, events, key in (
        (survey_cases, survey_case_events, "case"),
        (survey_measures, survey_measure_events, "number"),
    ):
        for number, state, told in _last(connection, table, events, key):
            if state != told:
                yield message(f"survey_desk.broken.{key}", number=number, state=state, told=told or "–")


def _last(connection: Connection, table: Table, events: Table, key: str) -> Iterable[tuple[int, str, str | None]]:
    last = select(events.c[key], func.max(events.c.id).label("id")).group_by(events.c[key]).subquery()
    query = (
        select(table.c[key], table.c.state, events.c.after)
        .outerjoin(last, last.c[key] == table.c[key])
        .outerjoin(events, events.c.id == last.c.id)
        .order_by(table.c[key])
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def _name(period: dt.date | pd.Timestamp) -> str:
    return f"{period:%Y-%m}"
