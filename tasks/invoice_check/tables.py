"""What the invoice check keeps: decisions of people, checks of finished books, the agreement of each period (spec 04).

Amounts are cents. Nothing here is ever deleted; what is overwritten stands in `invoice_period_changes`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from tasks.adapters.store import METADATA, Moment

# documents and others: names joined by a space, as the decision was made on; sources: the identity of their contents
# then. until: the last day on which it counts, null for no end. A withdrawn one counts no more and stays.
invoice_decisions = Table(
    "invoice_decisions",
    METADATA,
    Column("decision", Integer, primary_key=True),
    Column("act", String(10), nullable=False),
    Column("documents", Text, nullable=False),
    Column("others", Text, nullable=False),
    Column("owner", String(80), nullable=False),
    Column("reason", Text, nullable=False),
    Column("sources", String(64), nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("until", Date),
    Column("made_at", Moment, nullable=False),
    Column("withdrawn_on", Date),
    Column("withdrawn_by", String(80), nullable=False, default=""),
    Column("withdrawn_for", Text, nullable=False, default=""),
    CheckConstraint("act in ('match', 'unmatch', 'ignore')", name="act"),
)

# The check of a finished book, each time that its result was another than before.
invoice_book_checks = Table(
    "invoice_book_checks",
    METADATA,
    Column("book", String(300), primary_key=True),
    Column("checked_on", Date, primary_key=True),
    Column("result", String(20), nullable=False),
    Column("missing", Integer, nullable=False),
    Column("unbooked", Integer, nullable=False),
)

# A month that was agreed with the revenue ledger, known by its last day.
invoice_periods = Table(
    "invoice_periods",
    METADATA,
    Column("period", Date, primary_key=True),
    Column("opening", BigInteger, nullable=False),
    Column("invoiced", BigInteger, nullable=False),
    Column("revenue", BigInteger, nullable=False),
    Column("closing", BigInteger, nullable=False),
    Column("agreed_at", Moment, nullable=False),
)

# The lines of its bridge in their order; together they are its revenue. refs: what stands in each, joined by a space.
invoice_bridge = Table(
    "invoice_bridge",
    METADATA,
    Column("period", Date, ForeignKey("invoice_periods.period"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("line", String(40), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("refs", Text, nullable=False, default=""),
)

# What a later run of the same period found otherwise: nothing that was agreed is changed in silence.
invoice_period_changes = Table(
    "invoice_period_changes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("period", Date, nullable=False),
    Column("line", String(40), nullable=False),
    Column("before", BigInteger, nullable=False),
    Column("after", BigInteger, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index(None, "period"),
)
