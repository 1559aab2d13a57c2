"""The kinds of findings of the return of damaged parts and how much each matters (spec 03, break kinds)."""

from __future__ import annotations

from tasks.domain.finding import Finding, Severity

# A part, a piece or money may be lost, or somebody must decide.
_HIGH = frozenset({"RECEIVED_DIFFERS", "REPAIR_BALANCE", "SCRAP_UNAPPROVED"})
_LOW = frozenset({"WARRANTY_TOOL", "BOX_DIMENSION", "HELD_INCOMPLETE"})
FREIGHT = frozenset({"FREIGHT_NO_APPLICATION", "FREIGHT_NO_PRICE"})
KINDS = _HIGH | _LOW | FREIGHT | frozenset(
    {"NOT_ON_HAND", "NOT_ON_LIST", "PACKING_RULE", "REPAIRED_TOO_OFTEN", "OVERDUE_STEP"}
)  # fmt: skip
_TWICE = ".twice"


def twice_overdue(finding: Finding) -> bool:
    """Whether a step takes more than double its time, which the management department is told of."""
    return finding.kind == "OVERDUE_STEP" and finding.message.key.endswith(_TWICE)


def severity_of(finding: Finding, cents: int | None, high_cents: int) -> Severity:
    """High, medium or low: high by kind, twice overdue, or worth more than `high_cents`."""
    if finding.kind in _HIGH or twice_overdue(finding) or (cents is not None and cents > high_cents):
        return "high"
    return "low" if finding.kind in _LOW else "medium"
