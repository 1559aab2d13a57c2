"""Findings of the invoice check as the breaks that people are told of: department, value, severity, owner."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

import pandas as pd

from tasks.domain.amounts import MONEY_SCALE, QUANTITY_SCALE, money_text
from tasks.domain.breaks import Break
from tasks.domain.finding import Finding
from tasks.invoice_check.kinds import severity_of

_AMOUNT = re.compile(r"-?(\d+)\.(\d\d)")
_CENT = QUANTITY_SCALE // MONEY_SCALE
# As the register holds them.
_ITEM_CHARACTERS = 80


def told_breaks(
    findings: Iterable[Finding], department_of: Mapping[str, str], clerks: Mapping[str, str], as_of: dt.date
) -> tuple[Break, ...]:
    """One break for each finding, freshly opened on `as_of`, by id; its owner is the clerk of its department.

    `department_of`: the department by the reference of a row. What is worth something differs in an amount.
    """
    by_id = {one.id: _told(one, department_of, clerks, as_of) for one in findings}
    return tuple(by_id[key] for key in sorted(by_id))


def departments_by_ref(*frames: pd.DataFrame | None) -> dict[str, str]:
    """The department that each row names, by the row's reference; frames with `ref` and `department`."""
    found: dict[str, str] = {}
    for frame in frames:
        if frame is not None:
            own = frame[frame["department"] != ""]
            found |= dict(zip(own["ref"].tolist(), own["department"].tolist(), strict=True))
    return found


def _same_on_both_sides(finding: Finding) -> int:
    """The cents of what agrees in its amount and is wrong otherwise, as booked in another period; else 0."""
    amount = _AMOUNT.fullmatch(finding.expected) if finding.expected == finding.found else None
    return int(amount[1] + amount[2]) if amount else 0


def _told(finding: Finding, department_of: Mapping[str, str], clerks: Mapping[str, str], as_of: dt.date) -> Break:
    department = next((name for ref in finding.refs if (name := department_of.get(ref, ""))), "")
    cents = abs(finding.difference) // _CENT or _same_on_both_sides(finding)
    return Break(
        id=finding.id,
        kind=finding.kind,
        severity=severity_of(finding),
        state="open",
        site="",
        department=department,
        warehouse="",
        item=finding.item[:_ITEM_CHARACTERS],
        date=finding.date,
        refs=finding.refs,
        expected=finding.expected,
        found=finding.found,
        difference=finding.difference,
        value=money_text(cents) if cents else None,
        message=finding.message,
        opened_on=as_of,
        since=as_of,
        owner=clerks.get(department, ""),
    )
