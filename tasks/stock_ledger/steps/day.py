"""The steps of a day as ops see them: receive, reconcile and report, show the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from config.wording import in_every_language
from tasks.adapters.speech import spoken
from tasks.adapters.store import Store, open_store
from tasks.desk import show_figures, step, tell
from tasks.domain.message import Message
from tasks.intake.steps import STOCK, Receiving, date_answers, is_worth_another_try, take_in_all
from tasks.register.runs import reported_periods
from tasks.stock_ledger import tables
from tasks.stock_ledger.report import FLOW
from tasks.stock_ledger.steps.answering import carry_out_answers
from tasks.stock_ledger.steps.reconciling import Order, reconcile
from tasks.stock_ledger.steps.telling import Readers, write_day

_POLLS = 72
_POLL_SECONDS = 600.0
# What lies in the inbox and was not taken in: told to whoever runs the flow, unread deliveries also in the report.
_UNREAD = ("inbox.unreadable", "inbox.unreadable_folder")
_LEFT_ALONE = (*_UNREAD, "inbox.stays", "inbox.loose_file", "inbox.unknown_folder", "inbox.link", "inbox.not_a_file")


class UnableToProceed(Exception):
    """The ERP export of the day has not come yet, and there is still time to wait for it; ops read the text."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day's work: what to reconcile, how what waits is received, for whom reports are, when to wait no more."""

    order: Order
    receiving: Receiving
    readers: Readers
    clock: Callable[[], dt.datetime]
    wait_until: dt.datetime | None = None


def _again(error: BaseException, tries: int) -> bool:
    """Whether to try receiving again: always while the ERP's export is awaited, a few times when the outside fails."""
    return isinstance(error, UnableToProceed) or is_worth_another_try(error, tries)


@step("stock_ledger.step.receive", retries=_POLLS, wait_seconds=_POLL_SECONDS, retry_if=_again)
def receive(day: Day) -> tuple[Message, ...]:
    """What is said of sources that gave nothing and of files that could not be read.

    Raises UnableToProceed while the ERP's export is awaited.
    """
    store = open_store(day.order.database_url)
    with store.reading() as connection:
        reported = reported_periods(connection, FLOW)
    now = day.clock()
    as_of = day.order.moment.as_of
    # While the export was awaited, another run may have reported the date.
    receiving = replace(day.receiving, reported=reported)
    received = take_in_all(store, day.order.home, receiving, as_of, now)
    for notice in received.of_inbox:
        if notice.key in _LEFT_ALONE:
            tell(spoken(notice, day.readers.languages[0]))
    with store.writing() as connection:
        carry_out_answers(connection, as_of, now)
        tables.date_refusals(connection, as_of, STOCK)
        date_answers(connection, as_of)
    if day.wait_until is not None and now < day.wait_until and not _erp_came(store, as_of):
        until = f"{day.wait_until:%Y-%m-%d %H:%M}"
        raise UnableToProceed(in_every_language("stock_ledger.awaits_erp", date=as_of.isoformat(), until=until))
    return (*received.of_sources, *(notice for notice in received.of_inbox if notice.key in _UNREAD))


@step("stock_ledger.step.reconcile", retries=1, wait_seconds=5.0)
def reconcile_and_report(day: Day, said: tuple[Message, ...]) -> dict[str, object]:
    """The object of `--json` (spec 10) for the day, after its breaks are kept and its reports written.

    `said` stands among the notes of the report over all.
    """
    reconciled = reconcile(replace(day.order, said=said), day.clock)
    return write_day(reconciled, day.order.home, day.readers, day.receiving.progress)


@step("stock_ledger.step.show")
def show(summary: Mapping[str, object], markdown: str) -> None:
    """Shows the day's figures as an artifact of the flow run."""
    show_figures(f"{FLOW}-{summary['period']}", markdown, f"{FLOW} {summary['period']}: {summary['status']}")


def _erp_came(store: Store, as_of: dt.date) -> bool:
    with store.reading() as connection:
        return as_of in tables.erp_delivered(connection, {as_of})
