"""Streaks of failure: one alert each to the owner, and a growing wait before a silent server is asked again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from tasks.adapters.store import exclusive
from tasks.mail.outcomes import Outcome, Settled, wait_before
from tasks.mail.tables import mail_streaks

STREAKS = "mail streaks"
# What fails for every mail alike; each other subject is a recipient's address.
SERVER, LOGIN = "server", "login"
# Mails of this flow tell the owner of failures; a failed one is told of to nobody.
ALERT_FLOW = "mail-dispatch"
# Why flows fail, and why parts of the service are started again; all other reasons are of mails.
OF_FLOWS, OF_SERVICE = ("flow-failed", "flow-given-up"), ("service-silent", "service-dying")
_OPEN = select(mail_streaks.c.id).where(
    mail_streaks.c.subject.in_(bindparam("subjects", expanding=True)), mail_streaks.c.ended_at.is_(None)
)
_ENDED = (
    update(mail_streaks)
    .where(mail_streaks.c.subject == bindparam("whose"), mail_streaks.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
_BY_OUTCOME: dict[Outcome, str] = {"unreachable": SERVER, "login-refused": LOGIN}


@dataclass(frozen=True, slots=True)
class Streak:
    """One subject that has failed since its last success: `server`, `login`, a recipient, a flow, part of the service.

    `reason` is the outcome that began it, `given-up`, or one of those of flows and service; `answer` the words of the
    last failure. While `next_try_at` lies ahead nothing is sent to anybody.
    """

    id: int
    subject: str
    reason: str
    answer: str
    failures: int
    since: dt.datetime
    next_try_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Happened:
    """How an attempt at a mail of `flow` to `recipient` ended and what it made of the mail; `answer` in words."""

    flow: str
    recipient: str
    outcome: Outcome
    after: Settled
    answer: str


def follow(connection: Connection, happened: Happened, now: dt.datetime) -> None:
    """Ends or lengthens the streak that an attempt belongs to, or begins one.

    A recipient's streak begins when nothing more happens by itself to a mail that has not arrived for certain.
    """
    outcome, after = happened.outcome, happened.after
    if outcome in _BY_OUTCOME:
        failed(connection, _BY_OUTCOME[outcome], outcome, happened.answer, now)
    elif outcome == "sent":
        succeeded(connection, (happened.recipient,), now)
    elif outcome != "filed" and after.next_attempt_at is None and happened.flow != ALERT_FLOW:
        reason = outcome if outcome in ("refused", "unwritable", "doubtful") else "given-up"
        failed(connection, happened.recipient, reason, happened.answer, now)


def failed(connection: Connection, subject: str, reason: str, answer: str, now: dt.datetime) -> None:
    """Keeps a failure of `subject`: it begins a streak or lengthens the one under way."""
    exclusive(connection, STREAKS)
    under_way = select(mail_streaks).where(mail_streaks.c.subject == subject, mail_streaks.c.ended_at.is_(None))
    row = connection.execute(under_way).first()
    failures = 1 if row is None else row.failures + 1
    stops = subject in (SERVER, LOGIN)
    values = {
        "answer": answer,
        "failures": failures,
        "next_try_at": now + wait_before(subject, failures) if stops else None,
    }
    if row is None:
        connection.execute(insert(mail_streaks).values(subject=subject, reason=reason, since=now, **values))
    else:
        connection.execute(update(mail_streaks).where(mail_streaks.c.id == row.id).values(values))


def succeeded(connection: Connection, subjects: Collection[str], now: dt.datetime) -> None:
    """Ends the streaks of `subjects`; the next failure of one begins a new one."""
    # Nearly always there is none to end; where there is, every sender takes the same lock first, so that none waits for
    # another in a circle.
    if connection.execute(_OPEN, {"subjects": list(subjects)}).first() is not None:
        exclusive(connection, STREAKS)
        connection.execute(_ENDED, [{"whose": subject, "now": now} for subject in subjects])


def under_way(connection: Connection) -> tuple[Streak, ...]:
    """The streaks that no success has ended, oldest first."""
    rows = connection.execute(_streaks().where(mail_streaks.c.ended_at.is_(None)))
    return tuple(_streak(row) for row in rows)


def held_until(connection: Connection, now: dt.datetime) -> dt.datetime | None:
    """The moment before which nothing is sent because the server or the login fails; None when the way is free."""
    latest = select(func.max(mail_streaks.c.next_try_at)).where(
        mail_streaks.c.ended_at.is_(None), mail_streaks.c.next_try_at > now
    )
    moment: dt.datetime | None = connection.execute(latest).scalar_one()
    return moment


def unalerted(connection: Connection) -> tuple[Streak, ...]:
    """The streaks that nobody was told of yet, oldest first; none are handed to two senders at once."""
    exclusive(connection, STREAKS)
    rows = connection.execute(_streaks().where(mail_streaks.c.alerted_at.is_(None)))
    return tuple(_streak(row) for row in rows)


def alerted(connection: Connection, streaks: Iterable[Streak], now: dt.datetime) -> None:
    """Keeps that `streaks` have been told of: no second alert until a success has ended them."""
    ids = [one.id for one in streaks]
    connection.execute(update(mail_streaks).where(mail_streaks.c.id.in_(ids)).values(alerted_at=now))


def _streaks() -> Select[Any]:
    return select(mail_streaks).order_by(mail_streaks.c.id)


def _streak(row: Row[Any]) -> Streak:
    return Streak(row.id, row.subject, row.reason, row.answer, row.failures, row.since, row.next_try_at)
