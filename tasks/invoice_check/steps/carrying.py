"""Carries a run out: judges, keeps breaks and a period's agreement, reports and mails, all of it in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from tasks.adapters.report_files import write_copy, write_reports
from tasks.adapters.store import exclusive, open_store, read_frame, write_frame
from tasks.domain.message import Message, message
from tasks.domain.report import Report
from tasks.domain.shaping import empty
from tasks.domain.working_days import known_year
from tasks.intake.steps import INVOICING, quarantined_of_period, rows_of_period
from tasks.invoice_check.facts import InvoiceFacts, plain_figures
from tasks.invoice_check.judging import MONTHS, Judged, carried_items, judged, lines_of, months_of
from tasks.invoice_check.material import Material, without_closing
from tasks.invoice_check.report import invoice_report
from tasks.invoice_check.steps.answering import refused_answers
from tasks.invoice_check.steps.folders import period_folder
from tasks.invoice_check.steps.gathering import gather
from tasks.invoice_check.steps.ordering import FLOW, Order, Summary
from tasks.invoice_check.steps.periods import agreed_periods, keep_periods, last_day
from tasks.invoice_check.tables import invoice_book_checks
from tasks.invoice_check.told import departments_by_ref, told_breaks
from tasks.mail.outbox import OutboxMail
from tasks.mail.steps import mail_objects, queue_reports
from tasks.register.breaks import record
from tasks.register.exceptions import exception_of, exception_rows
from tasks.register.runs import Run, record_run

_OTHERS = ("departments", "exception_answers")


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was kept of a run, from which its report is written."""

    facts: InvoiceFacts
    report: Report
    summary: Summary


def carried_out(order: Order) -> Summary:
    """The object of `--json` of the run, after everything was judged, kept, reported and queued."""
    started = order.clock()
    store = open_store(order.database_url)
    with store.writing() as connection:
        exclusive(connection, FLOW)
        kept = _kept(connection, order, started)
    folder = order.home / period_folder(order.period)
    write_reports(folder, FLOW, kept.report, order.languages[0], kept.summary, exception_rows(kept.summary))
    for language in order.languages[1:]:
        write_copy(folder, f"{FLOW}.{language}", kept.report, language)
    return kept.summary


def _kept(connection: Connection, order: Order, started: dt.datetime) -> _Kept:
    material = gather(connection, order.date, order.accounts)
    material = without_closing(material, order.policy.closing_words)
    agreed = {*agreed_periods(connection, order.date), *((order.date,) if order.period_end else ())}
    found = judged(material, order.policy, order.date, tuple(sorted(agreed)))
    changed = keep_periods(connection, found, order.date, started) if order.period_end else ()
    facts = _facts(connection, order, material, found)
    notes = (*found.notes, *_of_the_calendar(order.date), *changed, *refused_answers(connection, order.date))
    report = invoice_report(facts, notes)
    mails = _queued(connection, order, report)
    record_run(connection, Run(FLOW, order.date, facts.status, started, order.clock(), plain_figures(facts)))
    return _Kept(facts, report, _summary(facts, order, mails))


def _facts(connection: Connection, order: Order, material: Material, found: Judged) -> InvoiceFacts:
    departments = departments_by_ref(material.invoices, material.books)
    breaks = told_breaks(found.findings, departments, material.clerks, order.date)
    entries = material.entries
    lines, waiting = None, None
    if found.bridge is not None and found.known_entries is not None:
        books = found.bridge, found.known_documents, found.known_entries, last_day(f"{order.date:%Y-%m}")
        lines, waiting = lines_of(*books), carried_items(*books)
    return InvoiceFacts(
        as_of=order.date,
        period=order.period,
        period_end=order.period_end,
        status="completed",
        registered=material.invoices is not None,
        documents=found.documents,
        receipts=material.receipts,
        entries=entries,
        bridge=lines,
        carried=waiting,
        months=months_of(found.documents, entries, order.date) if len(found.documents) else empty(MONTHS),
        items=found.items,
        chase=found.chase,
        books=_with_checks(connection, found.register.books, order.date),
        proposals=found.register.proposals,
        retention=found.register.retention,
        decisions=found.decisions,
        breaks=record(connection, FLOW, order.date, breaks, watched=True),
        quarantined=quarantined_of_period(connection, order.date, INVOICING),
        rows=rows_of_period(connection, order.date, (*INVOICING, *_OTHERS)),
    )


def _with_checks(connection: Connection, books: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """The books with `checked_on`: the day on which the present result of a finished one was first found, and kept."""
    if books.empty:
        return books
    own = invoice_book_checks.c
    query = select(invoice_book_checks).where(own.checked_on <= as_of).order_by(own.book, own.checked_on)
    before = read_frame(connection, query).drop_duplicates("book", keep="last").set_index("book")
    names = ["result", "missing", "unbooked"]
    known = before.reindex(books["book"])[names].reset_index(drop=True)
    same = (known == books[names].reset_index(drop=True)).all(axis=1).to_numpy(dtype=np.bool_)
    day = before["checked_on"].reindex(books["book"]).to_numpy()
    finished = ~books["result"].isin(["unused", "open"]).to_numpy()
    kept = np.where(same, day, np.datetime64(as_of, "s"))
    checked = pd.Series(np.where(finished, kept, np.datetime64("NaT", "s")), index=books.index).astype("datetime64[s]")
    fresh = books[finished & ~same][["book", *names]].assign(checked_on=pd.Timestamp(as_of).as_unit("s"))
    today = before.index[before["checked_on"] == pd.Timestamp(as_of)]
    for row in fresh[fresh["book"].isin(today)].to_dict("records"):
        again = (own.book == row["book"]) & (own.checked_on == as_of)
        values = {name: row[name] for name in names}
        connection.execute(invoice_book_checks.update().where(again).values(values))
    write_frame(connection, invoice_book_checks, fresh[~fresh["book"].isin(today)])
    return books.assign(checked_on=checked)


def _of_the_calendar(as_of: dt.date) -> Iterable[Message]:
    if not known_year(as_of.year):
        yield message("invoice_check.note.calendar", year=as_of.year)


def _queued(connection: Connection, order: Order, report: Report) -> tuple[OutboxMail, ...]:
    """The mails of the report: to those whom the settings name for this flow and to nobody else."""
    if not order.mail:
        return ()
    queued = queue_reports(
        connection, {"": report}, order.readership, lambda _: period_folder(order.period).as_posix(), order.clock()
    )
    return tuple(one for mails in queued.values() for one in mails)


def _summary(facts: InvoiceFacts, order: Order, mails: Iterable[OutboxMail]) -> Summary:
    folder = period_folder(order.period).as_posix()
    pages = [FLOW, *(f"{FLOW}.{language}" for language in order.languages[1:])]
    rows: Mapping[str, Mapping[str, int]] = facts.rows
    return {
        "flow": FLOW,
        "period": order.period,
        "status": facts.status,
        "rows": {name: dict(counts) for name, counts in rows.items()},
        "figures": plain_figures(facts),
        "exceptions": [exception_of(one, facts.as_of, order.languages[0]) for one in facts.breaks],
        "reports": [f"{folder}/{page}.html" for page in pages],
        "mails": mail_objects(tuple(mails)),
    }
