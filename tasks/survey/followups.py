"""Whether every member was called after a service, and in time (spec 05: coverage must be 100 %)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.domain.shaping import each, shaped
from tasks.domain.texts import Flags, found_in
from tasks.survey.checks import month_of
from tasks.survey.kinds import Subject, survey_finding
from tasks.survey.shapes import COVERAGE

_MISSED = ["late", "missed", "unrecorded"]


@dataclass(frozen=True, slots=True)
class Window:
    """The services from `first` to `last` (a period), judged by what was known on `known_on`.

    A call within so many calendar `days` after the service is in time, also one on the last of them.
    """

    first: dt.date
    last: dt.date
    known_on: dt.date
    days: int


def coverage_of(
    followups: pd.DataFrame | None, forms: pd.DataFrame, said: pd.DataFrame | None, window: Window
) -> pd.DataFrame | None:
    """The services of the window that need a call, as COVERAGE; None where no follow-ups were ever delivered.

    `followups` as FOLLOWUPS, `forms` as FORMS; `said`: forms sent, and whatever else says who is a member, as
    DISPATCHES. Who is said to be none needs no call; who is not mentioned counts as one, for the list is of members. A
    call before its service is none. Members to whom a form was sent in the window, or of whom one came back for the
    period, without any service in the window are `unrecorded`.
    """
    if followups is None:
        return None
    own = forms[forms["counts"] & (forms["customer_key"] != "")].sort_values("form_key")
    told = [own[["customer_key", "member"]], *([] if said is None else [said[["customer_key", "member"]]])]
    known = pd.concat(told, ignore_index=True)
    members = known.loc[known["member"] == "yes", "customer_key"]
    others = known.loc[(known["member"] == "no") & ~found_in(known["customer_key"], members), "customer_key"]
    within = followups["service_on"].between(pd.Timestamp(window.first), pd.Timestamp(window.last))
    services = followups[within]
    asked = services[~found_in(services["customer_key"], others)]
    served = pd.concat([own, *([] if said is None else [_sent_within(said, window)])], ignore_index=True)
    missing = served[
        found_in(served["customer_key"], members) & ~found_in(served["customer_key"], services["customer_key"])
    ]
    departments = served.drop_duplicates("customer_key").set_index("customer_key")["department"]
    listed = _judged(asked, window).assign(department=asked["customer_key"].map(departments).fillna(""))
    unrecorded = missing.drop_duplicates("customer_key").assign(state="unrecorded")
    rows = pd.concat([shaped(COVERAGE, listed), shaped(COVERAGE, unrecorded)], ignore_index=True)
    return rows.assign(period=pd.Timestamp(window.last).as_unit("s"))


def followup_findings(coverage: pd.DataFrame | None) -> tuple[Finding, ...]:
    """FOLLOWUP_MISSED: one for each service without a call in time, and each member without one on file.

    `coverage` as COVERAGE; None (never delivered) gives none.
    """
    if coverage is None:
        return ()
    return tuple(_finding(row) for row in each(coverage[coverage["state"].isin(_MISSED)]))


def _sent_within(said: pd.DataFrame, window: Window) -> pd.DataFrame:
    """The forms sent in the window, by number; a form that is sent follows a service."""
    sent = said["sent_on"].between(pd.Timestamp(window.first), pd.Timestamp(window.last))
    own: pd.DataFrame = said[sent & (said["customer_key"] != "")].sort_values("form_key")
    return own[["customer", "customer_key", "department", "ref"]]


def _judged(services: pd.DataFrame, window: Window) -> pd.DataFrame:
    due = services["service_on"] + pd.Timedelta(days=window.days)
    called = services["called_on"]
    counts = (called >= services["service_on"]) & (called <= pd.Timestamp(window.known_on))
    in_time, over = (called <= due), (due < pd.Timestamp(window.known_on))
    flags = [_flags(counts & in_time), _flags(counts), _flags(over)]
    state = np.select(flags, ["covered", "late", "missed"], default="waiting")
    return services.assign(state=state, due_on=due)


def _flags(column: pd.Series) -> Flags:
    flags: Flags = column.to_numpy(dtype=np.bool_)
    return flags


def _finding(row: Any) -> Finding:
    period: dt.date = row.period.date()
    if row.state == "unrecorded":
        told = message(
            "survey_findings.FOLLOWUP_MISSED.unrecorded",
            customer=row.customer,
            department=row.department,
            period=month_of(period),
        )
        known_by = ("unrecorded", row.customer_key, period.isoformat())
        found = survey_finding("FOLLOWUP_MISSED", Subject(row.customer, period), [row.ref], told)
        # A corrected form, or one that comes back after it was sent, is the same customer without a service.
        return replace(found, stands_on=known_by)
    service_on, due_on = row.service_on.date(), row.due_on.date()
    called = "" if pd.isna(row.called_on) else row.called_on.date().isoformat()
    about = Subject(row.customer, service_on)
    return survey_finding("FOLLOWUP_MISSED", about, [row.ref], _told(row, called), (due_on.isoformat(), called))


def _told(row: Any, called: str) -> Message:
    said = {
        "customer": row.customer,
        "service_on": row.service_on.date().isoformat(),
        "due_on": row.due_on.date().isoformat(),
    }
    if row.state == "late":
        return message("survey_findings.FOLLOWUP_MISSED.late", called_on=called, **said)
    if called and row.called_on < row.service_on:
        return message("survey_findings.FOLLOWUP_MISSED.before", called_on=called, **said)
    return message("survey_findings.FOLLOWUP_MISSED.missed", **said)
