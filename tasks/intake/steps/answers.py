"""What clerks wrote into returned workbooks of breaks: as it waits to be carried out, and its outcome (spec 10)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from tasks.domain.message import Message, message_from_json
from tasks.intake.tables import exception_answers


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of such a workbook: what is to be done with which break (explain, assign, write_off), by whom and why."""

    id: int
    break_id: str
    treatment: str
    reason: str
    answered_by: str
    owner: str


def waiting_answers(connection: Connection) -> tuple[Answer, ...]:
    """Every answer that no run has met yet, in the order in which they came."""
    query = select(exception_answers).where(exception_answers.c.applied_at.is_(None)).order_by(exception_answers.c.id)
    return tuple(
        Answer(row.id, row.break_id, row.treatment, row.reason, row.answered_by, row.owner)
        for row in connection.execute(query)
    )


def keep_outcome(connection: Connection, answer: Answer, outcome: Message, period: dt.date, now: dt.datetime) -> None:
    """Keeps what became of an answer, for the report of `period`; it waits no more."""
    connection.execute(
        update(exception_answers)
        .where(exception_answers.c.id == answer.id)
        .values(applied_at=now, applied_for=period, outcome=outcome.to_json())
    )


def outcomes_for(connection: Connection, period: dt.date) -> tuple[tuple[str, Message], ...]:
    """The break and the outcome of each answer that was met for the report of `period`, in the order they came."""
    query = select(exception_answers.c.break_id, exception_answers.c.outcome)
    met = query.where(exception_answers.c.applied_for == period).order_by(exception_answers.c.id)
    return tuple((row.break_id, message_from_json(row.outcome)) for row in connection.execute(met))
