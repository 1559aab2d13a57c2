"""Which periods a run looks at: the one it is told, earlier ones that changed since, and those of the trend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from tasks.survey.counting import counts_of
from tasks.survey.cycles import cycle_before, cycle_end, cycle_start
from tasks.survey.forms import read_forms
from tasks.survey.judging import Judged, judged
from tasks.survey.steps.counting import (
    Counted,
    counted_periods,
    keep_period,
    kept_counts,
    kept_questions,
    newest_file,
    periods_with_forms,
    reading_of,
)
from tasks.survey.steps.gathering import gather
from tasks.survey.steps.ordering import Order


@dataclass(frozen=True, eq=False)
class Looked:
    """What a run looked at. `judged`: by period, oldest first, its own last; `untouched`: breaks of other periods.

    `counts` and `questions` are those of the trend, the period's own among them; `newest` the newest file, `reading`
    the digest of the choices by which all was read. `unrun`: periods of the trend with forms that no run was asked for.
    """

    judged: Mapping[dt.date, Judged]
    untouched: frozenset[str]
    counts: pd.DataFrame
    questions: pd.DataFrame
    newest: int
    reading: str
    unrun: tuple[dt.date, ...]


def look(connection: Connection, order: Order, there: frozenset[str]) -> Looked:
    """Judges the period of `order` and the earlier ones that changed since a run told of them.

    Periods of the trend that no run was asked for are counted, and neither open cases nor tell of anything.
    """
    policy, cycle = order.policy, order.policy.cycle
    reading, newest = reading_of(policy), newest_file(connection)
    before = counted_periods(connection, order.last, cycle)
    again = [period for period, one in before.items() if period < order.last and _is_due(one, order, reading)]
    looked = {period: _judged(connection, order, period, there) for period in (*again, order.last)}
    first = cycle_before(order.last, cycle, policy.trend_periods - 1)
    there_are = periods_with_forms(connection, first, order.last, cycle)
    for period in there_are:
        known = before.get(period)
        if period not in looked and (known is None or known.is_stale(reading)):
            _count(connection, order, Counted(period, reading, newest, order.clock().date()))
    others = [period for period in _periods(first, order.last, order) if period not in looked]
    told = (one.told for period, one in before.items() if one.judged and period not in looked)
    return Looked(
        judged=looked,
        untouched=frozenset(name for names in told for name in names),
        counts=pd.concat(
            [kept_counts(connection, others), *(one.counts for day, one in looked.items() if day >= first)],
            ignore_index=True,
        ),
        questions=_questions(looked[order.last], kept_questions(connection, others)),
        newest=newest,
        reading=reading,
        unrun=tuple(day for day in there_are if day not in looked and not (day in before and before[day].judged)),
    )


def keep_judged(connection: Connection, order: Order, looked: Looked, told: Mapping[dt.date, Iterable[str]]) -> None:
    """Keeps the counts of every period that was judged, with the breaks that each told of."""
    today = order.clock().date()
    for period, one in looked.judged.items():
        kept = Counted(period, looked.reading, looked.newest, today, judged=True, told=tuple(sorted(told[period])))
        keep_period(connection, kept, one.counts, one.read.questions)


def _is_due(one: Counted, order: Order, reading: str) -> bool:
    """Whether an earlier period is judged again: something changed, or its last calls were not yet due."""
    if not one.judged or cycle_end(one.period, order.policy.cycle) != one.period:
        return False
    waits = one.counted_on <= one.period + dt.timedelta(days=order.policy.followup_days)
    return waits or one.is_stale(reading)


def _judged(connection: Connection, order: Order, period: dt.date, there: frozenset[str]) -> Judged:
    first = cycle_start(period, order.policy.cycle)
    return judged(gather(connection, first, period, order.known_on, there), order.policy)


def _count(connection: Connection, order: Order, kept: Counted) -> None:
    first = cycle_start(kept.period, order.policy.cycle)
    material = gather(connection, first, kept.period, order.known_on, frozenset())
    read = read_forms(material.responses, material.layouts, order.policy)
    keep_period(connection, kept, counts_of(read), read.questions)


def _periods(first: dt.date, last: dt.date, order: Order) -> Iterable[dt.date]:
    back = 0
    while (period := cycle_before(last, order.policy.cycle, back)) >= first:
        yield period
        back += 1


def _questions(own: Judged, others: pd.DataFrame) -> pd.DataFrame:
    """The questions of the period, and behind them those that only earlier forms had."""
    older = others[~others["question"].isin(own.read.questions["question"])]
    return pd.concat([own.read.questions, older], ignore_index=True)
