"""What a period's inputs brought, whichever run read them: rows by fate, quarantined cells, refused files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Column, ColumnElement, Connection, func, or_, select

from tasks.adapters.store import read_frame
from tasks.domain.message import Message, message_from_json
from tasks.intake.steps.files import REFUSED
from tasks.intake.steps.keeping import MASTERS
from tasks.intake.tables import files, quarantined_cells, row_counts

DATED = ("ledger", "erp_documents", "on_hand", "late_notice", "exception_answers")


@dataclass(frozen=True, slots=True)
class RefusedFileRow:
    """One file of which nothing was taken in: why, when, and where it lies below the home folder."""

    dataset: str
    name: str
    reason: Message
    received_at: dt.datetime
    lies_at: str


def rows_of_period(connection: Connection, period: dt.date) -> dict[str, dict[str, int]]:
    """Read, accepted, quarantined and repeated rows by dataset: of `period`, or of all files for master data.

    Every dataset is there, with zeros where nothing came (spec 00: nothing is lost).
    """
    names = ("read", "accepted", "quarantined", "repeated")
    query = (
        select(row_counts.c.dataset, *(func.sum(row_counts.c[name]).label(name) for name in names))
        .where(_of(period, row_counts.c.period, row_counts.c.dataset))
        .group_by(row_counts.c.dataset)
    )
    found = {row.dataset: {name: int(getattr(row, name)) for name in names} for row in connection.execute(query)}
    return {dataset: found.get(dataset, dict.fromkeys(names, 0)) for dataset in (*MASTERS, *DATED)}


def quarantined_of_period(connection: Connection, period: dt.date) -> pd.DataFrame:
    """Every quarantined cell of the period's inputs: dataset, site, file, sheet, row, column, value, reason, file_id.

    One row a bad cell, in the order of dataset, file name, sheet, row; `reason` is a message in JSON. Master data's
    cells belong to every period.
    """
    cells = quarantined_cells.c
    query = (
        select(
            cells.dataset, cells.site, files.c.name.label("file"), cells.sheet, cells.row, cells.column, cells.value,
            cells.reason, cells.file_id,
        )
        .join(files, files.c.id == cells.file_id)
        .where(_of(period, cells.period, cells.dataset))
        .order_by(cells.dataset, files.c.name, cells.file_id, cells.sheet, cells.row, cells.id)
    )  # fmt: skip
    return read_frame(connection, query)


def refused_files(connection: Connection, since: dt.datetime | None = None) -> tuple[RefusedFileRow, ...]:
    """The files refused as a whole, from the moment `since` on, the oldest first."""
    query = select(files).where(files.c.state == REFUSED).order_by(files.c.received_at, files.c.dataset, files.c.name)
    if since is not None:
        query = query.where(files.c.received_at >= since)
    return tuple(
        RefusedFileRow(row.dataset, row.name, message_from_json(row.reason), row.received_at, row.archived_as)
        for row in connection.execute(query)
    )


def _of(period: dt.date, column: Column[dt.date], dataset: Column[str]) -> ColumnElement[bool]:
    return or_(column == period, dataset.in_(MASTERS))
