"""Writes what a date says: the reports for all and each department, and the object of `--json` (spec 10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from tasks.adapters.report_files import write_copy, write_reports
from tasks.adapters.second_process import Job, done_by_two
from tasks.damaged_returns.facts import ReturnFacts, departments_of, of_department
from tasks.damaged_returns.report import Extras, returns_report
from tasks.damaged_returns.steps.folders import day_folder
from tasks.damaged_returns.steps.ordering import FLOW, Order, Summary
from tasks.domain.message import Message
from tasks.domain.report import Report, figure_values
from tasks.mail.outbox import OutboxMail
from tasks.mail.steps import mail_objects
from tasks.register.exceptions import exception_of, exception_rows
from tasks.register.runs import last_runs_of_periods

# Below both the start of another process costs more than it saves.
BREAKS_FOR_PROCESSES, REPORTS_FOR_PROCESSES = 3000, 12
_TREND = dt.timedelta(days=30)
_OVERALL = "overall"
Trend = Mapping[str, Sequence[tuple[dt.date, Mapping[str, object]]]]


def reports_of(facts: ReturnFacts, notes: Iterable[Message], trend: Trend, department: str) -> dict[str, Report]:
    """The report of each department by name, and under "" the one over all; notes stand in that one.

    With a `department`, its own alone beside the one over all.
    """
    told = tuple(notes)
    names = [department] if department else departments_of(facts)
    found = {"": returns_report(facts, "", Extras(told, trend.get("", ())))}
    for name in names:
        found[name] = returns_report(of_department(facts, name), name, Extras((), trend.get(name, ())))
    return found


def figures_by_department(facts: ReturnFacts) -> dict[str, object]:
    """The figures over all and of each department, as the register keeps them for the reports of later dates."""
    own = {name: figure_values(of_department(facts, name).figures) for name in departments_of(facts)}
    return {_OVERALL: figure_values(facts.figures), "departments": own}


def trend_before(connection: Connection, date: dt.date) -> Trend:
    """What the last runs of the thirty days before told, by department, oldest first."""
    trend: dict[str, list[tuple[dt.date, Mapping[str, object]]]] = {}
    for run in last_runs_of_periods(connection, FLOW, date - _TREND, date - dt.timedelta(days=1)):
        overall, departments = run.figures[_OVERALL], run.figures["departments"]
        assert isinstance(overall, Mapping)
        assert isinstance(departments, Mapping)
        for name, figures in {"": overall, **departments}.items():
            trend.setdefault(name, []).append((run.period, figures))
    return trend


def summary_of(facts: ReturnFacts, order: Order, reports: Iterable[str], mails: Sequence[OutboxMail]) -> Summary:
    """The object of `--json`, its reports named as they will lie."""
    pages = [
        f"{day_folder(order.date, name).as_posix()}/{stem}.html"
        for name in reports
        for stem in _stems(order.languages).values()
    ]
    return {
        "flow": FLOW,
        "period": order.date.isoformat(),
        "status": facts.status,
        "rows": {name: dict(counts) for name, counts in facts.rows.items()},
        "figures": dict(figure_values(facts.figures)),
        "exceptions": [exception_of(one, facts.as_of, order.languages[0]) for one in facts.breaks],
        "reports": pages,
        "mails": mail_objects(mails),
    }


def write_day(order: Order, facts: ReturnFacts, reports: Mapping[str, Report], summary: Summary) -> None:
    """Writes the report over all and each department's, below home."""
    jobs: list[Job] = []
    for name, report in reports.items():
        own = summary if not name else summary_of(of_department(facts, name), order, (name,), ())
        jobs.append(partial(_write, order.home / day_folder(order.date, name), report, own, order.languages))
    if len(facts.breaks) >= BREAKS_FOR_PROCESSES or len(jobs) >= REPORTS_FOR_PROCESSES:
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
