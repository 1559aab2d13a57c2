"""Approvals as rows of our own database: asked for, answered by whom, when, why, and a digest of what was shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from tasks.adapters.store import exclusive
from tasks.domain.amounts import quantity_text
from tasks.domain.breaks import Break
from tasks.domain.keys import name_key
from tasks.domain.message import Message, message, message_from_json
from tasks.register.breaks import REGISTER, Done, UnableToAct, acting_on, find, write_off
from tasks.register.tables import approvals

Verdict = Literal["approved", "rejected"]
WRITE_OFF = "write-off"


@dataclass(frozen=True, slots=True)
class Approval:
    """One question put to people with the right to answer it; `shown` is what they see and answer."""

    id: int
    subject: str
    subject_id: str
    shown: Message
    asked_by: str
    asked_at: dt.datetime
    reason: str
    state: str


def ask_write_off(connection: Connection, name: str, done: Done) -> Approval:
    """The waiting approval to write off the break; the same one when it has been asked for already.

    One that waits with figures that have changed since is closed and asked anew. Raises UnableToAct without a reason or
    a name, or where nothing is open. Source: spec 01, written off with approval.
    """
    one = acting_on(connection, name, done)
    shown = _shown(one)
    same = select(approvals).where(
        approvals.c.subject == WRITE_OFF, approvals.c.subject_id == one.id, approvals.c.state == "waiting"
    )
    row = connection.execute(same).first()
    if row is not None and row.digest == _digest(shown):
        return _approval(row)
    if row is not None:
        # Nobody may approve figures that no longer stand, so the old question is closed by whoever asks anew.
        outdated = {"state": "rejected", "answered_by": done.who, "answered_at": done.at, "answer_reason": done.reason}
        connection.execute(update(approvals).where(approvals.c.id == row.id).values(outdated))
    created = connection.execute(
        insert(approvals)
        .values(
            subject=WRITE_OFF,
            subject_id=one.id,
            shown=shown.to_json(),
            digest=_digest(shown),
            asked_by=done.who,
            asked_at=done.at,
            reason=done.reason,
            state="waiting",
        )
        .returning(*approvals.c)
    ).one()
    return _approval(created)


def waiting(connection: Connection) -> tuple[Approval, ...]:
    """Every approval that nobody has answered yet, oldest first."""
    rows = connection.execute(select(approvals).where(approvals.c.state == "waiting").order_by(approvals.c.id))
    return tuple(_approval(row) for row in rows)


def answer(
    connection: Connection, approval_id: int, verdict: Verdict, done: Done, approvers: Collection[str]
) -> Approval:
    """The answered approval, its effect carried out in the same transaction.

    `approvers` are the people with the right; empty means anybody but the one who asked. Raises UnableToAct for no
    such approval, an answered one, no reason, no right, one's own request, or figures that have changed since.
    """
    exclusive(connection, REGISTER)
    row = connection.execute(select(approvals).where(approvals.c.id == approval_id)).first()
    if row is None:
        raise UnableToAct(message("register.no_such_approval", id=approval_id))
    if row.state != "waiting":
        raise UnableToAct(message("register.already_answered", id=approval_id, by=row.answered_by))
    if not done.reason.strip() or not done.who.strip():
        raise UnableToAct(message("register.no_reason", id=approval_id))
    who = name_key(done.who)
    if who == name_key(row.asked_by) or (approvers and who not in map(name_key, approvers)):
        raise UnableToAct(message("register.no_right", id=approval_id, who=done.who))
    if verdict == "approved":
        if _digest(_shown(find(connection, row.subject_id))) != row.digest:
            raise UnableToAct(message("register.changed_since", id=approval_id))
        write_off(connection, row.subject_id, done)
    answered = connection.execute(
        update(approvals)
        .where(approvals.c.id == approval_id, approvals.c.state == "waiting")
        .values(state=verdict, answered_by=done.who, answered_at=done.at, answer_reason=done.reason)
        .returning(*approvals.c)
    ).one()
    return _approval(answered)


def _shown(one: Break) -> Message:
    return message(
        "register.shown_write_off",
        id=one.id,
        what=one.message,
        site=one.site,
        item=one.item,
        difference=quantity_text(one.difference),
        value=one.value or "",
    )


def _digest(shown: Message) -> str:
    return sha256(shown.to_json().encode()).hexdigest()


def _approval(row: Row[Any]) -> Approval:
    return Approval(
        row.id,
        row.subject,
        row.subject_id,
        message_from_json(row.shown),
        row.asked_by,
        row.asked_at,
        row.reason,
        row.state,
    )
