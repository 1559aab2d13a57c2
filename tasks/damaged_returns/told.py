"""Findings of the returns as the breaks that people are told of: what each is worth and how much it matters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from tasks.damaged_returns.kinds import FREIGHT, severity_of
from tasks.domain.amounts import MONEY_SCALE, value_at_stake
from tasks.domain.breaks import Break
from tasks.domain.finding import Finding
from tasks.domain.telling import Names, break_of


def told_breaks(findings: Iterable[Finding], names: Names, high_cents: int, as_of: dt.date) -> tuple[Break, ...]:
    """One break for each finding, freshly opened on `as_of`, by id; its owner is the department's clerk.

    More than `high_cents` at stake is high.
    """
    by_id = {one.id: _told(one, names, high_cents, as_of) for one in findings}
    return tuple(by_id[key] for key in sorted(by_id))


def _told(finding: Finding, names: Names, high_cents: int, as_of: dt.date) -> Break:
    cents = _worth(finding, names.prices)
    return break_of(finding, names, cents, severity_of(finding, cents, high_cents), as_of)


def _worth(finding: Finding, prices: Mapping[str, int]) -> int | None:
    """What is at stake in cents: a freight as it stands, else |quantity| times the item's price; None where unknown."""
    if finding.kind in FREIGHT:
        return None if not finding.found else int(Decimal(finding.found) * MONEY_SCALE)
    price = prices.get(finding.item)
    if price is None or not finding.difference:
        return None
    return int(value_at_stake(finding.difference, price) * MONEY_SCALE)
