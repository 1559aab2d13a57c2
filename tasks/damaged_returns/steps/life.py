"""Reads all that is kept of one serial, by its keys alone, and makes its page."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import Connection, Select, Table, select

from tasks.adapters.store import read_frame
from tasks.damaged_returns.life import SerialRecord, life_report
from tasks.damaged_returns.shapes import shaped
from tasks.damaged_returns.sharing import freight_of_parts
from tasks.damaged_returns.steps.shipping import shipments_of
from tasks.damaged_returns.tables import return_batches, return_boxes, return_parts
from tasks.domain.keys import code_key
from tasks.domain.message import message
from tasks.domain.report import Report
from tasks.intake.return_tables import damaged_parts, repair_events
from tasks.intake.tables import sites
from tasks.register.breaks import UnableToAct


def life_of(connection: Connection, serial: str, as_of: dt.date, share_by: str) -> Report:
    """The page of the serial that people write as `serial`, as at the close of `as_of`.

    Raises UnableToAct where nothing is kept of such a serial.
    """
    record = _record(connection, serial, as_of, share_by)
    if not record.known:
        raise UnableToAct(message("damaged_returns.life.unknown", serial=serial))
    return life_report(record, as_of)


def _record(connection: Connection, serial: str, as_of: dt.date, share_by: str) -> SerialRecord:
    key = code_key(serial)
    part, event = damaged_parts.c, repair_events.c
    sealed = _sealed(connection, key, as_of)
    sent = shipments_of(connection, sealed["batch"].map(code_key).unique().tolist(), as_of, share_by)
    return SerialRecord(
        serial=serial,
        serial_key=key,
        listed=_listed(connection, select(damaged_parts).where(part.serial_key == key)),
        sealed=sealed,
        shipments=sent,
        events=_events(connection, select(repair_events).where(event.serial_key == key, event.date <= as_of)),
        given_for=_events(connection, _others(repair_events, key).where(event.date <= as_of)),
        fitted=_listed(connection, _others(damaged_parts, key)),
        cents=_share(connection, key, sealed, sent, share_by),
    )


def _others(table: Table, key: str) -> Select[tuple[object, ...]]:
    """The rows of other serials that name this one as the new part."""
    return select(table).where(table.c.new_serial_key == key, table.c.serial_key != key)


def _listed(connection: Connection, query: Select[tuple[object, ...]]) -> pd.DataFrame:
    found = read_frame(connection, query)
    rows = connection.execute(select(sites.c.site, sites.c.department))
    department_of = {row.site: row.department for row in rows}
    return shaped(
        "listed",
        found.assign(
            department=found["site"].map(department_of),
            by_person=found["by_person"] == "yes",
            ref="damaged_parts:" + found["site"] + ":" + found["serial"],
        ),
    )


def _events(connection: Connection, query: Select[tuple[object, ...]]) -> pd.DataFrame:
    found = read_frame(connection, query.order_by(repair_events.c.date))
    ref = "repair_events:" + found["serial"] + ":" + found["date"].dt.strftime("%Y-%m-%d") + ":" + found["event"]
    return shaped("events", found.assign(ref=ref))


def _sealed(connection: Connection, key: str, as_of: dt.date) -> pd.DataFrame:
    """The whole batch that holds the serial, for its freight is shared among all; without rows where none does."""
    own = select(return_parts.c.batch).where(return_parts.c.serial_key == key)
    query = (
        select(return_parts, return_batches.c.date)
        .join(return_batches, return_batches.c.batch == return_parts.c.batch)
        .where(return_parts.c.batch.in_(own), return_batches.c.date <= as_of)
        .order_by(return_parts.c.line)
    )
    found = read_frame(connection, query)
    return shaped("sealed", found.assign(ref="batch:" + found["batch"] + ":" + found["line"].astype("str")))


def _share(connection: Connection, key: str, sealed: pd.DataFrame, sent: pd.DataFrame, share_by: str) -> int | None:
    """What the serial bears of its batch's freight in cents; None while nobody knows one."""
    known = sent["borne"].dropna()
    if sealed.empty or known.empty:
        return None
    batch = str(sealed["batch"].iloc[0])
    boxes = read_frame(connection, select(return_boxes).where(return_boxes.c.batch == batch))
    cents = pd.Series({batch: int(known.sum())})
    shares = freight_of_parts(sealed, shaped("batch_boxes", boxes), cents, share_by)
    [own] = shares[(sealed["serial_key"] == key) & shares.notna()].tolist()
    return int(own)
