"""The steps of a stocktake as ops see them: receive, open, carry on, draw the statements, show the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Connection, select

from tasks.adapters.store import open_store
from tasks.desk import show_figures, step
from tasks.domain.telling import names_of
from tasks.domain.working_days import next_working_day
from tasks.intake.steps import Receiving, receiving_step, take_in_all, tell_all
from tasks.intake.tables import on_hand
from tasks.register.exceptions import exception_of
from tasks.stocktake.refusal import refusal_report
from tasks.stocktake.scopes import Scope
from tasks.stocktake.shapes import empty
from tasks.stocktake.steps.agreeing import stated_accounts
from tasks.stocktake.steps.answering import carry_out_answers
from tasks.stocktake.steps.carrying import OPEN, Carried, carried_on, close_earlier, refused
from tasks.stocktake.steps.gathering import masters, open_counts
from tasks.stocktake.steps.opening import Opening, UnableToOpen
from tasks.stocktake.steps.opening import open_count as opened_now
from tasks.stocktake.steps.ordering import FLOW, Order, Summary
from tasks.stocktake.steps.reporting import write_refusal
from tasks.stocktake.tables import stocktakes
from tasks.stocktake.told import told_breaks

_MONTH_CHARACTERS = len("2026-11")


@receiving_step("stocktake.step.receive")
def receive(order: Order, receiving: Receiving) -> None:
    """Takes in everything that waits in the inbox and in the sources and carries out answers to the breaks of counts.

    Tells what could not be read.
    """
    store = open_store(order.database_url)
    now = order.clock()
    received = take_in_all(store, order.home, receiving, order.today - dt.timedelta(days=1), now)
    with store.writing() as connection:
        carry_out_answers(connection, now)
    tell_all(received, order.languages[0])


@step("stocktake.step.open", retries=1, wait_seconds=5.0)
def open_count(order: Order, month: str, scope: Scope) -> Summary:
    """The object of `--json` of the count, opened now or before; blocked where it cannot be opened."""
    return _opened(order, month, scope)


def _opened(order: Order, month: str, scope: Scope) -> Summary:
    period = month_end(month)
    if scope.monthly:
        close_earlier(order, period)
    try:
        opened = opened_now(order, Opening(period, scope, FLOW))
    except UnableToOpen as unable:
        return _not_opened(order, month, period, unable)
    return carried_on(order, opened.count.number, OPEN).summary


def _not_opened(order: Order, month: str, period: dt.date, unable: UnableToOpen) -> Summary:
    """The object of `--json` of a count that could not be opened, with whatever stands in its way."""
    with open_store(order.database_url).reading() as connection:
        names = names_of(masters(connection), empty("variances"))
    told = told_breaks(unable.findings, names, order.policy.department_limit, period)
    exceptions = [exception_of(one, period, order.languages[0]) for one in told]
    summary = refused(order, month, unable.message) | {"exceptions": exceptions}
    return write_refusal(order, refusal_report(month, unable.message, told), summary) if told else summary


@step("stocktake.step.carry_on", retries=1, wait_seconds=5.0)
def carry_on(order: Order, number: str, wanted: str) -> Carried:
    """The count brought on by one step, or ("") as far as it is due; the month's own count is opened first."""
    if not wanted and len(number) == _MONTH_CHARACTERS and not _is_known(order, number):
        summary = _opened(order, number, Scope())
        if summary["status"] == "blocked":
            return Carried(summary)
    return carried_on(order, number, wanted)


def counts_under_way(order: Order, month: str) -> tuple[str, ...]:
    """The counts that a scheduled run brings on: every open one, the oldest first.

    The month's own is opened from the 1st on, as long as its sheets can still come back in time.
    """
    with open_store(order.database_url).reading() as connection:
        found = [one.count.number for one in open_counts(connection)]
    last = next_working_day(order.today.replace(day=1), order.policy.deadline_working_days)
    due = [month] if order.today < last and not _is_known(order, month) else []
    return tuple(dict.fromkeys([*found, *due]))


def has_stock(connection: Connection) -> bool:
    """Whether on-hand was ever delivered, so that there is something to count."""
    return connection.execute(select(on_hand.c.item_key).limit(1)).first() is not None


@step("stocktake.step.agree", retries=1, wait_seconds=5.0)
def state_accounts(order: Order, month: str) -> Summary:
    """The object of `--json` of the month's statements of account."""
    return stated_accounts(order, month_end(month))


@step("stocktake.step.show")
def show(summary: Mapping[str, object], markdown: str) -> None:
    """Shows the figures of the run as an artifact of the flow run."""
    key = f"{summary['flow']}-{summary['period']}".lower()
    show_figures(key, markdown, f"{summary['flow']} {summary['period']}: {summary['status']}")


def month_end(month: str) -> dt.date:
    """The last day of a month that is written `2026-11`."""
    first = dt.date.fromisoformat(f"{month[:7]}-01")
    return (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def _is_known(order: Order, number: str) -> bool:
    known = select(stocktakes.c.stocktake).where(stocktakes.c.stocktake == number)
    with open_store(order.database_url).reading() as connection:
        return connection.execute(known).first() is not None
