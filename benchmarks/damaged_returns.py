"""The morning's look at 100,000 waiting parts of 2,000 sites, with three years of batches behind it.

Run as `python -m benchmarks.damaged_returns [WAITING SITES YEARS]`; it prints what the trigger check, the sealing and
the rest of the day took and what each held at most, each in a process of its own. `DAYBOOK_DATABASE_URL` names an empty
PostgreSQL database to measure there instead of SQLite.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.stopwatch import apart, measured_apart
from tasks.adapters.store import Store, open_store, write_frame
from tasks.damaged_returns.policy import Policy
from tasks.damaged_returns.steps.carrying import carried_out
from tasks.damaged_returns.steps.ordering import Order
from tasks.damaged_returns.steps.sealing import judged_day, seal_due
from tasks.damaged_returns.tables import return_batches, return_boxes, return_papers, return_parts
from tasks.domain.keys import code_key
from tasks.intake.return_tables import boxes, damaged_parts, freight_prices, repair_events, shipments
from tasks.intake.tables import departments, files, items, on_hand, sites, warehouses
from tasks.mail.steps import Readership

WAITING, SITES, YEARS = 100_000, 2_000, 3
DAY = dt.date(2026, 11, 20)
ZONE = dt.timezone(dt.timedelta(hours=8))
EVERY, PARTS_A_BATCH, PARTS_A_BOX, ITEMS, DEPARTMENTS = 15, 5, 5, 1_000, 20
# Of a hundred waiting parts so many lack a field; of a hundred boxes so many break a rule.
HELD, BAD = 2, 1
_SOURCE: dict[str, Any] = {"file_id": 1, "sheet": "Sheet1", "row": 2}
_AT = pd.Timestamp(DAY).as_unit("s")


def main() -> None:
    """Makes the company once, then measures one part after the other, each in a process of its own."""
    waiting, many, years = map(int, sys.argv[1:]) if len(sys.argv) > 1 else (WAITING, SITES, YEARS)
    home = Path(tempfile.mkdtemp(prefix="daybook-returns-"))
    print(f"{waiting:,} waiting parts, {many:,} sites, {years} years of batches", flush=True)
    try:
        apart(_company, home, waiting, many, years)
        measured_apart("trigger check: what waits, what is due", _check, home)
        measured_apart("what is due sealed in one transaction", _sealed, home)
        measured_apart("papers written, all judged and reported", _whole_day, home)
        measured_apart("the same day again", _whole_day, home)
    finally:
        shutil.rmtree(home)


def _check(home: Path) -> str:
    order = _order(home)
    with open_store(order.database_url).reading() as connection:
        judged = judged_day(connection, order, sealing=True)
    due = int((judged.sites["cause"] != "").sum())
    return f"{len(judged.waiting):,} parts, {due} of {len(judged.sites):,} sites due"


def _sealed(home: Path) -> str:
    order = _order(home)
    with open_store(order.database_url).writing() as connection:
        sealing = seal_due(connection, order)
    return f"{len(sealing.batches)} batches of {len(sealing.parts):,} parts"


def _whole_day(home: Path) -> str:
    figures = carried_out(_order(home))["figures"]
    assert isinstance(figures, dict)
    return (
        f"{figures['batches_created']} batches of {figures['parts_batched']:,} parts, {figures['breaks_open']} breaks"
    )


def _order(home: Path) -> Order:
    url = os.environ.get("DAYBOOK_DATABASE_URL", f"sqlite:///{home / 'daybook.db'}")
    now = dt.datetime.combine(DAY, dt.time(7, 30), ZONE)
    readership = Readership((), "example.com", "zh_CN")
    return Order(home, url, Policy(), readership, ("zh_CN",), DAY, lambda: now, mail=False)


def _company(home: Path, waiting: int, many: int, years: int) -> None:
    """Masters, what waits and years of batches with their shipments and events, as imports and runs would keep them."""
    random = np.random.default_rng(7)
    store = open_store(_order(home).database_url)
    _masters(store, many)
    _waiting(store, random, waiting, many)
    for age in range(years * 365 // EVERY):
        _batches(store, random, many, age)
    with store.writing() as connection:
        price = {"origin_key": "大丰", "origin": "大丰", "destination_key": "北京", "destination": "北京"}
        own = pd.DataFrame([price | {"mode": "hired", "price": 100_000, "effective_on": pd.Timestamp("2023-01-01")}])
        write_frame(connection, freight_prices, own.astype({"effective_on": "datetime64[s]"}).assign(**_SOURCE))


def _masters(store: Store, many: int) -> None:
    codes = _sites(many)
    names = [f"业务部{place:02d}" for place in range(DEPARTMENTS)]
    moment = pd.Timestamp("2026-11-20 06:00", tz="UTC").as_unit("s")
    file = {"id": 1, "dataset": "damaged_parts", "sha256": "0", "name": "list.xlsx", "size": 1, "state": "read"}
    with store.writing() as connection:
        write_frame(connection, files, pd.DataFrame([file]).assign(received_at=moment))
        write_frame(connection, departments, pd.DataFrame({"department": names, "clerk": "李"}).assign(**_SOURCE))
        of_site = [names[place % DEPARTMENTS] for place in range(many)]
        own = pd.DataFrame({"site_key": codes, "site": codes, "site_name": codes, "department": of_site})
        write_frame(connection, sites, own.assign(**_SOURCE))
        stores = [f"{code}B" for code in codes]
        own = pd.DataFrame({"warehouse_key": stores, "warehouse": stores, "warehouse_name": stores, "site": codes})
        write_frame(connection, warehouses, own.assign(quality="damaged", tier="site", **_SOURCE))
        held = _items(np.arange(ITEMS))
        master = pd.DataFrame({"item_key": held, "item": held, "item_name": held, "unit": "件", "sort": "spare"})
        classes = np.where(np.arange(ITEMS) % 5 == 0, "I", "II")
        write_frame(connection, items, master.assign(item_class=classes, unit_price=1_000_000, **_SOURCE))


def _waiting(store: Store, random: np.random.Generator, waiting: int, many: int) -> None:
    """What waits, in wooden boxes of half a cubic metre, so that volume makes some sites due and days others."""
    place = np.arange(waiting)
    site, box = place % many, place // many // PARTS_A_BOX
    keys = _items(random.integers(0, ITEMS, waiting))
    rows = _records(place, np.array(_sites(many))[site], keys).assign(box_key=[f"X{one}" for one in box])
    rows = rows.assign(box=rows["box_key"], turbine=np.where(random.integers(0, 100, waiting) < HELD, "", "F07"))
    rows["registered_on"] = _days_before(1 + place % 14)
    crates = rows.drop_duplicates(["site", "box_key"])[["site", "box_key", "box"]].reset_index(drop=True)
    bad = random.integers(0, 100, len(crates)) < BAD
    crates = crates.assign(length=5_000, width=5_000, height=4_000, packing=np.where(bad, "carton", "wooden_box"))
    stock = rows.groupby(["site", "item_key"]).size().rename("quantity").reset_index()
    stock = stock.assign(warehouse_key=stock["site"] + "B", item=stock["item_key"], quantity=stock["quantity"] * 10_000)
    stock = stock.assign(warehouse=stock["warehouse_key"], date=_AT - pd.Timedelta(days=1))
    with store.writing() as connection:
        write_frame(connection, damaged_parts, rows.assign(**_SOURCE))
        write_frame(connection, boxes, crates.assign(plastic="yes", separators="yes", **_SOURCE))
        write_frame(connection, on_hand, stock.drop(columns="site").assign(**_SOURCE))


def _batches(store: Store, random: np.random.Generator, many: int, age: int) -> None:
    """The batches that every site made `age` fortnights before its last one, with all that became of their parts."""
    site = np.arange(many)
    codes = np.array(_sites(many))
    day = _days_before(1 + site % EVERY + age * EVERY)
    numbers = [f"RB-{code}-{one:%Y%m%d}-01" for code, one in zip(codes, day, strict=True)]
    of = np.repeat(site, PARTS_A_BATCH)
    place = 10_000_000 + (age * many + of) * PARTS_A_BATCH + np.tile(np.arange(PARTS_A_BATCH), many)
    keys = _items(random.integers(0, ITEMS, len(of)))
    rows = _records(place, codes[of], keys).assign(box_key="X1", box="X1", batch=np.array(numbers)[of])
    line = np.tile(np.arange(1, PARTS_A_BATCH + 1), many)
    rows = rows.assign(registered_on=day[of] - pd.Timedelta(days=9), line=line, department=_department(of))
    second = rows["item_key"].str[1:].astype(int) % 5 != 0
    route = {"route": np.where(second, "application", "scrap"), "item_class": np.where(second, "II", "I")}
    kept = rows.assign(**route, category="REPAIR_OUT", by_person=False, sort="spare", unit="件")
    crates = pd.DataFrame({"batch": numbers, "box_key": "X1", "box": "X1", "place": 1, "packing": "wooden_box"})
    made = pd.DataFrame({"batch": numbers, "batch_key": [code_key(one) for one in numbers], "site": codes, "date": day})
    made = made.assign(department=_department(site), sequence=1, cause="days", boxes=1, parts=PARTS_A_BATCH)
    sealed_at = (day + pd.Timedelta(hours=1)).tz_localize("UTC")
    with store.writing() as connection:
        write_frame(connection, damaged_parts, rows.drop(columns=["line", "department", "batch"]).assign(
            sealed_in=rows["batch"], **_SOURCE
        ))  # fmt: skip
        write_frame(
            connection, return_boxes, crates.assign(length=10_000, width=10_000, height=9_000, volume=9 * 10**11)
        )
        write_frame(connection, return_parts, kept)
        write_frame(connection, return_batches, made.assign(volume=9 * 10**11, sealed_at=sealed_at))
        write_frame(connection, return_papers, pd.DataFrame({"batch": numbers, "told_at": sealed_at}))
        write_frame(connection, shipments, _shipped(codes, day, numbers, age))
        write_frame(connection, repair_events, _happened(rows, day[of], second.to_numpy()))


def _shipped(codes: np.ndarray[Any, Any], day: pd.DatetimeIndex, numbers: list[str], age: int) -> pd.DataFrame:
    waybills = [f"YD{age:03d}{code}" for code in codes]
    rows = pd.DataFrame({"number": waybills, "number_key": waybills, "site": codes, "batch": numbers})
    route = {"origin": "大丰", "origin_key": "大丰", "destination": "北京", "destination_key": "北京", "mode": "hired"}
    keys = [code_key(one) for one in numbers]
    rows = rows.assign(
        date=day + pd.Timedelta(days=1), batch_key=keys, freight="1000.00", cost=100_000, **route, **_SOURCE
    )
    return rows[rows["date"] <= _AT]


def _happened(rows: pd.DataFrame, day: pd.DatetimeIndex, second: np.ndarray[Any, Any]) -> pd.DataFrame:
    """Every part is received; of class II sent and repaired, of class I scrapped."""
    steps = {"received": 6, "sent": 9, "repaired": 40}
    parts = []
    for event, after in steps.items():
        told = np.where(second | (event == "received"), event, "scrapped" if event == "sent" else "")
        parts.append(
            rows[["serial_key", "serial"]].assign(event=told, date=day + pd.Timedelta(days=after), maker="甲厂")
        )
    found = pd.concat(parts, ignore_index=True)
    return found[(found["event"] != "") & (found["date"] <= _AT)].assign(**_SOURCE)


def _records(place: np.ndarray[Any, Any], site: np.ndarray[Any, Any], keys: list[str]) -> pd.DataFrame:
    serials = [f"S{one:08d}" for one in place]
    rows = pd.DataFrame({"serial_key": serials, "serial": serials, "site": site, "item_key": keys, "item": keys})
    usual = {
        "item_name": "变桨电机",
        "specification": "5.5kW",
        "replaced_by": "张工",
        "cause": "轴承磨损",
    }
    new = [f"N{one:08d}" for one in place]
    return rows.assign(**usual, new_serial=new, new_serial_key=new, turbine="F07", quantity=10_000, replaced_on=_AT)


def _days_before(days: np.ndarray[Any, Any]) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(np.datetime64(DAY, "s") - days.astype("timedelta64[D]"))


def _department(place: np.ndarray[Any, Any]) -> list[str]:
    return [f"业务部{one % DEPARTMENTS:02d}" for one in place]


def _sites(many: int) -> list[str]:
    return [f"F{place:04d}" for place in range(many)]


def _items(place: np.ndarray[Any, Any]) -> list[str]:
    return [f"A{one:04d}" for one in place]


if __name__ == "__main__":
    main()
