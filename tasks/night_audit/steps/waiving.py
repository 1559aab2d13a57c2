"""Who may pass what stops a close, and who did: the approvals of a business date (spec 06, step 2)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

from sqlalchemy import Connection, select

from tasks.domain.finding import Finding
from tasks.domain.keys import name_key
from tasks.domain.message import message
from tasks.night_audit.books import Books
from tasks.night_audit.report import FLOW, Waiver
from tasks.register.approvals import Approval, Question, ask_once
from tasks.register.breaks import Done
from tasks.register.tables import approvals

_ALL = "blocking"


def line_of(finding: Finding) -> str:
    """The name by which an approval passes or leaves out a blocking finding: `OPEN_SHIFT:S1`."""
    return f"{finding.kind}:{finding.item}"


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


def ask_to_pass(
    connection: Connection, blocking: Sequence[Finding], books: Books, approvers: Sequence[str], now: dt.datetime
) -> Approval:
    """The approval that passes what stops the date; asked once for the same findings.

    Operators with the right (可放行夜审) may answer, and the settings' `approvers`; the audit itself may not.
    """
    lines = tuple(dict.fromkeys(line_of(one) for one in blocking))
    rights = books.operators.loc[books.operators["may_release_audit"] == "yes", "operator"]
    question = Question(
        subject=FLOW,
        subject_id=books.as_of.isoformat(),
        shown=message("night_audit.asked", date=books.as_of.isoformat(), count=len(blocking)),
        details=json.dumps([one.message.to_json() for one in blocking], ensure_ascii=False),
        lines=lines,
        approvers=tuple(sorted({*rights, *approvers}, key=name_key)),
    )
    return ask_once(connection, question, Done("asked", FLOW, _ALL, now))
