"""Sealed batches as they are kept, read back for their papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, select

from tasks.adapters.store import read_frame
from tasks.damaged_returns.batch_papers import Batch
from tasks.damaged_returns.erp_lines import Out
from tasks.damaged_returns.steps.stores import pieces
from tasks.damaged_returns.tables import return_batches, return_boxes, return_papers, return_parts
from tasks.domain.message import Message, message
from tasks.intake.tables import sites, warehouses

_MONTH = dt.timedelta(days=31)
_NAMED_MAX = 12


@dataclass(frozen=True, eq=False)
class Kept:
    """One sealed batch with the day it was sealed, and where its lines leave and arrive in the ERP."""

    papers: Batch
    date: dt.date
    out: Out


def batches_of(connection: Connection, date: dt.date) -> list[str]:
    """The numbers of the batches that were sealed for a date, whichever run made them, by site and sequence."""
    own = return_batches.c
    query = select(own.batch).where(own.date == date).order_by(own.site, own.sequence)
    return list(connection.execute(query).scalars())


def untold_batches(connection: Connection) -> list[str]:
    """The numbers of the sealed batches whose papers have not been mailed yet, the oldest first.

    A run that died between sealing and mailing leaves them to the next one.
    """
    own = return_batches.c
    query = (
        select(own.batch)
        .join(return_papers, return_papers.c.batch == own.batch, isouter=True)
        .where(return_papers.c.batch.is_(None))
        .order_by(own.date, own.site, own.sequence)
    )
    return list(connection.execute(query).scalars())


def unknown_batches(connection: Connection, sent: pd.DataFrame | None, date: dt.date) -> Iterable[Message]:
    """A note that names the shipments of the last month whose batch nobody sealed; `sent`: frame `shipments`.

    A mistyped number would leave its batch "not shipped" without a hint.
    """
    if sent is None:
        return
    named = sent[(sent["batch_key"] != "") & (sent["date"] > pd.Timestamp(date - _MONTH))]
    own = return_batches.c.batch_key
    queries = (select(own).where(own.in_(some)) for some in pieces(sorted(set(named["batch_key"]))))
    known = {key for query in queries for key in connection.execute(query).scalars()}
    wrong = named.loc[~named["batch_key"].isin(known), ["number", "batch"]].to_numpy().tolist()
    if wrong:
        told = "、".join(f"{number} ({batch})" for number, batch in wrong[:_NAMED_MAX])
        more = "…" if len(wrong) > _NAMED_MAX else ""
        yield message("returning.unknown_batches", count=len(wrong), shipments=told + more)


def kept_batches(connection: Connection, numbers: Collection[str]) -> list[Kept]:
    """The batches of these numbers in the order given, whole."""
    found: dict[str, Kept] = {}
    called = _warehouse_names(connection)
    for some in pieces(numbers):
        boxes = read_frame(
            connection,
            select(return_boxes).where(return_boxes.c.batch.in_(some)).order_by(return_boxes.c.batch, "place"),
        )
        parts = read_frame(
            connection,
            select(return_parts).where(return_parts.c.batch.in_(some)).order_by(return_parts.c.batch, "line"),
        )
        of_boxes, of_parts = (dict(iter(frame.groupby("batch", sort=False))) for frame in (boxes, parts))
        query = select(return_batches, sites.c.site_name).join(
            sites, sites.c.site == return_batches.c.site, isouter=True
        )
        for row in connection.execute(query.where(return_batches.c.batch.in_(some))):
            own = of_parts[row.batch]
            names = (f"{row.site} {row.site_name or ''}".strip(), called.get(row.warehouse, row.warehouse))
            papers = Batch(
                row.batch,
                row.site,
                row.department,
                row.date.isoformat(),
                row.cause,
                of_boxes.get(row.batch, boxes.iloc[:0]),
                own,
                names,
            )
            key = str(own["warehouse_key"].iloc[0])
            out = Out(row.batch, pd.Timestamp(row.date), _code(connection, key), row.warehouse)
            found[row.batch] = Kept(papers, row.date, out)
    return [found[number] for number in numbers]


def _warehouse_names(connection: Connection) -> Mapping[str, str]:
    rows = connection.execute(select(warehouses.c.warehouse, warehouses.c.warehouse_name))
    return {row.warehouse: f"{row.warehouse} {row.warehouse_name}".strip() for row in rows}


def _code(connection: Connection, key: str) -> str:
    """The code of the warehouse as its master writes it; its key where no master does."""
    code = connection.execute(select(warehouses.c.warehouse).where(warehouses.c.warehouse_key == key)).scalar()
    return key if code is None else str(code)
