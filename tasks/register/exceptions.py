"""Breaks as `--json` and exceptions.csv show them (spec 10), the same for every process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from tasks.adapters.speech import spoken
from tasks.domain.breaks import Break, age_of

COLUMNS = (
    "id", "kind", "severity", "state", "site", "warehouse", "item", "date", "refs", "expected", "found", "value",
    "age_working_days", "opened_on", "owner", "message",
)  # fmt: skip


def exception_of(one: Break, as_of: dt.date, language: str) -> dict[str, object]:
    """One break as an object of `--json`, its message in `language`."""
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


def exception_rows(summary: Mapping[str, object]) -> list[Sequence[object]]:
    """The exceptions of a `--json` object as rows of a table, its headings first, refs joined by a space."""
    found = summary["exceptions"]
    assert isinstance(found, list)
    return [COLUMNS, *([_cell(one[name]) for name in COLUMNS] for one in found)]


def _cell(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value
