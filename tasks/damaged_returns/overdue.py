"""Parts that stay too long at a step, and batches that arrive other than they were packed (spec 03, tracking)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.amounts import QUANTITY_SCALE, quantity_text
from tasks.domain.finding import Finding
from tasks.domain.message import message

Steps = tuple[tuple[str, pd.DataFrame], ...]
_NAMED_MAX = 8
_ARRIVAL = ["batch", "site", "item_key", "serial", "serial_key", "quantity", "ref", "sealed_on", "received_on"]


@dataclass(frozen=True, slots=True)
class StepDays:
    """Within how many days each step is done, counted from the one before; on the last of them it is in time.

    None: not judged, for the dataset that tells of it was never delivered (spec 00: not checked).
    """

    shipped: int | None
    received: int | None
    repaired: int | None


def late_parts(rows: pd.DataFrame, limits: StepDays, as_of: dt.date) -> pd.DataFrame:
    """The parts of `tracked` that wait longer than allowed: with step, from_on, limit, days and twice.

    step is what has not happened (shipped, received, repaired), from_on the day on which its time began, days those
    that have passed until `as_of`; twice says that more than double the time has. The time of a repair runs from the
    receipt, or from the sending where no receipt began it. A class I part is not repaired unless it is sent.
    """
    repairable = (rows["item_class"] == "II") | rows["sent_on"].notna()
    waits = [
        (rows["state"] == "packed", "shipped", limits.shipped, rows["sealed_on"]),
        (rows["state"] == "shipped", "received", limits.received, rows["shipped_on"]),
        ((rows["state"] == "received") & repairable, "repaired", limits.repaired, rows["begun_on"]),
        (rows["state"] == "in_repair", "repaired", limits.repaired, rows["begun_on"]),
    ]
    found = [
        rows[at].assign(step=step, limit=limit, from_on=begin[at])
        for at, step, limit, begin in waits
        if limit is not None and at.any()
    ]
    if not found:
        return rows.head(0).assign(step="", limit=0, from_on=rows["since"].head(0), days=0, twice=False)
    waiting = pd.concat(found, ignore_index=True)
    days = (pd.Timestamp(as_of) - waiting["from_on"]).dt.days
    late = waiting.assign(days=days)[(days > waiting["limit"]).to_numpy(dtype=np.bool_)]
    told: pd.DataFrame = late.assign(days=late["days"].astype("int64"), twice=late["days"] > 2 * late["limit"])
    return told


def overdue_findings(late: pd.DataFrame) -> tuple[Finding, ...]:
    """One finding a batch and step for shipping and receiving, one a serial for repairs; `late` as of `late_parts`.

    The parts of one batch travel together, so they are told together; a repair is each part's own.
    """
    found = []
    for step in ("shipped", "received"):
        rows = late[late["step"] == step].sort_values(["batch", "serial_key"])
        for batch, own in rows.groupby("batch", sort=True):
            found.append(_batch_finding(str(batch), step, own))
    repairs = late[late["step"] == "repaired"].sort_values("serial_key")
    found += [_repair_finding(row) for row in _records(repairs)]
    return tuple(sorted(found, key=lambda one: (one.site, one.stands_on)))


def received_findings(rows: pd.DataFrame, events: pd.DataFrame) -> tuple[Finding, ...]:
    """Batches of which something has arrived, but not what was packed, by batch and item; and parts nobody packed.

    `rows` as of `tracked`, `events` as of `events_until`. A batch of which nothing has come is late, not different. A
    part that arrives without being in a batch is told from the day of the first batch on: what came before that was
    packed before Daybook packed anything.
    """
    packed = rows.loc[rows["batch"] != "", _ARRIVAL]
    if packed.empty:
        return ()
    come = packed["received_on"].notna()
    begun = packed["batch"].isin(packed.loc[come, "batch"].unique())
    sums = packed.assign(came=packed["quantity"].where(come, 0))[begun]
    by = ["batch", "item_key"]
    totals = sums.groupby(by, sort=True)[["quantity", "came"]].sum().reset_index()
    short = totals[totals["quantity"] != totals["came"]]
    missing = sums[~come[begun]].sort_values("serial_key")
    found = [_short(row, missing) for row in _records(short)]
    stray = rows[(rows["batch"] == "") & rows["received_on"].notna()]
    stray = stray[stray["received_on"] >= packed["sealed_on"].min()]
    refs = events[events["event"] == "received"].drop_duplicates("serial_key").set_index("serial_key")["ref"]
    found += [_stray(row, refs) for row in _records(stray)]
    return tuple(sorted(found, key=lambda one: (one.site, one.stands_on, one.item)))


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _batch_finding(batch: str, step: str, own: pd.DataFrame) -> Finding:
    first = _records(own.head(1))[0]
    told = message(
        f"returning.OVERDUE_STEP.{step}{_twice(first)}",
        batch=batch,
        count=len(own),
        since=_iso(first["from_on"]),
        days=int(first["days"]),
        limit=int(first["limit"]),
    )
    return Finding(
        kind="OVERDUE_STEP",
        site=first["site"],
        warehouse="",
        item="",
        date=_due(first),
        refs=(f"batch:{batch}",),
        stands_on=(batch, step),
        expected=str(first["limit"]),
        found=str(first["days"]),
        difference=0,
        message=told,
    )


def _repair_finding(row: dict[str, Any]) -> Finding:
    begun = "received" if row["begun_on"] == row["received_on"] else "sent"
    if row["state"] == "received":
        begun = "unsent"
    told = message(
        f"returning.OVERDUE_STEP.repaired_{begun}{_twice(row)}",
        serial=row["serial"],
        since=_iso(row["from_on"]),
        days=int(row["days"]),
        limit=int(row["limit"]),
    )
    return Finding(
        kind="OVERDUE_STEP",
        site=row["site"],
        warehouse="",
        item=row["item_key"],
        date=_due(row),
        refs=tuple(filter(None, (row["ref"], f"batch:{row['batch']}" if row["batch"] else ""))),
        stands_on=(row["serial_key"], "repaired", _iso(row["from_on"])),
        expected=str(row["limit"]),
        found=str(row["days"]),
        difference=row["quantity"],
        message=told,
    )


def _short(row: dict[str, Any], missing: pd.DataFrame) -> Finding:
    own = missing[(missing["batch"] == row["batch"]) & (missing["item_key"] == row["item_key"])]
    first = _records(own.head(1))[0]
    packed, came = quantity_text(row["quantity"]), quantity_text(row["came"])
    named = "、".join(own["serial"].head(_NAMED_MAX))
    told = message(
        "returning.RECEIVED_DIFFERS", batch=row["batch"], item=row["item_key"], packed=packed, came=came, serials=named
    )
    return Finding(
        kind="RECEIVED_DIFFERS",
        site=first["site"],
        warehouse="",
        item=row["item_key"],
        date=first["sealed_on"].date(),
        refs=(f"batch:{row['batch']}", *own["ref"].head(_NAMED_MAX)),
        stands_on=(row["batch"],),
        expected=packed,
        found=came,
        difference=row["came"] - row["quantity"],
        message=told,
    )


def _stray(row: dict[str, Any], refs: pd.Series[str]) -> Finding:
    told = message("returning.RECEIVED_DIFFERS.not_packed", serial=row["serial"], day=_iso(row["received_on"]))
    return Finding(
        kind="RECEIVED_DIFFERS",
        site=row["site"],
        warehouse="",
        item=row["item_key"],
        date=row["received_on"].date(),
        refs=(str(refs[row["serial_key"]]),),
        stands_on=(row["serial_key"],),
        expected="0",
        found=quantity_text(row["quantity"] or QUANTITY_SCALE),
        difference=row["quantity"] or QUANTITY_SCALE,
        message=told,
    )


def _twice(row: dict[str, Any]) -> str:
    return ".twice" if row["twice"] else ""


def _due(row: dict[str, Any]) -> dt.date:
    due: dt.date = (row["from_on"] + pd.Timedelta(days=int(row["limit"]))).date()
    return due


def _iso(day: pd.Timestamp) -> str:
    return str(day.date().isoformat())
