"""The outbox: a mail is a row before it is a mail, written in the transaction of the result that it reports."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, insert, select, update

from tasks.adapters.store import exclusive
from tasks.mail.identity import content_digest, message_id
from tasks.mail.outcomes import State
from tasks.mail.tables import mail_attempts, mail_contents, outbox

OUTBOX = "outbox"
# A person may ask for these again; what a sender holds and what has arrived stays as it is.
RETRIED: tuple[State, ...] = ("queued", "failed", "possibly-delivered", "filed")
_REACHED: tuple[State, ...] = ("sent", "filed")
_COLUMNS = tuple(column for column in outbox.c if column.name not in ("content", "claimed_by"))


@dataclass(frozen=True, slots=True)
class NewMail:
    """One mail to one recipient before it is in the outbox; `content` is the report as text (JSON).

    `period` and `report` name what is reported ("" for the whole, else for example a department); `lies_at` is the
    folder below home where the report's files lie, "" for none.
    """

    flow: str
    period: str
    report: str
    recipient: str
    recipient_name: str
    language: str
    subject: str
    content: str
    lies_at: str = ""


@dataclass(frozen=True, slots=True)
class OutboxMail:
    """One mail of the outbox as it stands; `next_attempt_at` is None when nothing more happens by itself.

    For a claimed one `next_attempt_at` is the end of the claim. `doubts` counts the attempts after which nobody knew
    whether it had arrived; `last_code` and `last_answer` are the server's last words, or the reason of our own.
    """

    id: int
    message_id: str
    flow: str
    period: str
    report: str
    recipient: str
    recipient_name: str
    language: str
    subject: str
    lies_at: str
    state: State
    attempts: int
    doubts: int
    next_attempt_at: dt.datetime | None
    last_code: int | None
    last_answer: str
    created_at: dt.datetime
    queued_at: dt.datetime
    sent_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for something, when and why."""

    who: str
    at: dt.datetime
    reason: str = ""


def queue(connection: Connection, mails: Iterable[NewMail], domain: str, now: dt.datetime) -> tuple[OutboxMail, ...]:
    """The mails as they stand in the outbox, in order; one that stands there already, sent or not, is that one.

    `domain` is the sender's (`identity.domain_of`), the right side of the Message-IDs. Belongs into the transaction of
    the result that the mails report.
    """
    wanted = {_message_id(mail, domain): mail for mail in mails}
    if not wanted:
        return ()
    # Two runs of one period may queue the same mail at the same time.
    exclusive(connection, OUTBOX)
    there = {row.message_id for row in connection.execute(_named(wanted))}
    new = [(name, mail) for name, mail in wanted.items() if name not in there]
    if new:
        _keep_contents(connection, {mail.content for _, mail in new})
        connection.execute(insert(outbox), [_row(name, mail, now) for name, mail in new])
    return named(connection, list(wanted))


def listed(
    connection: Connection, states: Collection[State] = (), flow: str = "", ids: Collection[int] = ()
) -> tuple[OutboxMail, ...]:
    """The mails in one of `states`, of `flow` and among `ids` (all without), oldest first."""
    chosen = select(*_COLUMNS).order_by(outbox.c.id)
    if states:
        chosen = chosen.where(outbox.c.state.in_(states))
    if flow:
        chosen = chosen.where(outbox.c.flow == flow)
    if ids:
        chosen = chosen.where(outbox.c.id.in_(ids))
    return tuple(_mail(row) for row in connection.execute(chosen))


def named(connection: Connection, message_ids: Collection[str]) -> tuple[OutboxMail, ...]:
    """The mails of these fixed names as they stand, in the order of the names; unknown names are left out."""
    stored = {row.message_id: _mail(row) for row in connection.execute(_named(message_ids))}
    return tuple(stored[name] for name in message_ids if name in stored)


def of_run(connection: Connection, flow: str, period: str, reports: Collection[str] = ()) -> tuple[OutboxMail, ...]:
    """The mails that tell of `period` of `flow`, only those of `reports` where any are named, oldest first."""
    chosen = select(*_COLUMNS).where(outbox.c.flow == flow, outbox.c.period == period).order_by(outbox.c.id)
    if reports:
        chosen = chosen.where(outbox.c.report.in_(reports))
    return tuple(_mail(row) for row in connection.execute(chosen))


def unsent(connection: Connection, flow: str) -> int:
    """How many mails of `flow` have not reached their reader yet, by mail or as a file."""
    waiting = select(func.count()).where(outbox.c.flow == flow, outbox.c.state.not_in(_REACHED))
    return int(connection.execute(waiting).scalar_one())


def retry(connection: Connection, ids: Collection[int], asked: Asked) -> tuple[OutboxMail, ...]:
    """The mails among `ids` that are due again from now, as they stand; sent and claimed ones are left out.

    What may have arrived goes out marked as a repeat. Who asked and why is kept among the attempts.
    """
    taken = (
        update(outbox)
        .where(outbox.c.id.in_(ids), outbox.c.state.in_(RETRIED))
        .values(
            state="queued",
            attempts=0,
            doubts=case((outbox.c.doubts > 0, 1), else_=0),
            next_attempt_at=asked.at,
            queued_at=asked.at,
        )
        .returning(outbox.c.id)
    )
    retried = sorted(connection.execute(taken).scalars())
    if not retried:
        return ()
    rows = [
        {
            "mail_id": one,
            "at": asked.at,
            "who": asked.who,
            "stage": "person",
            "answer": asked.reason,
            "outcome": "retry",
        }
        for one in retried
    ]
    connection.execute(insert(mail_attempts), rows)
    return listed(connection, ids=retried)


def content_of(connection: Connection, mail_id: int) -> str:
    """The content of one mail as it was queued; raises NoResultFound for no such mail."""
    packed = select(mail_contents.c.packed).join(outbox, outbox.c.content == mail_contents.c.digest)
    return unpacked(connection.execute(packed.where(outbox.c.id == mail_id)).scalar_one())


def unpacked(packed: bytes) -> str:
    """The content that was packed into `packed`."""
    return zlib.decompress(packed).decode("utf-8")


def _message_id(mail: NewMail, domain: str) -> str:
    content = content_digest(mail.content)
    return message_id((mail.flow, mail.period, mail.report, mail.recipient, mail.language, content), domain)


def _named(names: Collection[str]) -> Select[Any]:
    return select(*_COLUMNS).where(outbox.c.message_id.in_(names))


def _keep_contents(connection: Connection, contents: Collection[str]) -> None:
    by_digest = {content_digest(content): content for content in sorted(contents)}
    there = select(mail_contents.c.digest).where(mail_contents.c.digest.in_(by_digest))
    known = set(connection.execute(there).scalars())
    new = [
        {"digest": digest, "packed": zlib.compress(content.encode("utf-8"))}
        for digest, content in by_digest.items()
        if digest not in known
    ]
    if new:
        connection.execute(insert(mail_contents), new)


def _row(name: str, mail: NewMail, now: dt.datetime) -> dict[str, object]:
    return {
        "message_id": name,
        "flow": mail.flow,
        "period": mail.period,
        "report": mail.report,
        "recipient": mail.recipient,
        "recipient_name": mail.recipient_name,
        "language": mail.language,
        "subject": mail.subject,
        "content": content_digest(mail.content),
        "lies_at": mail.lies_at,
        "state": "queued",
        "attempts": 0,
        "doubts": 0,
        "next_attempt_at": now,
        "claimed_by": "",
        "last_answer": "",
        "created_at": now,
        "queued_at": now,
    }


def _mail(row: Row[Any]) -> OutboxMail:
    return OutboxMail(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row's columns
