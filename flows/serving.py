"""`daybook serve`: a Prefect server, the reports beside it, the deployments with their schedules, and a worker.

All are kept alive on this machine until somebody stops them.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from config.settings import Settings
from flows.arranging import UnableToArrange
from flows.children import RESTARTS_WITHIN_SECONDS, Child, Every, rotated_log
from flows.command_line import said
from flows.deployments import POOL, deploy, drop_overdue
from flows.health import Health, health_line, stamp
from flows.opening import made_home
from flows.prefect_server import (
    START_SECONDS,
    UnableToServe,
    answers,
    changed_environment,
    client_environment,
    configured_server,
    is_healthy,
    wait_until_healthy,
)
from flows.report_server import configured_report_server
from flows.watchman import Watchman
from flows.whereabouts import Whereabouts, kept_whereabouts
from tasks.adapters.processes import flow_run_processes
from tasks.adapters.store import open_store

# A living run says so this often; `[caretaker] silent_seconds` must be longer.
HEARTBEAT_SECONDS = 60
_LOOK_SECONDS = 1.0
_STOP_SECONDS = 30.0
# Whoever has not answered for minutes is not given long to end in good order.
_SILENT_STOP_SECONDS = 5.0
_TELL_SECONDS = 60.0
# What the owner reads of the children; plain `server` is the mail server there.
_PARTS = {"server": "prefect-server", "reports": "report-server", "worker": "worker"}


def serve_until_stopped() -> None:
    """Serves until Ctrl-C or a termination signal: a server (unless one is configured), all deployments, one worker.

    Raises UnableToServe where the server does not start or keeps dying, UnableToArrange where the settings forbid it.
    """
    settings = made_home()
    # The first look at the home may come before the first run.
    open_store(settings.database_url).engine.dispose()
    with _alone(settings.home), _until_signal() as stopped:
        _Service(settings, stopped).run()


class _Service:
    """What is served, from its start to its end."""

    def __init__(self, settings: Settings, stopped: threading.Event) -> None:
        self.settings = settings
        self.stopped = stopped
        self.log = rotated_log(self._log_path("serve"), settings.serve.log_mib_max, settings.serve.logs_kept)
        self.address = os.environ.get("PREFECT_API_URL", "").rstrip("/")
        self.server: Child | None = None
        self.reports: Child | None = None
        self.worker: Child | None = None
        self.watchman = Watchman(settings, self._say_look_failed)
        self.since = time.monotonic()

    @property
    def children(self) -> list[Child]:
        """The programs that were started, in the order in which they are ended."""
        return [one for one in (self.worker, self.reports, self.server) if one is not None]

    def run(self) -> None:
        """Starts server, reports and worker, keeps them alive until stopped, and ends them."""
        try:
            if not self.address:
                self._start_server()
            self._await_server()
            served = Whereabouts(self.address, self._start_reports())
            environment = client_environment(self.address, os.environ)
            with changed_environment(environment), kept_whereabouts(self.settings.home, served):
                dropped = self._prepare()
                self.worker = self._child("worker", _worker_command(self.settings), self._worker_environment())
                self.worker.start()
                print(said("cli.serve.ready", url=self.address.removesuffix("/api")), flush=True)
                self._say(said("serve.reports_at", at=stamp(self.settings), url=served.reports))
                for name, runs in dropped.items():
                    self._say(said("serve.dropped", at=stamp(self.settings), name=name, runs=runs))
                self._watch()
        finally:
            self._end()

    def _start_server(self) -> None:
        own = self.settings.serve
        server, as_set = configured_server(own, self.settings.home / "prefect")
        print(said("cli.serve.starting"), file=sys.stderr)
        if not as_set:
            print(said("serve.other_port", taken=own.port, port=server.port), file=sys.stderr)
        server.folder.mkdir(parents=True, exist_ok=True)
        self.address = server.address
        self.server = self._child("server", server.command, os.environ | server.environment, server.health)
        self.server.start()

    def _start_reports(self) -> str:
        """The address under which browsers find the reports from now on."""
        own = self.settings.serve
        server, as_set = configured_report_server(own)
        if not as_set:
            print(said("serve.other_reports_port", taken=own.reports_port, port=server.port), file=sys.stderr)
        environment = os.environ | {"DAYBOOK_HOME": str(self.settings.home)}
        self.reports = self._child("reports", server.command, environment, server.health)
        self.reports.start()
        return server.url

    def _await_server(self) -> None:
        """Raises UnableToServe when the server does not answer in time."""
        answered = wait_until_healthy(self.address, self._goes_on)
        if answered or self.stopped.is_set():
            return
        if self.server is None:
            raise UnableToServe(said("serve.error.unreachable", url=self.address))
        raise UnableToServe(said("cli.error.server", seconds=START_SECONDS, log=self._log_path("server")))

    def _goes_on(self) -> bool:
        return not self.stopped.is_set() and (self.server is None or self.server.is_alive)

    def _prepare(self) -> dict[str, int]:
        """Deploys, and drops the late runs whose work the next one does: how many of each deployment."""
        if self.stopped.is_set():
            return {}
        asyncio.run(deploy(self.settings))
        return asyncio.run(drop_overdue())

    def _watch(self) -> None:
        """Looks every second whether the children live, now and then whether they answer, and says how all is."""
        asking, telling = Every(self.settings.serve.ask_seconds), Every(self.settings.serve.health_seconds)
        looking = Every(self.settings.serve.health_seconds)
        # At the start there is nothing to see yet but what the caretaker's own first run ends.
        looking.is_due()
        while not self.stopped.is_set():
            if asking.is_due():
                self._end_silent()
            for child in self.children:
                if not child.is_alive:
                    self._revive(child)
            if telling.is_due() and not self.stopped.is_set():
                self._say(health_line(self.settings, self._health()))
            if looking.is_due():
                self._note_calm()
                self.watchman.look()
            self.stopped.wait(_LOOK_SECONDS)

    def _health(self) -> Health:
        lives = {child.name: child.is_alive for child in self.children}
        return Health(is_healthy(self.address), reports=lives.get("reports", False), worker=lives.get("worker", False))

    def _end_silent(self) -> None:
        """Ends the children that live and give no answer, too often in a row; the next look starts them again."""
        for child in self.children:
            if not child.health or not child.is_alive:
                continue
            child.unanswered = 0 if answers(child.health) else child.unanswered + 1
            if child.unanswered >= self.settings.serve.unanswered_max:
                name = said(f"serve.{child.name}")
                seconds = child.unanswered * self.settings.serve.ask_seconds
                line = said("serve.silent", at=stamp(self.settings), name=name, pid=child.pid, seconds=seconds)
                self._say(line)
                self.watchman.note(_PARTS[child.name], "service-silent", line)
                child.stop(_SILENT_STOP_SECONDS)
                self.watchman.look()

    def _note_calm(self) -> None:
        """Keeps of each child that it has lived and answered for a while, so that its next failure is told of again."""
        if time.monotonic() - self.since > RESTARTS_WITHIN_SECONDS:
            for child in self.children:
                if not child.deaths and not child.unanswered:
                    self.watchman.note(_PARTS[child.name])

    def _say_look_failed(self, reason: str) -> None:
        self._say(said("serve.look_failed", at=stamp(self.settings), reason=reason))

    def _revive(self, child: Child) -> None:
        """Starts a dead child again; raises UnableToServe when it died too often of late."""
        wait = child.died()
        name = said(f"serve.{child.name}")
        if child.deaths > self.settings.serve.restarts_max:
            log = self._log_path(child.name)
            line = said("serve.error.restarts", name=name, times=child.deaths, log=log)
            self.watchman.note(_PARTS[child.name], "service-dying", line)
            self.watchman.look_at_last(_TELL_SECONDS)
            raise UnableToServe(line)
        at, pid = stamp(self.settings), child.pid
        self._say(said("serve.died", at=at, name=name, pid=pid, status=child.ended_with, seconds=round(wait)))
        if self.stopped.wait(wait):
            return
        child.start()
        if child is self.server and not wait_until_healthy(self.address, self._goes_on):
            return
        self._say(said("serve.again", at=stamp(self.settings), name=name, pid=child.pid))

    def _end(self) -> None:
        """Ends the worker, then what still runs of its flow runs, then the server, which hears of their end."""
        if self.children:
            self._say(said("serve.stopping", at=stamp(self.settings)))
        for child in self.children:
            child.stop(_STOP_SECONDS)
            if child is self.worker:
                _end_flow_runs(self.settings.home)
        if self.children:
            self._say(said("serve.stopped", at=stamp(self.settings)))

    def _child(self, name: str, command: list[str], environment: Mapping[str, str], health: str = "") -> Child:
        own = self.settings.serve
        log = rotated_log(self._log_path(name), own.log_mib_max, own.logs_kept)
        return Child(name, command, environment, log, health)

    def _worker_environment(self) -> dict[str, str]:
        own = {
            "DAYBOOK_HOME": str(self.settings.home),
            "PREFECT_HOME": str(self.settings.home / "prefect"),
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        }
        return os.environ | own

    def _log_path(self, name: str) -> Path:
        return self.settings.home / "logs" / f"{name}.log"

    def _say(self, line: str) -> None:
        self.log.info(line)
        with suppress(BrokenPipeError):
            print(line, flush=True)


def _worker_command(settings: Settings) -> list[str]:
    words = ["--pool", POOL, "--type", "process", "--name", f"daybook-{socket.gethostname()}"]
    limits = ["--limit", str(settings.serve.worker_limit), "--install-policy", "never"]
    return [sys.executable, "-m", "prefect", "worker", "start", *words, *limits]


def _end_flow_runs(home: Path) -> None:
    """Ends the processes of flow runs that outlived the worker; what they were at is taken up after the next start."""
    deadline = time.monotonic() + _STOP_SECONDS
    sent = signal.SIGTERM
    while living := [pid for pids in flow_run_processes(home).values() for pid in pids]:
        for pid in living:
            with suppress(ProcessLookupError):
                os.kill(pid, sent)
        if time.monotonic() > deadline:
            sent = signal.SIGKILL
        time.sleep(_LOOK_SECONDS)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Within this block nobody else serves `folder`; raises UnableToArrange where somebody does."""
    own = folder / "prefect"
    own.mkdir(parents=True, exist_ok=True)
    with (own / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UnableToArrange(said("serve.error.already", home=folder)) from None
        yield


@contextmanager
def _until_signal() -> Iterator[threading.Event]:
    """An event that Ctrl-C and the termination signal set."""
    stopped = threading.Event()
    before = {one: signal.signal(one, lambda *_: stopped.set()) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
