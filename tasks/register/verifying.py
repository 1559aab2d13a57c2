"""What must hold of the register at any time, checked for `daybook verify`."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from tasks.domain.message import Message, message
from tasks.register.approvals import WRITE_OFF
from tasks.register.tables import OF_BREAK, approvals, break_sightings, breaks


def verify_register(connection: Connection) -> list[Message]:
    """What is not as it must be, in words, by break id; an empty list when all is well.

    The state of every break is that of its newest business date, and nothing is written off without an approval.
    """
    newest = (
        select(breaks.c.id, func.max(break_sightings.c.period).label("period"))
        .outerjoin(break_sightings, OF_BREAK)
        .group_by(breaks.c.id)
        .subquery()
    )
    states = (
        select(breaks.c.id, breaks.c.state, break_sightings.c.state.label("last"))
        .join(newest, newest.c.id == breaks.c.id)
        .outerjoin(break_sightings, OF_BREAK & (break_sightings.c.period == newest.c.period))
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
