"""The register of runs: when each process was last run for a period, how it ended and with which figures."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from tasks.register.tables import runs


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run of a process for a period; `figures` are those of its report, by stable name."""

    flow: str
    period: dt.date
    status: str
    started_at: dt.datetime
    finished_at: dt.datetime
    figures: Mapping[str, object]


def record_run(connection: Connection, run: Run) -> None:
    """Keeps `run`; every run is kept, also the second one of a period."""
    connection.execute(
        insert(runs).values(
            flow=run.flow,
            period=run.period,
            status=run.status,
            started_at=run.started_at,
            finished_at=run.finished_at,
            figures=json.dumps(dict(run.figures), ensure_ascii=False, sort_keys=True),
        )
    )


def reported_periods(connection: Connection, flow: str) -> frozenset[dt.date]:
    """The business dates that a run of `flow` has already reported."""
    return frozenset(connection.execute(select(runs.c.period).where(runs.c.flow == flow).distinct()).scalars())


def last_ends(connection: Connection, flow: str) -> dict[dt.date, dt.datetime]:
    """When the last run of each business date that `flow` has reported ended."""
    ended = func.max(runs.c.finished_at).label("ended")
    last = select(runs.c.period, ended).where(runs.c.flow == flow).group_by(runs.c.period)
    return {row.period: row.ended for row in connection.execute(last)}


def last_run(connection: Connection, flow: str) -> Run | None:
    """The run of `flow` that finished last, or None."""
    row = connection.execute(select(runs).where(runs.c.flow == flow).order_by(runs.c.id.desc()).limit(1)).first()
    return _run(row) if row else None


def last_runs_of_periods(connection: Connection, flow: str, first: dt.date, last: dt.date) -> tuple[Run, ...]:
    """The last run of each business date from `first` to `last` that has one, oldest date first."""
    newest = (
        select(func.max(runs.c.id))
        .where(runs.c.flow == flow, runs.c.period >= first, runs.c.period <= last)
        .group_by(runs.c.period)
    )
    rows = connection.execute(select(runs).where(runs.c.id.in_(newest)).order_by(runs.c.period))
    return tuple(_run(row) for row in rows)


def _run(row: Row[Any]) -> Run:
    return Run(row.flow, row.period, row.status, row.started_at, row.finished_at, json.loads(row.figures))
