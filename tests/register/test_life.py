from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.breaks import ALIVE, State
from tasks.register.life import Sighting, next_state, sightings_of

DAYS = [dt.date(2025, 11, 10) + dt.timedelta(days=number) for number in range(8)]
NAMES = st.frozensets(st.sampled_from("abc"))


@pytest.mark.parametrize(
    ("was", "cause", "becomes"),
    [
        (None, "seen", "open"),
        (None, "gone", None),
        ("open", "seen", "open"),
        ("open", "gone", "resolved"),
        ("explained", "seen", "explained"),
        ("explained", "gone", "resolved"),
        ("reopened", "seen", "reopened"),
        ("reopened", "gone", "resolved"),
        ("resolved", "seen", "reopened"),
        ("resolved", "gone", None),
        ("written-off", "seen", "written-off"),
        ("written-off", "gone", "written-off"),
    ],
)
def test_the_life_of_a_break(was: State | None, cause: str, becomes: State | None) -> None:
    assert next_state(was, seen=cause == "seen") == becomes


def _lived(days: list[frozenset[str]], again: int) -> list[dict[str, Sighting]]:
    """What each day tells of when every day is run `again` times."""
    told: list[dict[str, Sighting]] = []
    newest: dict[str, Sighting] = {}
    for period, seen in zip(DAYS, days, strict=False):
        yesterday = told[-1] if told else {}
        before = {
            name: one for name, one in newest.items() if name in seen or (name in yesterday and one.state in ALIVE)
        }
        today: dict[str, Sighting] = {}
        for _ in range(again):
            today = sightings_of(period, seen, before, today)
        told.append(today)
        newest |= today
    return told


@given(st.lists(NAMES, min_size=1, max_size=8), st.integers(2, 4))
def test_running_a_date_again_tells_the_same(days: list[frozenset[str]], times: int) -> None:
    assert _lived(days, 1) == _lived(days, times)


@given(st.lists(NAMES, min_size=1, max_size=8))
def test_a_break_lives_as_long_as_its_cause(days: list[frozenset[str]]) -> None:
    told = _lived(days, 1)
    ever: set[str] = set()
    for number, seen in enumerate(days):
        yesterday = days[number - 1] if number else frozenset()
        wanted = {name: "open" if name not in ever else "reopened" for name in seen - yesterday}
        wanted |= {name: told[number - 1][name].state for name in seen & yesterday}
        wanted |= dict.fromkeys(yesterday - seen, "resolved")
        assert {name: one.state for name, one in told[number].items()} == wanted
        ever |= seen


@given(st.lists(NAMES, min_size=1, max_size=8))
def test_a_stretch_of_life_begins_on_the_first_day_its_cause_is_there(days: list[frozenset[str]]) -> None:
    for number, today in enumerate(_lived(days, 1)):
        for name, one in today.items():
            first = number if name in days[number] else number - 1
            while first and name in days[first - 1]:
                first -= 1
            assert one.since == DAYS[first]
