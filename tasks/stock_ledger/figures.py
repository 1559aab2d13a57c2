"""The figures of one business date, for everybody or for one department (spec 01, report; names of spec 10)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

import pandas as pd

from tasks.domain.amounts import rate_text
from tasks.domain.breaks import ALIVE, Break, age_of
from tasks.domain.message import Message, message
from tasks.domain.report import Figure
from tasks.stock_ledger.deliveries import Arrival

# Upper bounds, in working days, of the ages by which breaks are counted.
AGES = (("0", 0), ("1_5", 5), ("6_20", 20), ("over_20", None))


@dataclass(frozen=True, eq=False)
class DayFacts:
    """What the reports of one date are made of.

    `sites`: site, site_name, department of those active; `arrivals` by site; `ledger` and `erp` the date's own judged
    lines (site, department for ERP, stage, quantity…); `breaks` all that the date tells of; `quarantined`: dataset,
    site, file, sheet, row, column, value, reason; `rows` the counts of spec 00 by dataset; `refused` the files
    refused as a whole, as "dataset/name" with the reason; `sources` file, sheet and row of the breaks' references;
    `asked` the numbers of the approvals that wait, by the id of the break that each would write off.
    """

    as_of: dt.date
    status: str
    sites: pd.DataFrame
    arrivals: Mapping[str, Arrival]
    ledger: pd.DataFrame
    erp: pd.DataFrame
    breaks: tuple[Break, ...]
    quarantined: pd.DataFrame
    rows: Mapping[str, Mapping[str, int]]
    refused: tuple[tuple[str, Message], ...] = ()
    sources: Mapping[str, Message] = field(default_factory=dict)
    asked: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def still(self) -> tuple[Break, ...]:
        """The breaks that people still have to work on, oldest and most valuable first."""
        ages = {one.id: age_of(one, self.as_of) for one in self.breaks if one.state in ALIVE}
        return tuple(
            sorted(
                (one for one in self.breaks if one.id in ages),
                key=lambda one: (-ages[one.id], -Decimal(one.value or 0), one.site, one.kind, one.id),
            )
        )

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in the order of the page, see `day_figures`."""
        return day_figures(self)


def of_department(facts: DayFacts, department: str | None) -> DayFacts:
    """The facts that concern one department; all of them for None."""
    if department is None:
        return facts
    sites = facts.sites[facts.sites["department"] == department]
    own = set(sites["site"])
    return DayFacts(
        as_of=facts.as_of,
        status=facts.status,
        sites=sites,
        arrivals={site: arrival for site, arrival in facts.arrivals.items() if site in own},
        ledger=facts.ledger[facts.ledger["site"].isin(own)],
        erp=facts.erp[facts.erp["department"] == department],
        breaks=tuple(one for one in facts.breaks if one.department == department),
        quarantined=facts.quarantined[facts.quarantined["site"].isin(own)],
        rows=facts.rows,
        refused=facts.refused,
        sources=facts.sources,
        asked=facts.asked,
    )


def value_at_stake(breaks: tuple[Break, ...]) -> Decimal:
    """The sum of what the breaks are worth; those without a known price count nothing."""
    return sum((Decimal(one.value) for one in breaks if one.value is not None), Decimal("0.00"))


def day_figures(facts: DayFacts) -> tuple[Figure, ...]:
    """The figures in the order of the page, the four large ones first.

    match_rate: ledger rows of the date matched exactly or grouped, of all its ledger rows; None without rows, and
    where the ERP's export is missing, for then nothing is proven either way.
    """
    stages = Counter(facts.ledger["stage"].value_counts().to_dict())
    lines = len(facts.ledger)
    agreeing = stages["exact"] + stages["grouped"]
    rate = None if facts.status == "blocked" else rate_text(agreeing, lines)
    arrived = Counter(facts.arrivals.values())
    still = facts.still
    late = sum(1 for one in still if one.kind == "LEDGER_LATE" and one.date == facts.as_of)
    stake = value_at_stake(still)
    new = sum(1 for one in still if one.since == facts.as_of)
    quarantined = facts.quarantined[["file", "sheet", "row"]].drop_duplicates()
    return (
        Figure("match_rate", "rate", None if rate is None else Decimal(rate), _tone(agreeing, lines if rate else 0)),
        Figure(
            "breaks_open",
            "count",
            len(still),
            "good" if not still else "warn",
            message("stock_ledger.detail.new", new=new),
        ),
        Figure("value_at_stake", "money", stake, "good" if not stake else "warn"),
        Figure(
            "ledgers_received",
            "count",
            arrived["received"],
            "good" if arrived["received"] == len(facts.sites) else "warn",
            message("stock_ledger.detail.of_sites", sites=len(facts.sites)),
        ),
        Figure("sites_expected", "count", len(facts.sites)),
        Figure("ledgers_late", "count", late),
        Figure("ledgers_missing", "count", arrived["missing"], "bad" if arrived["missing"] else "plain"),
        Figure("ledgers_not_yet_received", "count", arrived["not_yet"]),
        Figure("ledger_lines", "count", lines),
        Figure("erp_lines", "count", int(facts.erp["line"].nunique())),
        Figure("matched_exact", "count", stages["exact"]),
        Figure("matched_grouped", "count", stages["grouped"]),
        Figure("matched_near", "count", stages["near"]),
        Figure("breaks_new", "count", new),
        Figure("breaks_carried", "count", len(still) - new),
        Figure("breaks_resolved", "count", sum(1 for one in facts.breaks if one.state == "resolved")),
        Figure("rows_quarantined", "count", len(quarantined), "warn" if len(quarantined) else "plain"),
    )


def breaks_by_kind(facts: DayFacts) -> dict[str, int]:
    """How many breaks of each kind people still have to work on, by kind."""
    return dict(sorted(Counter(one.kind for one in facts.still).items()))


def breaks_by_age(facts: DayFacts) -> dict[str, int]:
    """How many breaks of each age in working days people still have to work on, youngest age first."""
    counted = Counter(age_class(age_of(one, facts.as_of)) for one in facts.still)
    return {name: counted[name] for name, _ in AGES}


def age_class(age: int) -> str:
    """The name in AGES of an age in working days."""
    return next(name for name, upper in AGES if upper is None or age <= upper)


def _tone(agreeing: int, lines: int) -> Literal["plain", "good", "warn"]:
    if lines == 0:
        return "plain"
    return "good" if agreeing == lines else "warn"
