"""The nouns of the made-up company: who and what there is, what was written down, and what was put wrong on purpose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal

Quality = Literal["good", "damaged"]
GOOD: Quality = "good"
DAMAGED: Quality = "damaged"
QUALITY_WORDS: Mapping[Quality, str] = {GOOD: "完好", DAMAGED: "损坏"}
MANAGEMENT = "业务管理部"

PURCHASE_IN = "采购入库"
PETTY_IN = "零采入库"
DAMAGED_IN = "损坏入库"
REPAIRED_IN = "修复入库"
RETURN_TO_STOCK = "物资退库"
GOOD_TRANSFER = "完好品调拨"
DAMAGED_TRANSFER = "损坏品调拨"
OWN_USE_OUT = "自用领用"
REPAIR_OUT = "返修出库"
SCRAP_OUT = "报废出库"
RECEIPTS = frozenset({PURCHASE_IN, PETTY_IN, DAMAGED_IN, REPAIRED_IN, RETURN_TO_STOCK})

RECEIPT = "其他入库单"
ISSUE = "其他出库单"
TRANSFER_ORDER = "调拨单"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the master; `sort` is 工具, 备件 or 耗材, `item_class` Ⅰ or Ⅱ, `price` a decimal text."""

    code: str
    name: str
    specification: str
    unit: str
    sort: str
    item_class: str
    abc: str
    price: str
    volume: str


@dataclass(frozen=True, slots=True)
class Department:
    """One business department; `made_by` is how its clerk signs an ERP document."""

    name: str
    code: str
    manager: str
    clerk: str
    email: str

    @property
    def made_by(self) -> str:
        """The name that stands under 制单人."""
        return f"{self.name} {self.clerk}"


@dataclass(frozen=True, slots=True)
class Site:
    """One wind farm; `shape` chooses how its custodian writes ledgers."""

    code: str
    name: str
    department: Department
    representative: str
    custodian: str
    shape: int

    def warehouse(self, quality: Quality) -> str:
        """The code of its store of good or damaged goods."""
        return self.code + ("A" if quality == GOOD else "B")


@dataclass(frozen=True, slots=True)
class Warehouse:
    """One store of a site, a department or, with neither, production management."""

    code: str
    name: str
    site: str
    department: str
    quality: Quality
    tier: str


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of a site's ledger as its custodian means it; `written` overrides single cells.

    A row stands in what is sent from `since` on and before `until`; `balance_off` is put on top of its stated balance.
    """

    site: str
    date: dt.date
    category: str
    incoming: bool
    item: Item
    quantity: Decimal
    quality: Quality
    order: str = ""
    turbine: str = ""
    remark: str = ""
    written: tuple[tuple[str, str], ...] = ()
    since: dt.date = dt.date.min
    until: dt.date = dt.date.max
    balance_off: Decimal = Decimal(0)

    @property
    def effect(self) -> Decimal:
        """What the row does to its store; a red return counts as it is written."""
        return self.quantity if self.incoming else -self.quantity


@dataclass(frozen=True, slots=True)
class ErpLine:
    """One line of an ERP document; `moves` is False for a transfer order whose own receipt and issue move the goods."""

    document: str
    line: int
    date: dt.date
    type: str
    category: str
    warehouse: str
    item: Item
    quantity: Decimal
    made_by: str
    audited_by: str
    audited_on: dt.date | None
    order: str = ""
    from_warehouse: str = ""
    to_warehouse: str = ""
    remark: str = ""
    moves: bool = True
    written: tuple[tuple[str, str], ...] = ()

    @property
    def effects(self) -> tuple[tuple[str, Decimal], ...]:
        """What the line does to which stores."""
        if not self.moves:
            return ()
        if self.type == TRANSFER_ORDER:
            return (self.from_warehouse, -self.quantity), (self.to_warehouse, self.quantity)
        return ((self.warehouse, self.quantity if self.type == RECEIPT else -self.quantity),)


@dataclass(frozen=True, slots=True)
class Fault:
    """One break that must be found, of a row or day of `date`, first by the run of business date `found_on`."""

    kind: str
    site: str
    item: str
    date: dt.date
    found_on: dt.date
    warehouse: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One row that must be quarantined for its `column`; `found_on` is the date that its file is for."""

    dataset: str
    site: str
    column: str
    value: str
    found_on: dt.date


@dataclass(frozen=True, slots=True)
class Company:
    """What was written where: `deliveries` names per day the folder of that evening's `<dataset>/` folders."""

    faults: tuple[Fault, ...]
    quarantined: tuple[Quarantined, ...]
    days: tuple[dt.date, ...]
    deliveries: Mapping[dt.date, Path]
    masters: Path


@dataclass(slots=True)
class World:
    """The whole company while it is being made up: masters, opening stocks, all that is written or put wrong."""

    days: tuple[dt.date, ...]
    departments: tuple[Department, ...]
    sites: tuple[Site, ...]
    warehouses: tuple[Warehouse, ...]
    items: list[Item]
    opening: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    ledger: list[LedgerRow] = field(default_factory=list)
    erp: list[ErpLine] = field(default_factory=list)
    never_sent: set[tuple[str, dt.date]] = field(default_factory=set)
    sent_later: dict[tuple[str, dt.date], dt.date] = field(default_factory=dict)
    notices: list[tuple[str, dt.date, str]] = field(default_factory=list)
    jumps: list[tuple[str, str, dt.date, Decimal]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)

    @property
    def clerk_of(self) -> Mapping[str, str]:
        """Who makes a site's documents, by its code."""
        return {site.code: site.department.made_by for site in self.sites}
