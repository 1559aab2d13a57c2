"""What must hold of the register at any time, checked for `daybook verify`."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from tasks.domain.message import Message, message
from tasks.register.approvals import WRITE_OFF
from tasks.register.tables import approvals, break_sightings, breaks


def verify_register(connection: Connection) -> list[Message]:
    """What is not as it must be, in words, by break id; an empty list when all is well.

    The state of every break is that of its newest business date, and nothing is written off without an approval.
    """
    newest = (
        select(break_sightings.c.break_id, func.max(break_sightings.c.period).label("period"))
        .group_by(break_sightings.c.break_id)
        .subquery()
    )
    last = (
        select(break_sightings.c.break_id, break_sightings.c.state)
        .join(
            newest,
            (newest.c.break_id == break_sightings.c.break_id) & (newest.c.period == break_sightings.c.period),
        )
        .subquery()
    )
    states = select(breaks.c.id, breaks.c.state, last.c.state.label("last")).outerjoin(
        last, last.c.break_id == breaks.c.id
    )
    found = [
        message("register.verify.untold", id=row.id)
        if row.last is None
        else message("register.verify.state", id=row.id, state=row.state, last=row.last)
        for row in connection.execute(states.order_by(breaks.c.id))
        if row.last != row.state
    ]
    approved = select(approvals.c.subject_id).where(approvals.c.subject == WRITE_OFF, approvals.c.state == "approved")
    unapproved = select(breaks.c.id).where(breaks.c.state == "written-off", breaks.c.id.not_in(approved))
    found += [message("register.verify.unapproved", id=one) for one in connection.execute(unapproved).scalars()]
    return found
