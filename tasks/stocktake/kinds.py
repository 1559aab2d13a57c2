"""The kinds of findings of a stocktake and how much each matters (spec 02, break kinds)."""

from __future__ import annotations

from tasks.domain.finding import Severity

# No proof at all, or something that people must not overlook.
_HIGH = frozenset(
    {
        "SHEET_MISSING", "SHEET_UNREADABLE", "SERIAL_MISSING", "APPROVAL_LAPSED", "OPEN_COUNT_CONFLICT",
        "REPEATED_SHORTAGE",
    }
)  # fmt: skip
_LOW = frozenset({"MIX_UP_SUGGESTED", "LATE_DOCUMENT"})
KINDS = _HIGH | _LOW | frozenset(
    {
        "NOT_COUNTED", "UNKNOWN_ITEM", "SURPLUS", "SHORTAGE", "DAMAGED_STOCK", "VARIANCE_NO_REASON", "RECOUNT_NEEDED",
        "SERIAL_EXTRA", "AGREEMENT_OPEN",
    }
)  # fmt: skip


def severity_of(kind: str, cents: int | None, high_cents: int) -> Severity:
    """High, medium or low: by kind where proof is lost, else high where it is worth more than `high_cents`."""
    if kind in _HIGH or (cents is not None and cents > high_cents):
        return "high"
    return "low" if kind in _LOW else "medium"
