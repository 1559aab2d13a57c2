"""The outbox: a mail is a row before it is a mail, written in the transaction of the result that it reports."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
)

from tasks.adapters.store import METADATA, Moment

# message_id is made of flow, period, report, recipient and content: the same mail is the same row for ever.
# body_path is where the finished mail lies below the home folder. "possibly-delivered": the server vanished after DATA.
outbox = Table(
    "outbox",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("message_id", String(200), nullable=False),
    Column("flow", String(40), nullable=False),
    Column("period", String(20), nullable=False),
    Column("report", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("language", String(10), nullable=False),
    Column("subject", Text, nullable=False),
    Column("body_path", Text, nullable=False),
    Column("state", String(20), nullable=False, default="queued"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_attempt_at", Moment),
    Column("last_answer", Text, nullable=False, default=""),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    UniqueConstraint("message_id"),
    CheckConstraint("state in ('queued', 'claimed', 'sent', 'failed', 'possibly-delivered')", name="state"),
    Index(None, "state", "next_attempt_at"),
)


@dataclass(frozen=True, slots=True)
class QueuedMail:
    """One mail to one recipient; `body_path` is the finished mail's file below the home folder."""

    message_id: str
    flow: str
    period: str
    report: str
    recipient: str
    language: str
    subject: str
    body_path: str


def queue_mail(connection: Connection, mail: QueuedMail, now: dt.datetime) -> bool:
    """Whether `mail` is new: it is put in the outbox unless a mail of its message id stands there, sent or not."""
    known = connection.execute(select(outbox.c.id).where(outbox.c.message_id == mail.message_id)).first()
    if known is not None:
        return False
    connection.execute(insert(outbox).values(**asdict(mail), created_at=now))
    return True


def unsent(connection: Connection, flow: str) -> int:
    """How many mails of `flow` have not reached their reader yet."""
    waiting = select(func.count()).where(outbox.c.flow == flow, outbox.c.state != "sent")
    return int(connection.execute(waiting).scalar_one())
