"""Writes what a period says: the reports for all and for each department, and the object of `--json` (spec 10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from tasks.adapters.report_files import write_copy, write_reports
from tasks.adapters.second_process import Job, done_by_two
from tasks.domain.message import Message
from tasks.domain.report import Report
from tasks.mail.outbox import OutboxMail
from tasks.mail.steps import mail_objects
from tasks.register.exceptions import exception_of, exception_rows
from tasks.survey.facts import SurveyFacts, facts_for, plain_figures
from tasks.survey.report import survey_report
from tasks.survey.steps.folders import period_folder
from tasks.survey.steps.ordering import FLOW, Order, Summary

# Below both the start of another process costs more than it saves.
BREAKS_FOR_PROCESSES, REPORTS_FOR_PROCESSES = 3000, 12
Deadlines = Mapping[str, dt.date]


def departments_of(facts: SurveyFacts) -> tuple[str, ...]:
    """Every department that has forms of the period, complaints to handle or anything to put right."""
    forms = facts.forms["department"].tolist()
    cases = [*facts.cases["department"].tolist(), *facts.cases["handled_by"].tolist()]
    return tuple(sorted({*forms, *cases, *(one.department for one in facts.breaks)} - {""}))


def views_of(facts: SurveyFacts, department: str) -> dict[str, SurveyFacts]:
    """What each reader sees: under "" the quality manager, by name each department; with a `department` it alone."""
    if department:
        return {department: facts_for(facts, department)}
    return {"": facts} | {name: facts_for(facts, name) for name in departments_of(facts)}


def reports_of(views: Mapping[str, SurveyFacts], notes: Iterable[Message]) -> dict[str, Report]:
    """The report of each reader; notes stand in the one over all, and in one that is made alone."""
    told = tuple(notes)
    return {name: survey_report(view, told if not name or len(views) == 1 else ()) for name, view in views.items()}


def summary_of(
    facts: SurveyFacts, order: Order, due: Deadlines, reports: Iterable[str], mails: Sequence[OutboxMail]
) -> Summary:
    """The object of `--json` of one reader, its reports named as they will lie."""
    pages = [
        f"{period_folder(order.period, name).as_posix()}/{stem}.html"
        for name in reports
        for stem in _stems(order.languages).values()
    ]
    return {
        "flow": FLOW,
        "period": order.period,
        "status": facts.status,
        "rows": {name: dict(counts) for name, counts in facts.rows.items()},
        "figures": plain_figures(facts),
        "exceptions": [exception_of(one, facts.as_of, order.languages[0], due.get(one.id)) for one in facts.breaks],
        "reports": pages,
        "mails": mail_objects(tuple(mails)),
    }


def write_period(
    order: Order, views: Mapping[str, SurveyFacts], reports: Mapping[str, Report], due: Deadlines, summary: Summary
) -> None:
    """Writes each reader's report below home, with its workbook, breaks and object; `summary` is the run's own."""
    jobs: list[Job] = []
    for name, report in reports.items():
        own = summary if len(reports) == 1 or not name else summary_of(views[name], order, due, (name,), ())
        jobs.append(partial(_write, order.home / period_folder(order.period, name), report, own, order.languages))
    if max(len(view.breaks) for view in views.values()) >= BREAKS_FOR_PROCESSES or len(jobs) >= REPORTS_FOR_PROCESSES:
        done_by_two(jobs, lambda _job: None)
        return
    for job in jobs:
        job()


def _write(folder: Path, report: Report, summary: Summary, languages: Sequence[str]) -> None:
    write_reports(folder, FLOW, report, languages[0], summary, exception_rows(summary))
    for language, stem in list(_stems(languages).items())[1:]:
        write_copy(folder, stem, report, language)


def _stems(languages: Sequence[str]) -> dict[str, str]:
    return {language: FLOW if language == languages[0] else f"{FLOW}.{language}" for language in languages}
