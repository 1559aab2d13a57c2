"""Who may pass what stops a close, and who did: the approvals of a business date (spec 06, step 2)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

from sqlalchemy import Connection, select

from tasks.adapters.speech import spoken, spoken_in_every_language
from tasks.domain.finding import Finding
from tasks.domain.keys import name_key
from tasks.domain.message import message
from tasks.night_audit.books import Books
from tasks.night_audit.kinds import line_of
from tasks.night_audit.report import FLOW, Waiver
from tasks.register.approvals import Approval, Question, withdraw
from tasks.register.breaks import Done
from tasks.register.tables import approvals


def waived_by(connection: Connection, date: dt.date) -> dict[str, Approval]:
    """Every blocking line that somebody with the right has passed for the date, with the approval that did."""
    query = select(approvals).where(
        approvals.c.subject == FLOW, approvals.c.subject_id == date.isoformat(), approvals.c.state == "approved"
    )
    passed: dict[str, Approval] = {}
    for row in connection.execute(query.order_by(approvals.c.id)):
        left_out = set(json.loads(row.excepted))
        passed |= dict.fromkeys((line for line in json.loads(row.lines) if line not in left_out), row)
    return passed


def waivers(blocking: Sequence[Finding], passed: dict[str, Approval]) -> tuple[Waiver, ...]:
    """What the report says of each finding that was passed: by whom and why."""
    known = ((one, passed[line_of(one)]) for one in blocking)
    return tuple(Waiver(one.item, one.kind, given.answered_by, given.answer_reason) for one, given in known)


def passing(blocking: Sequence[Finding], books: Books, approvers: Sequence[str]) -> Question | None:
    """The question whether what stops the date may be passed; None where nothing may be or nobody has the right.

    Operators with the right (可放行夜审) may answer, and the settings' `approvers`; the audit itself may not. A row
    that could not be read is passed by nobody, because without it the night would close wrongly (spec 06: bad data).
    """
    may = [one for one in blocking if one.kind != "BAD_ROW"]
    rights = {row.operator for row in books.operators if row.may_release_audit == "yes"}
    named = tuple(sorted({*rights, *approvers}, key=name_key))
    if not may or not named:
        return None
    return Question(
        subject=FLOW,
        subject_id=books.as_of.isoformat(),
        shown=message("night_audit.asked", date=books.as_of.isoformat(), count=len(may)),
        details="\n".join(f"- `{line_of(one)}` {spoken_in_every_language(one.message)}" for one in may),
        lines=tuple(dict.fromkeys(line_of(one) for one in may)),
        approvers=named,
    )


def asking(language: str, now: dt.datetime) -> Done:
    """The act of asking, with its reason in the language of the house: what is kept is said once."""
    return Done("ask", FLOW, asking_reason(language), now)


def asking_reason(language: str) -> str:
    """Why the audit asks."""
    return spoken(message("night_audit.asked_why"), language)


def nothing_to_pass(connection: Connection, date: dt.date, done: Done) -> None:
    """Closes what still waits for the date: it is closed without an answer."""
    withdraw(connection, FLOW, date.isoformat(), done)
