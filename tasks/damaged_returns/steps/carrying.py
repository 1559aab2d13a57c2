"""Carries a date out: seals what is due, writes the papers of batches, judges what became of all, reports and mails.

Sealing is one transaction; judging, breaks, mails and the run are another, after the papers that the mails bring lie
there. Whoever dies between leaves sealed batches without mails, which the next run of any date finds and tells.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, insert, select

from config.erp_import import load_layout
from tasks.adapters.store import exclusive, open_store, read_frame
from tasks.damaged_returns.facts import ReturnFacts
from tasks.damaged_returns.freight import FreightLimits, freight_findings, freight_notes
from tasks.damaged_returns.held import held_boxes, held_parts, unlisted_stock
from tasks.damaged_returns.outcomes import repair_cycles
from tasks.damaged_returns.overdue import StepDays, late_parts, overdue_findings, received_findings
from tasks.damaged_returns.repairs import balance_findings, repair_balance, too_often_findings
from tasks.damaged_returns.routing import UNCLASSED
from tasks.damaged_returns.scrapping import scrap_event_findings, scrap_findings
from tasks.damaged_returns.shapes import empty, shaped
from tasks.damaged_returns.sharing import freight_of_parts
from tasks.damaged_returns.steps.answering import refused_answers
from tasks.damaged_returns.steps.batches import Kept, batches_of, kept_batches, unknown_batches, untold_batches
from tasks.damaged_returns.steps.following import Followed, follow
from tasks.damaged_returns.steps.mailing import (
    BATCH_MAILS,
    Boxes,
    mail_notes,
    mailboxes_of,
    queue_batches,
    queue_chasers,
    queue_report,
)
from tasks.damaged_returns.steps.ordering import FLOW, Order, Summary
from tasks.damaged_returns.steps.papers import write_all_papers
from tasks.damaged_returns.steps.reporting import figures_by_department, reports_of, summary_of, trend_before, write_day
from tasks.damaged_returns.steps.sealing import Judged, judged_day, seal_due
from tasks.damaged_returns.tables import return_batches, return_papers
from tasks.damaged_returns.told import told_breaks
from tasks.damaged_returns.tracking import all_serials, events_until, tracked
from tasks.domain.breaks import ALIVE, Break
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.domain.report import Report
from tasks.domain.telling import names_of
from tasks.intake.steps import MASTERS, RETURNS, quarantined_of_period, rows_of_period
from tasks.mail.outbox import OutboxMail, of_run
from tasks.register.breaks import listed, record
from tasks.register.runs import Run, record_run

# What else the stock in damaged stores and the scrap at sites is read from.
_OTHERS = ("on_hand", "erp_documents", "ledger")
_NAMED_MAX = 12


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was kept of a run, from which its reports are written."""

    facts: ReturnFacts
    reports: Mapping[str, Report]
    summary: Summary


def carried_out(order: Order) -> Summary:
    """The object of `--json` of the date, after its batches were sealed, their papers written, and all was reported."""
    started = order.clock()
    store = open_store(order.database_url)
    with store.writing() as connection:
        seal_due(connection, order)
    with store.reading() as connection:
        own, untold = batches_of(connection, order.date), untold_batches(connection)
        batches = {one.papers.batch: one for one in kept_batches(connection, list(dict.fromkeys([*own, *untold])))}
    layout = load_layout().returns
    papers = write_all_papers(order.home, batches, layout, order.languages)
    with store.writing() as connection:
        exclusive(connection, FLOW)
        kept = _kept(connection, order, [batches[number] for number in untold], started)
    kept.summary["reports"] = [*_paths(kept), *(path for number in own for path in papers[number])]
    write_day(order, kept.facts, kept.reports, kept.summary)
    return kept.summary


def _paths(kept: _Kept) -> Iterable[object]:
    paths = kept.summary["reports"]
    assert isinstance(paths, list)
    return paths


def _kept(connection: Connection, order: Order, untold: Sequence[Kept], started: dt.datetime) -> _Kept:
    judged = judged_day(connection, order, sealing=False)
    told = [ref for one in listed(connection, FLOW, sorted(ALIVE)) for ref in one.refs]
    followed = follow(connection, judged.masters, order.date, told, order.policy.share_by)
    facts = _facts(connection, order, judged, followed)
    boxes = mailboxes_of(judged.masters)
    notes = [*_not_checked(judged, followed), *_passed_over(judged, followed, order.date), *mail_notes(order, boxes)]
    notes += [*refused_answers(connection, order.date), *unknown_batches(connection, followed.shipments, order.date)]
    notes += freight_notes(followed.shipments) if followed.shipments is not None else ()
    trend = trend_before(connection, order.date)
    reports = reports_of(facts, notes, trend, order.department)
    mails = (
        *_tell_batches(connection, order, boxes, untold),
        *_told_before(connection, order, untold),
        *queue_chasers(connection, order, boxes, facts),
        *queue_report(connection, order, boxes, reports),
    )
    summary = summary_of(facts, order, reports, mails)
    run = Run(FLOW, order.date, facts.status, started, order.clock(), figures_by_department(facts))
    record_run(connection, run)
    return _Kept(facts, reports, summary)


def _tell_batches(connection: Connection, order: Order, boxes: Boxes, untold: Sequence[Kept]) -> tuple[OutboxMail, ...]:
    """The mails of batches that nobody was told of; another run that told of them meanwhile has left none."""
    still = set(untold_batches(connection))
    batches = [one for one in untold if one.papers.batch in still]
    if not order.mail or not batches:
        return ()
    mails = queue_batches(connection, order, boxes, batches)
    now = order.clock()
    connection.execute(insert(return_papers), [{"batch": one.papers.batch, "told_at": now} for one in batches])
    return mails


def _told_before(connection: Connection, order: Order, untold: Sequence[Kept]) -> tuple[OutboxMail, ...]:
    """The mails of the date's batches that an earlier run told of: a run says the same however often it is done."""
    told = set(batches_of(connection, order.date)) - {one.papers.batch for one in untold}
    keys = [f"{paper}:{number}" for number in sorted(told) for paper in BATCH_MAILS]
    return of_run(connection, FLOW, order.date.isoformat(), keys) if keys else ()


def _facts(connection: Connection, order: Order, judged: Judged, followed: Followed) -> ReturnFacts:
    events = events_until(followed.events if followed.events is not None else empty("events"), order.date)
    sent = followed.shipments if followed.shipments is not None else empty("shipments")
    serials = all_serials(followed.sealed, judged.waiting, events)
    rows = tracked(serials, sent, events)
    policy = order.policy
    days = StepDays(
        shipped=None if followed.shipments is None else policy.shipped_days,
        received=None if followed.events is None else policy.received_days,
        repaired=None if followed.events is None else policy.repaired_days,
    )
    late = late_parts(rows, days, order.date)
    findings = [
        *held_parts(judged.waiting, order.date),
        *held_boxes(judged.packed, judged.gathered.set_aside, order.date),
        *unlisted_stock(judged.over, judged.gathered.again, order.date),
        *overdue_findings(late),
        *received_findings(rows, events),
        *balance_findings(repair_balance(events, serials), serials),
        *too_often_findings(events, serials, policy.scrap_limit),
        *scrap_event_findings(events, serials, policy.scrap_limit),
        *scrap_findings(followed.scrapped, None if followed.events is None else events, serials, policy.scrap_limit),
        *freight_findings(sent, followed.prices, FreightLimits(policy.freight_share, policy.express_limit)),
    ]
    return ReturnFacts(
        as_of=order.date,
        status="completed",
        batches=_batches(connection, order.date),
        waiting=judged.waiting,
        packed=judged.packed,
        sites=judged.sites,
        tracked=rows,
        finished=followed.finished,
        late=late,
        cycles=repair_cycles(events),
        damages=followed.damages,
        freight=_freight(followed, policy.share_by),
        breaks=record(connection, FLOW, order.date, _told(order, judged, serials, findings)),
        quarantined=quarantined_of_period(connection, order.date, RETURNS),
        departments=tuple(sorted(set(judged.masters["sites"]["department"]) - {""})),
        rows=rows_of_period(connection, order.date, (*RETURNS, *_OTHERS, *MASTERS, "exception_answers")),
    )


def _told(order: Order, judged: Judged, serials: pd.DataFrame, findings: Iterable[Finding]) -> tuple[Break, ...]:
    items = pd.concat([judged.waiting[["item_key", "item"]], serials[["item_key", "item"]]], ignore_index=True)
    return told_breaks(findings, names_of(judged.masters, items), order.high_cents, order.date)


def _freight(followed: Followed, share_by: str) -> pd.DataFrame:
    parts = followed.freight_parts
    cents = freight_of_parts(parts, followed.batch_boxes, followed.freights, share_by)
    return parts[["department", "batch", "box", "serial", "item"]].assign(cents=cents)


def _batches(connection: Connection, date: dt.date) -> pd.DataFrame:
    own = return_batches.c
    query = select(return_batches).where(own.date == date).order_by(own.site, own.sequence)
    return shaped("batches", read_frame(connection, query))


def _passed_over(judged: Judged, followed: Followed, date: dt.date) -> Iterable[Message]:
    """What was taken in and neither goes nor is held: nothing is lost (spec 00)."""
    gathered, sealed = judged.gathered, followed.sealed
    listed = gathered.listed
    unclassed = sealed[(sealed["route"] == UNCLASSED) & (sealed["date"] == pd.Timestamp(date))]
    told = {
        "withdrawn": listed.loc[(listed["quantity"] == 0).fillna(value=False).astype("bool"), "serial"].tolist(),
        "later": list(gathered.later),
        "again": [f"{serial} ({batch})" for serial, batch in gathered.again[["serial", "batch"]].to_numpy().tolist()],
        "changed": list(gathered.changed),
        "moved": list(gathered.moved),
        "unclassed": [] if judged.masters["items"].empty else unclassed["serial"].tolist(),
    }
    for name, serials in told.items():
        if serials:
            more = "…" if len(serials) > _NAMED_MAX else ""
            yield message(f"waiting.note.{name}", count=len(serials), serials="、".join(serials[:_NAMED_MAX]) + more)


def _not_checked(judged: Judged, followed: Followed) -> Iterable[Message]:
    """What could not be checked, for the dataset it rests on was never delivered: said once (spec 00)."""
    missing = {
        "boxes": judged.gathered.boxes is None,
        "on_hand": not judged.gathered.stores.known,
        "items": judged.masters["items"].empty,
        "repair_events": followed.events is None,
        "shipments": followed.shipments is None,
        "freight_prices": followed.prices is None,
    }
    for dataset, absent in missing.items():
        if absent:
            yield message(f"waiting.note.not_checked.{dataset}")
