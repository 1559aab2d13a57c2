"""The steps of a run as ops see them: receive, judge and report, show the figures."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from tasks.adapters.store import open_store
from tasks.desk import show_figures, step
from tasks.intake.steps import Receiving, receiving_step, take_in_all, tell_all
from tasks.invoice_check.steps.answering import carry_out_answers
from tasks.invoice_check.steps.carrying import carried_out
from tasks.invoice_check.steps.gathering import delivered
from tasks.invoice_check.steps.ordering import FLOW, Order, Summary


@receiving_step("invoice_check.step.receive")
def receive(order: Order, receiving: Receiving) -> None:
    """Takes in everything that waits in the inbox and in the sources; tells what could not be read."""
    store = open_store(order.database_url)
    now = order.clock()
    received = take_in_all(store, order.home, receiving, order.date, now)
    with store.writing() as connection:
        carry_out_answers(connection, order.date, now)
    tell_all(received, order.languages[0])


@step("invoice_check.step.carry_out", retries=1, wait_seconds=5.0)
def carry_out(order: Order) -> Summary:
    """The object of `--json` of the run: breaks kept, a period's agreement kept, reports written and queued."""
    return carried_out(order)


@step("invoice_check.step.show")
def show(summary: Mapping[str, object], markdown: str) -> None:
    """Shows the figures of the run as an artifact of the flow run."""
    show_figures(f"{FLOW}-{summary['period']}", markdown, f"{FLOW} {summary['period']}: {summary['status']}")


def has_invoices(connection: Connection) -> bool:
    """Whether anything of the invoice check was ever delivered, so that there is something to look at."""
    return bool(delivered(connection))
