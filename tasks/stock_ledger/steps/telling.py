"""Writes what a reconciled date says: reports for all, each department and each site, and the object of `--json`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tasks.adapters.report_files import write_copy, write_page, write_reports
from tasks.adapters.speech import spoken
from tasks.domain.breaks import Break
from tasks.domain.report import figure_values
from tasks.stock_ledger.figures import DayFacts, age_of, breaks_by_age, breaks_by_kind, day_figures, of_department
from tasks.stock_ledger.report import FLOW, day_report
from tasks.stock_ledger.site_sheet import site_days, site_report
from tasks.stock_ledger.steps.reconciling import Reconciled

_COLUMNS = (
    "id", "kind", "severity", "state", "site", "warehouse", "item", "date", "refs", "expected", "found", "value",
    "age_working_days", "opened_on", "owner", "message",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readers:
    """For whom reports are written: one department only or everybody (""), in which languages, the first for JSON."""

    department: str
    languages: tuple[str, ...]


_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f]')

Progress = Callable[[int, int, str], None]


def write_day(reconciled: Reconciled, home: Path, readers: Readers, progress: Progress) -> dict[str, object]:
    """The object of `--json` (spec 10) for the readers' scope, its reports written under `home`.

    Raises OSError where the folder cannot be written.
    """
    facts = reconciled.facts
    folder = home / "reports" / FLOW / facts.as_of.isoformat()
    scopes = [readers.department] if readers.department else ["", *(name for name in reconciled.extras if name)]
    own_facts = of_department(facts, readers.department or None)
    sites = site_days(own_facts)
    written: list[Path] = []
    for done, scope in enumerate(scopes):
        progress(done, len(scopes) + len(sites), scope)
        own = folder / "departments" / _file_name(scope) if scope else folder
        written += _write_scope(reconciled, scope, own, readers.languages)
    for done, day in enumerate(sites):
        progress(len(scopes) + done, len(scopes) + len(sites), day.site)
        report = site_report(day, facts.as_of.isoformat())
        written.append(write_page(folder / "sites", _file_name(day.site), report, readers.languages[0]))
    return summary_of(own_facts, readers.languages[0]) | {
        "reports": [path.relative_to(home).as_posix() for path in written if path.suffix == ".html"]
    }


def summary_of(facts: DayFacts, language: str) -> dict[str, object]:
    """The object of `--json` without the reports: flow, period, status, rows, figures, exceptions, mails."""
    figures: dict[str, object] = dict(figure_values(day_figures(facts)))
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


def _write_scope(reconciled: Reconciled, department: str, folder: Path, languages: tuple[str, ...]) -> list[Path]:
    facts = of_department(reconciled.facts, department or None)
    report = day_report(facts, department, reconciled.extras[department])
    stems = {language: FLOW if language == languages[0] else f"{FLOW}.{language}" for language in languages}
    summary = summary_of(facts, languages[0]) | {"reports": [f"{stem}.html" for stem in stems.values()]}
    written = write_reports(folder, FLOW, report, languages[0], summary, _frame(summary["exceptions"]))
    for language in languages[1:]:
        written += write_copy(folder, stems[language], report, language)
    return written


def _frame(exceptions: object) -> pd.DataFrame:
    rows = exceptions if isinstance(exceptions, list) else []
    return pd.DataFrame([_row(row) for row in rows], columns=list(_COLUMNS))


def _row(exception: Mapping[str, object]) -> dict[str, object]:
    refs = exception["refs"]
    return {**exception, "refs": " ".join(map(str, refs)) if isinstance(refs, list) else ""}


def _file_name(name: str) -> str:
    """A folder or file name made of `name`, which people typed, without what a file system cannot hold."""
    return _UNSAFE.sub("_", name).strip(". ") or "_"
