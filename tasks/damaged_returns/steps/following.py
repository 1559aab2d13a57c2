"""Gathers what becomes of sealed parts: events, shipments, prices, what was scrapped; not what is long over.

A part whose way has been over for half a year is counted and no longer looked at, or each day would cost as much as all
the years before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, Subquery, Table, and_, case, func, select

from tasks.adapters.store import read_frame
from tasks.damaged_returns.shapes import shaped
from tasks.damaged_returns.steps.shipping import shipments_lately
from tasks.damaged_returns.steps.stores import pieces
from tasks.damaged_returns.tables import return_batches, return_boxes, return_parts
from tasks.domain.places import placed_lines, placed_rows
from tasks.intake.return_tables import damaged_parts, freight_prices, repair_events, shipments
from tasks.intake.tables import erp_lines, ledger_rows

_YEAR = dt.timedelta(days=365)
_HALF_YEAR = dt.timedelta(days=182)
_MONTH = dt.timedelta(days=31)
# The events that end a part's way, and what becomes of the part by each.
_ENDS = {"repaired": "repaired_in", "exchanged": "exchanged", "scrapped": "scrapped"}
_SCRAP = "SCRAP_OUT"


@dataclass(frozen=True, slots=True)
class Followed:
    """The frames `sealed`, `events`, `shipments`, `prices` and `scrapped` up to a date; None: never delivered.

    `finished` (department, state, parts) counts the parts that the frames leave out. `freights` are the cents of the
    batches whose freight became known in the last month, by batch; `batch_boxes` theirs. `damages`: department, cause,
    parts, quantity of what was registered in the last year.
    """

    sealed: pd.DataFrame
    events: pd.DataFrame | None
    shipments: pd.DataFrame | None
    prices: pd.DataFrame | None
    scrapped: pd.DataFrame
    finished: pd.DataFrame
    freights: pd.Series
    freight_parts: pd.DataFrame
    batch_boxes: pd.DataFrame
    damages: pd.DataFrame


def follow(
    connection: Connection, masters: Mapping[str, pd.DataFrame], as_of: dt.date, told: Collection[str], share_by: str
) -> Followed:
    """What is known at the close of `as_of`; `told` are the refs of open breaks, whose rows are looked at again.

    Freights are shared by `share_by`, volume or weight.
    """
    departments = dict(zip(masters["sites"]["site"], masters["sites"]["department"], strict=True))
    closed = _closed(as_of)
    sent = None
    if is_delivered(connection, shipments):
        sent = shipments_lately(connection, as_of, told, share_by)
        sent["department"] = sent["site"].map(departments).fillna("").astype("str")
    freights, parts, boxes = _freights(connection, sent, as_of)
    return Followed(
        sealed=_sealed(connection, as_of, closed),
        events=_events(connection, as_of, closed),
        shipments=sent,
        prices=_prices(connection, as_of),
        scrapped=_scrapped(connection, masters, as_of),
        finished=_finished(connection, closed),
        freights=freights,
        freight_parts=parts,
        batch_boxes=boxes,
        damages=_damages(connection, as_of, departments),
    )


def is_delivered(connection: Connection, table: Table) -> bool:
    """Whether anything of the dataset that `table` keeps was ever delivered."""
    return connection.execute(select(table).limit(1)).first() is not None


def _closed(as_of: dt.date) -> Subquery:
    """The serials whose way is long over: ended once, and nothing has been heard of them for half a year."""
    own = repair_events.c
    ended = func.sum(case((own.event.in_(list(_ENDS)), 1), else_=0))
    return (
        select(own.serial_key)
        .group_by(own.serial_key)
        .having(ended == 1, func.max(own.date) <= as_of - _HALF_YEAR)
        .subquery()
    )


def _sealed(connection: Connection, as_of: dt.date, closed: Subquery) -> pd.DataFrame:
    part, batch = return_parts.c, return_batches.c
    names = [column for column in part if column.name != "department"]
    query = (
        select(*names, part.department, batch.date)
        .join(return_batches, batch.batch == part.batch)
        .join(closed, closed.c.serial_key == part.serial_key, isouter=True)
        .where(batch.date <= as_of, closed.c.serial_key.is_(None))
        .order_by(part.batch, part.line)
    )
    found = read_frame(connection, query)
    return shaped("sealed", found.assign(ref="batch:" + found["batch"] + ":" + found["line"].astype("str")))


def _events(connection: Connection, as_of: dt.date, closed: Subquery) -> pd.DataFrame | None:
    if not is_delivered(connection, repair_events):
        return None
    own = repair_events.c
    # A serial that never was in a batch has no other place to be told of.
    over = closed.join(return_parts, return_parts.c.serial_key == closed.c.serial_key)
    done = select(closed.c.serial_key).select_from(over).subquery()
    query = (
        select(repair_events)
        .join(done, done.c.serial_key == own.serial_key, isouter=True)
        .where(own.date <= as_of, done.c.serial_key.is_(None))
        .order_by(own.serial_key, own.date)
    )
    found = read_frame(connection, query)
    ref = "repair_events:" + found["serial"] + ":" + found["date"].dt.strftime("%Y-%m-%d") + ":" + found["event"]
    return shaped("events", found.assign(ref=ref))


def _prices(connection: Connection, as_of: dt.date) -> pd.DataFrame | None:
    if not is_delivered(connection, freight_prices):
        return None
    own = freight_prices.c
    found = read_frame(connection, select(freight_prices).where(own.effective_on <= as_of))
    ref = "freight_prices:" + found["origin"] + ":" + found["destination"] + ":" + found["mode"]
    return shaped("prices", found.assign(ref=ref))


def _scrapped(connection: Connection, masters: Mapping[str, pd.DataFrame], as_of: dt.date) -> pd.DataFrame:
    """What was scrapped at the sites in the last year, by ledger and by ERP (frame `scrapped`)."""
    window = (as_of - _YEAR, as_of)
    row, line = ledger_rows.c, erp_lines.c
    names = ("site", "date", "number", "item_key", "item", "quantity", "warehouse", "remark")
    rows = read_frame(
        connection,
        select(*(row[name] for name in names)).where(
            row.category == _SCRAP, row.date.between(*window), row.withdrawn_by.is_(None)
        ),
    )
    rows = placed_rows(rows, masters["warehouses"])
    day, number = rows["date"].dt.strftime("%Y-%m-%d"), rows["number"].astype("str")
    rows = rows.assign(home="ledger", ref="ledger:" + rows["site"] + ":" + day + ":" + number)
    own = ("document", "line", "date", "item_key", "item", "quantity", "from_warehouse", "to_warehouse", "remark")
    lines = read_frame(
        connection,
        select(*(line[name] for name in own), line.warehouse_key.label("warehouse")).where(
            line.category == _SCRAP, line.date.between(*window)
        ),
    )
    lines = placed_lines(lines, masters["warehouses"], masters["sites"])
    lines = lines.assign(home="erp", ref="erp:" + lines["document"] + ":" + lines["line"])
    found = pd.concat([rows, lines], ignore_index=True)
    found = found[found["site"].fillna("") != ""].reset_index(drop=True)
    classes = masters["items"].drop_duplicates("item_key").set_index("item_key")["item_class"]
    of_site = masters["sites"].drop_duplicates("site").set_index("site")["department"]
    return shaped(
        "scrapped",
        found.assign(item_class=found["item_key"].map(classes), department=found["site"].map(of_site)).sort_values(
            "ref"
        ),
    )


def _finished(connection: Connection, closed: Subquery) -> pd.DataFrame:
    part, event = return_parts.c, repair_events.c
    query: Select[Any] = (
        select(part.department, event.event, func.count().label("parts"))
        .join(closed, closed.c.serial_key == part.serial_key)
        .join(repair_events, and_(event.serial_key == part.serial_key, event.event.in_(list(_ENDS))))
        .group_by(part.department, event.event)
    )
    rows = [(row.department, _ENDS[row.event], int(row.parts)) for row in connection.execute(query)]
    found = pd.DataFrame(rows, columns=["department", "state", "parts"])
    return found.astype({"department": "str", "state": "str", "parts": "int64"})


def _freights(
    connection: Connection, sent: pd.DataFrame | None, as_of: dt.date
) -> tuple[pd.Series, pd.DataFrame, pd.DataFrame]:
    """The freight of the batches that were shipped in the last month: cents by batch, their parts and their boxes."""
    batch, part = return_batches.c, return_parts.c
    none = (pd.Series(dtype="int64"), shaped("sealed", pd.DataFrame()), shaped("batch_boxes", pd.DataFrame()))
    if sent is None:
        return none
    recent = sent[(sent["date"] > pd.Timestamp(as_of - _MONTH)) & (sent["batch_key"] != "")]
    cents = recent.dropna(subset="borne").groupby("batch_key")["borne"].sum()
    found, boxes = [], []
    for some in pieces(cents.index.tolist()):
        of_some = select(batch.batch).where(batch.batch_key.in_(some))
        own = select(*part, batch.date, batch.batch_key).join(return_batches, batch.batch == part.batch)
        found.append(read_frame(connection, own.where(part.batch.in_(of_some)).order_by(part.batch, part.line)))
        kept = select(return_boxes).where(return_boxes.c.batch.in_(of_some))
        boxes.append(read_frame(connection, kept.order_by(return_boxes.c.batch, return_boxes.c.place)))
    if not found:
        return none
    rows = pd.concat(found, ignore_index=True)
    keys = rows.drop_duplicates("batch").set_index("batch")["batch_key"]
    by_batch = keys.map(cents).astype("int64")
    return by_batch, shaped("sealed", rows), shaped("batch_boxes", pd.concat(boxes, ignore_index=True))


def _damages(connection: Connection, as_of: dt.date, departments: Mapping[str, str]) -> pd.DataFrame:
    own = damaged_parts.c
    query = (
        select(
            own.site,
            own.cause,
            func.count().label("parts"),
            func.sum(case((own.quantity > 0, own.quantity), else_=0)).label("quantity"),
        )
        .where(own.registered_on.between(as_of - _YEAR, as_of), own.cause != "")
        .group_by(own.site, own.cause)
    )
    found = pd.DataFrame(
        [
            (departments.get(row.site, ""), row.cause, int(row.parts), int(row.quantity or 0))
            for row in connection.execute(query)
        ],
        columns=["department", "cause", "parts", "quantity"],
    )
    return found.astype({"department": "str", "cause": "str", "parts": "int64", "quantity": "int64"})
