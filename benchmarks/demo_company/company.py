"""A small company made up from a seed: honest months, known faults, and the files that it would have sent."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from itertools import compress, cycle
from pathlib import Path

from numpy.random import default_rng

from benchmarks.demo_company.books import Books
from benchmarks.demo_company.calendar import DAY
from benchmarks.demo_company.exports import export_documents, export_on_hand, stock_after, write_masters, write_notices
from benchmarks.demo_company.ledgers import balances_stated, send_ledgers
from benchmarks.demo_company.masters import departments_of, items_of, sites_of, warehouses_of
from benchmarks.demo_company.movements import live
from benchmarks.demo_company.nouns import Company, World
from benchmarks.demo_company.scheme import put_faults_in

SEED = 20261120
# Of every five items two are kept for faults, so that no honest movement touches them.
RESERVED = (True, False, False, True, False)


def make_company(  # noqa: PLR0913 - the sizes of a company are as many
    folder: Path,
    last_day: dt.date,
    days: int = 30,
    seed: int = SEED,
    *,
    sites: int = 12,
    departments: int = 3,
    items: int = 400,
    faults: bool = True,
) -> Company:
    """The company whose last day is `last_day`, written below `folder`; the same arguments give the same bytes.

    `folder/masters/inbox/<dataset>/` holds the master data and the opening on-hand, `folder/<day>/inbox/<dataset>/`
    what arrives on the evening of each of the `days` days. Without `faults` nothing in it disagrees with anything.
    """
    world = make_world(last_day, days, seed, sites=sites, departments=departments, items=items, faults=faults)
    deliveries = {day: folder / day.isoformat() / "inbox" for day in world.days}
    masters = folder / "masters" / "inbox"
    _write(world, masters, deliveries)
    return Company(tuple(world.faults), tuple(world.quarantined), world.days, deliveries, masters)


def make_world(  # noqa: PLR0913 - the sizes of a company are as many
    last_day: dt.date, days: int, seed: int, *, sites: int, departments: int, items: int, faults: bool
) -> World:
    """The company before anything is written to files, for whoever wants to count for himself."""
    rng = default_rng(seed)
    offices = departments_of(rng, departments)
    farms = sites_of(rng, offices[:-1], sites)
    goods = items_of(rng, items)
    span = tuple(last_day - back * DAY for back in reversed(range(days)))
    world = World(span, offices, farms, warehouses_of(farms, offices), goods[:])
    books = Books(world)
    reserve = list(compress(goods, cycle(RESERVED)))
    live(rng, books, [item for item in goods if item not in set(reserve)])
    if faults:
        put_faults_in(rng, books, reserve)
    return world


def faults_on(company: Company, day: dt.date) -> Counter[tuple[str, str, str]]:
    """How often each (kind, site, item) must be new on the run of `day`, when every day is run in order."""
    return Counter((fault.kind, fault.site, fault.item) for fault in company.faults if fault.found_on == day)


def deliver(delivery: Path, home: Path) -> None:
    """Copies one delivery into the inbox of `home`; a file that waits there under the same name is not overwritten."""
    for source in sorted(delivery.glob("*/*")):
        target = home / "inbox" / source.parent.name / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        number = 1
        while target.exists():
            number += 1
            target = target.with_name(f"{source.stem} ({number}){source.suffix}")
        shutil.copyfile(source, target)


def _write(world: World, masters: Path, deliveries: dict[dt.date, Path]) -> None:
    stock = dict(world.opening)
    known = {item.code: item for item in (*world.items, *(line.item for line in world.erp))}
    write_masters(world, masters)
    (masters / "on_hand").mkdir(parents=True, exist_ok=True)
    export_on_hand(stock, known, world.days[0] - DAY, masters / "on_hand")
    balances = balances_stated(world)
    for day, inbox in deliveries.items():
        for dataset in ("ledger", "erp_documents", "on_hand"):
            (inbox / dataset).mkdir(parents=True, exist_ok=True)
        send_ledgers(world, day, inbox / "ledger", balances)
        export_documents(world.erp, day, inbox / "erp_documents")
        stock = stock_after(world, day, stock)
        export_on_hand(stock, known, day, inbox / "on_hand")
        write_notices(world.notices, day, inbox / "late_notice")
