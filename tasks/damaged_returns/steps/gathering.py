"""Gathers what waits: the records that are in no batch, their boxes, the masters and the batches before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Table, func, or_, select

from tasks.adapters.store import read_frame
from tasks.damaged_returns.eligibility import Stores
from tasks.damaged_returns.shapes import shaped
from tasks.damaged_returns.steps.stores import damaged_stores
from tasks.damaged_returns.tables import return_batches, return_parts
from tasks.domain.keys import code_key
from tasks.intake.return_tables import boxes, damaged_parts, repair_events
from tasks.intake.tables import changes, departments, files, items, quarantined_cells, sites, warehouses

_MASTERS: dict[Table, tuple[str, ...]] = {
    items: ("item_key", "item", "unit", "item_class", "sort", "unit_volume", "warranty_until", "unit_price"),
    warehouses: ("warehouse_key", "warehouse", "warehouse_name", "site", "department", "quality", "tier"),
    sites: ("site", "site_name", "department", "custodian", "email"),
    departments: ("department", "manager", "clerk", "email"),
}
_PRODUCTION = "production"
# A part that is registered anew after its batch is told of for so long.
_AGAIN_WITHIN = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits on a date: `stores`, frames `listed`, `boxes` (None: never delivered), `set_aside`, `last_batches`.

    `used` is the last sequence of the date's batches by site. `again` are the sealed parts that a list registers once
    more after their batch (site, item_key, serial, batch), `changed` the serials of lately sealed parts whose record is
    no longer what was sealed, `moved` the waiting serials that a later list gave another site or item, `later` the
    serials whose records are dated after the date.
    """

    listed: pd.DataFrame
    boxes: pd.DataFrame | None
    set_aside: pd.DataFrame
    stores: Stores
    last_batches: pd.DataFrame
    used: Mapping[str, int]
    again: pd.DataFrame
    changed: tuple[str, ...]
    moved: tuple[str, ...]
    later: tuple[str, ...]


def masters_of(connection: Connection) -> dict[str, pd.DataFrame]:
    """The frames `items`, `warehouses`, `sites` and `departments`, by their keys; empty where never delivered."""
    return {
        table.name: read_frame(connection, select(*(table.c[name] for name in names)).order_by(table.c[names[0]]))
        for table, names in _MASTERS.items()
    }


def gather(connection: Connection, masters: Mapping[str, pd.DataFrame], as_of: dt.date, *, sealing: bool) -> Waiting:
    """What waits at the close of `as_of`: what was registered by then and is in no batch.

    For `sealing` that is what no batch holds at all. A report of an earlier date also tells of what waited then and has
    been sealed since: it says the same whenever it is made.
    """
    department_of = dict(zip(masters["sites"]["site"], masters["sites"]["department"], strict=True))
    waits = _waits(connection, as_of, sealing=sealing)
    listed = _listed(connection, as_of, waits)
    listed["department"] = listed["site"].map(department_of).fillna("").astype("str")
    listed["repaired"] = listed["serial_key"].map(_repaired(connection, as_of, waits)).fillna(0)
    return Waiting(
        listed=shaped("listed", listed),
        boxes=_boxes(connection, waits),
        set_aside=_set_aside(connection),
        stores=damaged_stores(connection, masters, as_of),
        last_batches=_last_batches(connection, None if sealing else as_of),
        used=_used(connection, as_of),
        again=_listed_again(connection, as_of),
        changed=_changed_since(connection, as_of),
        moved=_moved(connection, waits),
        later=_dated_later(connection, as_of),
    )


def receiving_warehouse(warehouses_: pd.DataFrame, chosen: str) -> str:
    """The code of the warehouse that receives: the one `chosen` by code, else production's first for damaged stock."""
    keys = {code_key(chosen)} if chosen else set()
    own = (warehouses_["tier"] == _PRODUCTION) & (warehouses_["quality"] == "damaged")
    found = warehouses_[warehouses_["warehouse_key"].isin(keys) if keys else own]
    return chosen if found.empty else str(found["warehouse"].iloc[0])


def _waits(connection: Connection, as_of: dt.date, *, sealing: bool) -> ColumnElement[bool]:
    """Whether a record is in no batch, or in none yet on `as_of`."""
    free = damaged_parts.c.sealed_in.is_(None)
    later = select(return_batches.c.batch).where(return_batches.c.date > as_of)
    if sealing or connection.execute(later.limit(1)).first() is None:
        return free
    return or_(free, damaged_parts.c.sealed_in.in_(later))


def _listed(connection: Connection, as_of: dt.date, waits: ColumnElement[bool]) -> pd.DataFrame:
    left_out = {"file_id", "sealed_in", "by_person"}
    names = [column for column in damaged_parts.c if column.name not in left_out]
    query = (
        select(*names, (damaged_parts.c.by_person == "yes").label("by_person"), files.c.name.label("file"))
        .join(files, files.c.id == damaged_parts.c.file_id)
        .where(waits)
        .where(or_(damaged_parts.c.registered_on.is_(None), damaged_parts.c.registered_on <= as_of))
        .order_by(damaged_parts.c.site, damaged_parts.c.serial_key)
    )
    listed = read_frame(connection, query)
    listed["ref"] = "damaged_parts:" + listed["site"] + ":" + listed["serial"]
    return listed


def _repaired(connection: Connection, as_of: dt.date, waits: ColumnElement[bool]) -> dict[str, int]:
    """How often each waiting part had come back repaired by `as_of`, by serial; an exchange is no repair."""
    own = repair_events.c
    same = or_(own.new_serial_key == "", own.new_serial_key == own.serial_key)
    query = (
        select(own.serial_key, func.count().label("times"))
        .join(damaged_parts, damaged_parts.c.serial_key == own.serial_key)
        .where(waits, own.event == "repaired", own.date <= as_of, same)
        .group_by(own.serial_key)
    )
    return {row.serial_key: int(row.times) for row in connection.execute(query)}


def _boxes(connection: Connection, waits: ColumnElement[bool]) -> pd.DataFrame | None:
    """The frame `boxes` of those that hold waiting parts; None where none was ever delivered."""
    came = select(files.c.id).where(files.c.dataset == boxes.name, files.c.state == "read")
    if all(connection.execute(one.limit(1)).first() is None for one in (select(boxes.c.box_key), came)):
        return None
    part = damaged_parts.c
    held = select(part.site, part.box_key).where(waits, part.box_key != "").distinct().subquery()
    query = (
        select(*(column for column in boxes.c if column.name != "file_id"), files.c.name.label("file"))
        .join(held, (held.c.site == boxes.c.site) & (held.c.box_key == boxes.c.box_key))
        .join(files, files.c.id == boxes.c.file_id)
        .order_by(boxes.c.site, boxes.c.box_key)
    )
    found = read_frame(connection, query)
    found["ref"] = "boxes:" + found["site"] + ":" + found["box"]
    return shaped("boxes", found)


def _set_aside(connection: Connection) -> pd.DataFrame:
    """The frame `set_aside`; of several rows of a box the one that came last."""
    cell = quarantined_cells.c
    query = (
        select(cell.site, cell.row_key.label("box_key"), files.c.name.label("file"), cell.sheet, cell.row)
        .join(files, files.c.id == cell.file_id)
        .where(cell.dataset == boxes.name, cell.row_key != "", cell.mended_by.is_(None))
        .order_by(cell.id)
    )
    return shaped("set_aside", read_frame(connection, query).drop_duplicates(["site", "box_key"], keep="last"))


def _last_batches(connection: Connection, until: dt.date | None) -> pd.DataFrame:
    own = return_batches.c
    query = select(own.site, func.max(own.date).label("date")).group_by(own.site)
    rows = connection.execute(query if until is None else query.where(own.date <= until))
    found = pd.DataFrame([(row.site, row.date) for row in rows], columns=["site", "date"])
    return shaped("last_batches", found.astype({"date": "datetime64[s]"}))


def _listed_again(connection: Connection, as_of: dt.date) -> pd.DataFrame:
    """The sealed parts that were lately registered after their batch: site, item_key, serial, batch."""
    part, batch = damaged_parts.c, return_batches.c
    query = (
        select(part.site, part.item_key, part.serial, batch.batch)
        .join(return_batches, batch.batch == part.sealed_in)
        .where(part.registered_on.between(as_of - _AGAIN_WITHIN, as_of), part.registered_on > batch.date)
        .order_by(part.site, part.serial_key)
    )
    return read_frame(connection, query)


def _changed_since(connection: Connection, as_of: dt.date) -> tuple[str, ...]:
    """The serials of the parts that were lately sealed at another site, in another box or number of pieces."""
    record, part, batch = damaged_parts.c, return_parts.c, return_batches.c
    other = (record.site != part.site) | (record.box_key != part.box_key) | (record.quantity != part.quantity)
    query = (
        select(part.serial)
        .join(return_batches, batch.batch == part.batch)
        .join(damaged_parts, record.serial_key == part.serial_key)
        .where(batch.date.between(as_of - _AGAIN_WITHIN, as_of), other)
        .order_by(part.serial_key)
    )
    return tuple(connection.execute(query).scalars())


def _moved(connection: Connection, waits: ColumnElement[bool]) -> tuple[str, ...]:
    own = changes.c
    query = (
        select(own.key, own.before, own.after)
        .join(damaged_parts, damaged_parts.c.serial == own.key)
        .where(own.dataset == damaged_parts.name, own.field.in_(("site", "item")), waits)
        .order_by(own.key, own.id)
    )
    return tuple(f"{row.key} ({row.before} → {row.after})" for row in connection.execute(query))


def _dated_later(connection: Connection, as_of: dt.date) -> tuple[str, ...]:
    part = damaged_parts.c
    query = select(part.serial).where(part.sealed_in.is_(None), part.registered_on > as_of).order_by(part.serial_key)
    return tuple(connection.execute(query).scalars())


def _used(connection: Connection, as_of: dt.date) -> dict[str, int]:
    own = return_batches.c
    query = select(own.site, func.max(own.sequence).label("last")).where(own.date == as_of).group_by(own.site)
    return {row.site: int(row.last) for row in connection.execute(query)}
