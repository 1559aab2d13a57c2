"""Processes beside the test's own: real ones, each forked from one that has loaded the program, so ready at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.process import BaseProcess

_FORKED = multiprocessing.get_context("forkserver")
_LOADED = ["flows.running", "flows.stock_ledger_day", "flows.stocktake", "tests.keeping.company", "tests.mail.senders"]
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
