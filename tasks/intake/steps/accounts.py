"""What a period's inputs brought, whichever run read them: rows by fate, quarantined cells, refused files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Column, ColumnElement, Connection, and_, exists, func, or_, select, update

from tasks.adapters.store import read_frame
from tasks.domain.message import Message, message_from_json
from tasks.intake.steps.files import READ, REFUSED
from tasks.intake.steps.keeping import ANSWERS, MASTERS, UNDATED
from tasks.intake.tables import files, ledger_rows, quarantined_cells, returned_sheets, row_counts

DATED = ("ledger", "erp_documents", "on_hand", "late_notice", "exception_answers")
STOCK = (*MASTERS, *DATED)


@dataclass(frozen=True, slots=True)
class RefusedFileRow:
    """One file of which nothing was taken in: why, when, and where it lies below the home folder."""

    dataset: str
    name: str
    reason: Message
    received_at: dt.datetime
    lies_at: str


def rows_of_period(
    connection: Connection, period: dt.date, datasets: Sequence[str] = STOCK, since: dt.date | None = None
) -> dict[str, dict[str, int]]:
    """Read, accepted, quarantined and repeated rows by dataset: of `period`, or of all files for master data.

    With `since` of all days from that one to `period`.
    Each of the `datasets` is there, with zeros where nothing came (spec 00: nothing is lost).
    """
    names = ("read", "accepted", "quarantined", "repeated")
    query = (
        select(row_counts.c.dataset, *(func.sum(row_counts.c[name]).label(name) for name in names))
        .where(_of((since or period, period), row_counts.c.period, row_counts.c.dataset))
        .group_by(row_counts.c.dataset)
    )
    found = {row.dataset: {name: int(getattr(row, name)) for name in names} for row in connection.execute(query)}
    return {dataset: found.get(dataset, dict.fromkeys(names, 0)) for dataset in datasets}


def quarantined_of_period(
    connection: Connection, period: dt.date, datasets: Sequence[str] = STOCK, since: dt.date | None = None
) -> pd.DataFrame:
    """Every quarantined cell of the period's inputs to `datasets`, one row a bad cell; `since` as in rows_of_period.

    Columns: dataset, site, file, sheet, row, column, value, reason (a message in JSON), file_id; in the order of
    dataset, file name, sheet, row. Master data's cells belong to every period. Those of a ledger in whose stead a later
    one of the same site and day has come, of a count sheet that was sent again, and those of a hotel's row that came
    again without a fault, are left out: nothing is to be mended there any more.
    """
    cells = quarantined_cells.c
    query = (
        select(
            cells.dataset, cells.site, files.c.name.label("file"), cells.sheet, cells.row, cells.column, cells.value,
            cells.reason, cells.file_id,
        )
        .join(files, files.c.id == cells.file_id)
        .where(cells.dataset.in_(datasets), _of((since or period, period), cells.period, cells.dataset), ~_replaced())
        .where(~_sent_again(), cells.mended_by.is_(None))
        .order_by(cells.dataset, files.c.name, cells.file_id, cells.sheet, cells.row, cells.id)
    )  # fmt: skip
    return read_frame(connection, query)


def ledger_rows_set_aside(connection: Connection, days: Collection[dt.date]) -> pd.DataFrame:
    """Every ledger row with quarantined cells that counts to one of `days`: site, date, file, sheet, row.

    In the order of site, date, file name, sheet, row. Rows whose site is not known are left out, and those in whose
    stead a later ledger has come.
    """
    cells = quarantined_cells.c
    query = (
        select(cells.site, cells.period.label("date"), files.c.name.label("file"), cells.sheet, cells.row)
        .join(files, files.c.id == cells.file_id)
        .where(cells.dataset == "ledger", cells.site != "", cells.period.in_(sorted(days)), ~_replaced())
        .distinct()
        .order_by(cells.site, cells.period, files.c.name, cells.sheet, cells.row)
    )
    return read_frame(connection, query)


def replaced_rows(connection: Connection, as_of: dt.date) -> list[tuple[str, str, str, int]]:
    """Site, later file, earlier file and number of the rows of `as_of` that the later took away before a report."""
    later, earlier = files.alias("later"), files.alias("earlier")
    query = (
        select(ledger_rows.c.site, later.c.name, earlier.c.name, func.count())
        .join(later, later.c.id == ledger_rows.c.withdrawn_by)
        .join(earlier, earlier.c.id == ledger_rows.c.file_id)
        .where(ledger_rows.c.date == as_of, ~ledger_rows.c.amended)
        .group_by(ledger_rows.c.site, later.c.id, later.c.name, earlier.c.id, earlier.c.name)
        .order_by(ledger_rows.c.site, later.c.id, earlier.c.id)
    )
    return [(row[0], row[1], row[2], int(row[3])) for row in connection.execute(query)]


def date_answers(connection: Connection, as_of: dt.date) -> None:
    """Gives answers taken in since the last run, that is their counts and cells, the date of the run that met them."""
    for table in (row_counts, quarantined_cells):
        answers = (table.c.dataset == ANSWERS) & table.c.period.is_(None)
        connection.execute(update(table).where(answers).values(period=as_of))


def refused_files(connection: Connection, since: dt.datetime | None = None) -> tuple[RefusedFileRow, ...]:
    """The files refused as a whole, from the moment `since` on, the oldest first."""
    query = select(files).where(files.c.state == REFUSED).order_by(files.c.received_at, files.c.dataset, files.c.name)
    if since is not None:
        query = query.where(files.c.received_at >= since)
    return tuple(
        RefusedFileRow(row.dataset, row.name, message_from_json(row.reason), row.received_at, row.archived_as)
        for row in connection.execute(query)
    )


def _replaced() -> ColumnElement[bool]:
    """Whether a later ledger of the same site and day has come after the cell's file."""
    later, cells = files.alias("later"), quarantined_cells.c
    # As a list it leads to the index of dataset and day; as two comparisons every ledger that ever came is looked at.
    same_day = later.c.period.in_([files.c.period, cells.period])
    after = or_(
        later.c.received_at > files.c.received_at,
        and_(later.c.received_at == files.c.received_at, later.c.id > files.c.id),
    )
    came = and_(later.c.dataset == "ledger", later.c.state == READ, later.c.site == cells.site, same_day, after)
    return and_(cells.dataset == "ledger", cells.site != "", exists().where(came))


def _sent_again() -> ColumnElement[bool]:
    """Whether the count sheet of the cell, which is its row's key, has come again after the cell's file."""
    later, cells = files.alias("later"), quarantined_cells.c
    after = or_(
        later.c.received_at > files.c.received_at,
        and_(later.c.received_at == files.c.received_at, later.c.id > files.c.id),
    )
    came = select(later.c.id).join(returned_sheets, returned_sheets.c.file_id == later.c.id)
    return and_(cells.dataset == "count_sheets", came.where(returned_sheets.c.number == cells.row_key, after).exists())


def _of(days: tuple[dt.date, dt.date], column: Column[dt.date], dataset: Column[str]) -> ColumnElement[bool]:
    first, last = days
    here = column == last if first == last else column.between(first, last)
    # What is not dated has no period: said so, both halves find the index that begins with it.
    return or_(here, and_(column.is_(None), dataset.in_(UNDATED)))
