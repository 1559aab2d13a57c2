"""Which runs are dead, whose work is taken up again, and which flows fail: judged from what Prefect shows of runs.

Prefect's own automations may start one run twice (two workers hear of the same crash), so a dead run is never set going
again: a new run gets its work, under a key that can be used once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

RunState = Literal["waiting", "running", "completed", "blocked", "failed", "crashed"]
_KEY = "taken-up"
_BAD: tuple[RunState, ...] = ("failed", "crashed")
_UNDER_WAY: tuple[RunState, ...] = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class SeenRun:
    """A run as Prefect shows it; `work` says what it was to do, so that two runs of the same work are known.

    `waiting` is a run that is due and has not begun, `running` one that somebody is said to work at. `last_sign` is its
    last change of state or sign of life; `key` the key it was made under.
    """

    id: str
    name: str
    work: str
    scheduled: dt.datetime
    last_sign: dt.datetime
    state: RunState
    message: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Taking:
    """A dead run and the key under which a new run takes up its work."""

    run: SeenRun
    key: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to be done about the ended runs of one flow.

    `failing` is the run that shows that the flow fails, None when it does not; `given_up` whether that run was the last
    that took up its work; `settled` is False while it is not known yet, for a run is still to be taken up or under way.
    """

    taken_up: tuple[Taking, ...]
    failing: SeenRun | None
    given_up: bool
    settled: bool


def silent_runs(
    runs: Iterable[SeenRun], living: Collection[str], now: dt.datetime, silent: dt.timedelta
) -> tuple[SeenRun, ...]:
    """The running ones that are dead: none of `living` (ids) and without a sign of life for longer than `silent`."""
    return tuple(
        one for one in runs if one.state == "running" and one.id not in living and now - one.last_sign > silent
    )


def judged(runs: Sequence[SeenRun], since: dt.datetime, taken_up_max: int) -> Judged:
    """What is to be done about `runs` of a flow of which every run counts, the newest ended first.

    A crashed run that ended at or after `since` is taken up, unless a later run of the same work is there or its work
    was taken up `taken_up_max` times.
    """
    crashed = [one for one in runs if one.state == "crashed" and one.last_sign >= since and not _followed(one, runs)]
    taken_up = tuple(Taking(one, _next_key(one)) for one in crashed if attempt(one)[1] < taken_up_max)
    again = {one.run.id for one in taken_up}
    for one in runs:
        if one.state in _UNDER_WAY or one.id in again or (one.state == "crashed" and _followed(one, runs)):
            continue
        failing = one if one.state in _BAD else None
        return Judged(taken_up, failing, one.state == "crashed", settled=True)
    return Judged(taken_up, None, given_up=False, settled=False)


def judged_repeating(runs: Sequence[SeenRun]) -> Judged:
    """What the ended runs, the newest first, say of a flow whose next run does the work of a missed one.

    One that failed fails; a crash alone says nothing (somebody may have stopped the machine), two in a row do.
    """
    ended = [one for one in runs if one.state not in _UNDER_WAY]
    if not ended:
        return Judged((), None, given_up=False, settled=False)
    newest = ended[0]
    if newest.state == "crashed" and (len(ended) == 1 or ended[1].state not in _BAD):
        return Judged((), None, given_up=False, settled=False)
    return Judged((), newest if newest.state in _BAD else None, given_up=False, settled=True)


def attempt(run: SeenRun) -> tuple[str, int]:
    """The first run of a work and how often it had been taken up when `run` began: 0 for the first run itself."""
    kind, _, rest = run.key.partition(":")
    first, _, number = rest.partition(":")
    return (first, int(number)) if kind == _KEY and number.isdecimal() else (run.id, 0)


def _next_key(run: SeenRun) -> str:
    first, number = attempt(run)
    return f"{_KEY}:{first}:{number + 1}"


def _followed(run: SeenRun, runs: Sequence[SeenRun]) -> bool:
    """Whether a later run took the work of `run` up, or was planned or started for the same work."""
    taken = _next_key(run)
    return any(one.key == taken or (one.work == run.work and one.scheduled > run.scheduled) for one in runs)


def parameters_of_work(given: Mapping[str, object], date_parameter: str, date: dt.date | None) -> dict[str, object]:
    """The parameters with the business date said, where the flow has one and it was left to the scheduled start."""
    if not date_parameter or date is None or given.get(date_parameter):
        return dict(given)
    return {**given, date_parameter: date.isoformat()}
