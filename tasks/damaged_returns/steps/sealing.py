"""Seals the batches that are due, in one transaction and alone of its kind: what runs beside this finds them made."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from tasks.adapters.store import exclusive, write_frame
from tasks.damaged_returns.batching import Sealing, due_batches
from tasks.damaged_returns.eligibility import judged_parts, unlisted
from tasks.damaged_returns.packing import judged_boxes
from tasks.damaged_returns.shapes import shaped
from tasks.damaged_returns.steps.gathering import Waiting, gather, masters_of, receiving_warehouse
from tasks.damaged_returns.steps.ordering import FLOW, Order
from tasks.damaged_returns.tables import return_batches, return_boxes, return_parts
from tasks.damaged_returns.triggering import judged_sites
from tasks.intake.return_tables import damaged_parts
from tasks.intake.steps import INTAKE
from tasks.intake.steps.staging import update_by_key


@dataclass(frozen=True, slots=True)
class Judged:
    """What waits on a date, judged: the frames `waiting`, `packed` and `sites`, and what lies on no list."""

    masters: dict[str, pd.DataFrame]
    gathered: Waiting
    waiting: pd.DataFrame
    packed: pd.DataFrame
    sites: pd.DataFrame
    over: pd.DataFrame


def judged_day(connection: Connection, order: Order, *, sealing: bool) -> Judged:
    """What waits at the close of the order's date, and which sites are due; see gathering.gather."""
    masters = masters_of(connection)
    gathered = gather(connection, masters, order.date, sealing=sealing)
    at = pd.Timestamp(order.date).as_unit("s")
    waiting = judged_parts(
        gathered.listed, shaped("items", masters["items"]), gathered.stores, at, order.policy.scrap_limit
    )
    packed = judged_boxes(waiting, gathered.boxes, order.policy.side_max)
    sites = judged_sites(waiting, packed, gathered.last_batches, order.policy, at)
    over = unlisted(waiting, gathered.stores)
    return Judged(masters, gathered, waiting, packed, sites, over)


def seal_due(connection: Connection, order: Order) -> Sealing:
    """The batches that were due and are sealed now; the caller's transaction makes all of it stand or none."""
    exclusive(connection, FLOW)
    # No list may change between what is judged and what is sealed.
    exclusive(connection, INTAKE)
    judged = judged_day(connection, order, sealing=True)
    at = pd.Timestamp(order.date).as_unit("s")
    sealing = due_batches(judged.waiting, judged.packed, judged.sites, judged.gathered.used, at)
    if not sealing.batches.empty:
        warehouse = receiving_warehouse(judged.masters["warehouses"], order.policy.receiving_warehouse)
        _keep(connection, order, sealing, warehouse)
    return sealing


def _keep(connection: Connection, order: Order, sealing: Sealing, warehouse: str) -> None:
    write_frame(connection, return_boxes, sealing.boxes)
    write_frame(connection, return_parts, sealing.parts[[one.name for one in return_parts.columns]])
    marked = sealing.parts[["serial_key", "batch"]].rename(columns={"batch": "sealed_in"})
    update_by_key(connection, damaged_parts, ("serial_key",), marked)
    moment = pd.Series(pd.Timestamp(order.clock()).tz_convert("UTC"), index=sealing.batches.index)
    # The batch's own row seals it: from here on nothing can be added to it.
    write_frame(connection, return_batches, sealing.batches.assign(warehouse=warehouse, sealed_at=moment))
