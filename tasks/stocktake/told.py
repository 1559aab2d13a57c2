"""Findings of a count as the breaks that people are told of: what each is worth and how much it matters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from tasks.domain.amounts import MONEY_SCALE, value_at_stake
from tasks.domain.breaks import Break
from tasks.domain.finding import Finding
from tasks.domain.telling import Names, break_of
from tasks.stocktake.kinds import severity_of


def told_breaks(findings: Iterable[Finding], names: Names, high_cents: int, period: dt.date) -> tuple[Break, ...]:
    """One break for each finding, freshly opened on `period`, by id; its owner is the department's clerk.

    More than `high_cents` at stake is high.
    """
    by_id = {one.id: _told(one, names, high_cents, period) for one in findings}
    return tuple(by_id[key] for key in sorted(by_id))


def _told(finding: Finding, names: Names, high_cents: int, period: dt.date) -> Break:
    cents = _worth(finding, names.prices)
    return break_of(finding, names, cents, severity_of(finding.kind, cents, high_cents), period)


def _worth(finding: Finding, prices: Mapping[str, int]) -> int | None:
    """|difference| times the item's price in cents; 0 where nothing differs, None where no price is known."""
    if finding.difference == 0:
        return 0
    price = prices.get(finding.item)
    return None if price is None else int(value_at_stake(finding.difference, price) * MONEY_SCALE)
