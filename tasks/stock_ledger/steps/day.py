"""The steps of a day as ops see them: receive, reconcile and report, show the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from config.wording import in_every_language
from tasks.adapters.speech import spoken
from tasks.adapters.store import Store, open_store
from tasks.desk import show_figures, step, tell
from tasks.domain.message import Message
from tasks.intake.steps import STOCK, Import, IntakeRules, SourceToRead, date_answers, take_in, take_in_sources
from tasks.register.runs import reported_periods
from tasks.stock_ledger import tables
from tasks.stock_ledger.report import FLOW
from tasks.stock_ledger.steps.answering import carry_out_answers
from tasks.stock_ledger.steps.reconciling import Order, reconcile
from tasks.stock_ledger.steps.telling import Readers, write_day

Progress = Callable[[int, int, str], None]
_TRIES = 3
_POLLS = 72
_POLL_SECONDS = 600.0
# What lies in the inbox and was not taken in: told to whoever runs the flow, unread deliveries also in the report.
_UNREAD = ("inbox.unreadable", "inbox.unreadable_folder")
_LEFT_ALONE = (*_UNREAD, "inbox.stays", "inbox.loose_file", "inbox.unknown_folder", "inbox.link", "inbox.not_a_file")


class UnableToProceed(Exception):
    """The ERP export of the day has not come yet, and there is still time to wait for it; ops read the text."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day's work: what to reconcile, how files are read, for whom reports are, until when to wait for the ERP."""

    order: Order
    intake: IntakeRules
    sources: Sequence[SourceToRead]
    readers: Readers
    clock: Callable[[], dt.datetime]
    progress: Progress
    wait_until: dt.datetime | None = None


def _again(error: BaseException, tries: int) -> bool:
    """Whether to try receiving again: always while the ERP's export is awaited, a few times when the outside fails."""
    return isinstance(error, UnableToProceed) or (tries <= _TRIES and not isinstance(error, (TypeError, ValueError)))


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
    work = Import(store, day.order.home, day.intake, now, reported)
    from_sources = take_in_sources(work, day.sources, as_of).notices if day.sources else ()
    notices = take_in(store, day.order.home, day.intake, now, reported, day.progress).notices
    for notice in notices:
        if notice.key in _LEFT_ALONE:
            tell(spoken(notice, day.readers.languages[0]))
    with store.writing() as connection:
        carry_out_answers(connection, as_of, now)
        tables.date_refusals(connection, as_of, STOCK)
        date_answers(connection, as_of)
    if day.wait_until is not None and now < day.wait_until and not _erp_came(store, as_of):
        until = f"{day.wait_until:%Y-%m-%d %H:%M}"
        raise UnableToProceed(in_every_language("stock_ledger.awaits_erp", date=as_of.isoformat(), until=until))
    return (*from_sources, *(notice for notice in notices if notice.key in _UNREAD))


@step("stock_ledger.step.reconcile", retries=1, wait_seconds=5.0)
def reconcile_and_report(day: Day, said: tuple[Message, ...]) -> dict[str, object]:
    """The object of `--json` (spec 10) for the day, after its breaks are kept and its reports written.

    `said` stands among the notes of the report over all.
    """
    reconciled = reconcile(replace(day.order, said=said), day.clock)
    return write_day(reconciled, day.order.home, day.readers, day.progress)


@step("stock_ledger.step.show")
def show(summary: Mapping[str, object], markdown: str) -> None:
    """Shows the day's figures as an artifact of the flow run."""
    show_figures(f"{FLOW}-{summary['period']}", markdown, f"{FLOW} {summary['period']}: {summary['status']}")


def _erp_came(store: Store, as_of: dt.date) -> bool:
    with store.reading() as connection:
        return as_of in tables.erp_delivered(connection, {as_of})
