"""Complaint cases: which answers open one, what a run changes, when one is overdue, and when it is closed (spec 05)."""

from __future__ import annotations

import datetime as dt
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.adapters.speech import spoken
from tasks.survey.complaints import (
    Opening,
    Renewal,
    called_back,
    complaint_findings,
    due_days,
    fresh_cases,
    renewed_cases,
)
from tasks.survey.policy import Policy
from tasks.survey.shapes import CASES
from tasks.survey.told import departments_of, told_breaks
from tests.survey.drawn_forms import OPENING, day, drawn_calls, drawn_cases, drawn_forms, framed

POLICY = Policy(answers={})
NO_CASES = framed(CASES, "form")


def opened(table: str, policy: Policy = POLICY, groups: dict[str, str] | None = None) -> pd.DataFrame:
    drawn = drawn_forms(table, groups)
    return fresh_cases(drawn.forms, drawn.answers, drawn.questions, policy, OPENING)


def renewed(kept: pd.DataFrame, table: str, on: str = "20") -> Renewal:
    drawn = drawn_forms(table)
    opening = Opening(day(on), OPENING.clerks)
    fresh = fresh_cases(drawn.forms, drawn.answers, drawn.questions, POLICY, opening)
    return renewed_cases(kept, fresh, drawn.forms, opening)


def seen(cases: pd.DataFrame) -> list[str]:
    return [f"{row['form']} {row['question']} {row['state']}" for row in cases.to_dict("records")]


def acts(renewal: Renewal) -> list[str]:
    return [f"{row['form_key']} {row['question']} {row['act']}" for row in renewal.events.to_dict("records")]


@pytest.mark.parametrize(
    ("at", "cases"),
    [
        (1, ["W-2 质量 open", "W-2 overall open", "W-3 外观 open"]),
        (2, ["W-1 外观 open", "W-2 质量 open", "W-2 外观 open", "W-2 overall open", "W-3 外观 open"]),
    ],
)
def test_every_low_answer_opens_a_case_the_overall_rating_included(at: int, cases: list[str]) -> None:
    table = """
    form | 质量 | 外观 | overall
    W-1  | 5    | 2    | 3
    W-2  | 1    | 2    | 1
    W-3  | ?    | 1    | -
    W-4  | -    | 3    | ?
    """
    assert seen(opened(table, Policy(answers={}, complaint_at=1 if at == 1 else 2))) == cases


def test_only_the_version_of_a_form_that_counts_is_asked() -> None:
    assert seen(opened("form | 质量\nW-1 | 1\nW-1 | 4\nW-2 | 4\nW-2 | 1")) == ["W-2 质量 open"]


@pytest.mark.parametrize(
    ("handled_by", "department", "owner"),
    [
        ({}, "一部", "陈一"),
        ({"质量": "质量部"}, "质量部", "赵质"),
        ({"产品": "质量部"}, "质量部", "赵质"),
        ({"产品": "质量部", "质量": "二部"}, "二部", "林二"),
        ({"质量": "无人部"}, "无人部", ""),
        ({"外观": "质量部"}, "一部", "陈一"),
    ],
)
def test_the_named_department_handles_it_or_else_that_of_the_form(
    handled_by: dict[str, str], department: str, owner: str
) -> None:
    policy = Policy(answers={}, handled_by=handled_by)
    (case,) = opened("form | 质量\nW-1 | 1", policy, {"质量": "产品"}).to_dict("records")
    assert (case["handled_by"], case["owner"], case["department"]) == (department, owner, "一部")


@pytest.mark.parametrize(
    ("on", "days", "due"),
    [
        ("2026-11-16", 5, "2026-11-23"),
        # Friday; the weekend does not count.
        ("2026-11-20", 1, "2026-11-23"),
        # The National Day week of 2026 is off, 10 October is worked instead.
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-11-16", 0, "2026-11-16"),
    ],
)
def test_its_deadline_is_counted_in_working_days(on: str, days: int, due: str) -> None:
    drawn = drawn_forms("form | 质量\nW-1 | 1")
    opening = Opening(dt.date.fromisoformat(on), {})
    cases = fresh_cases(drawn.forms, drawn.answers, drawn.questions, Policy({}, complaint_days=days), opening)
    assert cases["due_on"].dt.date.tolist() == [dt.date.fromisoformat(due)]


def test_a_form_that_came_back_after_the_day_of_the_run_gives_its_days_from_there() -> None:
    drawn = drawn_forms("form | 质量\nW-1 | 1\nW-2 | 1")
    returned = pd.to_datetime(pd.Series(["2026-11-19", "2026-10-02"])).astype("datetime64[s]")
    forms = drawn.forms.assign(returned_on=returned.to_numpy())
    opening = Opening(dt.date(2026, 11, 16), {})
    cases = fresh_cases(forms, drawn.answers, drawn.questions, POLICY, opening)
    assert cases["due_on"].dt.date.tolist() == [dt.date(2026, 11, 26), dt.date(2026, 11, 23)]
    again = renewed_cases(cases.assign(state="withdrawn"), cases, forms, opening)
    assert again.cases["due_on"].dt.date.tolist() == cases["due_on"].dt.date.tolist()


def test_what_the_customer_wrote_stands_in_the_case_without_its_telephone_number() -> None:
    (case,) = opened("form | 质量 | remark\nW-1 | 1 | 太慢，请回电13800138000").to_dict("records")
    assert case["remark"] == "太慢，请回电***"


ONE = "form | 质量\nW-1 | 1"


@pytest.mark.parametrize(
    ("kept", "table", "after", "done"),
    [
        ("form", ONE, ["W-1 质量 open"], ["W1 质量 opened"]),
        ("case | form | question\n7 | W-1 | 质量", ONE, ["W-1 质量 open"], []),
        # It says so no more: withdrawn, unless somebody has begun with it.
        (
            "case | form | question\n7 | W-1 | 质量",
            f"{ONE}\nW-1 | 4",
            ["W-1 质量 withdrawn"],
            ["W1 质量 withdrawn"],
        ),
        ("case | form | question | sort\n7 | W-1 | 质量 | help", f"{ONE}\nW-1 | 4", ["W-1 质量 open"], []),
        ("case | form | question | state | sort | measure\n7 | W-1 | 质量 | handled | help | 换货", f"{ONE}\nW-1 | 4",
         ["W-1 质量 handled"], []),
        # It says so again.
        ("case | form | question | state\n7 | W-1 | 质量 | withdrawn", ONE, ["W-1 质量 open"], ["W1 质量 reopened"]),
        # A person said that it is none, or it was finished: it stays so.
        ("case | form | question | state | measure\n7 | W-1 | 质量 | withdrawn | 误填", ONE,
         ["W-1 质量 withdrawn"], []),
        ("case | form | question | state\n7 | W-1 | 质量 | closed", ONE, ["W-1 质量 closed"], []),
        # The form of another period under the same number is another form.
        ("case | form | question | period\n7 | W-1 | 质量 | 10-31", ONE, ["W-1 质量 open", "W-1 质量 open"],
         ["W1 质量 opened"]),
        # What was not judged stays.
        ("case | form | question\n7 | W-9 | 质量", ONE, ["W-9 质量 open", "W-1 质量 open"], ["W1 质量 opened"]),
    ],
)  # fmt: skip
def test_a_run_opens_and_withdraws_what_the_forms_say(kept: str, table: str, after: list[str], done: list[str]) -> None:
    found = renewed(drawn_cases(kept), table)
    assert (seen(found.cases), acts(found)) == (after, done)


def test_a_case_opened_again_has_a_new_deadline_and_its_first_day() -> None:
    kept = drawn_cases("case | form | question | state | closed_on\n7 | W-1 | 质量 | withdrawn | 18")
    (case,) = renewed(kept, ONE, on="20").cases.to_dict("records")
    assert (case["case"], case["opened_on"].date(), case["due_on"].date()) == ("7", day("16"), day("27"))
    assert pd.isna(case["closed_on"])


ANSWERED = st.lists(
    st.tuples(st.integers(1, 5), st.integers(-3, 5), st.integers(1, 5)), min_size=1, max_size=12
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(ANSWERED, st.randoms(use_true_random=False), st.integers(1, 3))
def test_a_case_is_opened_once_however_often_and_in_whatever_order_forms_come(
    answered: list[tuple[int, int, int]], chance: Random, runs: int
) -> None:
    lines = [f"W-{at} | {a} | {b} | {c}" for at, (a, b, c) in enumerate(answered)]
    table = "form | 质量 | 外观 | overall\n"
    cases = NO_CASES
    for run in range(runs):
        # Every run knows more of the forms; the last knows all of them.
        own = lines if run == runs - 1 else lines[: 1 + run * len(lines) // runs]
        order = sorted(own, key=lambda _: chance.random())
        cases = renewed(cases, table + "\n".join(order)).cases
    low = {
        (f"W-{at}", name)
        for at, codes in enumerate(answered)
        for name, code in zip(("质量", "外观", "overall"), codes, strict=True)
        if code == 1
    }
    assert sorted(zip(cases["form"], cases["question"], strict=True)) == sorted(low)
    assert set(cases["state"]) <= {"open"}


CASES_OF_A_WEEK = """
case | form | question | state     | sort | measure | handled_on | due_on | customer
1    | W-1  | 质量     | open      |      |         | -          | 23     | 海风公司
2    | W-2  | 质量     | open      | help |         | -          | 20     | 陆风公司
3    | W-3  | overall  | handled   | help | 换货    | 18         | 20     | 山风公司
4    | W-4  | 质量     | closed    | help | 换货    | 18         | 20     | 山风公司
5    | W-5  | 质量     | withdrawn |      |         | -          | 20     | 山风公司
"""


@pytest.mark.parametrize(
    ("as_of", "overdue"), [("20", []), ("21", ["W-2", "W-3"]), ("23", ["W-2", "W-3"]), ("24", ["W-1", "W-2", "W-3"])]
)
def test_a_complaint_lives_until_it_is_closed_and_is_overdue_after_its_last_day(as_of: str, overdue: list[str]) -> None:
    found = complaint_findings(drawn_cases(CASES_OF_A_WEEK), day(as_of))
    assert [one.item for one in found if one.kind == "COMPLAINT"] == ["W-1", "W-2", "W-3"]
    assert [one.item for one in found if one.kind == "COMPLAINT_OVERDUE"] == overdue


def test_a_complaint_says_what_was_answered_and_what_to_do_next() -> None:
    found = complaint_findings(drawn_cases(CASES_OF_A_WEEK), day("20"))
    said = [spoken(one.message, "en") for one in found]
    assert said[0] == (
        "Complaint: 海风公司 answers “dissatisfied” to “质量” in form W-1 (一部). Due 2026-11-23. "
        "Case 1 lies with 一部: find out what kind of complaint it is, handle it and call the customer."
    )
    assert "Case 2 is sorted" in said[1]
    assert "“Overall rating”" in said[2]
    assert "Case 3 was handled on 2026-11-18 (换货): call the customer" in said[2]


def test_the_break_of_a_complaint_is_the_handling_departments_and_has_its_deadline() -> None:
    cases = drawn_cases("case | form | question | handled_by | due_on\n1 | W-1 | 质量 | 质量部 | 20")
    forms = drawn_forms("form | 质量\nW-1 | 1").forms
    found = complaint_findings(cases, day("23"))
    breaks = told_breaks(found, departments_of(found, cases, forms), OPENING.clerks, day("23"))
    assert {(one.kind, one.department, one.owner, one.severity) for one in breaks} == {
        ("COMPLAINT", "质量部", "赵质", "high"),
        ("COMPLAINT_OVERDUE", "质量部", "赵质", "high"),
    }
    assert due_days(found, cases) == {one.id: day("20") for one in breaks}


def test_the_same_number_in_two_periods_makes_two_breaks() -> None:
    cases = drawn_cases("case | form | question | period\n1 | 001 | 质量 | 10-31\n2 | 001 | 质量 | 30")
    found = complaint_findings(cases, day("16"))
    assert len({one.id for one in found}) == 2


@pytest.mark.parametrize(
    ("calls", "closed"),
    [
        ("customer | service_on | called_on\n山风 公司 | 05 | 18", [("W-3", "18")]),
        ("customer | service_on | called_on\n山风公司 | 05 | 25\n山风公司 | 06 | 19", [("W-3", "19")]),
        # Before it was handled, of somebody else, not made yet, or still to come.
        ("customer | service_on | called_on\n山风公司 | 05 | 17", []),
        ("customer | service_on | called_on\n海风公司 | 05 | 19", []),
        ("customer | service_on | called_on\n山风公司 | 05 | -", []),
        ("customer | service_on | called_on\n山风公司 | 05 | 29", []),
        (None, []),
    ],
)
def test_a_handled_case_is_closed_by_the_first_call_after_it(calls: str | None, closed: list[tuple[str, str]]) -> None:
    cases = drawn_cases(CASES_OF_A_WEEK)
    found = called_back(cases, None if calls is None else drawn_calls(calls), day("25"))
    changed = found.cases[found.cases["state"] != cases["state"]]
    assert [(row["form"], row["called_on"].date()) for row in changed.to_dict("records")] == [
        (form, day(on)) for form, on in closed
    ]
    assert (changed["closed_on"] == changed["called_on"]).all()
    assert acts(found) == [f"{form.replace('-', '')} overall called_back" for form, _ in closed]


def test_no_forms_and_no_cases_are_no_work() -> None:
    found = renewed(NO_CASES, "form | 质量")
    assert found.cases.empty
    assert found.events.empty
    assert complaint_findings(found.cases, day("30")) == ()
    assert called_back(found.cases, None, day("30")).events.empty
