"""A period of the survey, killed anywhere or run twice at once, ends as if run once."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import signal

import pytest

from benchmarks.demo_company.survey import make_survey
from tests.beside import beside, exit_status
from tests.flows.conftest import NewHome
from tests.flows.running import ONE_LANGUAGE, Home, Summary, broken, called, reports, typed

MONTH, LAST = "2026-10", dt.date(2026, 11, 20)
RUN = ("run", "survey", "--period", MONTH, "--json")
PLACES = {
    "after counts, cases and breaks were kept, in their transaction": ("tasks.survey.steps.carrying", "record_run"),
    "between the commit and the reports": ("tasks.survey.steps.carrying", "write_period"),
    "after the reports": ("tasks.survey.steps.day", "show_figures"),
}


def _company(home: Home) -> Home:
    (home.folder / "daybook.toml").write_text(ONE_LANGUAGE, encoding="utf-8")
    make_survey(home.folder / "inbox", LAST)
    return home


def _told(home: Home) -> tuple[Summary, dict[str, str]]:
    said: Summary = json.loads(called(home, *RUN, check=0).stdout)
    return said, reports(home)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Summary, dict[str, str]]:
    return _told(_company(Home(tmp_path_factory.mktemp("undisturbed"))))


def _run_until(home: Home, place: str) -> None:
    module, name = PLACES[place]
    setattr(importlib.import_module(module), name, lambda *_given, **_named: os.kill(os.getpid(), signal.SIGKILL))
    typed(home, home.folder / "said", *RUN)


def _run(home: Home, said: str) -> None:
    typed(home, home.folder / said, *RUN)


def test_a_run_killed_at_every_place_in_turn_ends_as_if_nothing_had_happened(
    new_home: NewHome, undisturbed: tuple[Summary, dict[str, str]]
) -> None:
    home = _company(new_home())
    for place in PLACES:
        assert exit_status(beside(_run_until, home, place)) == -signal.SIGKILL, place
    assert _told(home) == undisturbed
    assert broken(home) == []


def test_two_runs_at_the_same_moment_are_as_one(new_home: NewHome, undisturbed: tuple[Summary, dict[str, str]]) -> None:
    home = _company(new_home())
    both = [beside(_run, home, said) for said in ("one", "two")]
    assert [exit_status(one) for one in both] == [0, 0]
    assert _told(home) == undisturbed
    assert broken(home) == []
