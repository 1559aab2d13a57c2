from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import cast

import pytest

from tasks.domain.dead_runs import RunState, SeenRun, attempt, judged, judged_repeating, parameters_of_work, silent_runs

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
SINCE = NOON - dt.timedelta(days=2)
SILENT = dt.timedelta(minutes=5)
# A run is written "id work state", its key after an @; the newest stands first. Work is taken up twice at most.
STORIES = {
    "all is well": ("b 20 completed, a 19 completed", "", ""),
    "nothing ran yet": ("", "", ""),
    "a crash is taken up": ("b 20 crashed, a 19 completed", "b@taken-up:b:1", ""),
    "one that was taken up is left alone": ("c 20 running @taken-up:b:1, b 20 crashed, a 19 completed", "", ""),
    "one whose taking up waits its turn is left alone": ("b 20 crashed, c 20 waiting @taken-up:b:1", "", ""),
    "taken up and done": ("c 20 completed @taken-up:b:1, b 20 crashed", "", ""),
    "crashed a second time": ("c 20 crashed @taken-up:b:1, b 20 crashed", "c@taken-up:b:2", ""),
    "crashed a third time": ("d 20 crashed @taken-up:b:2, c 20 crashed @taken-up:b:1, b 20 crashed", "", "given up d"),
    "given up, and the next day is well": ("e 21 completed, d 20 crashed @taken-up:b:2, c 20 crashed", "", ""),
    "somebody ran it again": ("c 20 completed, b 20 crashed", "", ""),
    "the morning's run of the date is planned": ("c 20 running, b 20 crashed", "", ""),
    "both runs of a date crashed": ("c 20 crashed, b 20 crashed", "c@taken-up:c:1", ""),
    "two dates crashed": ("c 21 crashed, b 20 crashed", "c@taken-up:c:1 b@taken-up:b:1", ""),
    "a failure is not taken up": ("b 20 failed, a 19 completed", "", "failing b"),
    "it failed until the last run": ("c 21 completed, b 20 failed", "", ""),
    "a blocked run is no failure": ("c 21 blocked, b 20 failed", "", ""),
    "a crash after a failure": ("c 21 crashed, b 20 failed", "c@taken-up:c:1", "failing b"),
}


def runs(story: str) -> list[SeenRun]:
    """The runs of a story; each began an hour before the one that stands before it."""
    found = []
    for number, line in enumerate(one for one in story.split(", ") if one):
        words, _, key = line.partition(" @")
        name, work, state = words.split()
        at = NOON - dt.timedelta(hours=number)
        found.append(SeenRun(name, name, work, at, at, cast("RunState", state), "", key))
    return found


@pytest.mark.parametrize("story", STORIES)
def test_a_dead_run_is_taken_up_once_and_given_up_in_the_end(story: str) -> None:
    lines, taken_up, outcome = STORIES[story]
    found = judged(runs(lines), SINCE, taken_up_max=2)
    assert " ".join(f"{one.run.id}@{one.key}" for one in found.taken_up) == taken_up
    said = "" if not found.failing else ("given up " if found.given_up else "failing ") + found.failing.id
    assert said == outcome


def test_a_crash_of_long_ago_is_not_taken_up() -> None:
    assert judged(runs("b 20 crashed"), NOON + dt.timedelta(seconds=1), taken_up_max=2).taken_up == ()


def test_a_flow_whose_only_run_is_being_taken_up_is_neither_well_nor_failing() -> None:
    assert not judged(runs("c 20 running @taken-up:b:1, b 20 crashed"), SINCE, taken_up_max=2).settled
    assert judged(runs("b 20 completed"), SINCE, taken_up_max=2).settled


@pytest.mark.parametrize(
    ("story", "failing", "settled"),
    [
        ("", "", False),
        ("b x completed, a x failed", "", True),
        ("b x failed, a x completed", "b", True),
        ("b x crashed, a x completed", "", False),
        ("b x crashed, a x crashed", "b", True),
        ("c x running, b x crashed, a x failed", "b", True),
    ],
)
def test_of_what_runs_every_few_minutes_one_crash_says_nothing(
    story: str,
    failing: str,
    settled: bool,  # noqa: FBT001 - a column of the table
) -> None:
    found = judged_repeating(runs(story))
    assert found.taken_up == ()
    assert (found.failing.id if found.failing else "", found.settled) == (failing, settled)


def test_a_run_is_dead_when_it_is_silent_and_no_process_of_it_lives() -> None:
    recent, old = NOON - dt.timedelta(minutes=4), NOON - dt.timedelta(minutes=6)
    one = runs("a 20 running")[0]
    told = [
        replace(one, id="speaks", last_sign=recent),
        replace(one, id="silent", last_sign=old),
        replace(one, id="busy", last_sign=old),
        replace(one, id="queued", last_sign=old, state="waiting"),
        replace(one, id="over", last_sign=old, state="completed"),
    ]
    assert [run.id for run in silent_runs(told, {"busy"}, NOON, SILENT)] == ["silent"]


def test_a_key_says_which_work_it_takes_up_and_how_often_that_was_done() -> None:
    one = runs("a 20 crashed")[0]
    assert attempt(one) == ("a", 0)
    assert attempt(replace(one, key="taken-up:z:2")) == ("z", 2)
    assert attempt(replace(one, key="scheduled 2026-11-20")) == ("a", 0)


@pytest.mark.parametrize(
    ("given", "parameter", "wanted"),
    [
        ({}, "business_date", {"business_date": "2026-11-20"}),
        ({"business_date": None, "x": 1}, "business_date", {"business_date": "2026-11-20", "x": 1}),
        ({"business_date": "2026-11-02"}, "business_date", {"business_date": "2026-11-02"}),
        ({"x": 1}, "", {"x": 1}),
    ],
)
def test_the_date_of_the_dead_run_is_said_to_the_new_one(
    given: dict[str, object], parameter: str, wanted: dict[str, object]
) -> None:
    assert parameters_of_work(given, parameter, dt.date(2026, 11, 20)) == wanted
