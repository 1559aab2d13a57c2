"""What a break is worth and how severe it is: value at stake by the item's price, severity by value and kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tasks.domain.amounts import value_at_stake
from tasks.domain.finding import Finding, Severity

# Proof is lost or a right was overstepped, whatever the value.
ALWAYS_HIGH = frozenset({"LEDGER_MISSING", "NEGATIVE_BALANCE", "UNAUTHORISED_TRANSFER"})
# Stock and books agree; a date, a name or a signature does not.
LOW_UNLESS_VALUABLE = frozenset({"LEDGER_LATE", "NAME_MISMATCH", "DATE", "UNAUDITED", "TRANSFER_REFERENCE"})


@dataclass(frozen=True, slots=True)
class ValueLimits:
    """From which value at stake on a break is high or medium; exactly on the limit counts as reaching it."""

    high: Decimal
    medium: Decimal


def value_of(finding: Finding, prices: Mapping[str, int]) -> Decimal | None:
    """|difference| times the item's unit price to the cent; None where stock differs and no price is known.

    `prices` are scaled by 10,000, by item key. Source: spec 01, report (value at stake).
    """
    if finding.difference == 0:
        return Decimal("0.00")
    price = prices.get(finding.item)
    return None if price is None else value_at_stake(finding.difference, price)


def severity_of(kind: str, value: Decimal | None, limits: ValueLimits) -> Severity:
    """High, medium or low: by kind where proof is lost, else by the value at stake."""
    if kind in ALWAYS_HIGH or (value is not None and value >= limits.high):
        return "high"
    if value is not None and value >= limits.medium:
        return "medium"
    return "low" if kind in LOW_UNLESS_VALUABLE else "medium"
