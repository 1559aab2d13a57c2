"""Findings of the audit as the breaks that people are told of, and as `--json` shows them (spec 10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from tasks.domain.amounts import QUANTITY_SCALE, money_text
from tasks.domain.breaks import Break
from tasks.domain.finding import Finding, Severity
from tasks.night_audit.kinds import BLOCKING

# What may cost the hotel money or hide that it did, besides what stops the close.
_HIGH = frozenset(
    {
        "DEPOSIT_UNDECIDED", "CASH_DIFFERENCE", "SKIP", "DELETED_LOCKED", "REVERSED_AFTER_CLOSE", "CHANGED_AFTER_CLOSE",
        "MANUAL_NO_SHOW",
    }
)  # fmt: skip
_LOW = frozenset({"NO_SHOW", "RELEASED"})


def told_breaks(findings: Iterable[Finding], period: dt.date) -> tuple[Break, ...]:
    """One break for each finding, freshly opened on `period`, by id; the same finding twice is one."""
    by_id = {one.id: _told(one, period) for one in findings}
    return tuple(by_id[key] for key in sorted(by_id))


def severity_of(kind: str) -> Severity:
    """How much a kind matters: high for what stops the close or may hide lost money, low for what the clock settled."""
    return "high" if kind in BLOCKING or kind in _HIGH else "low" if kind in _LOW else "medium"


def _told(finding: Finding, period: dt.date) -> Break:
    cents = abs(finding.difference) * 100 // QUANTITY_SCALE
    return Break(
        id=finding.id,
        kind=finding.kind,
        severity=severity_of(finding.kind),
        state="open",
        site="",
        department="",
        warehouse="",
        item=finding.item,
        date=finding.date,
        refs=finding.refs,
        expected=finding.expected,
        found=finding.found,
        difference=finding.difference,
        value=money_text(cents) if cents else None,
        message=finding.message,
        opened_on=period,
        since=period,
        owner="",
    )
