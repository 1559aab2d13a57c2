"""The stage of one fault: a site, a day, a thing that nobody else touches, and the pen that writes it down wrongly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from benchmarks.demo_company.books import Books, movement
from benchmarks.demo_company.calendar import DAY
from benchmarks.demo_company.nouns import GOOD, Fault, Item, LedgerRow, Quality, Quarantined, Site

STATING_SHAPES = frozenset({0, 3, 4, 7})
RUNNING_SHAPES = frozenset({5, 8})
AMPLE = Decimal(200)

Sites = Literal["any", "daily", "plain", "stating", "running"]
Things = Literal["repairable", "simple"]


@dataclass(slots=True)
class Scene:
    """Where and with what one fault is put in.

    `quantity` is one that no other fault uses, so that no two of them are taken for a pair.
    """

    books: Books
    site: Site
    neighbour: Site
    stranger: Site
    day: dt.date
    item: Item
    twin: Item
    quantity: Decimal

    def after(self, days: int) -> dt.date:
        """The date `days` calendar days after the day of the fault."""
        return self.day + days * DAY

    def row(self, category: str, quality: Quality = GOOD, *, days: int = 0, **changed: Any) -> LedgerRow:
        """A row of this scene, not yet written anywhere, with single fields `changed` (as in LedgerRow)."""
        row = movement(self.site, self.after(days), category, self.item, self.quantity, quality)
        return replace(row, **changed)

    def stock(self, quality: Quality = GOOD, quantity: Decimal = AMPLE, site: Site | None = None) -> None:
        """Gives the site (or another) an opening stock of the thing."""
        self.books.world.opening[(site or self.site).warehouse(quality), self.item.code] = quantity

    def expect(
        self, kind: str, quality: Quality = GOOD, *, found: dt.date | None = None, site: Site | None = None
    ) -> None:
        """States that the break `kind` of site, day and item must be found (by default on that day's run)."""
        where = site or self.site
        self.books.world.faults.append(
            Fault(kind, where.code, self.item.code, self.day, found or self.day, where.warehouse(quality))
        )

    def expect_of_site(self, kind: str, *, found: dt.date | None = None) -> None:
        """States that the break `kind` of the site's whole day must be found."""
        self.books.world.faults.append(Fault(kind, self.site.code, "", self.day, found or self.day, ""))

    def expect_quarantined(self, dataset: str, column: str, value: str, *, found: dt.date | None = None) -> None:
        """States that one row must be quarantined for this value (by default in that day's file)."""
        site = self.site.code if dataset == "ledger" else ""
        self.books.world.quarantined.append(Quarantined(dataset, site, column, value, found or self.day))


@dataclass(frozen=True, slots=True)
class Recipe:
    """One way of doing it wrong: `act` does it where `sites` and `things` fit and `span` more ledgers come in time.

    `found` is the last date on which something of it is found first; a month that ends before leaves the recipe out.
    """

    name: str
    act: Callable[[Scene], None]
    sites: Sites = "any"
    things: Things = "simple"
    span: int = 0
    found: Callable[[dt.date], dt.date] | None = None
    same_month: bool = False

    def last_found(self, day: dt.date) -> dt.date:
        """The business date of the run that shows the last of it, when it is put in on `day`."""
        return self.found(day) if self.found else day + self.span * DAY


def suits(shape: int, sites: Sites) -> bool:
    """Whether a custodian of `shape` writes the kind of ledger that a recipe needs."""
    stating, running = shape in STATING_SHAPES, shape in RUNNING_SHAPES
    return {
        "any": True,
        "daily": not running,
        "plain": not (stating or running),
        "stating": stating,
        "running": running,
    }[sites]
