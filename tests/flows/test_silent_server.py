"""A server that lives and does not answer: it is ended and started again, and the owner hears of it once."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from config.settings import load_settings
from flows.prefect_server import UnableToServe, answers
from flows.running import state_of_affairs
from flows.serving import _Service
from flows.whereabouts import whereabouts
from tests.flows.conftest import NewHome
from tests.flows.running import SECONDS, Home, inside

SETTINGS = """
[serve]
reports_port = 0
ask_seconds = 1
unanswered_max = 2
restarts_max = 1
[mail]
owner = "owner@example.test"
"""


def _until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.fixture
def service(sqlite_home: NewHome) -> Iterator[tuple[_Service, Home]]:
    """The service with nothing but the server of the reports, for which no Prefect is needed."""
    home = sqlite_home()
    (home.folder / "daybook.toml").write_text(SETTINGS, encoding="utf-8")
    with inside(home):
        made = _Service(load_settings(home.folder), threading.Event())
        made._start_reports()
        assert made.reports is not None
        health = made.reports.health
        _until(lambda: answers(health), "the server of the reports")
        yield made, home
        made._end()


def _alerts(home: Home) -> int:
    return len(list((home.folder / "outbox").rglob("*.eml")))


def test_it_is_started_again_and_told_of_once_until_it_has_kept_itself_alive(service: tuple[_Service, Home]) -> None:
    one, home = service
    child = one.reports
    assert child is not None
    one._end_silent()
    assert (child.unanswered, child.is_alive) == (0, True)
    first = child.pid
    os.kill(first, signal.SIGSTOP)
    for _ in range(2):
        assert child.is_alive
        one._end_silent()
    assert not child.is_alive
    one._revive(child)
    assert child.pid != first
    _until(lambda: answers(child.health), "the new server of the reports")
    one._end_silent()
    assert child.unanswered == 0
    _until(lambda: _alerts(home) == 1, "the alert")
    assert "report-server" in state_of_affairs()
    said = (home.folder / "logs" / "serve.log").read_text(encoding="utf-8")
    assert f"(process {first}) has given no answer for 2 s; it is ended and started again" in said
    # Again within the streak: nobody is told twice, and dying too often is the end.
    os.kill(child.pid, signal.SIGKILL)
    _until(lambda: not child.is_alive, "its death")
    with pytest.raises(UnableToServe, match="2 times within ten minutes"):
        one._revive(child)
    assert _alerts(home) == 1
    one.watchman.note("report-server")
    one.watchman.look_at_last(SECONDS)
    assert "report-server" not in state_of_affairs()


def test_where_a_home_is_served_is_known_only_while_it_is(service: tuple[_Service, Home]) -> None:
    _, home = service
    assert whereabouts(home.folder).api == ""
    (home.folder / "prefect").mkdir()
    (home.folder / "prefect" / "served.json").write_text('{"other": 1}', encoding="utf-8")
    assert whereabouts(home.folder).reports == ""
