"""What is wrong with the forms of a period, and which department missed its target (spec 05: break kinds)."""

from __future__ import annotations

import datetime as dt
import itertools
from fractions import Fraction
from typing import Any

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.domain.shaping import each
from tasks.domain.texts import found_in
from tasks.survey.kinds import Subject, survey_finding
from tasks.survey.masking import masked
from tasks.survey.policy import Policy
from tasks.survey.shapes import OVERALL
from tasks.survey.shares import percent_text, shown_share

_NAMED_MAX = 8


def unknown_findings(unknowns: pd.DataFrame) -> tuple[Finding, ...]:
    """UNKNOWN_ANSWER: one for each answer whose word nobody has explained; `unknowns` as UNKNOWNS."""
    found = []
    for row in each(unknowns):
        value = masked(row.value)
        told = message(
            "survey_findings.UNKNOWN_ANSWER",
            form=row.form,
            department=row.department,
            question=question_name(row),
            value=value,
        )
        about = about_form(row, row.question)
        found.append(survey_finding("UNKNOWN_ANSWER", about, [row.ref], told, ("", value)))
    return tuple(found)


def not_sent_findings(forms: pd.DataFrame, dispatches: pd.DataFrame | None) -> tuple[Finding, ...]:
    """NOT_SENT: forms that came back and were never sent; none where the sent forms were never delivered (None).

    `forms` as FORMS, `dispatches` as DISPATCHES. The form counts all the same.
    """
    if dispatches is None:
        return ()
    stray = forms[forms["counts"] & ~found_in(forms["form_key"], dispatches["form_key"])]
    firsts = forms[forms["version"] == 1].set_index("form_key")["ref"]
    found = []
    for row in each(stray):
        told = message(
            "survey_findings.NOT_SENT",
            form=row.form,
            department=row.department,
            customer=masked(row.customer),
            row=_place(row),
        )
        # A corrected form that was not sent either is the same break, so it stands on the version that came first.
        first = firsts.get(row.form_key, row.ref)
        found.append(survey_finding("NOT_SENT", about_form(row), [first], told))
    return tuple(found)


def repeated_form_findings(forms: pd.DataFrame) -> tuple[Finding, ...]:
    """REPEATED_FORM: one for each form number that came with more than one content; `forms` as FORMS."""
    twice = forms[forms["versions"] > 1].sort_values(["period", "form_key", "version"])
    found = []
    for _, own in itertools.groupby(each(twice), key=lambda row: (row.period, row.form_key)):
        rows = list(own)
        last = next((row for row in rows if row.counts), rows[-1])
        told = message(
            "survey_findings.REPEATED_FORM",
            form=last.form,
            department=last.department,
            count=len(rows),
            row=_place(last),
            others=_joined([_place(row) for row in rows if row is not last]),
        )
        found.append(survey_finding("REPEATED_FORM", about_form(last), [row.ref for row in rows], told))
    return tuple(found)


def repeated_customer_findings(forms: pd.DataFrame) -> tuple[Finding, ...]:
    """REPEATED_CUSTOMER: one for each customer with several forms in a period; `forms` as FORMS."""
    by = ["period", "customer_key"]
    own = forms[forms["counts"] & (forms["customer_key"] != "")]
    several = own[own.duplicated(by, keep=False)].sort_values([*by, "form_key"])
    found = []
    for _, own_rows in itertools.groupby(each(several), key=lambda row: (row.period, row.customer_key)):
        rows = list(own_rows)
        first = rows[0]
        day = first.period.date()
        told = message(
            "survey_findings.REPEATED_CUSTOMER",
            customer=masked(first.customer),
            count=len(rows),
            forms=_joined([message("survey_findings.form", form=one.form, department=one.department) for one in rows]),
            period=month_of(day),
        )
        about = Subject(masked(first.customer), day, (day.isoformat(), first.customer_key))
        found.append(survey_finding("REPEATED_CUSTOMER", about, [row.ref for row in rows], told))
    return tuple(found)


def target_findings(marks: pd.DataFrame, period: dt.date, policy: Policy) -> tuple[Finding, ...]:
    """BELOW_TARGET: one for each department and measure that is below; `marks` as MARKS of the period."""
    return tuple(_below(row, period, policy) for row in each(marks[marks["mark"] == "below"]))


def month_of(period: dt.date) -> str:
    """A period as people name it, by its last month: 2026-11."""
    return f"{period:%Y-%m}"


def about_form(row: Any, *known_by: str) -> Subject:
    """The form of a row with `form` and `period`; its number may come again in another period."""
    day: dt.date = row.period.date()
    return Subject(row.form, day, (*known_by, day.isoformat()))


def question_name(row: Any) -> str | Message:
    """The name of the question as people read it, of a row with `question` and `name`."""
    return message("survey_findings.overall") if row.question == OVERALL else row.name or row.question


def shown_pair(value: Fraction | None, target: Fraction | None) -> tuple[str, str]:
    """Target and value in per cent as they are told beside one another; "" for what is undefined."""
    wanted = "" if target is None else percent_text(shown_share(target))
    return wanted, "" if value is None else percent_text(shown_share(value, target))


def _below(row: Any, period: dt.date, policy: Policy) -> Finding:
    against = shown_pair(row.value, row.target)
    proof = "conclusive" if row.conclusive else "opened" if policy.always_open else "inconclusive"
    # Of a response rate `forms` are those sent, of which so many came back.
    returned = {"returned": int(row.value * row.forms)} if row.measure == "response_rate" else {}
    told = message(
        f"survey_findings.BELOW_TARGET.{row.measure}.{proof}",
        department=row.department,
        period=month_of(period),
        forms=row.forms,
        value=against[1],
        target=against[0],
        **returned,
    )
    about = Subject(row.department, period, (row.measure, period.isoformat()))
    return survey_finding("BELOW_TARGET", about, (), told, against)


def _place(row: Any) -> str | Message:
    """Where a row was delivered, as somebody looks for it."""
    if not row.file:
        return str(row.ref)
    return message("survey_findings.row", file=row.file, row=row.row)


def _joined(parts: list[str | Message]) -> str | Message:
    """The first few, side by side, and that there are more."""
    named = parts[:_NAMED_MAX]
    said: str | Message = named[-1]
    for part in reversed(named[:-1]):
        said = message("survey_findings.and", first=part, others=said)
    more = len(parts) - len(named)
    return message("survey_findings.more", named=said, more=more) if more else said
