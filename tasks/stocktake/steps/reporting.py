"""Writes what a count says: reports for all and each department, pages to sign, the object of `--json` (spec 10)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, update

from tasks.adapters.report_files import write_copy, write_pages, write_reports
from tasks.adapters.second_process import Job, done_by_two
from tasks.domain.file_names import file_name
from tasks.domain.message import Message
from tasks.domain.report import Report, figure_values
from tasks.domain.report_json import report_from_json, report_to_json
from tasks.mail.outbox import OutboxMail
from tasks.mail.steps import mail_objects
from tasks.register.exceptions import exception_of, exception_rows
from tasks.stocktake.facts import CountFacts, of_department
from tasks.stocktake.report import Extras, count_report
from tasks.stocktake.shapes import Count
from tasks.stocktake.steps.folders import count_folder
from tasks.stocktake.steps.ordering import FLOW, Order, Summary
from tasks.stocktake.tables import stocktakes
from tasks.stocktake.written import sheets_written_of, written_reports

_MONTHS = 12
# Below this the start of another process costs more than it saves.
BREAKS_FOR_PROCESSES = 3000
_MONTH_CHARACTERS = len("2026-11")
Trend = dict[str, list[tuple[dt.date, Mapping[str, object]]]]


def reports_of(facts: CountFacts, notes: Mapping[str, Sequence[Message]], trend: Trend) -> dict[str, Report]:
    """The report of each department by name, and under "" the one over all; `notes` and `trend` by the same names."""
    names = sorted({*facts.sheets["department"], *(one.department for one in facts.still)} - {""})
    return {
        name: count_report(
            of_department(facts, name), name, Extras(tuple(notes.get(name, ())), trend.get(name, []))
        )
        for name in ("", *names)
    }  # fmt: skip


def trend_before(connection: Connection, count: Count) -> Trend:
    """What the months' own counts of the eleven months before told, by department, oldest first."""
    first = count.period.replace(day=1, year=count.period.year - 1)
    own = stocktakes.c
    query = select(own.stocktake, own.period, own.said).where(own.period > first, own.period < count.period)
    trend: Trend = {}
    for row in connection.execute(query.order_by(own.period)):
        if row.said and len(row.stocktake) == _MONTH_CHARACTERS:
            for name, figures in json.loads(row.said)["figures"].items():
                trend.setdefault(name, []).append((row.period, figures))
    return {name: points[1 - _MONTHS :] for name, points in trend.items()}


def summary_of(
    facts: CountFacts,
    report: Report,
    languages: Sequence[str],
    mails: Sequence[OutboxMail] = (),
    made: Sequence[str] = (),
) -> Summary:
    """The object of `--json`, its reports named as they will lie; `made` are pages that were written besides.

    Its figures are those of `report`, which were reckoned from every line.
    """
    number = facts.count.number
    pages = [f"{count_folder(number).as_posix()}/{stem}.html" for stem in _stems(languages).values()]
    for name in _departments(facts):
        pages += [f"{count_folder(number, name).as_posix()}/{stem}.html" for stem in _stems(languages).values()]
    return {
        "flow": FLOW,
        "period": number,
        "status": facts.status,
        "rows": {name: dict(counts) for name, counts in facts.rows.items()},
        "figures": dict(figure_values(report.figures)),
        "exceptions": [exception_of(one, facts.count.period, languages[0]) for one in facts.breaks],
        "reports": [*pages, *made],
        "mails": mail_objects(mails),
    }


def write_count(order: Order, facts: CountFacts, reports: Mapping[str, Report], summary: Summary) -> None:
    """Writes the report over all, each department's, and the pages to sign, below home.

    Of the lines `facts` may hold those alone that people must know of (`off_lines`).
    """
    number = facts.count.number
    folder = order.home / count_folder(number) / "written"
    pages = {folder / f"{file_name(name)}.html": page for name, page in written_reports(facts).items()}
    # The largest first, for the other process takes two from the front at once.
    jobs: list[Job] = [
        partial(_write, order.home / count_folder(number), reports[""], summary, order.languages),
        partial(write_pages, pages, order.languages[0]),
    ]
    for name, report in reports.items():
        if name:
            own = summary_of(of_department(facts, name), report, order.languages)
            jobs.append(partial(_write, order.home / count_folder(number, name), report, own, order.languages))
    if len(facts.breaks) >= BREAKS_FOR_PROCESSES:
        done_by_two(jobs, lambda _job: None)
        return
    for job in jobs:
        job()


def write_refusal(order: Order, report: Report, summary: Summary) -> Summary:
    """The object of `--json` of an opening that was refused, with the report of it that is now written."""
    folder = count_folder(report.period) / "refused"
    told = summary | {"reports": [(folder / f"{stem}.html").as_posix() for stem in _stems(order.languages).values()]}
    _write(order.home / folder, report, told, order.languages)
    return told


def written_pages(facts: CountFacts) -> list[str]:
    """The pages to sign as they lie below home."""
    folder = (count_folder(facts.count.number) / "written").as_posix()
    return [f"{folder}/{file_name(name)}.html" for name in sheets_written_of(facts)]


def keep_said(connection: Connection, count: Count, reports: Mapping[str, Report], summary: Summary) -> None:
    """Keeps what the newest report of the count told, for the months after it and for a count that is over."""
    figures = {name: figure_values(report.figures) for name, report in reports.items()}
    connection.execute(
        update(stocktakes)
        .where(stocktakes.c.stocktake == count.number)
        .values(
            report=json.dumps({name: report_to_json(one) for name, one in reports.items()}, ensure_ascii=False),
            said=json.dumps({"summary": summary, "figures": figures}, ensure_ascii=False),
        )
    )


def told_before(order: Order, row: Any) -> Summary:
    """The object of `--json` of a count that is over, its reports written again as they were."""
    said: Summary = json.loads(row.said)["summary"]
    for name, text in json.loads(row.report).items():
        folder = order.home / count_folder(row.stocktake, name)
        if not name and not (folder / f"{FLOW}.html").exists():
            _write(folder, report_from_json(text), said, order.languages)
    return said | {"status": "already-done"}


def _write(folder: Path, report: Report, summary: Summary, languages: Sequence[str]) -> None:
    write_reports(folder, FLOW, report, languages[0], summary, exception_rows(summary))
    for language, stem in list(_stems(languages).items())[1:]:
        write_copy(folder, stem, report, language)


def _departments(facts: CountFacts) -> Iterator[str]:
    yield from sorted({*facts.sheets["department"], *(one.department for one in facts.still)} - {""})


def _stems(languages: Sequence[str]) -> dict[str, str]:
    return {language: FLOW if language == languages[0] else f"{FLOW}.{language}" for language in languages}
