"""Whether every member was called after a service within three days (spec 05: coverage must be 100 %)."""

from __future__ import annotations

import pytest

from tasks.adapters.speech import spoken
from tasks.survey.followups import Window, coverage_of, followup_findings
from tests.survey.drawn_forms import NOVEMBER, day, drawn_calls, drawn_dispatches, drawn_forms, told

FORMS = drawn_forms("""
form | customer | department | member
W-1  | 海风公司 | 一部       | yes
W-2  | 陆风公司 | 二部       | no
W-3  | 山风公司 | 二部       | -
""").forms


def window(known_on: str = "12-10") -> Window:
    return Window(NOVEMBER.replace(day=1), NOVEMBER, day(known_on), days=3)


@pytest.mark.parametrize(
    ("called_on", "known_on", "state"),
    [
        ("05", "12-10", "covered"),
        # The third day is in time, calendar days count (7 and 8 November are a weekend).
        ("08", "12-10", "covered"),
        ("09", "12-10", "late"),
        ("-", "12-10", "missed"),
        ("-", "08", "waiting"),
        ("-", "09", "missed"),
        # A call before the service is none; nor is one that is still to come.
        ("04", "12-10", "missed"),
        ("09", "08", "waiting"),
    ],
)
def test_a_call_is_in_time_until_the_third_day(called_on: str, known_on: str, state: str) -> None:
    calls = drawn_calls(f"customer | service_on | called_on\n海风公司 | 05 | {called_on}")
    found = coverage_of(calls, FORMS, None, window(known_on))
    assert found is not None
    assert found["state"].tolist() == [state]
    assert found["due_on"].dt.date.tolist() == [day("08")]


@pytest.mark.parametrize(
    ("customer", "sent", "asked"),
    [
        ("海风公司", None, True),
        ("陆风公司", None, False),
        # Who is not mentioned counts: the list is of members.
        ("山风公司", None, True),
        ("云风公司", None, True),
        # One word for membership is enough, wherever it stands.
        ("陆风公司", "form | customer | member\nW-9 | 陆风 公司 | yes", True),
        ("云风公司", "form | customer | member\nW-9 | 云风公司 | no", False),
    ],
)
def test_who_is_no_member_needs_no_call(customer: str, sent: str | None, asked: bool) -> None:  # noqa: FBT001 - a table
    calls = drawn_calls(f"customer | service_on | called_on\n{customer} | 05 | 06\n海风公司 | 06 | 06")
    found = coverage_of(calls, FORMS, None if sent is None else drawn_dispatches(sent), window())
    assert found is not None
    assert (customer in found.loc[found["state"] == "covered", "customer"].tolist()) is asked


def test_a_member_without_any_service_in_the_list_is_told_once() -> None:
    forms = drawn_forms("form | customer | member\nW-1 | 海风公司 | yes\nW-2 | 海风公司 | -\nW-3 | 陆风公司 | no").forms
    found = coverage_of(
        drawn_calls("customer | service_on | called_on\n海风公司 | 10-31 | 10-31"), forms, None, window()
    )
    findings = followup_findings(found)
    assert told(findings) == ["FOLLOWUP_MISSED 海风公司: responses:W-1"]
    assert "no service is in the list of calls" in spoken(findings[0].message, "en")
    corrected = drawn_forms("form | customer | member\nW-1 | 海风公司 | yes\nW-1 | 海风公司 | yes").forms
    again = followup_findings(coverage_of(drawn_calls("customer | service_on | called_on"), corrected, None, window()))
    assert [one.id for one in again] == [one.id for one in findings]


def test_a_member_to_whom_a_form_was_sent_and_never_came_back_needs_a_call_too() -> None:
    sent = drawn_dispatches(
        """
        form | customer | department | member | sent_on
        W-7  | 云风公司 | 二部       | yes    | 30
        W-8  | 雨风公司 | 二部       | yes    | 12-01
        W-9  | 雪风公司 | 二部       | -      | 30
        """
    )
    found = coverage_of(drawn_calls("customer | service_on | called_on"), FORMS.head(0), sent, window())
    assert told(followup_findings(found)) == ["FOLLOWUP_MISSED 云风公司: dispatches:W-7"]


def test_only_services_of_the_period_are_asked_and_their_department_is_that_of_the_form() -> None:
    calls = drawn_calls(
        "customer | service_on | called_on\n海风公司 | 10-31 | -\n海风公司 | 30 | -\n海风公司 | 12-01 | -"
    )
    found = coverage_of(calls, FORMS, None, window())
    assert found is not None
    assert found[["ref", "department", "state"]].to_numpy().tolist() == [
        ["followups:海风公司:2026-11-30", "一部", "missed"]
    ]


@pytest.mark.parametrize(
    ("called_on", "said"),
    [
        ("-", "Nobody called 海风公司 after the service of 2026-11-05; a member is called by 2026-11-08."),
        ("12", "海风公司 was called only on 2026-11-12"),
        ("04", "The call to 海风公司 is dated 2026-11-04, before the service"),
    ],
)
def test_a_missed_call_says_what_is_wrong(called_on: str, said: str) -> None:
    calls = drawn_calls(f"customer | service_on | called_on\n海风公司 | 05 | {called_on}")
    (found,) = followup_findings(coverage_of(calls, FORMS, None, window()))
    assert spoken(found.message, "en").startswith(said)
    assert told((found,)) == ["FOLLOWUP_MISSED 海风公司: followups:海风公司:2026-11-05"]


def test_where_calls_were_never_delivered_nothing_is_checked() -> None:
    assert coverage_of(None, FORMS, None, window()) is None
    assert followup_findings(None) == ()


def test_a_period_of_nobody_is_covered() -> None:
    none = drawn_forms("form | customer").forms
    found = coverage_of(drawn_calls("customer | service_on | called_on"), none, None, window())
    assert found is not None
    assert found.empty
