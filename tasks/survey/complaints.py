"""Complaint cases: opened by the lowest answers, closed when handled and the customer was called back (spec 05)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.keys import name_keys
from tasks.domain.message import Message, message
from tasks.domain.shaping import DAY, each, shaped, texts
from tasks.domain.texts import Flags, found_in
from tasks.domain.working_days import next_working_day
from tasks.survey.checks import about_form, question_name
from tasks.survey.kinds import survey_finding
from tasks.survey.masking import masked
from tasks.survey.policy import Policy
from tasks.survey.shapes import CASES, OVERALL

KNOWN_BY = ["form_key", "question", "period"]
"""What a case is known by: a form of a period has one for each question."""
EVENTS = texts("form_key question act") | {"period": DAY, "on": DAY}
"""What a run did to a case: `act` is opened, reopened, withdrawn or called_back."""
_COMPLAINTS = frozenset({"COMPLAINT", "COMPLAINT_OVERDUE"})


@dataclass(frozen=True, slots=True)
class Opening:
    """The day on which a run opens something, and the clerk of each department by its name."""

    on: dt.date
    clerks: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Renewal:
    """All cases after something was done (CASES, new ones last), and what was done (EVENTS)."""

    cases: pd.DataFrame
    events: pd.DataFrame


def fresh_cases(
    forms: pd.DataFrame, answers: pd.DataFrame, questions: pd.DataFrame, policy: Policy, opening: Opening
) -> pd.DataFrame:
    """The cases that the forms ask for, as CASES by form and question, each as if it were opened on `opening.on`.

    `forms` as FORMS, `answers` their matrix, `questions` as QUESTIONS. The version of a form that counts asks for one
    case for each item rated at most `policy.complaint_at`, the overall rating included, due so many working days after
    it is opened or, where that is later, after the form's return. The remark is masked.
    """
    counting = forms["counts"].to_numpy(dtype=np.bool_)
    known = questions[questions["question"] != OVERALL].sort_values("place")
    order = [*(key for key in known["question"].tolist() if key in answers), OVERALL]
    columns = [forms["overall"] if key == OVERALL else answers[key] for key in order]
    codes = np.column_stack([column.to_numpy(dtype=np.int8) for column in columns])
    codes[~counting] = 0
    rows, at = np.nonzero((codes >= 1) & (codes <= policy.complaint_at))
    asked = forms.iloc[rows].assign(
        question=np.array(order, dtype=object)[at], rating=codes[rows, at], asked=at, state="open"
    )
    asked = asked.merge(known[["question", "name", "group"]], on="question", how="left")
    asked = asked.fillna({"name": "", "group": ""}).sort_values(["period", "form_key", "asked"], kind="stable")
    handled_by = [_handled_by(row, policy) for row in each(asked)]
    # A form may come back after the period that it is for, and then be told of as at that period's end.
    opened = pd.Timestamp(opening.on)
    began = asked["returned_on"].where(asked["returned_on"] > opened, opened)
    due = {day: pd.Timestamp(next_working_day(day.date(), policy.complaint_days)) for day in began.unique()}
    return shaped(
        CASES,
        asked.assign(
            handled_by=handled_by,
            owner=[opening.clerks.get(name, "") for name in handled_by],
            remark=[masked(text) for text in asked["remark"]],
            opened_on=opened,
            due_on=began.map(due),
        ),
    )


def renewed_cases(kept: pd.DataFrame, fresh: pd.DataFrame, forms: pd.DataFrame, opening: Opening) -> Renewal:
    """The `kept` cases after a run that judged `forms`, which ask for the `fresh` ones; CASES, CASES and FORMS.

    A case is opened once, however often the run is repeated. One that its form no longer asks for is withdrawn, unless
    somebody has begun with it; it is opened again when its form asks once more, unless a person withdrew it.
    """
    asked, is_kept = _places(kept, fresh), _places(fresh, kept)
    judged = _places(kept, forms, ["form_key", "period"])
    begun = (kept[["sort", "measure"]] != "").any(axis=1).to_numpy(dtype=np.bool_)
    state = kept["state"].to_numpy(dtype=object)
    gone = judged & ~asked & (state == "open") & ~begun
    again = asked & (state == "withdrawn") & ~begun
    renewed = kept.copy()
    renewed.loc[gone, "state"] = "withdrawn"
    renewed.loc[gone, "closed_on"] = pd.Timestamp(opening.on)
    renewed.loc[again, "state"] = "open"
    renewed.loc[again, "closed_on"] = pd.NaT
    due = fresh.drop_duplicates(KNOWN_BY).set_index(KNOWN_BY)["due_on"]
    renewed.loc[again, "due_on"] = due.reindex(pd.MultiIndex.from_frame(kept.loc[again, KNOWN_BY])).to_numpy()
    opened = fresh[~is_kept]
    told = [(opened, "opened"), (kept[again], "reopened"), (kept[gone], "withdrawn")]
    return Renewal(_together(renewed, opened), _events(told, opening.on))


def called_back(cases: pd.DataFrame, followups: pd.DataFrame | None, as_of: dt.date) -> Renewal:
    """The cases, those closed that were handled and whose customer was called on that day or later, until `as_of`.

    `cases` as CASES, `followups` as FOLLOWUPS, None where no calls were ever delivered. The first such call counts.
    """
    waiting = cases[cases["state"] == "handled"]
    if followups is None or waiting.empty:
        return Renewal(cases, shaped(EVENTS, cases.head(0)))
    calls = followups.loc[followups["called_on"] <= pd.Timestamp(as_of), ["customer_key", "called_on"]]
    asked = waiting[["handled_on"]].assign(customer_key=name_keys(waiting["customer"]), place=waiting.index)
    found = asked[asked["customer_key"] != ""].merge(calls, on="customer_key")
    first = found[found["called_on"] >= found["handled_on"]].groupby("place")["called_on"].min()
    closed = cases.copy()
    closed.loc[first.index, "called_on"] = first
    closed.loc[first.index, "closed_on"] = first
    closed.loc[first.index, "state"] = "closed"
    return Renewal(closed, _events([(cases.loc[first.index], "called_back")], as_of))


def complaint_findings(cases: pd.DataFrame, as_of: dt.date) -> tuple[Finding, ...]:
    """COMPLAINT for each case that is neither closed nor withdrawn, and COMPLAINT_OVERDUE beside it after its day.

    `cases` as CASES. It is overdue from the day after `due_on`, until it is handled and the customer was called.
    """
    alive = cases[cases["state"].isin(["open", "handled"])]
    late = alive[alive["due_on"] < pd.Timestamp(as_of)]
    return (*_told(alive, "COMPLAINT"), *_told(late, "COMPLAINT_OVERDUE"))


def due_days(findings: Iterable[Finding], cases: pd.DataFrame) -> dict[str, dt.date]:
    """By the id of each finding about a complaint the day until which it has to be handled and called back."""
    days: list[dt.date] = cases["due_on"].to_numpy(dtype="datetime64[D]").tolist()
    due = dict(zip(stands_on(cases), days, strict=True))
    return {one.id: due[one.stands_on] for one in findings if one.kind in _COMPLAINTS}


def stands_on(cases: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    """What the findings of each case stand on (`about_form`), in the order of `cases` as CASES."""
    periods: list[str] = cases["period"].to_numpy(dtype="datetime64[D]").astype(str).tolist()
    return zip(cases["ref"].tolist(), cases["question"].tolist(), periods, strict=True)


def _handled_by(row: Any, policy: Policy) -> str:
    named = (policy.handled_by.get(key, "") for key in (row.question, row.name, row.group) if key)
    return next((name for name in named if name), row.department)


def _places(rows: pd.DataFrame, others: pd.DataFrame, known_by: Sequence[str] = KNOWN_BY) -> Flags:
    """Per row whether it is known by the same as one of the others."""
    own, theirs = (_joined([frame[name].astype("str") for name in known_by]) for frame in (rows, others))
    return found_in(own, theirs)


def _joined(columns: Sequence[pd.Series[str]]) -> pd.Series[str]:
    joined = columns[0]
    for other in columns[1:]:
        joined = joined + "\x1f" + other
    return joined


def _together(kept: pd.DataFrame, opened: pd.DataFrame) -> pd.DataFrame:
    return shaped(CASES, pd.concat([kept, opened], ignore_index=True)) if len(opened) else shaped(CASES, kept)


def _events(told: Iterable[tuple[pd.DataFrame, str]], on: dt.date) -> pd.DataFrame:
    parts = [rows[KNOWN_BY].assign(act=act, on=pd.Timestamp(on)) for rows, act in told]
    return shaped(EVENTS, pd.concat(parts, ignore_index=True))


def _told(cases: pd.DataFrame, kind: str) -> Iterable[Finding]:
    for row in each(cases):
        how = "handled" if row.state == "handled" else "sorted" if row.sort else "open"
        told = message(
            f"survey_findings.{kind}",
            form=row.form,
            customer=masked(row.customer),
            department=row.department,
            question=question_name(row),
            answer=message(f"survey_findings.answer.{row.rating}"),
            due_on=row.due_on.date().isoformat(),
            next=_next_step(row, how),
        )
        yield survey_finding(kind, about_form(row, row.question), [row.ref], told)


def _next_step(row: Any, how: str) -> Message:
    """What has to be done with the case now, and by whom."""
    if how == "handled":
        handled_on = row.handled_on.date().isoformat()
        return message("survey_findings.next.handled", number=row.case, handled_on=handled_on, measure=row.measure)
    return message(f"survey_findings.next.{how}", number=row.case, handled_by=row.handled_by)
