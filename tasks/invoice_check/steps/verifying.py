"""What must hold of everything that the invoice check keeps (spec 10, `daybook verify`)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from sqlalchemy import Connection, func, select

from tasks.domain.amounts import money_text
from tasks.domain.message import Message, message
from tasks.invoice_check.tables import invoice_bridge, invoice_periods


def verify_agreements(connection: Connection) -> tuple[Message, ...]:
    """What does not hold: the lines of each bridge add up to its revenue, each closing is the next month's opening."""
    return (*_bridges(connection), *_roll_forward(connection))


def _bridges(connection: Connection) -> Iterable[Message]:
    own = invoice_periods.c
    total = func.coalesce(func.sum(invoice_bridge.c.amount), 0)
    query = select(own.period, own.revenue, total.label("lines")).outerjoin(
        invoice_bridge, invoice_bridge.c.period == own.period
    )
    for row in connection.execute(query.group_by(own.period, own.revenue).order_by(own.period)):
        if int(row.lines) != row.revenue:
            yield message(
                "invoice_check.broken.bridge",
                period=f"{row.period:%Y-%m}",
                lines=money_text(int(row.lines)),
                revenue=money_text(row.revenue),
            )


def _roll_forward(connection: Connection) -> Iterable[Message]:
    rows = connection.execute(select(invoice_periods).order_by(invoice_periods.c.period)).all()
    for one, other in pairwise(rows):
        months = (other.period.year - one.period.year) * 12 + other.period.month - one.period.month
        if months == 1 and one.closing != other.opening:
            yield message(
                "invoice_check.broken.roll_forward",
                period=f"{one.period:%Y-%m}",
                closing=money_text(one.closing),
                next=f"{other.period:%Y-%m}",
                opening=money_text(other.opening),
            )
