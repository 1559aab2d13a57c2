from __future__ import annotations

import importlib
import os
import signal

import pytest

from tests.beside import beside, exit_status
from tests.flows.company import DAY, masters, ordinary_day
from tests.flows.conftest import NewHome
from tests.flows.running import ONE_LANGUAGE, Home, Summary, broken, reports, run_day, typed

PLACES = {
    "after the archive copy, before its commit": ("tasks.intake.steps.taking_in", "_keep"),
    "inside the transaction of the day": ("tasks.stock_ledger.steps.reconciling", "record_run"),
    "between the day's commit and its reports": ("tasks.stock_ledger.steps.day", "write_day"),
    "while reports are written": ("tasks.stock_ledger.steps.telling", "write_pages"),
}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Summary, dict[str, str]]:
    home = _company(Home(tmp_path_factory.mktemp("undisturbed")))
    return run_day(home, DAY), reports(home)


def _company(home: Home) -> Home:
    (home.folder / "daybook.toml").write_text(ONE_LANGUAGE, encoding="utf-8")
    masters(home.folder)
    ordinary_day(home.folder)
    return home


def _killed_at(home: Home, place: str) -> None:
    assert exit_status(beside(_run_until, home, place)) == -signal.SIGKILL


def _run_until(home: Home, place: str) -> None:
    """The process is killed as `kill -9` does when it comes to the place; nothing in it may clean up."""
    module, name = PLACES[place]
    setattr(importlib.import_module(module), name, lambda *_given, **_named: os.kill(os.getpid(), signal.SIGKILL))
    typed(home, home.folder / "said", "run", "stock-ledger", "--date", str(DAY), "--json")


@pytest.mark.parametrize("place", PLACES)
def test_a_run_after_a_kill_ends_as_if_nothing_had_happened(
    place: str, sqlite_home: NewHome, undisturbed: tuple[Summary, dict[str, str]]
) -> None:
    home = _company(sqlite_home())
    _killed_at(home, place)
    assert (run_day(home, DAY), reports(home)) == undisturbed
    assert broken(home) == []
    assert [path for path in (home.folder / "inbox").rglob("*") if path.is_file()] == []


@pytest.mark.proof
@pytest.mark.postgres
def test_a_run_killed_at_every_place_in_turn_ends_as_if_nothing_had_happened(
    postgres_home: NewHome, undisturbed: tuple[Summary, dict[str, str]]
) -> None:
    home = _company(postgres_home())
    for place in PLACES:
        _killed_at(home, place)
    assert (run_day(home, DAY), reports(home)) == undisturbed
