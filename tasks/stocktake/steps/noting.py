"""What the report of a count says beside its figures, for everybody and for each department."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
from sqlalchemy import Connection

from tasks.domain.message import Message, message
from tasks.domain.working_days import known_year
from tasks.stocktake.deciding import Group
from tasks.stocktake.policy import Policy
from tasks.stocktake.shapes import PAIR
from tasks.stocktake.steps.answering import refused_answers
from tasks.stocktake.steps.comparing import Judged
from tasks.stocktake.steps.deciding import Answers
from tasks.stocktake.steps.mailing import wrong_mailboxes
from tasks.stocktake.steps.ordering import FLOW
from tasks.stocktake.supervising import is_supervised, supervision

_NAMED_MAX = 12
Notes = dict[str, list[Message]]


def count_notes(connection: Connection, judged: Judged, policy: Policy, more: Iterable[Message]) -> Notes:
    """The notes by department, and under "" those of the report over all, which end with `more`."""
    return {"": [*_general(connection, judged), *_supervised(judged, policy, ""), *more]} | {
        name: own
        for name in sorted({*judged.comparison.variances["department"]} - {""})
        if (own := list(_supervised(judged, policy, name)))
    }


def decision_notes(answers: Answers, variances: pd.DataFrame, groups: Sequence[Group]) -> list[Message]:
    """What is said of lines that changed after they were posted, and of questions that nobody may answer."""
    posted = answers.approved.rename(columns={"variance": "then"}).merge(answers.posted, on=PAIR)
    changed = posted.merge(variances[[*PAIR, "variance"]], on=PAIR)
    count = int((changed["variance"] != changed["then"]).fillna(value=True).sum())
    notes = [message("stocktake.note.posted_changed", count=count)] if count else []
    if any(group.approvers is None for group in groups):
        notes.append(message("stocktake.note.any_approver"))
    alone = sorted({group.department for group in groups if group.approvers == ()})
    return notes + [message("stocktake.note.no_approver", department=name or "—") for name in alone]


def _general(connection: Connection, judged: Judged) -> Iterable[Message]:
    years = sorted({judged.opened.deadline.year, judged.count.period.year})
    yield from (message("stocktake.note.calendar", year=year) for year in years if not known_year(year))
    if judged.comparison.crowded:
        yield message("stocktake.note.crowded", warehouses=judged.comparison.crowded)
    if judged.known["items"].empty:
        yield message("stocktake.note.not_checked", dataset=message("stocktake.dataset.items"))
    yield from refused_answers(connection, FLOW, judged.count.period)
    yield from wrong_mailboxes(connection)


def _supervised(judged: Judged, policy: Policy, department: str) -> Iterable[Message]:
    found = supervision(
        judged.comparison.variances, judged.known["sites"], supervised=is_supervised(judged.count, policy)
    )
    for fault in ("nobody", "own", "unknown"):
        own = [one for one in found if one.fault == fault and department in ("", one.department)]
        named = [f"{one.number} {'、'.join(one.people)}".strip() for one in own[:_NAMED_MAX]]
        if named:
            more = "…" if len(own) > _NAMED_MAX else ""
            yield message(f"stocktake.note.supervision.{fault}", sheets="；".join(named) + more)
