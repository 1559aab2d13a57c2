"""Writes what a reconciled date says: reports for all, each department and each site, and the object of `--json`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tasks.adapters.report_files import write_copy, write_pages, write_reports
from tasks.adapters.second_process import Job, done_by_two
from tasks.domain.report import figure_values
from tasks.mail.steps import mail_objects
from tasks.register.exceptions import exception_of, exception_rows
from tasks.stock_ledger.figures import DayFacts, breaks_by_age, breaks_by_kind
from tasks.stock_ledger.report import FLOW
from tasks.stock_ledger.steps.folders import report_folder, site_page
from tasks.stock_ledger.steps.reconciling import Reconciled, Scope


@dataclass(frozen=True, slots=True)
class Readers:
    """For whom reports are written: one department only or everybody (""), in which languages, the first for JSON."""

    department: str
    languages: tuple[str, ...]


Progress = Callable[[int, int, str], None]
# Below this the start of another process costs more than it saves.
SITES_FOR_PROCESSES = 200
SITES_AT_ONCE = 20


def write_day(reconciled: Reconciled, home: Path, readers: Readers, progress: Progress) -> dict[str, object]:
    """The object of `--json` (spec 10) for the readers' scope, its reports written under `home`.

    Raises OSError where the folder cannot be written.
    """
    own = reconciled[readers.department]
    scopes = [readers.department] if readers.department else list(reconciled)
    pages = {home / site_page(own.facts.as_of, site): page for site, page in own.pages.items()}
    many = len(pages) >= SITES_FOR_PROCESSES
    summaries = {name: _summary(reconciled[name], name, scopes, readers.languages) for name in scopes}
    jobs: dict[Job, str] = {}
    for name in scopes:
        folder = home / report_folder(own.facts.as_of, name)
        jobs |= dict.fromkeys(_scope_jobs(reconciled[name], folder, summaries[name], readers.languages), name)
    at_once = SITES_AT_ONCE if many else 1
    for start in range(0, len(pages), at_once):
        some = dict(itertools.islice(pages.items(), start, start + at_once))
        jobs[partial(write_pages, some, readers.languages[0])] = next(iter(some)).stem
    steps = itertools.count()

    def done(job: Job) -> None:
        progress(next(steps), len(jobs), jobs[job])

    if many:
        done_by_two(list(jobs), done)
    else:
        for job in jobs:
            done(job)
            job()
    return summaries[readers.department]


def summary_of(facts: DayFacts, language: str) -> dict[str, object]:
    """The object of `--json` without the reports: flow, period, status, rows, figures, exceptions, mails."""
    figures: dict[str, object] = dict(figure_values(facts.figures))
    return {
        "flow": FLOW,
        "period": facts.as_of.isoformat(),
        "status": facts.status,
        "rows": {name: dict(counts) for name, counts in facts.rows.items()},
        "figures": figures | {"breaks_by_kind": breaks_by_kind(facts), "breaks_by_age": breaks_by_age(facts)},
        "exceptions": [exception_of(one, facts.as_of, language) for one in facts.breaks],
        "reports": [],
        "mails": [],
    }


def _summary(scope: Scope, department: str, scopes: Sequence[str], languages: tuple[str, ...]) -> dict[str, object]:
    """The object of `--json` for one scope; the one over all names the reports of all `scopes`."""
    facts = scope.facts
    own = report_folder(facts.as_of, department)
    stems = _stems(languages)
    pages = [own / f"{stem}.html" for stem in stems.values()]
    if not department:
        others = [name for name in scopes if name]
        pages += [report_folder(facts.as_of, name) / f"{stem}.html" for name in others for stem in stems.values()]
    pages += [site_page(facts.as_of, site) for site in sorted(facts.sites["site"])]
    return summary_of(facts, languages[0]) | {
        "reports": [page.as_posix() for page in pages],
        "mails": mail_objects(scope.mails),
    }


def _scope_jobs(scope: Scope, folder: Path, summary: dict[str, object], languages: tuple[str, ...]) -> Iterator[Job]:
    """What writes one scope's page, text, workbook, exceptions.csv and summary.json, and its copies in other languages.

    Any process can do it: it holds the report and no facts.
    """
    yield partial(write_reports, folder, FLOW, scope.report, languages[0], summary, exception_rows(summary))
    for language, stem in list(_stems(languages).items())[1:]:
        yield partial(write_copy, folder, stem, scope.report, language)


def _stems(languages: tuple[str, ...]) -> dict[str, str]:
    return {language: FLOW if language == languages[0] else f"{FLOW}.{language}" for language in languages}
