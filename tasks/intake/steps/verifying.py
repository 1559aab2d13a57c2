"""Every stored invariant of intake, recomputed from what is kept."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, distinct, func, literal, select, union_all

from tasks.adapters.inbox import sha256_of
from tasks.adapters.store import read_frame
from tasks.domain.message import Message, message
from tasks.intake.hotel_tables import deposits, folio, payments
from tasks.intake.steps.files import READ
from tasks.intake.steps.keyed_rows import KEYED
from tasks.intake.steps.sealed_rows import closed_until
from tasks.intake.tables import files, ledger_rows, quarantined_cells, row_counts


def verify_intake(connection: Connection, home: Path) -> list[Message]:
    """What is not as it must be, in words; an empty list when all is well.

    Rows read are accounted for in every file, no file holds more rows than were accepted from it, references are
    unique within a site's day, what stands in a closed date is sealed, and every archived file still has the content
    that was read.
    """
    return [
        *_counts(connection),
        *_kept_rows(connection),
        *_numbers(connection),
        *_unsealed(connection),
        *_archive(connection, home),
    ]


def _counts(connection: Connection) -> list[Message]:
    counted = (
        select(
            row_counts.c.file_id,
            func.sum(
                row_counts.c.read - row_counts.c.accepted - row_counts.c.quarantined - row_counts.c.repeated
            ).label("lost"),
            func.sum(row_counts.c.quarantined).label("quarantined"),
        )
        .group_by(row_counts.c.file_id)
        .subquery()
    )
    place = quarantined_cells.c
    rows = select(place.file_id, place.sheet, place.row).distinct().subquery()
    cells = select(rows.c.file_id, func.count().label("stood")).group_by(rows.c.file_id).subquery()
    query = (
        select(files.c.name, counted.c.lost, counted.c.quarantined, func.coalesce(cells.c.stood, 0).label("stood"))
        .outerjoin(counted, counted.c.file_id == files.c.id)
        .outerjoin(cells, cells.c.file_id == files.c.id)
        .where(files.c.state == READ)
        .order_by(files.c.id)
    )
    found = []
    for row in connection.execute(query):
        if row.lost is None:
            found.append(message("inbox.verify_uncounted", name=row.name))
        elif row.lost or row.quarantined != row.stood:
            found.append(
                message(
                    "inbox.verify_counts",
                    name=row.name,
                    lost=int(row.lost),
                    said=int(row.quarantined),
                    stood=int(row.stood),
                )
            )
    return found


def _kept_rows(connection: Connection) -> list[Message]:
    tables = {"ledger": ledger_rows, **{name: kept.table for name, kept in KEYED.items()}}
    kept = union_all(
        *(
            select(table.c.file_id, func.count().label("kept"), literal(name).label("dataset")).group_by(
                table.c.file_id
            )
            for name, table in tables.items()
        )
    ).subquery()
    accepted = select(row_counts.c.file_id, func.sum(row_counts.c.accepted).label("accepted")).group_by(
        row_counts.c.file_id
    )
    counted = accepted.subquery()
    query = (
        select(files.c.name, kept.c.kept, counted.c.accepted)
        .join(kept, kept.c.file_id == files.c.id)
        .outerjoin(counted, counted.c.file_id == files.c.id)
        .where(kept.c.kept > func.coalesce(counted.c.accepted, 0))
        .order_by(files.c.id)
    )
    return [
        message("inbox.verify_kept", name=row.name, kept=int(row.kept), accepted=int(row.accepted or 0))
        for row in connection.execute(query)
    ]


def _numbers(connection: Connection) -> list[Message]:
    columns = ledger_rows.c
    query = (
        select(columns.site, columns.date, columns.number)
        .where(columns.withdrawn_by.is_(None))
        .group_by(columns.site, columns.date, columns.number)
        .having(func.count(distinct(columns.id)) > 1)
        .order_by(columns.date, columns.site, columns.number)
    )
    return [
        message("inbox.verify_number", site=row.site, date=row.date.isoformat(), number=row.number)
        for row in connection.execute(query)
    ]


def _unsealed(connection: Connection) -> list[Message]:
    closed = closed_until(connection)
    if closed is None:
        return []
    queries = (
        ("folio", folio, (folio.c.date <= closed.date) & (folio.c.night_posting == "")),
        ("payments", payments, payments.c.date <= closed.date),
        ("deposits", deposits, deposits.c.at <= closed.ends_at),
    )
    return [
        message("inbox.verify_unsealed", dataset=dataset, number=number, date=closed.date.isoformat())
        for dataset, table, shut in queries
        for number in connection.execute(
            select(table.c.number).where(shut, table.c.sealed_on.is_(None)).order_by(table.c.number_key)
        ).scalars()
    ]


def _archive(connection: Connection, home: Path) -> list[Message]:
    query = select(files.c.name, files.c.sha256, files.c.archived_as).where(
        files.c.state == READ, files.c.archived_as != ""
    )
    kept = read_frame(connection, query.order_by(files.c.id))
    found = []
    for name, sha256, place in zip(kept["name"], kept["sha256"], kept["archived_as"], strict=True):
        try:
            # A file known by more than its content bears the hash of its content in the name of its place alone.
            same = sha256_of(home / place) in (sha256, Path(place).name[: len(sha256)])
        except OSError:
            found.append(message("inbox.verify_archive_missing", name=name, place=place))
        else:
            if not same:
                found.append(message("inbox.verify_archive_changed", name=name, place=place))
    return found
