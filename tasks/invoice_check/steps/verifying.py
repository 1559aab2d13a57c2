"""What must hold of everything that the invoice check keeps (spec 10, `daybook verify`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise

import pandas as pd
from sqlalchemy import Connection, func, select

from tasks.domain.amounts import money_text
from tasks.domain.message import Message, message
from tasks.invoice_check.documents import documents_of
from tasks.invoice_check.matching import match_receipts, match_revenue
from tasks.invoice_check.policy import Policy
from tasks.invoice_check.steps.gathering import gather, kept_decisions
from tasks.invoice_check.tables import invoice_bridge, invoice_periods


def verify_agreements(connection: Connection) -> tuple[Message, ...]:
    """What does not hold: the lines of each bridge add up to its revenue, each closing is the next month's opening."""
    return (*_bridges(connection), *_roll_forward(connection))


def verify_allocations(
    connection: Connection, policy: Policy, accounts: Sequence[str], today: dt.date
) -> tuple[Message, ...]:
    """Each receipt and each entry of which more is allotted to invoices than it holds."""
    material = gather(connection, today, accounts)
    if material.invoices is None:
        return ()
    documents = documents_of(material.invoices, policy.terms_days)
    decisions = kept_decisions(connection)
    found: list[Message] = []
    for rows, match in ((material.receipts, match_receipts), (material.entries, match_revenue)):
        if rows is not None:
            allotted = match(documents, rows, decisions, policy).groupby("other")["amount"].sum()
            held = rows.set_index("ref")["amount"].reindex(allotted.index)
            over = pd.DataFrame({"allotted": allotted, "held": held})[(allotted != held).to_numpy()]
            found += [_over(ref, *cents) for ref, *cents in over.itertuples(name=None)]
    return tuple(found)


def _over(ref: str, allotted: int, held: int) -> Message:
    return message("invoice_check.broken.allotted", ref=ref, allotted=money_text(allotted), held=money_text(held))


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
