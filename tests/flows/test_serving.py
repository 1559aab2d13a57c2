from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from config.settings import load_settings
from flows.alerts import send_alerts
from flows.caretaker import look_after
from flows.deployments import deploy
from flows.watchman import look_at_house
from tasks.adapters.store import open_store
from tasks.mail.streaks import unalerted, under_way
from tests.flows.company import DAY, NEXT_DAY
from tests.flows.running import SECONDS, Home, Summary, inside, reports, run_day
from tests.flows.served import Served, company_of
from tests.night_audit.hotel import ROOMS, drop

pytestmark = pytest.mark.server
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def direct(tmp_path_factory: pytest.TempPathFactory) -> tuple[Summary, dict[str, str]]:
    """What a run without any server says and writes."""
    home = company_of(Home(tmp_path_factory.mktemp("direct")))
    return run_day(home, DAY), reports(home)


def test_a_run_started_in_the_user_interface_is_carried_out_as_a_direct_one(
    served: Served, direct: tuple[Summary, dict[str, str]]
) -> None:
    deployment = served.deployment("stock-ledger")
    schedules = deployment["schedules"]
    assert isinstance(schedules, list)
    assert {one["schedule"]["cron"] for one in schedules} == {"30 21 * * *", "30 9 * * *"}
    assert {one["schedule"]["timezone"] for one in schedules} == {"Asia/Shanghai"}
    assert str(deployment["entrypoint"]).startswith("flows.stock_ledger")
    assert served.ended(served.start("stock-ledger", business_date=str(DAY))) == "COMPLETED"
    assert reports(served.home) == direct[1]
    artifact = served.artifact(f"stock-ledger-{DAY}")
    assert "0.666667" in artifact or "66.7" in artifact
    links = re.findall(r"\]\((http[^)]+)\)", artifact)
    assert len(links) == len([name for name in direct[1] if name.endswith(".html") and "/sites/" not in name])
    for link in links:
        with urllib.request.urlopen(link, timeout=30) as answer:  # noqa: S310 - our own server
            assert hashlib.sha256(answer.read()).hexdigest() in direct[1].values()
    again = served.recorded("run", "stock-ledger", "--date", str(DAY), "--json")
    assert json.loads(again.stdout) == direct[0]
    assert again.returncode == 0
    assert reports(served.home) == direct[1]


def test_a_blocked_run_is_failed_and_says_why(served: Served) -> None:
    done = served.recorded("run", "stock-ledger", "--date", str(NEXT_DAY), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["status"] == "blocked"
    states = [one["state"] for one in served.all_of("flow_runs") if str(NEXT_DAY) in str(one["name"])]
    assert [isinstance(one, dict) and one["type"] for one in states] == ["FAILED"]
    assert all(isinstance(one, dict) and "no ERP export" in str(one["message"]) for one in states)


def test_the_server_plans_the_runs_of_the_schedules(served: Served) -> None:
    deadline = time.monotonic() + SECONDS
    wanted, times = {dt.time(21, 30), dt.time(9, 30)}, set[dt.time]()
    own = served.deployment("stock-ledger")["id"]
    # The server plans one timetable after the other, and a busy one takes its time.
    while not times >= wanted and time.monotonic() < deadline:
        planned = [one for one in served.all_of("flow_runs") if one["deployment_id"] == own and one["auto_scheduled"]]
        starts = (dt.datetime.fromisoformat(str(one["expected_start_time"])) for one in planned)
        times = {start.astimezone(ZONE).time() for start in starts}
        time.sleep(0.5)
    assert times == wanted


def test_a_dead_run_is_ended_and_its_work_taken_up_once(served: Served) -> None:
    deployment = served.deployment("stock-ledger")
    asked = {"parameters": {"business_date": str(DAY)}, "state": {"type": "PENDING"}, "name": "left behind"}
    dead = served.ask(f"deployments/{deployment['id']}/create_flow_run", asked)
    assert isinstance(dead, dict)
    assert _looked(served, minutes=1) == (0, 0, [])
    # Nobody works at it, and after ten minutes of silence nobody will.
    assert _looked(served, minutes=10) == (1, 1, [])
    assert _looked(served, minutes=1) == (0, 0, [])
    assert served.ended(str(dead["id"])) == "CRASHED"
    taken = [one for one in served.all_of("flow_runs") if "taken-up" in cast("list[str]", one["tags"])]
    assert [one["parameters"] for one in taken] == [{"business_date": str(DAY)}]
    assert served.ended(str(taken[0]["id"])) == "COMPLETED"


def test_the_owner_is_told_once_of_a_flow_that_fails_until_it_works_again(served: Served) -> None:
    deployment = served.deployment("caretaker")
    store = open_store(served.home.url)
    for ending, failing, streaks in (
        ("FAILED", ["caretaker"], 1),
        ("FAILED", ["caretaker"], 1),
        ("COMPLETED", [], 1),
        ("FAILED", ["caretaker"], 2),
        ("COMPLETED", [], 2),
    ):
        run = served.ask(f"deployments/{deployment['id']}/create_flow_run", {"state": {"type": "PENDING"}})
        assert isinstance(run, dict)
        state = {"state": {"type": ending, "message": "the disk is full"}, "force": True}
        served.ask(f"flow_runs/{run['id']}/set_state", state)
        for _ in range(2):
            assert _looked(served, minutes=1) == (0, 0, failing)
        with store.reading() as connection:
            told = unalerted(connection)
            assert len(under_way(connection)) == len(failing)
        assert [(one.subject, one.reason) for one in told] == [("caretaker", "flow-failed")] * streaks
        assert all("the disk is full" in one.answer for one in told)


def test_the_owner_hears_of_the_flow_that_sends_mail_without_that_flow(served: Served) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    settings = load_settings(served.home.folder)
    _send_alerts(served)
    before = _alerts(served)
    for ending in ("FAILED", "FAILED", "COMPLETED"):
        deployment = served.deployment("mail-dispatch")
        run = served.ask(f"deployments/{deployment['id']}/create_flow_run", {"state": {"type": "PENDING"}})
        assert isinstance(run, dict)
        state = {"state": {"type": ending, "message": "no such table"}, "force": True}
        served.ask(f"flow_runs/{run['id']}/set_state", state)
        with temporary_settings({PREFECT_API_URL: served.api}), inside(served.home, {"PREFECT_API_URL": served.api}):
            found = asyncio.run(look_at_house(settings, dt.datetime.now(ZONE)))
        assert ("mail-dispatch" in found) == (ending == "FAILED")
        _send_alerts(served)
        assert len(_alerts(served)) == len(before) + 1


@contextlib.contextmanager
def _deployed_for(served: Served, folder: Path) -> Iterator[Home]:
    """A home of a hotel without rooms yet, deployed on the server within the block; then the served one is again."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    home = Home(folder / "hotel")
    home.folder.mkdir()
    # What is due meanwhile would be run in the served home.
    yearly = 'schedules = ["0 3 1 1 *"]\n'
    sections = ("stock_ledger", "night_audit", "reservation_sweep", "mail", "caretaker")
    text = "".join(f"[{name}]\n{yearly}" for name in sections)
    (home.folder / "daybook.toml").write_text(text, encoding="utf-8")
    with temporary_settings({PREFECT_API_URL: served.api}):
        asyncio.run(deploy(load_settings(home.folder)))
        yield home
        asyncio.run(deploy(load_settings(served.home.folder)))


def _timetables(served: Served) -> dict[str, tuple[list[bool], bool]]:
    """Of each of the hotel's deployments: whether its schedules are on, and whether it says that it has no hotel."""
    told = {}
    for name in ("night-audit", "reservation-sweep"):
        deployment = served.deployment(name)
        schedules, tags = deployment["schedules"], deployment["tags"]
        assert isinstance(schedules, list)
        assert isinstance(tags, list)
        told[name] = [bool(one["active"]) for one in schedules], "without-hotel" in tags
    return told


def test_a_hotel_s_timetables_rest_until_rooms_are_delivered(served: Served, tmp_path: Path) -> None:
    resting, awake = ([False], True), ([True], False)
    with _deployed_for(served, tmp_path) as home:
        settings, at = load_settings(home.folder), dt.datetime.now(ZONE)
        asyncio.run(look_after(settings, at))
        assert _timetables(served) == {"night-audit": resting, "reservation-sweep": resting}
        drop(home.folder, "rooms", ROOMS)
        asyncio.run(look_after(settings, at))
        assert _timetables(served) == {"night-audit": awake, "reservation-sweep": awake}
        # What ops switch off stays off.
        sweep = served.deployment("reservation-sweep")
        (planned,) = cast("list[dict[str, object]]", sweep["schedules"])
        served.change(f"deployments/{sweep['id']}/schedules/{planned['id']}", {"active": False})
        asyncio.run(look_after(settings, at))
        assert _timetables(served) == {"night-audit": awake, "reservation-sweep": ([False], False)}


def _send_alerts(served: Served) -> None:
    """What the service does after each look."""
    with inside(served.home):
        send_alerts(load_settings(served.home.folder))


def _alerts(served: Served) -> list[Path]:
    return [
        path for path in (served.home.folder / "outbox").rglob("*.eml") if b"owner@example.test" in path.read_bytes()
    ]


def _looked(served: Served, *, minutes: int) -> tuple[int, int, list[str]]:
    """What the caretaker did and found when it looked so many minutes from now."""
    found = served.looked_after(minutes=minutes)
    return found.ended, found.taken_up, found.failing


RETRIED = """
import json
import re
from prefect import flow
from tasks.desk import step

tries = []

def may_pass(error, tries):
    return isinstance(error, ConnectionError)

@step("stock_ledger.step.receive", retries=3, wait_seconds=0, retry_if=may_pass)
def ask(answers: list) -> str:
    tries.append(1)
    if len(tries) < answers[0]:
        raise (ConnectionError if answers[1] else KeyError)("down")
    return "came"

@flow
def asking(answers: list) -> str:
    return ask(answers)

told = [asking([2, True])]
tries.clear()
try:
    asking([2, False])
except KeyError:
    told.append(f"given up after {len(tries)}")
tries.clear()
try:
    ask([2, True])
except ConnectionError:
    told.append(f"raised at once after {len(tries)}")
print(json.dumps(told))
"""


def test_a_step_is_tried_again_in_a_flow_run_and_only_for_what_may_pass(served: Served) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RETRIED],
        env=served.home.environment | {"PREFECT_API_URL": served.api, "PREFECT_LOGGING_LEVEL": "CRITICAL"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == ["came", "given up after 1", "raised at once after 1"]
