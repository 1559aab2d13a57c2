"""Processes beside the test's own: real ones, each forked from one that has loaded the program, so ready at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.process import BaseProcess

_FORKED = multiprocessing.get_context("forkserver")
# What draws a chart is loaded by whoever first draws one, and most of these processes write reports.
_LOADED = [
    "flows.running", "flows.stock_ledger_day", "flows.stocktake", "flows.damaged_returns_day",
    "matplotlib.backends.backend_agg", "matplotlib.figure", "tests.keeping.company", "tests.mail.senders",
    "tests.night_audit.hotel",
]  # fmt: skip
_FORKED.set_forkserver_preload(_LOADED)


def beside(does: Callable[..., object], *given: object) -> BaseProcess:
    """A process that was started and does what it is given, a function that stands in a module."""
    process = _FORKED.Process(target=does, args=given)
    process.start()
    return process


def exit_status(process: BaseProcess) -> int | None:
    """How a process ended, once it has: its status, or the signal that killed it as a negative number."""
    process.join()
    return process.exitcode
