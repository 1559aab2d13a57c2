"""The report of one day's returns as figures, tables and sentences without a language (spec 03, report)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tasks.damaged_returns.facts import ReturnFacts, cubic_metres, waiting_volume
from tasks.damaged_returns.report_parts import FLOW, word
from tasks.damaged_returns.report_tables import (
    batches_table,
    boxes_table,
    breaks_table,
    causes_table,
    departments_table,
    freight_breaks_table,
    freight_table,
    held_table,
    outcomes_table,
    overdue_table,
    pipeline_table,
    quarantined_table,
    sites_table,
)
from tasks.domain.message import Message
from tasks.domain.report import Chart, Report, Series, Table

_DEFINED = ("eligible", "volume", "due", "overdue", "twice", "balance", "success", "turnaround", "freight", "value")
_CHARTED = ("packed", "shipped", "received", "in_repair")
_DAYS = 30
_NAMED_MAX = 8


@dataclass(frozen=True, slots=True)
class Extras:
    """What the report shows besides the facts: notes, and the figures of earlier dates, oldest first."""

    notes: tuple[Message, ...]
    trend: Sequence[tuple[dt.date, Mapping[str, object]]]


def returns_report(facts: ReturnFacts, audience: str, extras: Extras) -> Report:
    """The report of `facts` for `audience` (a department's name, or "" for the one over all)."""
    day = facts.as_of.isoformat()
    return Report(
        flow=FLOW,
        period=day,
        audience=audience,
        title=word("title"),
        subtitle=word("subtitle", audience=audience, day=day) if audience else word("subtitle_all", day=day),
        status=facts.status,
        headline=_headline(facts),
        figures=facts.figures,
        charts=tuple(_pipeline_chart(facts, extras)),
        tables=tuple(_tables(facts, audience)),
        next_steps=tuple(_next_steps(facts)) or (word("next.nothing"),),
        notes=extras.notes,
        definitions=tuple(word(f"definition.{name}") for name in _DEFINED),
        inputs=tuple(_inputs(facts)),
        tone="warn" if facts.still else "good",
    )


def _headline(facts: ReturnFacts) -> Message:
    batches, parts = len(facts.batches), int(facts.batches["parts"].sum())
    told = word("headline.batches", batches=batches, parts=parts) if batches else word("headline.no_batch")
    if facts.still:
        return word("headline.open", told=told, breaks=len(facts.still))
    return word("headline.clean", told=told)


def _pipeline_chart(facts: ReturnFacts, extras: Extras) -> Iterable[Chart]:
    """The picture of the pipeline: bars for a single day, none where nothing was on its way on any."""
    points = [(date, _states(figures)) for date, figures in extras.trend if date < facts.as_of][1 - _DAYS :]
    points.append((facts.as_of, facts.pipeline))
    series = tuple(
        Series(name, word(f"state.{name}"), tuple(_number(states.get(name)) for _, states in points))
        for name in _CHARTED
    )
    if any(value for one in series for value in one.values):
        dates = tuple(date for date, _ in points)
        yield Chart("pipeline", word("chart.pipeline"), dates, series, "line" if len(dates) > 1 else "bars")


def _states(figures: Mapping[str, object]) -> Mapping[str, object]:
    states = figures.get("pipeline")
    return states if isinstance(states, Mapping) else {}


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _tables(facts: ReturnFacts, audience: str) -> Iterable[Table]:
    yield breaks_table(facts)
    yield batches_table(facts)
    if not audience:
        yield departments_table(facts)
    yield held_table(facts)
    yield boxes_table(facts)
    yield sites_table(facts)
    yield pipeline_table(facts)
    yield overdue_table(facts, audience)
    yield outcomes_table(facts)
    yield freight_breaks_table(facts)
    yield freight_table(facts)
    yield causes_table(facts)
    yield quarantined_table(facts.quarantined)


def _next_steps(facts: ReturnFacts) -> Iterable[Message]:
    if len(facts.batches):
        numbers = "、".join(facts.batches["batch"].sort_values().head(_NAMED_MAX))
        yield word("next.ship", batches=numbers, count=len(facts.batches))
    if len(facts.held):
        yield word("next.held", count=len(facts.held))
    if len(facts.late):
        yield word("next.overdue", count=len(facts.late), twice=int(facts.late["twice"].sum()))
    proposed = [one for one in facts.still if one.kind == "REPAIRED_TOO_OFTEN"]
    if proposed:
        yield word("next.scrap", count=len(proposed))
    tools = [one for one in facts.still if one.kind == "WARRANTY_TOOL"]
    if tools:
        yield word("next.warranty", count=len(tools))
    if facts.still:
        yield word("next.answers")
    volume = cubic_metres(waiting_volume(facts))
    if volume and not len(facts.batches):
        yield word("next.waiting", volume=f"{volume.normalize():f}")


def _inputs(facts: ReturnFacts) -> Iterable[Message]:
    for dataset, counts in facts.rows.items():
        if counts["read"]:
            yield word("input", dataset=word(f"dataset.{dataset}"), **counts)
