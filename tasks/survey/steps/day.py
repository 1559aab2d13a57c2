"""The steps of a run as ops see them: receive, count and report, show the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Connection, select

from tasks.adapters.store import open_store
from tasks.desk import show_figures, step
from tasks.intake.steps import Receiving, receiving_step, take_in_all, tell_all
from tasks.survey.steps.answering import carry_out_answers
from tasks.survey.steps.carrying import carried_out
from tasks.survey.steps.gathering import delivered
from tasks.survey.steps.ordering import FLOW, Order, Summary
from tasks.survey.tables import survey_periods


@receiving_step("survey_desk.step.receive")
def receive(order: Order, receiving: Receiving) -> None:
    """Takes in everything that waits in the inbox and in the sources; tells what could not be read."""
    store = open_store(order.database_url)
    now = order.clock()
    received = take_in_all(store, order.home, receiving, order.date, now)
    with store.writing() as connection:
        carry_out_answers(connection, order.date, now)
    tell_all(received, order.languages[0])


@step("survey_desk.step.carry_out", retries=1, wait_seconds=5.0)
def carry_out(order: Order) -> Summary:
    """The object of `--json` of the run: forms counted, cases and breaks kept, reports written and queued."""
    return carried_out(order)


@step("survey_desk.step.show")
def show(summary: Mapping[str, object], markdown: str) -> None:
    """Shows the figures of the run as an artifact of the flow run."""
    show_figures(f"{FLOW}-{summary['period']}", markdown, f"{FLOW} {summary['period']}: {summary['status']}")


def has_forms(connection: Connection) -> bool:
    """Whether anything of a survey was ever delivered, so that there is something to count."""
    return bool(delivered(connection))


def is_done(connection: Connection, end: dt.date) -> bool:
    """Whether the period that ended on that day was judged after its end."""
    own = survey_periods.c
    judged = select(own.period).where(own.period == end, own.judged.is_(True), own.counted_on > end)
    return connection.execute(judged).first() is not None
