"""What must hold of every count that is kept: nothing is posted that nobody approved (spec 02)."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from tasks.domain.message import Message, message
from tasks.register.tables import approvals
from tasks.stocktake.tables import adjustment_lines, asked_lines


def verify_counts(connection: Connection) -> list[Message]:
    """One sentence for each posted line that its approval does not bear with the quantity that was posted."""
    line, asked, answered = adjustment_lines.c, asked_lines.c, approvals.c
    same = (
        (asked.approval_id == line.approval_id)
        & (asked.warehouse_key == line.warehouse_key)
        & (asked.item_key == line.item_key)
    )
    query = (
        select(line.document, line.line, line.quantity, asked.line.label("label"), asked.difference)
        .add_columns(answered.state, answered.excepted)
        .join(asked_lines, same, isouter=True)
        .join(approvals, answered.id == line.approval_id, isouter=True)
        .order_by(line.document, line.line)
    )
    return [
        message("stocktake.verify.not_approved", document=row.document, line=row.line)
        for row in connection.execute(query)
        if row.state != "approved" or abs(row.difference or 0) != row.quantity or row.label in json.loads(row.excepted)
    ]
