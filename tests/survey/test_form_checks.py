"""What is wrong with forms: unknown words, never sent, twice, one customer several times, targets missed (spec 05)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.adapters.speech import spoken
from tasks.survey.checks import (
    not_sent_findings,
    repeated_customer_findings,
    repeated_form_findings,
    target_findings,
    unknown_findings,
)
from tasks.survey.policy import Policy
from tasks.survey.shapes import MARKS, UNKNOWNS
from tasks.survey.shares import percent_text, shown_share
from tests.survey.drawn_forms import NOVEMBER, drawn_dispatches, drawn_forms, framed, told

POLICY = Policy(answers={})
FORMS = """
form   | customer | file     | row
W-0001 | 海风公司 | 一部.csv | 2
W-0002 | 陆风公司 | 一部.csv | 3
W-0003 | 海风 公司 | 二部.csv | 2
W-0002 | 陆风公司 | 补.csv   | 9
"""


def test_every_answer_that_nobody_has_explained_is_asked_about_by_itself() -> None:
    unknowns = framed(
        UNKNOWNS,
        """
        form   | question | name | value       | department | ref              | period
        W-0001 | 质量     | 质量 | 非常满意    | 一部       | responses:W-0001 | 30
        W-0001 | 外观     | 外观 | 非常满意    | 一部       | responses:W-0001 | 30
        W-0002 | overall  | -    | 13800138000 | 一部       | responses:W-0002 | 30
        """,
    )
    found = unknown_findings(unknowns)
    assert told(found) == [
        "UNKNOWN_ANSWER W-0001: responses:W-0001",
        "UNKNOWN_ANSWER W-0001: responses:W-0001",
        "UNKNOWN_ANSWER W-0002: responses:W-0002",
    ]
    assert len({one.id for one in found}) == 3
    assert [one.found for one in found] == ["非常满意", "非常满意", "***"]
    assert "“非常满意” to “质量”" in spoken(found[0].message, "en")
    assert "“客户总体评价”答为“***”" in spoken(found[2].message, "zh_CN")


@pytest.mark.parametrize(
    ("sent", "breaks"),
    [
        ("form\nW-0001\nW-0002\nW-0003", []),
        ("form\nw0001\nW-0002", ["NOT_SENT W-0003: responses:W-0003"]),
        # A corrected form stands on the version that came first, so that it stays the same break.
        ("form\nW-0001\nW-0003", ["NOT_SENT W-0002: responses:W-0002"]),
    ],
)
def test_a_form_that_came_back_without_being_sent_is_told(sent: str, breaks: list[str]) -> None:
    found = not_sent_findings(drawn_forms(FORMS).forms, drawn_dispatches(sent))
    assert told(found) == breaks


def test_nothing_is_missing_among_the_sent_forms_where_they_were_never_delivered() -> None:
    assert not_sent_findings(drawn_forms(FORMS).forms, None) == ()


def test_a_form_with_two_contents_names_the_row_that_counts() -> None:
    (found,) = repeated_form_findings(drawn_forms(FORMS).forms)
    assert told((found,)) == ["REPEATED_FORM W-0002: responses:W-0002 responses:W-0002:2"]
    assert "补.csv, row 9 counts; kept besides: 一部.csv, row 3." in spoken(found.message, "en")


def test_a_customer_with_several_forms_is_told_once_whatever_its_spaces() -> None:
    (found,) = repeated_customer_findings(drawn_forms(FORMS).forms)
    assert told((found,)) == ["REPEATED_CUSTOMER 海风公司: responses:W-0001 responses:W-0003"]
    assert "W-0001（一部）；W-0003（一部）" in spoken(found.message, "zh_CN")


def test_many_forms_of_one_customer_are_named_up_to_a_limit() -> None:
    table = "form | customer\n" + "\n".join(f"W-{at:04} | 海风公司" for at in range(1, 13))
    (found,) = repeated_customer_findings(drawn_forms(table).forms)
    assert len(found.refs) == 12
    assert "W-0008 (一部); 4 more" in spoken(found.message, "en")


def test_whoever_is_below_the_target_is_told_with_as_many_decimals_as_that_takes() -> None:
    marks = framed(
        MARKS,
        """
        department | measure       | mark    | conclusive | value     | target | forms
        一部       | satisfaction  | below   | -          | 1799/1999 | 9/10   | 1999
        一部       | response_rate | below   | yes        | 3/10      | 3/5    | 40
        二部       | satisfaction  | met     | yes        | 1         | 9/10   | 50
        三部       | satisfaction  | too_few | -          | 0         | 9/10   | 3
        """,
    )
    found = target_findings(marks, NOVEMBER, POLICY)
    assert [(one.item, one.expected, one.found) for one in found] == [
        ("一部", "90.0%", "89.995%"),
        ("一部", "60.0%", "30.0%"),
    ]
    assert spoken(found[0].message, "en").startswith("The satisfaction with 一部 in 2026-11 is 89.995% over 1999 ")
    assert "not conclusive" in spoken(found[0].message, "en")
    always = target_findings(marks, NOVEMBER, Policy(answers={}, always_open=True))
    assert "a corrective action is open all the same" in spoken(always[0].message, "en")
    assert [one.id for one in always] == [one.id for one in found]
    assert "A corrective action is open" in spoken(found[1].message, "en")
    assert spoken(found[1].message, "zh_CN").startswith("一部 2026-11 发出问卷 40 份，收回 12 份，回收率 30.0%，")
    assert {one.id for one in target_findings(marks, NOVEMBER.replace(month=10, day=31), POLICY)}.isdisjoint(
        one.id for one in found
    )


@given(st.fractions(0, 2), st.fractions(0, 1, max_denominator=1000))
def test_a_shown_share_lies_on_the_side_of_the_target_on_which_it_is(share: Fraction, target: Fraction) -> None:
    shown = Fraction(shown_share(share, target))
    assert (shown > target) - (shown < target) == (share > target) - (share < target) or share == target
    assert abs(shown - share) <= Fraction(1, 2000)


@pytest.mark.parametrize(
    ("share", "text"),
    [("2/3", "66.7%"), ("1", "100.0%"), ("0", "0.0%"), ("1/8", "12.5%"), ("6/5", "120.0%"), ("1999/2000", "100.0%")],
)
def test_a_share_is_told_in_per_cent(share: str, text: str) -> None:
    assert percent_text(shown_share(Fraction(share))) == text


def test_forms_and_answers_of_nobody_are_no_findings() -> None:
    none = drawn_forms("form | 质量").forms
    assert not (*repeated_form_findings(none), *repeated_customer_findings(none), *not_sent_findings(none, None))
    assert unknown_findings(framed(UNKNOWNS, "form")) == ()
    assert target_findings(framed(MARKS, "department"), NOVEMBER, POLICY) == ()
