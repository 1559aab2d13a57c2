from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.company import DAY, masters, ordinary_day
from tests.flows.conftest import NewHome
from tests.flows.running import ONE_LANGUAGE, SECONDS, Home, Summary, broken, reports, run_day

PLACES = {
    "after the archive copy, before its commit": ("tasks.intake.steps.taking_in", "_keep"),
    "inside the transaction of the day": ("tasks.stock_ledger.steps.reconciling", "record_run"),
    "between the day's commit and its reports": ("tasks.stock_ledger.steps.day", "write_day"),
    "while reports are written": ("tasks.stock_ledger.steps.telling", "write_pages"),
}
# The process is killed as `kill -9` does when it comes to the place; nothing in it may clean up.
KILLED = """
import importlib, os, signal, sys
module = importlib.import_module(sys.argv[1])
setattr(module, sys.argv[2], lambda *given, **named: os.kill(os.getpid(), signal.SIGKILL))
sys.argv[1:] = ["run", "stock-ledger", "--date", sys.argv[3], "--json"]
from flows.__main__ import main
main()
"""


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
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, *PLACES[place], DAY.isoformat()],
        env=home.environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr[-2000:]


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
