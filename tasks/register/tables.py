"""What the register keeps: runs, breaks, their state by date, everything people did to them, approvals."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from tasks.adapters.store import METADATA, Moment

# One row a run; `period` is the business date (of a month: its last day). Figures are the report's, as JSON.
runs = Table(
    "runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("period", Date, nullable=False),
    Column("status", String(20), nullable=False),
    Column("started_at", Moment(), nullable=False),
    Column("finished_at", Moment(), nullable=False),
    Column("figures", Text, nullable=False),
    Index(None, "flow", "period"),
)

# The break as last seen. `last_period` is the newest business date that told of it.
breaks = Table(
    "breaks",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("state", String(12), nullable=False),
    Column("site", String(80), nullable=False),
    Column("department", String(80), nullable=False),
    Column("warehouse", String(80), nullable=False),
    Column("item", String(80), nullable=False),
    Column("date", Date, nullable=False),
    Column("refs", Text, nullable=False),
    Column("expected", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("difference", BigInteger, nullable=False),
    Column("value", String(40)),
    Column("message", Text, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("last_period", Date, nullable=False),
    Column("owner", String(80), nullable=False, default=""),
    # The last day on which its explanation holds; null for one without an end.
    Column("quiet_until", Date),
    CheckConstraint("state in ('open', 'explained', 'resolved', 'reopened', 'written-off')", name="state"),
    Index(None, "flow", "state"),
)

# The state of a break on each business date that told of it; `since` is the first date of its present stretch. `date`
# is the break's own and leads the key: ids are hashes, and by them alone each row of a night lay on a page of its own.
break_sightings = Table(
    "break_sightings",
    METADATA,
    Column("date", Date, primary_key=True),
    Column("break_id", String(40), ForeignKey("breaks.id"), primary_key=True),
    Column("period", Date, primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("state", String(12), nullable=False),
    Column("since", Date, nullable=False),
    Index(None, "flow", "period"),
)

# Which sightings are those of a break: by all that leads their key.
OF_BREAK = (break_sightings.c.date == breaks.c.date) & (break_sightings.c.break_id == breaks.c.id)

# Who did what to a break, when and why, and its state before and after: nothing is changed in silence.
break_events = Table(
    "break_events",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("break_id", String(40), ForeignKey("breaks.id"), nullable=False, index=True),
    Column("at", Moment(), nullable=False),
    Column("who", String(80), nullable=False),
    Column("action", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
)

# `digest` is a hash of what the approver was shown; an answer to something else is refused. The lists are JSON: `lines`
# may be left out of an approval and `excepted` were; `approvers` alone may answer (empty: see the asking process), and
# `barred` never.
approvals = Table(
    "approvals",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("subject", String(40), nullable=False),
    Column("subject_id", String(80), nullable=False),
    Column("shown", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("asked_at", Moment(), nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("answered_by", String(80), nullable=False, default=""),
    Column("answered_at", Moment()),
    Column("answer_reason", Text, nullable=False, default=""),
    Column("lines", Text, nullable=False, server_default="[]"),
    Column("excepted", Text, nullable=False, server_default="[]"),
    Column("approvers", Text, nullable=False, server_default="[]"),
    Column("barred", Text, nullable=False, server_default="[]"),
    CheckConstraint("state in ('waiting', 'approved', 'rejected')", name="state"),
    Index(None, "subject", "subject_id"),
)
