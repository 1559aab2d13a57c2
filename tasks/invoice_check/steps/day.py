"""The steps of a run as ops see them: receive, judge and report, show the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from tasks.adapters.speech import spoken
from tasks.adapters.store import open_store
from tasks.desk import show_figures, step, tell
from tasks.intake.steps import Import, IntakeRules, SourceToRead, take_in, take_in_sources
from tasks.invoice_check.steps.answering import carry_out_answers
from tasks.invoice_check.steps.carrying import carried_out
from tasks.invoice_check.steps.gathering import delivered
from tasks.invoice_check.steps.ordering import FLOW, Order, Summary

Progress = Callable[[int, int, str], None]
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Receiving:
    """How what waits is taken in: by which rules, from which sources, for dates of the stock ledger reported before."""

    rules: IntakeRules
    sources: Sequence[SourceToRead]
    reported: Collection[dt.date]
    progress: Progress


def _again(error: BaseException, tries: int) -> bool:
    return tries <= _TRIES and not isinstance(error, (TypeError, ValueError))


@step("invoice_check.step.receive", retries=_TRIES, wait_seconds=30.0, retry_if=_again)
def receive(order: Order, receiving: Receiving) -> None:
    """Takes in everything that waits in the inbox and in the sources; tells what could not be read."""
    store = open_store(order.database_url)
    now = order.clock()
    work = Import(store, order.home, receiving.rules, now, receiving.reported)
    notices = take_in_sources(work, receiving.sources, order.date).notices if receiving.sources else ()
    taken = take_in(store, order.home, receiving.rules, now, receiving.reported, receiving.progress)
    with store.writing() as connection:
        carry_out_answers(connection, order.date, now)
    for notice in (*notices, *taken.notices):
        tell(spoken(notice, order.languages[0]))


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
