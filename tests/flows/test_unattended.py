"""Nobody is there: a day's schedules, a crash, a week off, in a company with a hotel; the test moves everybody's clock.

A small library in C (moved_clock.c) moves the clock; without a C compiler the proof is skipped and says so.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from benchmarks.demo_company.hotel import make_hotel
from tasks.adapters.processes import flow_run_processes
from tests.flows.company import masters, ordinary_day
from tests.flows.running import Home

pytestmark = [pytest.mark.proof, pytest.mark.server]
ZONE = ZoneInfo("Asia/Shanghai")
SECONDS = 300
COMPILER = shutil.which("cc")
SETTINGS = """
[serve]
port = 0
reports_port = 0
[caretaker]
schedules = ["0 3 * * *"]
[mail]
schedules = ["0 12 * * *"]
[reservation_sweep]
schedules = ["0 18 * * *"]
[stocktake]
schedules = ["0 3 1 1 *"]
[account_agreement]
schedules = ["0 3 1 1 *"]
"""


def november(day: int, hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
    return dt.datetime(2025, 11, day, hour, minute, second, tzinfo=ZONE)


@dataclass(slots=True)
class Service:
    """`daybook serve` on a home, its clock in the test's hands."""

    home: Home
    process: subprocess.Popen[str] | None = None
    api: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def clock(self) -> Path:
        return self.home.folder.parent / "clock"

    def at(self, moment: dt.datetime) -> None:
        """Moves the clock of all the service's processes."""
        offset = round(moment.timestamp() - time.time())
        new = self.clock.with_suffix(".new")
        new.write_text(f"{offset:+d}\n", encoding="ascii")
        new.replace(self.clock)

    def start(self) -> None:
        moved = {"LD_PRELOAD": str(self.clock.with_name("moved_clock.so")), "CLOCK_MOVED_BY": str(self.clock)}
        root = str(Path(__file__).parents[2])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flows", "serve"],
            env=self.home.environment | moved | {"PYTHONPATH": root},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "http://" in line, line
        self.api = f"http://{line.split('http://')[1].split()[0]}/api"

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            out, _ = self.process.communicate(timeout=SECONDS)
            self.lines += out.splitlines()
            assert self.process.returncode == 0
            self.process = None

    def ask(self, path: str, body: object) -> Any:
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self.api}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        for _ in range(60):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own server
                    return json.loads(answer.read())
            except OSError:
                # Prefect's server on SQLite stands still for a while when many write at once; its own clients wait too.
                time.sleep(1)
        raise TimeoutError(path)

    def runs(self, flow: str = "") -> list[dict[str, Any]]:
        """Every run that was due by now, the earliest first; of one deployment where one is named."""
        names = {one["id"]: one["name"] for one in self.ask("deployments/filter", {})}
        now = (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=int(self.clock.read_text(encoding="ascii")))).isoformat()
        found = self.ask(
            "flow_runs/filter",
            {"sort": "EXPECTED_START_TIME_ASC", "flow_runs": {"expected_start_time": {"before_": now}}},
        )
        told = [one | {"flow": names.get(one["deployment_id"], "")} for one in found]
        return [one for one in told if not flow or one["flow"] == flow]

    def start_run(self, flow: str, **parameters: object) -> str:
        deployment = next(one for one in self.ask("deployments/filter", {}) if one["name"] == flow)
        asked = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        run = self.ask(f"deployments/{deployment['id']}/create_flow_run", asked)
        return str(run["id"])

    def state(self, run: str) -> str:
        return next(str(one["state_type"]) for one in self.runs() if one["id"] == run)

    def has_ended(self, run: str) -> bool:
        return self.state(run) in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}

    def worker(self) -> int:
        """The number of the worker's process."""
        assert self.process is not None
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                parent = int((folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
                if parent == self.process.pid and b"worker" in (folder / "cmdline").read_bytes().split(b"\0"):
                    return int(folder.name)
        raise LookupError("worker")

    def reported(self, flow: str = "stock-ledger") -> list[int]:
        """The days of November that a flow reported, in the order in which that was done."""
        with sqlite3.connect(self.home.folder / "daybook.db") as database:
            rows = database.execute("select period from runs where flow = ? order by id", (flow,)).fetchall()
        return [dt.date.fromisoformat(row[0]).day for row in rows]

    def closed(self) -> list[int]:
        """The nights of November that are closed, in the order in which that was done."""
        asked = "select business_date from night_audits where closed_at is not null order by closed_at"
        with sqlite3.connect(self.home.folder / "daybook.db") as database:
            rows = database.execute(asked).fetchall()
        return [dt.date.fromisoformat(row[0]).day for row in rows]


def until(holds: Callable[[], bool], what: str) -> None:
    """Waits until something holds."""
    deadline = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(1)


def told(run: dict[str, Any]) -> tuple[str, dt.datetime, str]:
    planned = dt.datetime.fromisoformat(run["expected_start_time"]).astimezone(ZONE)
    return run["flow"], planned, run["state_type"]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    if COMPILER is None:
        pytest.skip("the clock cannot be moved: there is no C compiler (cc)")
    home = Home(tmp_path_factory.mktemp("unattended") / "home")
    source = Path(__file__).with_name("moved_clock.c")
    library = home.folder.with_name("moved_clock.so")
    subprocess.run([COMPILER, "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
    home.folder.mkdir()
    (home.folder / "daybook.toml").write_text(SETTINGS, encoding="utf-8")
    masters(home.folder)
    # Its guests stay over the whole of the story.
    hotel = make_hotel(home.folder.with_name("hotel"), dt.date(2025, 11, 28), nights=9)
    shutil.copytree(hotel.delivered, home.folder / "inbox", dirs_exist_ok=True)
    made = Service(home)
    made.at(november(20, 9))
    made.start()
    yield made
    made.stop()
    living = [pid for pids in flow_run_processes(home.folder).values() for pid in pids]
    assert living == [], "runs outlived the service"


def test_every_schedule_of_a_day_fires_once(service: Service) -> None:
    ordinary_day(service.home.folder, dt.date(2025, 11, 19))
    wanted: list[tuple[str, dt.datetime, str]] = []
    for flow, planned in (
        ("stock-ledger", november(20, 9, 30)),
        ("mail-dispatch", november(20, 12)),
        ("reservation-sweep", november(20, 18)),
        ("stock-ledger", november(20, 21, 30)),
        ("night-audit", november(21, 2)),
        ("caretaker", november(21, 3)),
    ):
        if planned == november(20, 21, 30):
            ordinary_day(service.home.folder, dt.date(2025, 11, 20))
        wanted.append((flow, planned, "COMPLETED"))
        service.at(planned - dt.timedelta(seconds=20))
        until(lambda: [told(one) for one in service.runs()] == wanted, f"{flow} at {planned}: {wanted}")
    assert (service.reported(), service.reported("reservation-sweep"), service.closed()) == ([19, 20], [20], [20])


def test_a_run_that_died_with_its_worker_is_taken_up_once(service: Service) -> None:
    service.at(november(21, 12, 30))
    before = {one["id"] for one in service.runs()}
    dead = service.start_run("stock-ledger", wait_for_erp=True)
    # Nothing was delivered, so it waits for the ERP and is caught in the middle.
    until(lambda: service.state(dead) == "RUNNING", "running")
    time.sleep(5)
    for pid in (service.worker(), *flow_run_processes(service.home.folder)[dead]):
        os.kill(pid, signal.SIGKILL)
    ordinary_day(service.home.folder, dt.date(2025, 11, 21))
    service.at(november(21, 12, 45))
    for look in (service.start_run("caretaker"), service.start_run("caretaker")):
        until(functools.partial(service.has_ended, look), "the caretaker's look")
    until(lambda: 21 in service.reported(), "the work of the dead run")
    first, second = (one for one in service.runs("stock-ledger") if one["id"] not in before)
    until(lambda: service.state(second["id"]) == "COMPLETED", "taken up")
    assert (first["id"], first["state_type"]) == (dead, "CRASHED")
    assert second["parameters"]["business_date"] == "2025-11-21"
    assert "taken-up" in second["tags"]
    assert service.reported().count(21) == 1


def test_after_a_week_off_each_date_is_done_once_and_in_order(service: Service) -> None:
    service.at(november(21, 20))
    swept = ("reservation-sweep", november(21, 18), "COMPLETED")
    until(lambda: swept in [told(one) for one in service.runs()], "the sweep of the evening")
    service.stop()
    for day in range(22, 30):
        ordinary_day(service.home.folder, dt.date(2025, 11, day))
    service.at(november(29, 10))
    service.start()
    until(lambda: all(service.has_ended(one["id"]) for one in service.runs()), "the late runs")
    service.at(november(29, 21, 29, 40))
    last = ("stock-ledger", november(29, 21, 30), "COMPLETED")
    until(lambda: last in [told(one) for one in service.runs()], "the evening's run")
    said = "\n".join(str((*told(one), one["state"]["message"])) for one in service.runs())
    assert [day for day in service.reported() if day > 21] == [*range(22, 30)], said
    assert service.closed() == [*range(20, 29)], said
    off = [one for one in service.runs() if november(21, 20) < told(one)[1] < november(29, 10)]
    assert {one["flow"] for one in off} == {"stock-ledger", "night-audit"}, "of the others the next run does the work"
