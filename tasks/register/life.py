"""The life of a break (spec 01): open, explained, resolved, reopened, written off; pure, one step a business date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tasks.domain.breaks import ALIVE, State


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one business date knew of one break: its state then, and the first date of its present stretch of life."""

    break_id: str
    period: dt.date
    state: State
    since: dt.date


def next_state(before: State | None, *, seen: bool) -> State | None:
    """The state after a date on which the cause was seen or not; None when there is nothing to tell.

    `before` is None for a break never met. Source: spec 01, life of a break: a resolved one whose cause returns is
    reopened; one that people wrote off stays so.
    """
    if before is None:
        return "open" if seen else None
    if before == "written-off":
        return "written-off"
    if before == "resolved":
        return "reopened" if seen else None
    return before if seen else "resolved"


def sightings_of(
    period: dt.date, seen: Iterable[str], before: Mapping[str, Sighting], earlier_today: Mapping[str, Sighting]
) -> dict[str, Sighting]:
    """One sighting for every break that `period` must tell of, by break id.

    `before` holds the last sighting of an earlier date, for each break that was alive on the date before and each that
    is seen now; `earlier_today` holds what an earlier run of the same period recorded. Running again with the same
    input gives the same sightings (spec 00: nothing happens twice). Written-off breaks of earlier dates are not told.
    """
    now = frozenset(seen)
    told: dict[str, Sighting] = {}
    for break_id in sorted(now | before.keys() | earlier_today.keys()):
        today, last = earlier_today.get(break_id), before.get(break_id)
        prior = today or last
        state = next_state(prior.state if prior else None, seen=break_id in now)
        if state is None and today is not None:
            state = today.state
        if state is None or (state == "written-off" and today is None):
            continue
        starts = prior is None or (prior.state == "resolved" and state == "reopened")
        since = period if starts or prior is None else prior.since
        if last is not None and last.state in ALIVE:
            # A belated run of an older date may have found that this stretch of life began before it was told of.
            since = min(since, last.since)
        told[break_id] = Sighting(break_id, period, state, since)
    return told


def explained(sighting: Sighting) -> Sighting:
    """The sighting after somebody explained it; resolved and written-off ones stay as they are."""
    return replace(sighting, state="explained") if sighting.state in ALIVE else sighting
