"""An honest month: what wind farms really move on working days and weekends, booked on both sides without a fault."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from numpy.random import Generator

from benchmarks.demo_company.books import Books, maker_between, movement, received, sent
from benchmarks.demo_company.calendar import DAY, is_working_day
from benchmarks.demo_company.chance import between, happens, pick, some
from benchmarks.demo_company.masters import PRODUCTION
from benchmarks.demo_company.nouns import (
    DAMAGED,
    DAMAGED_IN,
    DAMAGED_TRANSFER,
    GOOD,
    ISSUE,
    MANAGEMENT,
    OWN_USE_OUT,
    PETTY_IN,
    PURCHASE_IN,
    RECEIPT,
    REPAIR_OUT,
    REPAIRED_IN,
    RETURN_TO_STOCK,
    SCRAP_OUT,
    Item,
    LedgerRow,
    Site,
    World,
)

STOCKED_GOOD = 110
STOCKED_DAMAGED = 20
# Class I parts of each damaged store, which are scrapped at the site, and how many pieces of each lie there at first.
SCRAPPED, TO_SCRAP = 6, 5
SPLIT_PERCENT = 6
TWICE_PERCENT = 3


@dataclass(slots=True)
class Month:
    """What the generator of honest movements needs at hand; `stock` is what stores hold at the opening of the day."""

    rng: Generator
    books: Books
    stock: dict[tuple[str, str], Decimal]
    good: dict[str, list[Item]]
    damaged: dict[str, list[Item]]
    scrapped: list[Item]
    spent: dict[tuple[str, str], Decimal]

    @property
    def world(self) -> World:
        """The company that is written down."""
        return self.books.world


def live(rng: Generator, books: Books, items: list[Item]) -> None:
    """Fills stores with `items` and books every day of the world; all of it agrees."""
    month = _opened(rng, books, items)
    for day in month.world.days:
        month.spent = {}
        booked = len(month.world.erp)
        for place, site in enumerate(month.world.sites):
            lines = _lines_of_day(rng, day) or (2 if place == 0 else 0)
            for _ in range(lines):
                _one(month, site, day)
        if is_working_day(day):
            _transfers(month, day)
        _advance(month, booked)


def _opened(rng: Generator, books: Books, items: list[Item]) -> Month:
    world = books.world
    class_one = [item for item in items if item.item_class == "Ⅰ" and item.sort == "备件"]
    month = Month(rng, books, {}, {}, {}, class_one[:SCRAPPED], {})
    class_two = [item for item in items if item.item_class == "Ⅱ" and item.sort == "备件"]
    for site in world.sites:
        month.good[site.code] = some(rng, items, STOCKED_GOOD)
        month.damaged[site.code] = some(rng, class_two, STOCKED_DAMAGED)
        for item in month.good[site.code]:
            world.opening[site.warehouse(GOOD), item.code] = Decimal(between(rng, 25, 180))
        for item in month.damaged[site.code]:
            world.opening[site.warehouse(DAMAGED), item.code] = Decimal(between(rng, 1, 4))
        for item in month.scrapped:
            world.opening[site.warehouse(DAMAGED), item.code] = Decimal(TO_SCRAP)
    for item in some(rng, items, STOCKED_GOOD):
        world.opening[PRODUCTION[0][0], item.code] = Decimal(between(rng, 60, 400))
    month.stock = dict(world.opening)
    return month


def _lines_of_day(rng: Generator, day: dt.date) -> int:
    if is_working_day(day):
        return 0 if happens(rng, 4) else between(rng, 4, 12)
    return between(rng, 1, 3) if happens(rng, 45) else 0


def _advance(month: Month, booked: int) -> None:
    # Goods that arrive later in the month are booked ahead, so that only past lines may count as stock.
    for line in month.world.erp[booked:]:
        for warehouse, effect in line.effects:
            if effect < 0:
                month.stock[warehouse, line.item.code] = (
                    month.stock.get((warehouse, line.item.code), Decimal(0)) + effect
                )


def _available(month: Month, warehouse: str, item: Item, quantity: Decimal) -> bool:
    key = (warehouse, item.code)
    if month.stock.get(key, Decimal(0)) - month.spent.get(key, Decimal(0)) < quantity:
        return False
    month.spent[key] = month.spent.get(key, Decimal(0)) + quantity
    return True


def _quantity(rng: Generator, item: Item) -> Decimal:
    if item.unit in {"kg", "L"}:
        return Decimal(between(rng, 1, 16)) / 2
    return Decimal(between(rng, 1, 8 if item.sort == "耗材" else 3))


def _one(month: Month, site: Site, day: dt.date) -> None:
    """One movement of the day with whatever belongs to it."""
    rng = month.rng
    category = pick(
        rng, (OWN_USE_OUT,) * 9 + (PURCHASE_IN,) * 3 + (PETTY_IN, REPAIRED_IN, REPAIR_OUT, SCRAP_OUT, RETURN_TO_STOCK)
    )
    if category in {REPAIR_OUT, SCRAP_OUT}:
        _damaged_out(month, site, day, category)
        return
    item = pick(rng, month.damaged[site.code] if category == REPAIRED_IN else month.good[site.code])
    quantity = _quantity(rng, item)
    if category == RETURN_TO_STOCK:
        if _available(month, site.warehouse(GOOD), item, quantity):
            month.books.both(replace(movement(site, day, category, item, -quantity), remark="领料退回供应商"))
    elif category == OWN_USE_OUT:
        _own_use(month, site, day, item, quantity)
    else:
        _booked(month, movement(site, day, category, item, quantity))


def _booked(month: Month, row: LedgerRow) -> None:
    """Both sides; now and then the ERP splits the quantity over two lines, or the same row honestly comes twice."""
    if row.quantity >= 2 and happens(month.rng, SPLIT_PERCENT):  # noqa: PLR2004 - less cannot be split
        month.books.ledger(row)
        month.books.erp(row, quantity=Decimal(1))
        month.books.erp(row, quantity=row.quantity - 1)
        return
    month.books.both(row)
    if row.incoming and happens(month.rng, TWICE_PERCENT):
        month.books.both(row)


def _own_use(month: Month, site: Site, day: dt.date, item: Item, quantity: Decimal) -> None:
    if not _available(month, site.warehouse(GOOD), item, quantity):
        return
    rng = month.rng
    turbine = f"{between(rng, 1, 33):02d}#" if item.sort != "工具" else ""
    _booked(month, replace(movement(site, day, OWN_USE_OUT, item, quantity), turbine=turbine))
    if item.sort == "备件":
        removed = day + pick(rng, (0, 0, 0, 1, 2)) * DAY
        if removed <= month.world.days[-1]:
            month.books.both(replace(movement(site, removed, DAMAGED_IN, item, quantity, DAMAGED), turbine=turbine))


def _damaged_out(month: Month, site: Site, day: dt.date, category: str) -> None:
    # What a site scraps by itself is of class I: a class II part goes to repair first.
    item = pick(month.rng, month.damaged[site.code] if category == REPAIR_OUT else month.scrapped)
    if not _available(month, site.warehouse(DAMAGED), item, Decimal(1)):
        return
    remark = f"装箱单{month.books.paper('ZX', day)}" if category == REPAIR_OUT else "已批准报废"
    month.books.both(replace(movement(site, day, category, item, 1, DAMAGED), remark=remark))


def _transfers(month: Month, day: dt.date) -> None:
    sites = month.world.sites
    for _ in range(max(1, len(sites) // 5)):
        if happens(month.rng, 80):
            _between_sites(month, pick(month.rng, sites), pick(month.rng, sites), day)
    if happens(month.rng, 40):
        _from_production(month, pick(month.rng, sites), day)
    if happens(month.rng, 30):
        _to_production(month, pick(month.rng, sites), day)


def _between_sites(month: Month, source: Site, target: Site, day: dt.date) -> None:
    """Good stock from site to site: one 调拨单, one with legs of its own, or legs days apart."""
    item = pick(month.rng, month.good[source.code])
    quantity = _quantity(month.rng, item)
    if source == target or not _available(month, source.warehouse(GOOD), item, quantity):
        return
    books = month.books
    papers = books.paper("DB", day), books.paper("ZX", day)
    way = pick(month.rng, ("order", "order and legs", "legs", "legs"))
    arrival = day + (between(month.rng, 0, 3) if way == "legs" else 0) * DAY
    out = sent(source, item, quantity, papers, day)
    coming = received(out, target, arrival)
    made_by = maker_between(source, target, month.world.departments[-1].clerk)
    agreed = ""
    if source.department != target.department and happens(month.rng, 40):
        made_by, agreed = source.department.made_by, f"{source.department.name}{source.department.manager}经理同意"
    if way != "legs":
        books.transfer_order(out, target.warehouse(GOOD), made_by=made_by, moves=way == "order", remark=agreed)
    if way != "order":
        books.erp(out, made_by=made_by, remark=agreed)
    books.ledger(_named_in_remark(out) if happens(month.rng, 20) else out)
    if arrival <= month.world.days[-1]:
        if way != "order":
            books.erp(coming, made_by=made_by, remark=agreed)
        books.ledger(_named_in_remark(coming) if happens(month.rng, 20) else coming)


def _named_in_remark(row: LedgerRow) -> LedgerRow:
    """The same transfer row whose order stands in 备注 instead of 调拨单号."""
    remark = f"调拨单号:{row.order}"
    return replace(row, order="", remark=f"{remark} {row.remark}" if row.remark else remark)


def _from_production(month: Month, target: Site, day: dt.date) -> None:
    store = PRODUCTION[0][0]
    held = [item for item in month.good[target.code] if (store, item.code) in month.stock]
    item = pick(month.rng, held) if held else None
    if item is None or not _available(month, store, item, Decimal(1)):
        return
    made_by = f"{MANAGEMENT} {month.world.departments[-1].clerk}"
    coming = received(sent(target, item, 1, (month.books.paper("DB", day), ""), day), target, day)
    month.books.erp(
        coming, type=ISSUE, warehouse=store, made_by=made_by, audited_by=month.world.departments[-1].manager
    )
    month.books.erp(coming, made_by=made_by)
    month.books.ledger(coming)


def _to_production(month: Month, source: Site, day: dt.date) -> None:
    item = pick(month.rng, month.damaged[source.code])
    if not _available(month, source.warehouse(DAMAGED), item, Decimal(1)):
        return
    order, packing = month.books.paper("DB", day), month.books.paper("ZX", day)
    out = replace(movement(source, day, DAMAGED_TRANSFER, item, 1, DAMAGED), order=order, remark=f"装箱单{packing}")
    month.books.erp(out, type=RECEIPT, warehouse=PRODUCTION[1][0])
    month.books.both(out)
