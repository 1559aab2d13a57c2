"""The kinds of findings of the survey, how much each matters, and how one is made (spec 05: break kinds)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from tasks.domain.finding import Finding, Severity
from tasks.domain.message import Message

# A customer waits for an answer that is late, or was never asked how it was.
_HIGH = frozenset({"COMPLAINT", "COMPLAINT_OVERDUE"})
_LOW = frozenset({"REPEATED_FORM", "REPEATED_CUSTOMER"})
KINDS = _HIGH | _LOW | frozenset({"UNKNOWN_ANSWER", "NOT_SENT", "BELOW_TARGET", "FOLLOWUP_MISSED"})


def severity_of(finding: Finding) -> Severity:
    """How much it matters: high where a customer complains, low where only somebody should look."""
    return "high" if finding.kind in _HIGH else "low" if finding.kind in _LOW else "medium"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about: a form, customer or department by the name people know, and its own day.

    `known_by` tells findings on the same rows apart: a question, a period.
    """

    item: str
    date: dt.date
    known_by: tuple[str, ...] = ()


def survey_finding(
    kind: str, about: Subject, refs: Iterable[str], told: Message, against: tuple[str, str] = ("", "")
) -> Finding:
    """One finding about `about` that stands on its rows; `against` is what was expected and what was found."""
    rows = tuple(sorted(set(refs)))
    return Finding(
        kind=kind,
        site="",
        warehouse="",
        item=about.item,
        date=about.date,
        refs=rows,
        stands_on=(*rows, *about.known_by),
        expected=against[0],
        found=against[1],
        difference=0,
        message=told,
    )
