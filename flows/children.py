"""A program that this one keeps alive: started, logged, started again when it dies, ended with this one."""

from __future__ import annotations

import logging
import logging.handlers
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

RESTARTS_WITHIN_SECONDS = 600.0
_LONGEST_WAIT_SECONDS = 30.0
# Linux ends a child with its parent only when the child asks for it; exec keeps what was asked.
_BOUND = """
import os, sys
if sys.platform == "linux":
    import ctypes
    ctypes.CDLL(None).prctl(1, 15)
    if os.getppid() != int(sys.argv[1]):
        sys.exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


@dataclass(slots=True)
class Child:
    """A program that is kept alive; `command` begins with an absolute path, and its log keeps what it prints.

    `health` is the address that answers as long as it works, "" for one that answers nobody; `unanswered` counts the
    askings in a row, since its start, that found no answer there.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: logging.Logger
    health: str = ""
    unanswered: int = 0
    _process: subprocess.Popen[str] | None = None
    _deaths: deque[float] = field(default_factory=deque)

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of its process, 0 before it was started."""
        return self._process.pid if self._process else 0

    @property
    def ended_with(self) -> int:
        """The exit status it ended with; negative is the signal that killed it."""
        return (self._process.poll() or 0) if self._process else 0

    def start(self) -> None:
        """Starts it in a session of its own, so that Ctrl-C reaches this program alone and the order of ending holds.

        It ends by itself when this program is killed.
        """
        self.unanswered = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, "-c", _BOUND, str(os.getpid()), *self.command],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=_keep_log, args=(self._process, self.log), daemon=True).start()

    def died(self) -> float:
        """Keeps that it died; the seconds to wait before it is started again: more after each death of late."""
        self._deaths.append(time.monotonic())
        return min(float(2 ** (self.deaths - 1)), _LONGEST_WAIT_SECONDS)

    @property
    def deaths(self) -> int:
        """How often it died within the last ten minutes."""
        while self._deaths and self._deaths[0] < time.monotonic() - RESTARTS_WITHIN_SECONDS:
            self._deaths.popleft()
        return len(self._deaths)

    def stop(self, seconds: float) -> None:
        """Asks it to end, and ends it with all it started in its session when it has not after `seconds`."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()


@dataclass(slots=True)
class Every:
    """Says that something is due now and then again every so many seconds."""

    seconds: float
    _next: float = 0.0

    def is_due(self) -> bool:
        """Whether it is due at this moment; once it was said it is due only later."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self.seconds
        return True


def rotated_log(path: Path, mib: int, kept: int) -> logging.Logger:
    """A log in the file `path` alone: at `mib` MiB it is put aside, and `kept` of those put aside remain."""
    path.parent.mkdir(parents=True, exist_ok=True)
    log = logging.getLogger(str(path))
    log.propagate = False
    log.setLevel(logging.INFO)
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=mib << 20, backupCount=kept, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.handlers = [handler]
    return log


def _keep_log(process: subprocess.Popen[str], log: logging.Logger) -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            log.info(line.rstrip("\n"))
