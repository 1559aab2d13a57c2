"""Findings of the survey as the breaks that people are told of: whose they are and how much they matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import pandas as pd

from tasks.domain.breaks import Break
from tasks.domain.finding import Finding
from tasks.survey.complaints import stands_on
from tasks.survey.kinds import severity_of

# As the register holds them.
_ITEM_CHARACTERS = 80


def departments_of(findings: Iterable[Finding], cases: pd.DataFrame, *frames: pd.DataFrame | None) -> dict[str, str]:
    """By the id of each finding the department that has to do something; "" where none is known.

    A complaint (`cases` as CASES) belongs to the department that handles it, what is below its target to the department
    itself, everything else to the department that its rows name (`frames` with ref and department).
    """
    handling = dict(zip(stands_on(cases), cases["handled_by"].tolist(), strict=True))
    named: dict[str, str] = {}
    for frame in frames:
        if frame is not None:
            own = frame[frame["department"] != ""]
            named |= dict(zip(own["ref"].tolist(), own["department"].tolist(), strict=True))
    return {one.id: _department(one, handling, named) for one in findings}


def told_breaks(
    findings: Iterable[Finding], departments: Mapping[str, str], clerks: Mapping[str, str], as_of: dt.date
) -> tuple[Break, ...]:
    """One break for each finding, freshly opened on `as_of`, by id; its owner is the clerk of its department.

    `departments` as of `departments_of`, `clerks` by department.
    """
    by_id = {one.id: _told(one, departments.get(one.id, ""), clerks, as_of) for one in findings}
    return tuple(by_id[key] for key in sorted(by_id))


def _department(finding: Finding, handling: Mapping[tuple[str, ...], str], named: Mapping[str, str]) -> str:
    if finding.kind == "BELOW_TARGET":
        return finding.item
    if finding.kind in {"COMPLAINT", "COMPLAINT_OVERDUE"}:
        return handling.get(finding.stands_on, "")
    return next((name for ref in finding.refs if (name := named.get(ref, ""))), "")


def _told(finding: Finding, department: str, clerks: Mapping[str, str], as_of: dt.date) -> Break:
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
        value=None,
        message=finding.message,
        opened_on=as_of,
        since=as_of,
        owner=clerks.get(department, ""),
    )
