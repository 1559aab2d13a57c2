"""Asks for approval group by group and knows what was answered line by line (spec 02, decide)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import pandas as pd
from sqlalchemy import Connection, insert, select

from config.wording import in_every_language, wording
from tasks.adapters.markdown import cell, table
from tasks.adapters.speech import spoken_in_every_language
from tasks.domain.amounts import money_text, quantity_text
from tasks.domain.message import message
from tasks.domain.shaping import MOMENT, each
from tasks.register.approvals import Approval, Question, ask_once, withdraw
from tasks.register.breaks import Done
from tasks.register.tables import approvals
from tasks.stocktake.deciding import Group
from tasks.stocktake.facts import Decision
from tasks.stocktake.report_parts import shown_cause
from tasks.stocktake.shapes import PAIR, Count, shaped
from tasks.stocktake.steps.ordering import FLOW, Order, local_day
from tasks.stocktake.tables import adjustment_lines, asked_lines

# What a page above a form can hold; the workbook of the report holds the rest.
ROWS_SHOWN = 200
# The form is narrow: what is decided by stands first.
_COLUMNS = ("label", "variance", "value", "cause", "book", "counted", "unit", "item_name", "responsible")
_NUMERIC = (1, 2, 4, 5)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that nobody has answered yet, and the number by which it is answered."""

    id: int
    question: Question


@dataclass(frozen=True, slots=True)
class Answers:
    """What was asked and answered of a count, line by line.

    `lines`: warehouse_key, item_key, difference, approval_id, state (waiting, approved, rejected), answered_by,
    answered_at, answer_reason: the newest word to each line; `posted`: warehouse_key, item_key of lines that have an
    adjustment; `questions` the approvals themselves, oldest first.
    """

    lines: pd.DataFrame
    posted: pd.DataFrame
    questions: tuple[Decision, ...]

    @property
    def approved(self) -> pd.DataFrame:
        """The frame `approved`: the newest word to each line where it is yes, posted or not."""
        yes = self.lines[self.lines["state"] == "approved"]
        named = {"difference": "variance", "answered_by": "approved_by", "answered_at": "approved_at"}
        return shaped("approved", yes.rename(columns=named | {"answer_reason": "approval_reason"}))

    @property
    def unposted(self) -> pd.DataFrame:
        """The frame `approved` without the lines that have an adjustment: what is posted stays."""
        yes = self.approved
        done = pd.MultiIndex.from_frame(yes[PAIR]).isin(pd.MultiIndex.from_frame(self.posted))
        return yes[~done].reset_index(drop=True)


def answers_of(connection: Connection, order: Order, count: Count) -> Answers:
    """Everything that was asked and answered of the count."""
    asked, answered = asked_lines.c, approvals.c
    query = (
        select(
            asked.line, asked.warehouse_key, asked.item_key, asked.difference, asked.approval_id, answered.state,
            answered.excepted, answered.asked_by, answered.answered_by, answered.answered_at, answered.answer_reason,
        )
        .join(approvals, answered.id == asked.approval_id)
        .where(asked.stocktake == count.number)
        .order_by(asked.approval_id)
    )  # fmt: skip
    newest: dict[tuple[str, str], dict[str, object]] = {}
    left_out: dict[int, frozenset[str]] = {}
    for row in connection.execute(query):
        # What the flow itself closed was never answered: it asked anew, or nothing was left to ask.
        if row.state == "rejected" and row.answered_by == row.asked_by:
            continue
        excepted = left_out.setdefault(row.approval_id, frozenset(json.loads(row.excepted)))
        state = "rejected" if row.line in excepted else row.state
        newest[row.warehouse_key, row.item_key] = {
            "warehouse_key": row.warehouse_key,
            "item_key": row.item_key,
            "difference": row.difference,
            "approval_id": row.approval_id,
            "state": state,
            "answered_by": row.answered_by,
            "answered_at": row.answered_at,
            "answer_reason": row.answer_reason,
        }
    return Answers(_lines(newest.values()), _posted(connection, count), _questions(connection, order, count))


def _lines(rows: Collection[Mapping[str, object]]) -> pd.DataFrame:
    columns = {
        "warehouse_key": "str", "item_key": "str", "difference": "int64", "approval_id": "int64", "state": "str",
        "answered_by": "str", "answered_at": MOMENT, "answer_reason": "str",
    }  # fmt: skip
    return pd.DataFrame(list(rows), columns=list(columns)).astype(columns)


def _posted(connection: Connection, count: Count) -> pd.DataFrame:
    lines = adjustment_lines.c
    query = select(lines.warehouse_key, lines.item_key).where(lines.stocktake == count.number)
    return pd.DataFrame([tuple(row) for row in connection.execute(query)], columns=PAIR, dtype="str")


def _questions(connection: Connection, order: Order, count: Count) -> tuple[Decision, ...]:
    own = approvals.c
    query = select(approvals).where(own.subject == FLOW, own.subject_id.startswith(f"{count.number}/", autoescape=True))
    found = []
    for row in connection.execute(query.order_by(own.id)):
        if row.state == "rejected" and row.answered_by == row.asked_by:
            continue
        # A department's name may hold the stroke too.
        department, _, level = row.subject_id.partition("/")[2].rpartition("/")
        found.append(
            Decision(
                id=row.id,
                subject_id=row.subject_id,
                department=department,
                level=level,
                state=row.state,
                lines=len(json.loads(row.lines)),
                excepted=len(json.loads(row.excepted)),
                asked_on=local_day(row.asked_at, order),
                answered_by=row.answered_by,
                reason=row.answer_reason,
                approvers=tuple(json.loads(row.approvers)),
            )
        )
    return tuple(found)


def decided_lines(variances: pd.DataFrame, answers: Answers) -> pd.DataFrame:
    """The frame `variances` with `decision`: waiting, approved or rejected as long as the figures are those, posted."""
    said = answers.lines[[*PAIR, "difference", "state"]]
    joined = variances[[*PAIR, "variance"]].merge(said, on=PAIR, how="left")
    same = (joined["variance"] == joined["difference"]).fillna(value=False)
    decision = joined["state"].where(same.to_numpy(dtype="bool"), "").fillna("").astype("str")
    posted = pd.MultiIndex.from_frame(variances[PAIR]).isin(pd.MultiIndex.from_frame(answers.posted))
    return variances.assign(decision=decision.mask(posted, "posted").to_numpy())


def settled_lines(variances: pd.DataFrame) -> pd.DataFrame:
    """The lines of `decided_lines` that are not asked again: posted, or rejected with the figures that they have."""
    return variances.loc[variances["decision"].isin(["posted", "rejected"]), PAIR]


def ask_groups(connection: Connection, order: Order, groups: Sequence[Group]) -> tuple[Waiting, ...]:
    """The groups as questions; each is asked once for the same figures, and those that are answered are left out."""
    waiting = []
    done = Done("ask", FLOW, asking_reason(order.languages[0]), order.clock())
    for group in groups:
        question = question_of(group)
        approval = ask_once(connection, question, done)
        _keep_lines(connection, approval, group)
        if approval.state == "waiting":
            waiting.append(Waiting(approval.id, question))
    return tuple(waiting)


def withdraw_others(connection: Connection, order: Order, answers: Answers, groups: Sequence[Group]) -> None:
    """Closes the questions of the count whose lines all went away."""
    asked = {group.subject_id for group in groups}
    for one in answers.questions:
        if one.state == "waiting" and one.subject_id not in asked:
            _close(connection, order, one, "stocktake.withdrawn_why")


def close_questions(connection: Connection, order: Order, answers: Answers) -> None:
    """Closes every question of the count that nobody answered (spec 02: closed as not adjusted)."""
    for one in answers.questions:
        if one.state == "waiting":
            _close(connection, order, one, "stocktake.closed_why")


def _close(connection: Connection, order: Order, one: Decision, why: str) -> None:
    said = wording(order.languages[0], why)
    withdraw(connection, FLOW, one.subject_id, Done("close", FLOW, said, order.clock()))


def asking_reason(language: str) -> str:
    """Why the stocktake asks, in the language of the house: what is kept is said once."""
    return wording(language, "stocktake.asked_why")


def question_of(group: Group) -> Question:
    """The question whether to adjust the lines of a group, with a table of them, the most valuable first."""
    surplus, shortage = (money_text(cents) for cents in (group.surplus, group.shortage))
    return Question(
        subject=FLOW,
        subject_id=group.subject_id,
        shown=message(
            "stocktake.asked",
            count=group.count,
            department=group.department,
            lines=len(group.lines),
            surplus=surplus,
            shortage=shortage,
        ),
        details=_details(group),
        lines=tuple(group.lines["label"]),
        approvers=_who_may(group),
        barred=group.barred,
    )


def _details(group: Group) -> str:
    lines = group.lines
    order = lines.assign(order=lines["value"].abs().fillna(0)).sort_values(["order", "label"], ascending=[False, True])
    rows = [
        [
            cell(row.label), quantity_text(row.variance), "—" if pd.isna(row.value) else money_text(row.value),
            cell(spoken_in_every_language(shown_cause(row.cause))), quantity_text(row.book),
            quantity_text(row.counted), cell(row.unit), cell(row.item_name), cell(row.responsible),
        ]
        for row in each(order.head(ROWS_SHOWN))
    ]  # fmt: skip
    headings = [in_every_language(f"stocktake.heading.{name}") for name in _COLUMNS]
    drawn = table(headings, rows, _NUMERIC)
    if len(lines) > ROWS_SHOWN:
        drawn += ["", in_every_language("stocktake.asked_more", count=len(lines) - ROWS_SHOWN)]
    return "\n".join([*drawn, "", in_every_language("stocktake.asked_figures", digest=_asked_digest(group))])


def _asked_digest(group: Group) -> str:
    """What tells the figures of all lines apart, shown or not, and who may answer: another one is another question."""
    figures = zip(group.lines["label"], group.lines["variance"].astype("str"), strict=True)
    told = [*sorted(f"{label}={variance}" for label, variance in figures), *_who_may(group), "", *group.barred]
    return sha256("\n".join(told).encode()).hexdigest()[:12]


def _who_may(group: Group) -> tuple[str, ...]:
    """Whose answer counts as the register knows it: none named is anybody."""
    if group.approvers is None:
        return ()
    # Whoever asks may never answer: named alone, nobody may until the masters say who decides.
    return group.approvers or (FLOW,)


def _keep_lines(connection: Connection, approval: Approval, group: Group) -> None:
    known = select(asked_lines.c.line).where(asked_lines.c.approval_id == approval.id).limit(1)
    if connection.execute(known).first() is not None:
        return
    rows = [
        {
            "approval_id": approval.id,
            "line": row.label,
            "stocktake": group.count,
            "warehouse_key": row.warehouse_key,
            "item_key": row.item_key,
            "difference": int(row.variance),
        }
        for row in each(group.lines)
    ]
    connection.execute(insert(asked_lines), rows)
