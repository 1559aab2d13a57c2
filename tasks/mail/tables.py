"""What is kept of mails: their contents, one row a mail and recipient, every attempt, and the streaks of failure."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from tasks.adapters.store import METADATA, Moment

# The text of a report, zlib-packed; several recipients share one.
mail_contents = Table(
    "mail_contents",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)

# One mail to one recipient. `message_id` is made of flow, period, report, recipient, language and content, so the same
# mail is the same row for ever. `next_attempt_at` is the moment from which a sender may take the mail: for a claimed
# one the end of the claim, null for one that is over. `queued_at` is when its present course began (a person may begin
# it anew). `doubts` counts the attempts after which nobody knew whether it had arrived.
outbox = Table(
    "outbox",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("message_id", String(200), nullable=False),
    Column("flow", String(40), nullable=False),
    Column("period", String(20), nullable=False),
    Column("report", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("recipient_name", Text, nullable=False),
    Column("language", String(10), nullable=False),
    Column("subject", Text, nullable=False),
    Column("content", String(64), ForeignKey("mail_contents.digest"), nullable=False),
    Column("lies_at", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("doubts", Integer, nullable=False),
    Column("next_attempt_at", Moment()),
    Column("claimed_by", String(80), nullable=False),
    Column("last_code", Integer),
    Column("last_answer", Text, nullable=False),
    Column("created_at", Moment(), nullable=False),
    Column("queued_at", Moment(), nullable=False),
    Column("sent_at", Moment()),
    UniqueConstraint("message_id"),
    CheckConstraint(
        "state in ('queued', 'claimed', 'sending', 'sent', 'failed', 'possibly-delivered', 'filed')", name="state"
    ),
    Index(None, "next_attempt_at"),
    Index(None, "flow", "period"),
)

# Every attempt and everything a person asked for, in order: no state changes in silence.
mail_attempts = Table(
    "mail_attempts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("mail_id", Integer, ForeignKey("outbox.id"), nullable=False, index=True),
    Column("at", Moment(), nullable=False),
    Column("who", String(80), nullable=False),
    Column("stage", String(12), nullable=False),
    Column("code", Integer),
    Column("answer", Text, nullable=False),
    Column("outcome", String(20), nullable=False),
)

# A streak of failures of one subject (the way to the server, the login, a recipient) until its next success.
# `next_try_at` holds the whole queue back while the server or the login fails.
mail_streaks = Table(
    "mail_streaks",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("answer", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("since", Moment(), nullable=False),
    Column("next_try_at", Moment()),
    Column("alerted_at", Moment()),
    Column("ended_at", Moment()),
    Index(
        "uq_mail_streaks_open",
        "subject",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)
