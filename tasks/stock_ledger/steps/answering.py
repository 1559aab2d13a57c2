"""Carries out what clerks wrote into returned workbooks: explains, assigns, asks for write-offs (spec 10)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from tasks.domain.message import Message
from tasks.intake.steps import keep_outcome, outcomes_for, waiting_answers
from tasks.register.answering import REFUSED, carried_out
from tasks.register.breaks import Done


def carry_out_answers(connection: Connection, as_of: dt.date, now: dt.datetime) -> None:
    """Carries out every waiting answer once, or refuses it; its outcome is kept, for the report of `as_of`.

    Those to breaks of other processes too, for theirs may not run for weeks.
    """
    for one in waiting_answers(connection):
        done = Done(one.treatment, one.answered_by, one.reason, now)
        outcome = carried_out(connection, one.break_id, done, one.owner or one.answered_by)
        keep_outcome(connection, one, outcome, as_of, now)


def refused_answers(connection: Connection, as_of: dt.date) -> tuple[Message, ...]:
    """Why answers could not be carried out in the runs of `as_of`, in the order in which they came."""
    return tuple(outcome for _, outcome in outcomes_for(connection, as_of) if outcome.key == REFUSED)
