"""What the report of a day or a month of the invoice check is made of, and its figures (spec 04, spec 10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.breaks import ALIVE, Break, age_of
from tasks.domain.message import message
from tasks.domain.report import Figure, figure_values
from tasks.invoice_check.receivables import BUCKETS, ageing

_GRAVITY = ("high", "medium", "low")


@dataclass(frozen=True, eq=False)
class InvoiceFacts:
    """What the report is made of. Frames by the names of `shapes` where nothing else is said.

    `documents` were issued up to `as_of`, `registered` says whether a register was ever delivered; `receipts`,
    `entries`, `bridge` and `carried` (of the month of `as_of`, see `judging.lines_of` and `judging.carried_items`) are
    None where nothing of the kind was. `months`: month (its first day), invoiced and revenue in cents, the newest last.
    `items` are open, `chase` those that somebody has to look after; `books`, `proposals` and `retention` as their
    modules give them. `decisions` are those that count. `breaks` are all that the run tells of. `quarantined`: dataset,
    file, sheet, row, column, value, reason. `rows`: the counts of spec 00 by dataset.
    """

    as_of: dt.date
    period: str
    period_end: bool
    status: Literal["completed", "blocked", "waiting", "already-done"]
    registered: bool
    documents: pd.DataFrame
    receipts: pd.DataFrame | None
    entries: pd.DataFrame | None
    bridge: pd.DataFrame | None
    carried: pd.DataFrame | None
    months: pd.DataFrame
    items: pd.DataFrame
    chase: pd.DataFrame
    books: pd.DataFrame
    proposals: pd.DataFrame
    retention: pd.DataFrame
    decisions: pd.DataFrame
    breaks: tuple[Break, ...]
    quarantined: pd.DataFrame
    rows: Mapping[str, Mapping[str, int]]

    @property
    def owed_known(self) -> bool:
        """Whether it can be said what is owed: register and receipts were delivered."""
        return self.registered and self.receipts is not None

    @cached_property
    def still(self) -> tuple[Break, ...]:
        """The breaks that people have to work on: gravest first, then most valuable, then oldest."""
        return self._in_order("open", "reopened")

    @cached_property
    def explained(self) -> tuple[Break, ...]:
        """The breaks that somebody explained and that lie quiet."""
        return self._in_order("explained")

    def _in_order(self, *states: str) -> tuple[Break, ...]:
        return tuple(
            sorted(
                (one for one in self.breaks if one.state in states),
                key=lambda one: (
                    _GRAVITY.index(one.severity), -Decimal(one.value or 0), -age_of(one, self.as_of), one.kind,
                    one.item, one.id,
                ),
            )
        )  # fmt: skip

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in the order of the page, see `invoice_figures`."""
        return invoice_figures(self)


def of_month(days: pd.Series, as_of: dt.date) -> pd.Series[bool]:
    """Which days lie in the month of `as_of`, up to that day."""
    return (days >= pd.Timestamp(as_of.replace(day=1))) & (days <= pd.Timestamp(as_of))


def invoice_figures(facts: InvoiceFacts) -> tuple[Figure, ...]:
    """The figures of the month of `as_of` up to that day, and what is owed on it; the four large ones first."""
    own = facts.documents[of_month(facts.documents["issued_on"], facts.as_of)]
    counted = own[own["state"] != "void"]
    invoiced = int(counted["net"].sum())
    revenue = _revenue(facts)
    owed = ageing(facts.items)
    late = sum(cents for bucket, cents in owed.items() if bucket != BUCKETS[0])
    breaks = len(facts.still)
    paid = facts.receipts
    known = facts.owed_known
    got = paid[of_month(paid["date"], facts.as_of)] if paid is not None else None
    overdue = message("invoice_check.detail.overdue", amount=money_text(late))
    quiet = message("invoice_check.detail.explained", number=len(facts.explained))
    return (
        Figure("invoiced_net", "money", _yuan(invoiced) if facts.registered else None),
        Figure("revenue", "money", None if revenue is None else _yuan(revenue), _agreeing(facts, invoiced, revenue)),
        Figure("owed", "money", _yuan(sum(owed.values())), "warn" if late else "plain", overdue)
        if known
        else Figure("owed", "money", None),
        Figure("breaks_open", "count", breaks, "warn" if breaks else "good", quiet),
        Figure("invoices", "count", len(own) if facts.registered else None),
        Figure("voided", "count", int((own["state"] == "void").sum()) if facts.registered else None),
        Figure("red", "count", int((own["state"] == "red").sum()) if facts.registered else None),
        Figure("receipts", "count", None if got is None else got["number_key"].nunique()),
        Figure("received", "money", None if got is None else _yuan(int(got["amount"].sum()))),
        Figure("chased", "count", len(facts.chase), "warn" if len(facts.chase) else "good"),
        *(Figure(f"receivables.{bucket}", "money", _yuan(owed[bucket]) if known else None) for bucket in BUCKETS),
    )


def plain_figures(facts: InvoiceFacts) -> dict[str, object]:
    """The figures as `--json` holds them, with the bridge, whose last line is the revenue."""
    figures = figure_values(facts.figures)
    figures["bridge"] = None if facts.bridge is None else bridge_lines(facts.bridge)
    return figures


def bridge_lines(bridge: pd.DataFrame) -> list[dict[str, str]]:
    """The lines of a bridge in their order, `line` and `amount`; the last is the revenue that the others add up to."""
    rows = [*zip(bridge["line"].tolist(), bridge["amount"].tolist(), strict=True), ("revenue", bridge["amount"].sum())]
    return [{"line": line, "amount": money_text(amount)} for line, amount in rows]


def alive(facts: InvoiceFacts) -> tuple[Break, ...]:
    """The breaks that are not resolved, explained ones too."""
    return tuple(one for one in facts.breaks if one.state in ALIVE)


def _revenue(facts: InvoiceFacts) -> int | None:
    if facts.entries is None:
        return None
    own = facts.entries[of_month(facts.entries["date"], facts.as_of) & facts.entries["revenue"]]
    return int(own["amount"].sum())


def _agreeing(facts: InvoiceFacts, invoiced: int, revenue: int | None) -> Literal["plain", "good", "warn"]:
    # A month that is still being booked cannot agree.
    if facts.bridge is None or not facts.period_end:
        return "plain"
    return "good" if invoiced == revenue else "warn"


def _yuan(cents: int) -> Decimal:
    return Decimal(cents) / 100
