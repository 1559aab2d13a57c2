"""What the reports of one day's returns are made of, for everybody or for one department, and their figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Literal

import pandas as pd

from tasks.damaged_returns.kinds import FREIGHT
from tasks.damaged_returns.shapes import VOLUME_PLACES
from tasks.damaged_returns.tracking import pipeline
from tasks.domain.breaks import ALIVE, Break, age_of
from tasks.domain.message import message
from tasks.domain.report import Figure

_GRAVITY = ("high", "medium", "low")


@dataclass(frozen=True, eq=False)
class ReturnFacts:
    """What the reports of the date are made of. Frames by the names of `shapes` where nothing else is said.

    `batches` were sealed for the date, whichever run made them. `waiting`, `packed` and `sites` are what is left after
    that. `tracked` as of `tracking.tracked`; `finished`: department, state, parts (int64), of the parts that `tracked`
    no longer holds. `late` as of `overdue.late_parts`; `cycles` as of `outcomes.repair_cycles`. `damages`: department,
    cause, parts, quantity (int64) of what was registered in the last year. `freight`: department, batch, box, serial,
    item, cents (Int64), one row a part of a batch whose freight became known. `breaks` are all that the run tells of.
    `quarantined`: dataset, site, file, sheet, row, column, value, reason. `rows`: the counts of spec 00 by dataset.
    `departments` have sites and so a report, whether or not anything is told of them.
    """

    as_of: dt.date
    status: Literal["completed", "blocked", "waiting", "already-done"]
    batches: pd.DataFrame
    waiting: pd.DataFrame
    packed: pd.DataFrame
    sites: pd.DataFrame
    tracked: pd.DataFrame
    finished: pd.DataFrame
    late: pd.DataFrame
    cycles: pd.DataFrame
    damages: pd.DataFrame
    freight: pd.DataFrame
    breaks: tuple[Break, ...]
    quarantined: pd.DataFrame
    rows: Mapping[str, Mapping[str, int]]
    departments: tuple[str, ...] = ()

    @cached_property
    def still(self) -> tuple[Break, ...]:
        """The breaks that people still have to work on: gravest first, then oldest, then most valuable."""
        return tuple(
            sorted(
                (one for one in self.breaks if one.state in ALIVE),
                key=lambda one: (
                    _GRAVITY.index(one.severity), -age_of(one, self.as_of), -Decimal(one.value or 0), one.site,
                    one.kind, one.item, one.id,
                ),
            )
        )  # fmt: skip

    @cached_property
    def held(self) -> pd.DataFrame:
        """The parts whose record lacks something."""
        return self.waiting[self.waiting["state"] == "held"]

    @cached_property
    def pipeline(self) -> Mapping[str, int]:
        """How many parts are in each state."""
        finished = self.finished.groupby("state")["parts"].sum()
        return pipeline(self.tracked, {str(state): int(parts) for state, parts in finished.items()})

    @cached_property
    def known_departments(self) -> dict[str, ReturnFacts]:
        """What `of_department` has taken out, by name, for reports, figures and tables ask for the same."""
        return {}

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in the order of the page, see `return_figures`."""
        return return_figures(self)


def departments_of(facts: ReturnFacts) -> tuple[str, ...]:
    """The departments that have sites or that anything is told of, by name."""
    frames = (facts.batches, facts.waiting, facts.sites, facts.tracked, facts.late)
    named = {str(name) for frame in frames for name in frame["department"].unique()}
    return tuple(sorted((named | {one.department for one in facts.still} | {*facts.departments}) - {""}))


def of_department(facts: ReturnFacts, department: str) -> ReturnFacts:
    """The facts that concern one department; all of them for ""."""
    if not department:
        return facts
    known = facts.known_departments
    if department not in known:
        known[department] = _taken_out(facts, department)
    return known[department]


def _taken_out(facts: ReturnFacts, department: str) -> ReturnFacts:
    def own(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["department"] == department]

    tracked = own(facts.tracked)
    sites = {*facts.sites.loc[facts.sites["department"] == department, "site"], *tracked["site"]}
    return replace(
        facts,
        batches=own(facts.batches),
        waiting=own(facts.waiting),
        packed=own(facts.packed),
        sites=own(facts.sites),
        tracked=tracked,
        finished=own(facts.finished),
        late=own(facts.late),
        cycles=facts.cycles[facts.cycles["serial_key"].isin(tracked["serial_key"])],
        damages=own(facts.damages),
        freight=own(facts.freight),
        breaks=tuple(one for one in facts.breaks if one.department == department),
        quarantined=facts.quarantined[facts.quarantined["site"].isin(sites)],
    )


def cubic_metres(scaled: int) -> Decimal:
    """A volume scaled by 10^12 as exact m³."""
    return Decimal(int(scaled)).scaleb(-VOLUME_PLACES)


def waiting_volume(facts: ReturnFacts) -> int:
    """The volume of the boxes that may go and wait for their batch, scaled by 10^12; Python's own numbers have room."""
    ready = facts.packed.loc[facts.packed["state"] == "ready", "volume"].dropna()
    return sum(ready.tolist())


def return_figures(facts: ReturnFacts) -> tuple[Figure, ...]:
    """The figures by the names of spec 10, the four large ones first."""
    created, batched = len(facts.batches), int(facts.batches["parts"].sum())
    held, late = len(facts.held), len(facts.late)
    freight = sum(one.kind in FREIGHT for one in facts.still)
    eligible = int((facts.waiting["state"] == "eligible").sum())
    of_parts = message("damaged_returns.detail.parts", number=batched)
    of_waiting = message("damaged_returns.detail.waiting", number=len(facts.waiting))
    return (
        Figure("batches_created", "count", created, detail=of_parts),
        Figure("volume_waiting", "volume", cubic_metres(waiting_volume(facts))),
        Figure("parts_held", "count", held, "warn" if held else "good", of_waiting),
        Figure("parts_overdue", "count", late, "warn" if late else "good"),
        Figure("parts_batched", "count", batched),
        Figure("parts_eligible", "count", eligible),
        Figure("freight_exceptions", "count", freight, "warn" if freight else "good"),
        Figure("breaks_open", "count", len(facts.still), "warn" if facts.still else "good"),
        *(Figure(f"pipeline.{state}", "count", parts) for state, parts in facts.pipeline.items()),
    )
