"""Approvals as rows of our own database: asked for, answered by whom, when, why, and a digest of what was shown.

Any process may ask. It asks a `Question`, and once that is answered it acts on the answer in a transaction of its own;
only a write-off is carried out here, for no process waits for it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, and_, func, insert, select, update

from tasks.adapters.store import exclusive
from tasks.domain.amounts import quantity_text
from tasks.domain.breaks import Break
from tasks.domain.keys import name_key
from tasks.domain.message import Message, message, message_from_json
from tasks.register.breaks import REGISTER, Done, UnableToAct, acting_on, check_done, find, write_off
from tasks.register.tables import approvals, breaks

Verdict = Literal["approved", "rejected"]
WRITE_OFF = "write-off"


@dataclass(frozen=True, slots=True)
class Question:
    """What people with the right are asked: `shown` sums up what they see, `details` is all else that they see.

    `subject` is the flow that asks, or `write-off`, which belongs to the flow of its break.
    `lines` name the parts that an approval may leave out. `approvers` alone may answer, where any are named; whoever is
    `barred` never may (spec 02: nobody approves a count of their own).
    """

    subject: str
    subject_id: str
    shown: Message
    details: str = ""
    lines: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The hash of everything that is shown: another digest is another question."""
        more = json.dumps([self.details, self.lines], ensure_ascii=False) if self.details or self.lines else ""
        return sha256((self.shown.to_json() + more).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Approval:
    """One question as it stands; `excepted` are the lines that an approval leaves out."""

    id: int
    subject: str
    subject_id: str
    shown: Message
    asked_by: str
    asked_at: dt.datetime
    reason: str
    state: str
    lines: tuple[str, ...]
    excepted: tuple[str, ...]
    answered_by: str
    answered_at: dt.datetime | None
    answer_reason: str


def ask(connection: Connection, question: Question, done: Done) -> Approval:
    """The waiting approval of `question`; the same one when it has been asked for already.

    One that waits for the same subject with other figures is closed and asked anew. Raises UnableToAct without a reason
    or a name.
    """
    exclusive(connection, REGISTER)
    check_done(done, question.subject_id)
    row = connection.execute(_asked(question).where(approvals.c.state == "waiting")).first()
    if row is not None and row.digest == question.digest:
        return _approval(row)
    if row is not None:
        # Nobody may approve figures that no longer stand, so the old question is closed by whoever asks anew.
        outdated = {"state": "rejected", "answered_by": done.who, "answered_at": done.at, "answer_reason": done.reason}
        connection.execute(update(approvals).where(approvals.c.id == row.id).values(outdated))
    return _approval(connection.execute(insert(approvals).values(_row(question, done)).returning(*approvals.c)).one())


def ask_once(connection: Connection, question: Question, done: Done) -> Approval:
    """The approval of `question`, answered or not; asked now where it never was or its figures have changed.

    So a process that starts again, even where its timetable has forgotten it, finds the answer. Raises UnableToAct
    without a reason or a name.
    """
    exclusive(connection, REGISTER)
    newest = connection.execute(_asked(question).order_by(approvals.c.id.desc())).first()
    if newest is not None and newest.digest == question.digest:
        return _approval(newest)
    return ask(connection, question, done)


def withdraw(connection: Connection, subject: str, subject_id: str, done: Done) -> None:
    """Closes what still waits for the subject, because nothing is left to be answered: whoever asked says why."""
    exclusive(connection, REGISTER)
    closed = {"state": "rejected", "answered_by": done.who, "answered_at": done.at, "answer_reason": done.reason}
    own = (approvals.c.subject == subject) & (approvals.c.subject_id == subject_id) & (approvals.c.state == "waiting")
    connection.execute(update(approvals).where(own).values(closed))


def ask_write_off(connection: Connection, name: str, done: Done) -> Approval:
    """The waiting approval to write off the break, asked as `ask` does.

    Raises UnableToAct without a reason or a name, or where nothing is open. Source: spec 01, written off with approval.
    """
    return ask(connection, write_off_question(acting_on(connection, name, done)), done)


def write_off_question(one: Break) -> Question:
    """The question whether to write off a break with the figures it has now."""
    shown = message(
        "register.shown_write_off",
        id=one.id,
        what=one.message,
        site=one.site,
        item=one.item,
        difference=quantity_text(one.difference),
        value=one.value or "",
    )
    return Question(WRITE_OFF, one.id, shown)


def waiting(connection: Connection) -> tuple[Approval, ...]:
    """Every approval that nobody has answered yet, oldest first."""
    rows = connection.execute(select(approvals).where(approvals.c.state == "waiting").order_by(approvals.c.id))
    return tuple(_approval(row) for row in rows)


def asked_write_offs(connection: Connection) -> dict[str, int]:
    """The number of the waiting approval by the id of the break that it asks to write off."""
    return {one.subject_id: one.id for one in waiting(connection) if one.subject == WRITE_OFF}


def waiting_by_flow(connection: Connection) -> dict[str, tuple[Approval, ...]]:
    """The approvals that nobody has answered yet by the flow they belong to, oldest first."""
    of_break = and_(approvals.c.subject == WRITE_OFF, approvals.c.subject_id == breaks.c.id)
    asked = (
        select(approvals, func.coalesce(breaks.c.flow, approvals.c.subject).label("flow"))
        .join(breaks, of_break, isouter=True)
        .where(approvals.c.state == "waiting")
        .order_by(approvals.c.id)
    )
    by_flow: dict[str, list[Approval]] = {}
    for row in connection.execute(asked):
        by_flow.setdefault(row.flow, []).append(_approval(row))
    return {flow: tuple(asked) for flow, asked in by_flow.items()}


def approval_of(connection: Connection, approval_id: int) -> Approval:
    """The approval of that number; raises UnableToAct for none."""
    return _approval(_row_of(connection, approval_id))


def known_approval(connection: Connection, approval_id: int) -> Approval | None:
    """The approval of that number; None for none, as after a backup was restored."""
    row = connection.execute(select(approvals).where(approvals.c.id == approval_id)).first()
    return None if row is None else _approval(row)


def answer(
    connection: Connection,
    approval_id: int,
    verdict: Verdict,
    done: Done,
    approvers: Collection[str],
    excepted: Collection[str] = (),
) -> Approval:
    """The answered approval; a write-off is carried out in the same transaction.

    `approvers` have the right where the question names none; empty means anybody but the one who asked. An approval
    leaves out the lines `excepted`. Raises UnableToAct for no such approval, an answered one, no reason or name, no
    right, one's own request, a write-off whose figures have changed since, lines that were not asked for, or none left.
    """
    exclusive(connection, REGISTER)
    row = _row_of(connection, approval_id)
    if row.state != "waiting":
        raise UnableToAct(message("register.already_answered", id=approval_id, by=row.answered_by))
    check_done(done, str(approval_id))
    if not _may_answer(row, done.who, approvers):
        raise UnableToAct(message("register.no_right", id=approval_id, who=done.who))
    left_out = tuple(dict.fromkeys(excepted)) if verdict == "approved" else ()
    _check_lines(_approval(row), left_out)
    if verdict == "approved" and row.subject == WRITE_OFF:
        if write_off_question(find(connection, row.subject_id)).digest != row.digest:
            raise UnableToAct(message("register.changed_since", id=approval_id))
        write_off(connection, row.subject_id, done)
    answered = connection.execute(
        update(approvals)
        .where(approvals.c.id == approval_id, approvals.c.state == "waiting")
        .values(
            state=verdict,
            answered_by=done.who,
            answered_at=done.at,
            answer_reason=done.reason,
            excepted=_listed(left_out),
        )
        .returning(*approvals.c)
    ).one()
    return _approval(answered)


def _may_answer(row: Row[Any], who: str, approvers: Collection[str]) -> bool:
    name = name_key(who)
    never = map(name_key, [row.asked_by, *json.loads(row.barred)])
    allowed = set(map(name_key, json.loads(row.approvers) or approvers))
    return name not in never and (not allowed or name in allowed)


def _check_lines(one: Approval, excepted: tuple[str, ...]) -> None:
    unknown = [line for line in excepted if line not in one.lines]
    if unknown:
        raise UnableToAct(message("register.no_such_line", id=one.id, line=unknown[0], known=", ".join(one.lines)))
    if excepted and len(excepted) == len(one.lines):
        raise UnableToAct(message("register.nothing_left", id=one.id))


def _asked(question: Question) -> Select[Any]:
    return select(approvals).where(
        approvals.c.subject == question.subject, approvals.c.subject_id == question.subject_id
    )


def _row_of(connection: Connection, approval_id: int) -> Row[Any]:
    row = connection.execute(select(approvals).where(approvals.c.id == approval_id)).first()
    if row is None:
        raise UnableToAct(message("register.no_such_approval", id=approval_id))
    return row


def _row(question: Question, done: Done) -> dict[str, object]:
    return {
        "subject": question.subject,
        "subject_id": question.subject_id,
        "shown": question.shown.to_json(),
        "digest": question.digest,
        "asked_by": done.who,
        "asked_at": done.at,
        "reason": done.reason,
        "state": "waiting",
        "lines": _listed(question.lines),
        "approvers": _listed(question.approvers),
        "barred": _listed(question.barred),
    }


def _listed(names: Collection[str]) -> str:
    return json.dumps(list(names), ensure_ascii=False)


def _approval(row: Row[Any]) -> Approval:
    return Approval(
        id=row.id,
        subject=row.subject,
        subject_id=row.subject_id,
        shown=message_from_json(row.shown),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        reason=row.reason,
        state=row.state,
        lines=tuple(json.loads(row.lines)),
        excepted=tuple(json.loads(row.excepted)),
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        answer_reason=row.answer_reason,
    )
