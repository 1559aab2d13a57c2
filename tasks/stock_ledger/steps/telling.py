"""Writes what a reconciled date says: reports for all, each department and each site, and the object of `--json`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tasks.adapters.report_files import write_copy, write_page, write_reports
from tasks.adapters.speech import spoken
from tasks.domain.breaks import Break
from tasks.domain.report import figure_values
from tasks.mail.steps import mail_objects
from tasks.stock_ledger.figures import DayFacts, age_of, breaks_by_age, breaks_by_kind
from tasks.stock_ledger.report import FLOW
from tasks.stock_ledger.site_sheet import site_days, site_report
from tasks.stock_ledger.steps.folders import report_folder, site_page
from tasks.stock_ledger.steps.reconciling import Reconciled, Scope

_COLUMNS = (
    "id", "kind", "severity", "state", "site", "warehouse", "item", "date", "refs", "expected", "found", "value",
    "age_working_days", "opened_on", "owner", "message",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readers:
    """For whom reports are written: one department only or everybody (""), in which languages, the first for JSON."""

    department: str
    languages: tuple[str, ...]


Progress = Callable[[int, int, str], None]


def write_day(reconciled: Reconciled, home: Path, readers: Readers, progress: Progress) -> dict[str, object]:
    """The object of `--json` (spec 10) for the readers' scope, its reports written under `home`.

    Raises OSError where the folder cannot be written.
    """
    own = reconciled[readers.department]
    scopes = [readers.department] if readers.department else list(reconciled)
    sites = site_days(own.facts)
    steps = len(scopes) + len(sites)
    summary: dict[str, object] = {}
    for done, department in enumerate(scopes):
        progress(done, steps, department)
        told = _write_scope(reconciled[department], department, home, readers.languages)
        summary = told if department == readers.department else summary
    for done, day in enumerate(sites):
        progress(len(scopes) + done, steps, day.site)
        path = home / site_page(own.facts.as_of, day.site)
        write_page(path.parent, path.stem, site_report(day, own.facts.as_of.isoformat()), readers.languages[0])
    return summary


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


def exception_of(one: Break, as_of: dt.date, language: str) -> dict[str, object]:
    """One break as `--json` and exceptions.csv show it (spec 10), its message in `language`."""
    return {
        "id": one.id,
        "kind": one.kind,
        "severity": one.severity,
        "state": one.state,
        "site": one.site,
        "warehouse": one.warehouse,
        "item": one.item,
        "date": one.date.isoformat(),
        "refs": list(one.refs),
        "expected": one.expected,
        "found": one.found,
        "value": one.value,
        "age_working_days": age_of(one, as_of),
        "opened_on": one.opened_on.isoformat(),
        "owner": one.owner,
        "message": spoken(one.message, language),
    }


def _write_scope(scope: Scope, department: str, home: Path, languages: tuple[str, ...]) -> dict[str, object]:
    """The object of `--json` for one scope, whose page, text, workbook, exceptions.csv and summary.json it wrote."""
    facts = scope.facts
    own = report_folder(facts.as_of, department)
    stems = {language: FLOW if language == languages[0] else f"{FLOW}.{language}" for language in languages}
    pages = [own / f"{stem}.html" for stem in stems.values()]
    if not department:
        named = [name for name in sorted(set(facts.sites["department"])) if name]
        pages += [report_folder(facts.as_of, name) / f"{stem}.html" for name in named for stem in stems.values()]
    pages += [site_page(facts.as_of, site) for site in sorted(facts.sites["site"])]
    summary = summary_of(facts, languages[0]) | {
        "reports": [page.as_posix() for page in pages],
        "mails": mail_objects(scope.mails),
    }
    write_reports(home / own, FLOW, scope.report, languages[0], summary, _frame(summary["exceptions"]))
    for language in languages[1:]:
        write_copy(home / own, stems[language], scope.report, language)
    return summary


def _frame(exceptions: object) -> pd.DataFrame:
    rows = exceptions if isinstance(exceptions, list) else []
    return pd.DataFrame([_row(row) for row in rows], columns=list(_COLUMNS))


def _row(exception: Mapping[str, object]) -> dict[str, object]:
    refs = exception["refs"]
    return {**exception, "refs": " ".join(map(str, refs)) if isinstance(refs, list) else ""}
