"""Carries a run out: judges, keeps counts, cases and breaks, reports and mails, all of it in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from tasks.adapters.segmentation import segmenter
from tasks.adapters.store import exclusive, open_store
from tasks.domain.breaks import Break
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.domain.report import Report
from tasks.domain.working_days import known_year
from tasks.intake.steps import SURVEY, quarantined_of_period, refused_files, rows_of_period
from tasks.register.breaks import alive_before, record
from tasks.register.runs import Run, record_run
from tasks.survey.complaints import complaint_findings, due_days
from tasks.survey.facts import SurveyFacts, plain_figures
from tasks.survey.figures import figures_of
from tasks.survey.kinds import KINDS
from tasks.survey.remarks import remarks_of, words_of
from tasks.survey.shapes import OVERALL
from tasks.survey.steps.answering import refused_answers
from tasks.survey.steps.following import Book, followed
from tasks.survey.steps.gathering import clerks_of, counted_twice, delivered
from tasks.survey.steps.mailing import mail_notes, mailboxes_of, queue_report
from tasks.survey.steps.ordering import FLOW, Order, Summary
from tasks.survey.steps.periods import Looked, keep_judged, look
from tasks.survey.steps.reporting import reports_of, summary_of, views_of, write_period
from tasks.survey.told import departments_of, told_breaks
from tasks.survey.trends import changes_of
from tasks.survey.yearly import yearly_statistics

_OTHERS = ("departments", "exception_answers")
# Single questions have a trend in all and by department.
_ASKED = ("total", "department")
_COMPLAINTS = frozenset({"COMPLAINT", "COMPLAINT_OVERDUE"})
_FILES_NAMED = 8
# Where the dictionary of Chinese words lies between runs.
_CACHE = "cache"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was kept of a run, from which its reports are written."""

    views: Mapping[str, SurveyFacts]
    reports: Mapping[str, Report]
    due: Mapping[str, dt.date]
    summary: Summary


@dataclass(frozen=True, slots=True)
class _Told:
    """The breaks of a run as the register knows them, and the deadlines of those that have one."""

    breaks: tuple[Break, ...]
    due: Mapping[str, dt.date]


def carried_out(order: Order) -> Summary:
    """The object of `--json` of the run, after everything was judged, kept, reported and queued."""
    started = order.clock()
    store = open_store(order.database_url)
    with store.writing() as connection:
        exclusive(connection, FLOW)
        kept = _kept(connection, order, started)
    write_period(order, kept.views, kept.reports, kept.due, kept.summary)
    return kept.summary


def _kept(connection: Connection, order: Order, started: dt.datetime) -> _Kept:
    there = delivered(connection)
    looked = look(connection, order, there)
    clerks = clerks_of(connection)
    book = followed(connection, order, looked, clerks)
    told = _told(connection, order, looked, book, clerks)
    facts = _facts(connection, order, looked, book, told, there)
    boxes = mailboxes_of(connection)
    notes = [*looked.judged[order.last].read.notes, *_of_the_calendar(order.date)]
    notes += [*_unrun(looked.unrun), *counted_twice(connection, order.first, order.last), *_refused(connection, order)]
    notes += [] if "responses" in there else [message("survey_desk.note.no_forms")]
    notes += [*book.notes, *mail_notes(boxes), *refused_answers(connection, order.date)]
    views = views_of(facts, order.department)
    reports = reports_of(views, notes)
    mails = queue_report(connection, order, boxes, reports)
    record_run(connection, Run(FLOW, order.date, facts.status, started, order.clock(), plain_figures(facts)))
    own = views[order.department]
    summary = summary_of(own, order, told.due, reports, mails)
    return _Kept(views, reports, told.due, summary)


def _told(connection: Connection, order: Order, looked: Looked, book: Book, clerks: Mapping[str, str]) -> _Told:
    """The breaks of the periods looked at, of every complaint up to the period, and of periods that nothing changed."""
    cases = book.cases[book.cases["period"] <= pd.Timestamp(order.last)]
    complaints = tuple(complaint_findings(cases, order.date))
    by_period = {period: one.findings for period, one in looked.judged.items()}
    findings: list[Finding] = [*complaints, *(one for own in by_period.values() for one in own)]
    frames = [one.read.forms for one in looked.judged.values()]
    frames += [one.coverage for one in looked.judged.values() if one.coverage is not None]
    seen = told_breaks(findings, departments_of(findings, cases, *frames), clerks, order.date)
    ids = {one.id for one in seen}
    before = alive_before(connection, FLOW, order.date, KINDS - _COMPLAINTS)
    untouched = tuple(one for one in before if one.id in looked.untouched and one.id not in ids)
    keep_judged(connection, order, looked, {day: {one.id for one in own} for day, own in by_period.items()})
    breaks = record(connection, FLOW, order.date, (*seen, *untouched), watched=True)
    return _Told(breaks, due_days(complaints, cases))


def _facts(
    connection: Connection, order: Order, looked: Looked, book: Book, told: _Told, there: frozenset[str]
) -> SurveyFacts:
    own, policy = looked.judged[order.last], order.policy
    lines = looked.counts[(looked.counts["question"] == OVERALL) | looked.counts["dimension"].isin(_ASKED)]
    remarks = remarks_of(own.read.forms, own.read.answers, own.read.questions, policy)
    return SurveyFacts(
        period=order.period,
        first=order.first,
        last=order.last,
        as_of=order.date,
        status="completed",
        delivered=there,
        policy=policy,
        questions=own.read.questions,
        figures=own.figures,
        marks=own.marks,
        changes=changes_of(looked.counts, order.last, policy),
        trend=figures_of(lines, None, looked.questions, policy),
        forms=own.read.forms,
        unknowns=own.read.unknowns,
        cases=_cases_of(book.cases, order),
        coverage=own.coverage,
        measures=_measures_of(book.measures, order),
        remarks=remarks,
        words=words_of(remarks, segmenter(order.home / _CACHE), policy),
        yearly=yearly_statistics(book.cases, order.last.year, order.date),
        breaks=told.breaks,
        quarantined=quarantined_of_period(connection, order.last, SURVEY, since=order.first),
        rows=rows_of_period(connection, order.last, SURVEY, since=order.first)
        | rows_of_period(connection, order.date, _OTHERS),
    )


def _cases_of(cases: pd.DataFrame, order: Order) -> pd.DataFrame:
    """The cases that live, and those opened or closed in the period; none of a later period."""
    first, last = pd.Timestamp(order.first), pd.Timestamp(order.last)
    own = cases["state"].isin(["open", "handled"]) | (cases["period"] == last)
    for name in ("opened_on", "closed_on"):
        own |= (cases[name] >= first) & (cases[name] <= last)
    return cases[own & (cases["period"] <= last)].reset_index(drop=True)


def _measures_of(measures: pd.DataFrame, order: Order) -> pd.DataFrame:
    """The actions and commendations of the period, and those of earlier ones that are not finished."""
    last = pd.Timestamp(order.last)
    open_ones = measures["state"].isin(["open", "done"]) & (measures["period"] < last)
    return measures[open_ones | (measures["period"] == last)].reset_index(drop=True)


def _unrun(periods: Sequence[dt.date]) -> Iterable[Message]:
    """Earlier periods that were only counted: nobody asked for them, so their complaints have no case."""
    if periods:
        yield message("survey_desk.note.unrun", periods="、".join(f"{day:%Y-%m}" for day in periods))


def _refused(connection: Connection, order: Order) -> Iterable[Message]:
    """The files of the survey that were refused since the period began: what they hold is in no figure."""
    since = dt.datetime.combine(order.first, dt.time(), order.clock().tzinfo)
    files = [one for one in refused_files(connection, since) if one.dataset in SURVEY]
    for one in files[:_FILES_NAMED]:
        yield message("survey_desk.note.refused", file=one.name, dataset=one.dataset, reason=one.reason)
    if len(files) > _FILES_NAMED:
        yield message("survey_desk.note.refused_more", count=len(files) - _FILES_NAMED)


def _of_the_calendar(as_of: dt.date) -> Iterable[Message]:
    if not known_year(as_of.year):
        yield message("survey_desk.note.calendar", year=as_of.year)
