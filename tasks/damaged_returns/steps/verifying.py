"""What must hold of every sealed batch: each serial in one batch, each batch whole and as it was sealed (spec 03)."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from tasks.damaged_returns.tables import return_batches, return_boxes, return_parts
from tasks.domain.message import Message, message
from tasks.intake.return_tables import damaged_parts


def verify_batches(connection: Connection) -> list[Message]:
    """One sentence for each batch that does not hold what its seal says, and each part that two batches claim."""
    return [*_whole(connection), *_one_batch(connection)]


def _whole(connection: Connection) -> list[Message]:
    """Batches whose parts, boxes or volume are not those that were sealed, and whose lines do not count from 1."""
    part, box, batch = return_parts.c, return_boxes.c, return_batches.c
    parts = (
        select(part.batch, func.count().label("parts"), func.min(part.line).label("first"))
        .add_columns(func.max(part.line).label("last"))
        .group_by(part.batch)
        .subquery()
    )
    boxes = (
        select(box.batch, func.count().label("boxes"), func.sum(box.volume).label("volume"))
        .where(box.box_key != "")
        .group_by(box.batch)
        .subquery()
    )
    query = (
        select(batch.batch, batch.parts, batch.boxes, batch.volume, parts.c.parts.label("lines"), parts.c.first)
        .add_columns(parts.c.last, boxes.c.boxes.label("found"), boxes.c.volume.label("held"))
        .join(parts, parts.c.batch == batch.batch, isouter=True)
        .join(boxes, boxes.c.batch == batch.batch, isouter=True)
        .order_by(batch.batch)
    )
    broken = []
    for row in connection.execute(query):
        lines = (row.lines or 0) == row.parts and row.first == 1 and row.last == row.parts
        volume = row.volume is None or int(row.held or 0) == row.volume
        if not (lines and volume and (row.found or 0) == row.boxes):
            broken.append(message("waiting.verify.not_whole", batch=row.batch, parts=row.parts, lines=row.lines or 0))
    return broken


def _one_batch(connection: Connection) -> list[Message]:
    """Parts whose record names another batch than the one that holds them, or a batch that does not hold them."""
    part, record = return_parts.c, damaged_parts.c
    query = (
        select(record.serial, record.sealed_in, part.batch)
        .join(return_parts, part.serial_key == record.serial_key, isouter=True)
        .where(record.sealed_in.is_not(None) | part.batch.is_not(None))
        .where(func.coalesce(record.sealed_in, "") != func.coalesce(part.batch, ""))
        .order_by(record.serial_key)
    )
    return [
        message("waiting.verify.two_batches", serial=row.serial, one=row.sealed_in or "", other=row.batch or "")
        for row in connection.execute(query)
    ]
