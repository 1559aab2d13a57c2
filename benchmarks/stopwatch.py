"""The parts of one long piece of work, each in a process of its own: what each took and what it held at most."""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def measured_apart(what: str, work: Callable[[Path], str], home: Path) -> None:
    """Does the work in a fresh process and prints a line of it: time, processor time, peak memory, what it did."""
    apart(_measured, what, work, home)


def apart(work: Callable[..., object], *given: object) -> None:
    """Does the work in a fresh process: what one part held is not held against the next."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=given)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(process.exitcode)


def _measured(what: str, work: Callable[[Path], str], home: Path) -> None:
    """Does the work and prints its time, that of both processors, the most that its processes held, and what it did."""
    began, spent, watch = time.monotonic(), _spent(), _Watch()
    watch.start()
    done = work(home)
    took, cpu = time.monotonic() - began, _spent() - spent
    print(f"{what:44} {took:6.1f} s  CPU {cpu:6.1f} s  {watch.most():5d} MiB  {done}", flush=True)


class _Watch(threading.Thread):
    """What this process and those that it starts hold together, looked at ten times a second.

    The kernel's own figure of a child counts what its parent held when it was made.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._over, self._most = threading.Event(), 0

    def run(self) -> None:
        while not self._over.wait(0.1):
            with suppress(OSError):
                own = [text for task in Path("/proc/self/task").iterdir() for text in _children(task)]
                self._most = max(self._most, sum(map(_pages, [str(os.getpid()), *own])))

    def most(self) -> int:
        """The most that they held at one time until now, in MiB."""
        self._over.set()
        self.join()
        return self._most * resource.getpagesize() // 2**20


def _children(task: Path) -> list[str]:
    return (task / "children").read_text().split()


def _pages(process: str) -> int:
    """The resident pages of a process."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1])


def _spent() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
