"""Carries out what clerks wrote into returned workbooks: explains, assigns, asks for write-offs (spec 10)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Connection, Row, select, update

from tasks.domain.message import Message, message, message_from_json
from tasks.intake.tables import exception_answers
from tasks.register.approvals import ask_write_off
from tasks.register.breaks import Done, UnableToAct, assign, explain


def carry_out_answers(connection: Connection, as_of: dt.date, now: dt.datetime) -> None:
    """Carries out every waiting answer once, or refuses it; its outcome is kept, for the report of `as_of`."""
    waiting = select(exception_answers).where(exception_answers.c.applied_at.is_(None)).order_by(exception_answers.c.id)
    for row in connection.execute(waiting).all():
        try:
            outcome = _carry_out(connection, row, now)
        except UnableToAct as unable:
            outcome = message("register.answered.refused", why=unable.message)
        connection.execute(
            update(exception_answers)
            .where(exception_answers.c.id == row.id)
            .values(applied_at=now, applied_for=as_of, outcome=outcome.to_json())
        )


def refused_answers(connection: Connection, as_of: dt.date) -> tuple[Message, ...]:
    """Why answers could not be carried out in the runs of `as_of`, in the order in which they came."""
    query = select(exception_answers.c.outcome).where(exception_answers.c.applied_for == as_of)
    outcomes = (
        message_from_json(text) for text in connection.execute(query.order_by(exception_answers.c.id)).scalars()
    )
    return tuple(outcome for outcome in outcomes if outcome.key == "register.answered.refused")


def _carry_out(connection: Connection, row: Row[Any], now: dt.datetime) -> Message:
    done = Done(row.treatment, row.answered_by, row.reason, now)
    if row.treatment == "explain":
        explain(connection, row.break_id, done)
    elif row.treatment == "assign":
        assign(connection, row.break_id, row.owner or row.answered_by, done)
    else:
        return message("register.answered.asked", id=ask_write_off(connection, row.break_id, done).id)
    return message("register.answered.done")
