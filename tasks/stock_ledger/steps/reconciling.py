"""Reconciles one business date: judges its books, keeps what that says, all in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection

from tasks.adapters.store import Store, exclusive, open_store
from tasks.domain.breaks import ALIVE, Break
from tasks.domain.message import Message, message
from tasks.domain.movements import transfer_legs
from tasks.domain.places import active_sites, placed_lines
from tasks.domain.report import Report, Table, figure_values
from tasks.domain.working_days import known_year
from tasks.intake.steps import STOCK, ledger_rows_set_aside, quarantined_of_period, replaced_rows, rows_of_period
from tasks.mail.outbox import OutboxMail
from tasks.register.approvals import asked_write_offs
from tasks.register.breaks import record
from tasks.register.runs import Run, last_runs_of_periods, record_run
from tasks.stock_ledger import tables
from tasks.stock_ledger.deliveries import arrival_of
from tasks.stock_ledger.figures import DayFacts, of_department
from tasks.stock_ledger.judging import Books, Judgement, judge, settled
from tasks.stock_ledger.month_end import agreed_transfers, cross_month_pairs, is_month_end
from tasks.stock_ledger.report import FLOW, Extras, day_report
from tasks.stock_ledger.set_aside import HINTED, with_set_aside
from tasks.stock_ledger.site_sheet import site_days, site_report
from tasks.stock_ledger.steps.answering import refused_answers
from tasks.stock_ledger.steps.gathering import Gathered, Moment, gather, own_lines
from tasks.stock_ledger.steps.mailing import Mailing, Told, queue_day, wrong_mailboxes
from tasks.stock_ledger.steps.sourcing import sources_of
from tasks.stock_ledger.told import names_of, told_breaks
from tasks.stock_ledger.transfers import agreed_remarks, directed_legs, ordered_transfers
from tasks.stock_ledger.unproven import waiting_lines
from tasks.stock_ledger.worth import ValueLimits

_DATASETS = (
    "ledger",
    "erp_documents",
    "on_hand",
    "late_notice",
    "items",
    "sites",
    "warehouses",
    "departments",
    "exception_answers",
)


@dataclass(frozen=True, slots=True)
class Order:
    """What to reconcile and where: the moment, the home and its database, the limits of value, the trend's days.

    `said` stands among the notes of the report over all. `mailing` says who gets them by mail.
    """

    moment: Moment
    home: Path
    database_url: str
    values: ValueLimits
    trend_days: int
    mailing: Mailing
    said: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What one reader gets to know of a date: the facts of their departments, the report of them, and its mails.

    `pages` are those of their sites, by code; only the scope that the run itself is for has them.
    """

    facts: DayFacts
    report: Report
    mails: tuple[OutboxMail, ...] = ()
    pages: Mapping[str, Report] = field(default_factory=dict)


# One date reconciled: the scope of each department by name, and that of all under "".
Reconciled = dict[str, Scope]


def reconcile(order: Order, clock: Callable[[], dt.datetime]) -> Reconciled:
    """The reconciled date; breaks, settled lines and the run are kept in one transaction, alone of their kind.

    Running again, or twice at once, ends in the same state (spec 00: nothing happens twice).
    """
    store = open_store(order.database_url)
    started = clock()
    with store.writing() as connection:
        exclusive(connection, FLOW)
        gathered = gather(connection, order.moment)
        judgement = judge(gathered.books, gathered.rules)
        told = _record(connection, order, gathered, judgement)
        _settle(connection, judgement)
        facts = _facts(connection, gathered, judgement, told)
        scopes = _scopes(connection, order, gathered, judgement, facts)
        values = {name: figure_values(scope.facts.figures) for name, scope in scopes.items()}
        figures = {"overall": values.pop(""), "departments": values}
        record_run(connection, Run(FLOW, facts.as_of, facts.status, started, clock(), figures))
        return _mailed(connection, order, scopes, started)


def known_departments(store: Store) -> tuple[str, ...]:
    """The departments that the masters name, by name."""
    with store.reading() as connection:
        return tables.known_departments(connection)


def _record(connection: Connection, order: Order, gathered: Gathered, judgement: Judgement) -> tuple[Break, ...]:
    books = gathered.books
    names = names_of(
        gathered.masters, [gathered.amended, books.ledger, books.erp, books.transfers[1], books.on_hand.since]
    )
    days = {one.date for one in judgement.findings if one.kind in HINTED}
    findings = with_set_aside(judgement.findings, ledger_rows_set_aside(connection, days))
    seen = told_breaks(findings, names, order.values, books.as_of)
    found = {one.id for one in seen}
    unchanged = [one for one in judgement.unchanged if one.id not in found]
    return record(connection, FLOW, books.as_of, [*seen, *unchanged])


def _settle(connection: Connection, judgement: Judgement) -> None:
    """Marks what is settled and unmarks what is not any more, touching only lines whose mark changes."""
    ledger, erp = settled(judgement)
    marked = {}
    every = pd.concat([judgement.erp, judgement.replaced])
    for side, lines, now in (("ledger", judgement.ledger, ledger), ("erp", every, erp)):
        before = dict(zip(lines["line"], lines["matched_by"].fillna("").astype("str"), strict=True))
        final = {line for ids in now.values() for line in ids}
        marked[side] = (
            {how: [line for line in ids if before[line] != how] for how, ids in now.items()},
            [line for line, mark in before.items() if mark and line not in final],
        )
    tables.unsettle(connection, marked["ledger"][1], marked["erp"][1])
    tables.settle(connection, marked["ledger"][0], marked["erp"][0])


def _facts(connection: Connection, gathered: Gathered, judgement: Judgement, told: tuple[Break, ...]) -> DayFacts:
    books = gathered.books
    day = pd.Timestamp(books.as_of)
    sites = active_sites(books.sites, books.as_of)
    rows = rows_of_period(connection, books.as_of)
    none = {"read": 0, "accepted": 0, "quarantined": 0, "repeated": 0}
    return DayFacts(
        as_of=books.as_of,
        status="completed" if books.as_of in books.erp_days else "blocked",
        sites=sites,
        arrivals={site: arrival_of((site, books.as_of), books.arrivals) for site in sites["site"]},
        ledger=judgement.ledger[judgement.ledger["date"] == day],
        erp=judgement.erp[judgement.erp["date"] == day],
        breaks=told,
        quarantined=quarantined_of_period(connection, books.as_of),
        rows={name: dict(rows.get(name, none)) for name in _DATASETS},
        refused=tables.refused_files(connection, books.as_of, STOCK),
        sources=sources_of(connection, (one for one in told if one.state in ALIVE)),
        asked=asked_write_offs(connection),
    )


def _departments(facts: DayFacts, asked: str) -> list[str]:
    """The departments with sites or with breaks to work on, and the one that the run is for."""
    return sorted({asked, *facts.sites["department"], *(one.department for one in facts.still)} - {""})


def _scopes(
    connection: Connection, order: Order, gathered: Gathered, judgement: Judgement, facts: DayFacts
) -> Reconciled:
    first = facts.as_of - dt.timedelta(days=order.trend_days - 1)
    past = last_runs_of_periods(connection, FLOW, first, facts.as_of - dt.timedelta(days=1))
    monthly = _monthly(connection, gathered, judgement)
    once = (*_said(connection, facts.as_of), *wrong_mailboxes(connection), *_unknown_departments(gathered, facts))
    replaced = replaced_rows(connection, facts.as_of)
    scopes = {}
    for department in ("", *_departments(facts, order.mailing.department)):
        own = of_department(facts, department or None)
        trend = tuple((run.period, _figures_of(run, department)) for run in past)
        notes = (*_notes(own, gathered.books, judgement), *_waiting(own, gathered.books, judgement, department))
        notes += tuple(_replaced(replaced, own, department))
        extras = Extras(notes, trend, ()) if department else Extras((*notes, *once, *order.said), trend, monthly)
        scopes[department] = Scope(own, day_report(own, department, extras))
    return scopes


def _mailed(connection: Connection, order: Order, scopes: Reconciled, now: dt.datetime) -> Reconciled:
    """The same scopes, each with the mails that tell of it, and the run's own with the pages of its sites."""
    own = order.mailing.department
    facts = scopes[own].facts
    pages = {day.site: site_report(day, facts.as_of.isoformat()) for day in site_days(facts)}
    reports = {department: scope.report for department, scope in scopes.items()}
    mails = queue_day(connection, order.mailing, Told(facts.as_of, reports, pages), now)
    return {
        department: replace(scope, mails=mails[department], pages=pages if department == own else {})
        for department, scope in scopes.items()
    }


def _said(connection: Connection, as_of: dt.date) -> Iterable[Message]:
    """What is said once, in the report over all: files refused as a whole, answers that could not be carried out."""
    for name, reason in tables.refused_files(connection, as_of, STOCK):
        yield message("stock_ledger.note.files_refused", name=name, reason=reason)
    yield from refused_answers(connection, as_of)


def _unknown_departments(gathered: Gathered, facts: DayFacts) -> Iterable[Message]:
    """What is said of departments that sites name and the master lacks: nobody there works on breaks or gets mail."""
    if "departments" not in gathered.books.delivered:
        return
    known = set(gathered.masters["departments"]["department"])
    for name, sites in facts.sites.groupby("department")["site"]:
        if name not in known:
            yield message("stock_ledger.note.unknown_department", department=str(name), sites="、".join(sorted(sites)))


def _figures_of(run: Run, department: str) -> dict[str, object]:
    kept = run.figures["departments"] if department else run.figures
    figures = kept.get(department or "overall", {}) if isinstance(kept, dict) else {}
    return dict(figures)


def _monthly(connection: Connection, gathered: Gathered, judgement: Judgement) -> tuple[Table, ...]:
    books = gathered.books
    crossing = cross_month_pairs(judgement.ledger, judgement.erp, judgement.pairs)
    listed = (crossing,) if crossing.rows else ()
    if not is_month_end(books.as_of):
        return listed
    first = books.as_of.replace(day=1)
    # What left at the end of one month arrives in the next.
    since = (first - dt.timedelta(days=1)).replace(day=1)
    own = own_lines(books.ledger, books.erp, books.as_of)
    written, posted = tables.transfer_lines(connection, books.as_of, since, own)
    legs = transfer_legs(placed_lines(posted, books.warehouses, books.sites))
    legs = directed_legs(ordered_transfers(placed_lines(legs, books.warehouses, books.sites)))
    remarks = agreed_remarks([ordered_transfers(posted), ordered_transfers(written)])
    return (agreed_transfers(legs, remarks, first), *listed)


def _waiting(facts: DayFacts, books: Books, judgement: Judgement, department: str) -> Iterable[Message]:
    ledger, erp = judgement.ledger, judgement.erp
    if department:
        own = facts.sites["site"]
        ledger, erp = ledger[ledger["site"].isin(own)], erp[erp["site"].isin(own)]
    return waiting_lines(ledger, erp, facts.as_of, books.erp_days)


def _replaced(rows: Iterable[tuple[str, str, str, int]], facts: DayFacts, department: str) -> Iterable[Message]:
    own = set(facts.sites["site"])
    for site, file, before, count in rows:
        if not department or site in own:
            yield message("stock_ledger.note.replaced", site=site, file=file, before=before, rows=count)


def _notes(facts: DayFacts, books: Books, judgement: Judgement) -> Iterable[Message]:
    if not known_year(facts.as_of.year):
        yield message("stock_ledger.note.calendar", year=facts.as_of.year)
    for dataset in judgement.not_checked:
        yield message("stock_ledger.note.not_checked", dataset=message(f"stock_ledger.dataset.{dataset}"))
    if "on_hand" in books.delivered and len(books.on_hand.today) == 0:
        yield message("stock_ledger.note.no_on_hand", date=facts.as_of.isoformat())
    waiting = sorted(site for site, arrival in facts.arrivals.items() if arrival == "not_yet")
    if waiting:
        yield message("stock_ledger.note.not_yet", sites="、".join(waiting))
    unproven = facts.erp[(facts.erp["stage"] == "unproven") & (facts.erp["site"] != "")]
    if len(unproven):
        sites = "、".join(sorted(unproven["site"].unique()))
        yield message("stock_ledger.note.unproven", sites=sites, lines=int(unproven["line"].nunique()))
    unknown = facts.erp[~facts.erp["warehouse"].isin(books.warehouses["warehouse_key"])]
    if len(unknown):
        names = "、".join(sorted(unknown["warehouse_code"].unique())[:10])
        yield message("stock_ledger.note.unknown_warehouse", lines=int(unknown["line"].nunique()), warehouses=names)
