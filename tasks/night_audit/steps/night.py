"""The steps of a night as ops see them: receive, close or sweep, show the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from tasks.adapters.store import open_store
from tasks.desk import show_figures, step
from tasks.intake.steps import Receiving, receiving_step, take_in_all, tell_all
from tasks.night_audit.steps.auditing import Order, Summary, audit, preview, reprint
from tasks.night_audit.steps.sweeping import sweep_reservations


@receiving_step("night_audit.step.receive")
def receive(order: Order, receiving: Receiving, date: dt.date) -> None:
    """Takes in everything that waits in the inbox and in the sources; tells what could not be read."""
    received = take_in_all(open_store(order.database_url), order.home, receiving, date, order.clock())
    tell_all(received, order.languages[0])


@step("night_audit.step.close", retries=1, wait_seconds=5.0)
def close(order: Order, date: dt.date) -> Summary:
    """The object of `--json` of the date: closed, closed before, or why not."""
    return audit(order, date)


@step("night_audit.step.close")
def shown_before(order: Order, date: dt.date) -> Summary:
    """The object of `--json` that a close would give; nothing is written."""
    return preview(order, date)


@step("night_audit.step.close")
def printed_again(order: Order, date: dt.date) -> Summary:
    """The object of `--json` of a closed date, its papers written as they were first made."""
    return reprint(order, date)


@step("night_audit.step.sweep", retries=1, wait_seconds=5.0)
def swept(order: Order, at: dt.datetime) -> Summary:
    """The object of `--json` of one sweep."""
    return sweep_reservations(order, at)


@step("night_audit.step.show")
def show(summary: Mapping[str, object], markdown: str) -> None:
    """Shows the figures of the run as an artifact of the flow run."""
    period = str(summary["period"]).replace(" ", "-").replace(":", "")
    show_figures(f"{summary['flow']}-{period}", markdown, f"{summary['flow']} {summary['period']}: {summary['status']}")
