"""The steps of a date as ops see them: receive, seal and report, show the figures."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from tasks.adapters.store import open_store
from tasks.damaged_returns.steps.answering import carry_out_answers
from tasks.damaged_returns.steps.carrying import carried_out
from tasks.damaged_returns.steps.ordering import FLOW, Order, Summary
from tasks.desk import show_figures, step
from tasks.intake.return_tables import damaged_parts, shipments
from tasks.intake.steps import Receiving, receiving_step, take_in_all, tell_all


@receiving_step("waiting.step.receive")
def receive(order: Order, receiving: Receiving) -> None:
    """Takes in everything that waits in the inbox and in the sources; tells what could not be read."""
    store = open_store(order.database_url)
    now = order.clock()
    received = take_in_all(store, order.home, receiving, order.date, now)
    with store.writing() as connection:
        carry_out_answers(connection, order.date, now)
    tell_all(received, order.languages[0])


@step("waiting.step.carry_out", retries=1, wait_seconds=5.0)
def carry_out(order: Order) -> Summary:
    """The object of `--json` of the date: batches sealed, papers written, breaks kept, reports written and queued."""
    return carried_out(order)


@step("waiting.step.show")
def show(summary: Mapping[str, object], markdown: str) -> None:
    """Shows the figures of the run as an artifact of the flow run."""
    show_figures(f"{FLOW}-{summary['period']}", markdown, f"{FLOW} {summary['period']}: {summary['status']}")


def has_parts(connection: Connection) -> bool:
    """Whether a damaged part or a shipment was ever delivered, so that there is something to look at."""
    found = (select(damaged_parts.c.serial_key), select(shipments.c.number_key))
    return any(connection.execute(one.limit(1)).first() is not None for one in found)
