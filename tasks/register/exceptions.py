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


def exception_of(one: Break, as_of: dt.date, language: str, due_on: dt.date | None = None) -> dict[str, object]:
    """One break as an object of `--json`, its message in `language`; with its deadline `due_on` where there is one."""
    deadline = {"due_on": due_on.isoformat()} if due_on else {}
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
        **deadline,
        "owner": one.owner,
        "message": spoken(one.message, language),
    }


def exception_rows(summary: Mapping[str, object]) -> list[Sequence[object]]:
    """The exceptions of a `--json` object as rows of a table, its headings first, refs joined by a space.

    The column `due_on` is there when one of them has a deadline.
    """
    found = summary["exceptions"]
    assert isinstance(found, list)
    columns = (*COLUMNS, "due_on") if any("due_on" in one for one in found) else COLUMNS
    return [columns, *([_cell(one.get(name, "")) for name in columns] for one in found)]


def _cell(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value
