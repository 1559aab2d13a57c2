"""What clerks ask of breaks in returned workbooks, done as if typed: explained, assigned, to be written off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, select

from tasks.domain.message import Message, message
from tasks.register.approvals import ask_write_off
from tasks.register.breaks import Done, UnableToAct, assign, explain, find
from tasks.register.tables import breaks

REFUSED = "register.answered.refused"


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a break is kept: by which flow, and for which period it was first told."""

    flow: str
    opened_on: dt.date


def carried_out(connection: Connection, name: str, done: Done, owner: str) -> Message:
    """What became of the wish `done.action` (explain, assign, write_off) for the break called `name`; REFUSED says why.

    `owner` is to whom it is assigned.
    """
    try:
        if done.action == "explain":
            explain(connection, name, done)
        elif done.action == "assign":
            assign(connection, name, owner, done)
        else:
            return message("register.answered.asked", id=ask_write_off(connection, name, done).id)
    except UnableToAct as unable:
        return message(REFUSED, why=unable.message)
    return message("register.answered.done")


def kept_at(connection: Connection, name: str) -> Kept | None:
    """Where the break called `name` is kept; None where none or several are called so."""
    try:
        one = find(connection, name)
    except UnableToAct:
        return None
    row = connection.execute(select(breaks.c.flow, breaks.c.opened_on).where(breaks.c.id == one.id)).one()
    return Kept(row.flow, row.opened_on)
