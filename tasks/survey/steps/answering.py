"""Carries out what clerks wrote beside the breaks of the survey in returned workbooks (spec 10)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from tasks.domain.message import Message
from tasks.intake.steps import keep_outcome, outcomes_for, waiting_answers
from tasks.register.answering import REFUSED, carried_out, kept_at
from tasks.register.breaks import Done
from tasks.survey.steps.ordering import FLOW


def carry_out_answers(connection: Connection, as_of: dt.date, now: dt.datetime) -> None:
    """Carries out, or refuses, every waiting answer to a break of the survey, for the report of `as_of`.

    Answers to other breaks wait for their own process, which also tells of those whose break nobody knows.
    """
    for one in waiting_answers(connection):
        kept = kept_at(connection, one.break_id)
        if kept is not None and kept.flow == FLOW:
            done = Done(one.treatment, one.answered_by, one.reason, now)
            outcome = carried_out(connection, one.break_id, done, one.owner or one.answered_by)
            keep_outcome(connection, one, outcome, as_of, now)


def refused_answers(connection: Connection, as_of: dt.date) -> tuple[Message, ...]:
    """Why answers could not be carried out for the report of `as_of`, in the order they came."""
    refused = [(name, why) for name, why in outcomes_for(connection, as_of) if why.key == REFUSED]
    return tuple(why for name, why in refused if (kept := kept_at(connection, name)) is not None and kept.flow == FLOW)
