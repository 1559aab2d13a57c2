"""What is said of the forms: counts that add up, exact shares, their intervals, and marks against the targets."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from tasks.domain.shaping import WHOLE, shaped
from tasks.survey.counting import counts_of, sent_of
from tasks.survey.figures import effective_number, figures_of, wilson
from tasks.survey.forms import Read, read_forms
from tasks.survey.policy import Policy, Target
from tasks.survey.shapes import COUNTS, OVERALL
from tasks.survey.targets import marks_of
from tests.survey.drawn_answers import HOUSE, drawn_responses, read
from tests.survey.drawn_forms import NOVEMBER, drawn_dispatches

NUMBERS = [name for name, dtype in COUNTS.items() if dtype == WHOLE]
CELLS = ("5", "4", "3", "2", "1", "", "很满意", "非常满意", "不适用")
POLICY = replace(HOUSE, answers={**HOUSE.answers, "不适用": -1}, minimum=2, target=Target(Fraction(9, 10), minimum=2))


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """A sheet of some forms with two questions, products and weights."""
    cell = st.sampled_from(CELLS)
    part = st.sampled_from(("甲", "乙", ""))
    lines = ["department | product | overall | weight | 质量 | 服务"]
    for _ in range(draw(st.integers(1, 12))):
        weight = str(draw(st.integers(0, 30_000)))
        department = draw(st.sampled_from(("一部", "二部", "三部")))
        lines.append(" | ".join([department, draw(part), draw(cell), weight, draw(cell), draw(cell)]))
    # Both columns are questions whatever stands in them.
    return "\n".join(lines)


def asked(sheet: str, policy: Policy = POLICY) -> Read:
    return read_forms(*drawn_responses(sheet), replace(policy, groups={"全部": ("质量", "服务")}))


def figures(found: Read, sent: pd.DataFrame | None = None, policy: Policy = POLICY) -> pd.DataFrame:
    return figures_of(counts_of(found), sent, found.questions, policy)


def row(frame: pd.DataFrame, dimension: str, value: str, question: str = OVERALL) -> dict[str, Any]:
    own = frame[(frame["dimension"] == dimension) & (frame["value"] == value) & (frame["question"] == question)]
    assert len(own) == 1, f"{len(own)} rows of {dimension} {value} {question}"
    return {str(name): cell for name, cell in own.iloc[0].items()}


def same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    keys = ["dimension", "value", "question", "period"]
    told = [frame.sort_values(keys).reset_index(drop=True) for frame in (one, other)]
    return told[0].equals(told[1])


def test_a_share_has_its_denominator_and_blank_answers_are_in_the_one_of_the_returned() -> None:
    found = figures(
        read("overall | 质量\n很满意 | 5\n基本满意 | 4\n不太满意 | 不适用\n | 3\n非常满意 | ", answers=POLICY.answers)
    )
    whole, quality = row(found, "total", ""), row(found, "total", "", "质量")
    assert (whole["returned"], whole["valid"], whole["satisfied"], whole["top2"]) == (5, 3, 2, 1)
    assert (whole["satisfaction"], whole["satisfaction_answered"]) == (Fraction(2, 5), Fraction(2, 3))
    assert (whole["top2_share"], whole["mean"]) == (Fraction(1, 5), Fraction(10, 3))
    # What does not apply was not asked.
    assert (quality["returned"], quality["valid"], quality["satisfaction"]) == (4, 3, Fraction(3, 4))


def test_who_says_that_no_overall_rating_applies_has_returned_the_form() -> None:
    found = figures(read("overall | 质量\n不适用 | 5\n5 | 5", answers=POLICY.answers))
    assert row(found, "total", "")["satisfaction"] == Fraction(1, 2)


def test_weights_make_the_share_and_the_forms_stay_forms() -> None:
    found = figures(read("overall | weight | 质量\n5 | 30000 | 5\n1 | 10000 | 5\n1 | 0 | 5"))
    whole = row(found, "total", "")
    assert (whole["returned"], whole["satisfied"], whole["satisfaction"]) == (3, 1, Fraction(3, 4))
    # (3 + 1)² / (9 + 1) = 1.6 forms of equal weight.
    assert whole["effective"] == 2
    assert (whole["satisfaction_low"], whole["satisfaction_high"]) == wilson(Fraction(3, 4), Fraction(16, 10))


def test_forms_that_weigh_nothing_have_no_share() -> None:
    found = row(figures(read("overall | weight | 质量\n5 | 0 | 5")), "total", "")
    assert (found["returned"], found["satisfaction"], found["satisfaction_low"], found["mean"]) == (1, None, None, None)


@pytest.mark.parametrize("heavy", [2**31 + 1, 2**40 + 1, 2**54 + 1])
def test_a_weight_beyond_what_the_machine_counts_exactly_is_exact_and_stops_no_run(heavy: int) -> None:
    found = read(f"overall | weight | 质量\n5 | {heavy} | 5\n4 | 1 | 5\n5 | 1 | 5")
    whole = row(figures(found), "total", "")
    assert set(counts_of(found)["w5"]) >= {heavy + 1}
    assert (whole["satisfaction"], whole["mean"]) == (1, Fraction(5 * heavy + 9, heavy + 2))


def test_a_group_is_judged_by_its_forms_and_not_by_its_answers() -> None:
    found = figures(asked("质量 | 服务\n5 | 5"))
    group, question = row(found, "total_group", "", "全部"), row(found, "total", "", "质量")
    assert (group["returned"], group["few"], group["effective"]) == (2, True, 1)
    assert group["satisfaction_low"] == question["satisfaction_low"]


def test_the_response_rate_is_of_the_forms_sent_and_those_who_sent_none_back_have_a_row() -> None:
    found = read("form | department | 质量\nW-1 | 一部 | 5\nW-2 | 一部 | 5\nX-9 | 二部 | 5")
    sent = sent_of(
        drawn_dispatches("form | department\nW-1 | 一部\nW-2 | 一 部\nW-3 | 一部\nW-4 | 三部"), found.forms, NOVEMBER
    )
    told = figures(found, sent)
    assert [row(told, "department", name)["response_rate"] for name in ("一部", "二部", "三部")] == [
        Fraction(2, 3), None, Fraction(0)
    ]  # fmt: skip
    whole = row(told, "total", "")
    assert (whole["sent"], whole["response_rate"]) == (4, Fraction(3, 4))
    assert row(told, "department", "三部")["satisfaction"] is None
    never = row(figures(found, None), "total", "")
    assert (never["sent"] is pd.NA, never["response_rate"]) == (True, None)


@settings(max_examples=12, deadline=None)
@given(sheets())
def test_a_total_is_the_sum_of_its_parts(sheet: str) -> None:
    counts = counts_of(asked(sheet))
    total = counts[counts["dimension"] == "total"].set_index("question")[NUMBERS].sort_index()
    for dimension in ("department", "product"):
        parts = counts[counts["dimension"] == dimension]
        if len(parts):
            assert parts.groupby("question")[NUMBERS].sum().equals(total)


@settings(max_examples=8, deadline=None)
@given(sheets(), st.integers(0, 99))
def test_the_order_of_rows_and_their_files_does_not_matter(sheet: str, seed: int) -> None:
    head, *lines = sheet.splitlines()
    mixed = list(np.random.default_rng(seed).permutation(lines))
    half = len(lines) // 2
    whole = figures(asked(sheet))
    assert same(whole, figures(asked("\n".join([head, *mixed]))))
    policy = replace(POLICY, groups={"全部": ("质量", "服务")})
    apart = read_forms(*drawn_responses("\n".join([head, *lines[:half]]), "\n".join([head, *lines[half:]])), policy)
    assert same(whole, figures(apart))


@settings(max_examples=8, deadline=None)
@given(sheets())
def test_a_department_alone_has_the_figures_that_it_has_within_the_whole(sheet: str) -> None:
    head, *lines = sheet.splitlines()
    whole = figures(asked(sheet))
    for name in {line.split(" |")[0] for line in lines}:
        alone = figures(asked("\n".join([head, *(line for line in lines if line.startswith(name))])))
        kinds = ("department", "department_group")
        own = whole[(whole["value"] == name) & whole["dimension"].isin(kinds)]
        assert same(own, alone[alone["dimension"].isin(kinds)])


@settings(max_examples=12, deadline=None)
@given(sheets())
def test_figures_stay_within_their_bounds(sheet: str) -> None:
    for _, one in figures(asked(sheet)).iterrows():
        share = one["satisfaction"]
        assert one["satisfied"] <= one["valid"] <= one["returned"]
        assert one["effective"] <= one["returned"]
        if share is not None:
            assert 0 <= one["satisfaction_low"] <= share + Fraction(1, 10**6)
            assert share - Fraction(1, 10**6) <= one["satisfaction_high"] <= 1
            assert one["top2_share"] <= share
        if one["mean"] is not None:
            assert share <= one["satisfaction_answered"] <= 1 <= one["mean"] <= 5


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_wilsons(found: tuple[int, int]) -> None:
    part, whole = found
    expected = binomtest(part, whole).proportion_ci(method="wilson")
    low, high = wilson(Fraction(part, whole), Fraction(whole))
    assert (float(low), float(high)) == pytest.approx((expected.low, expected.high), abs=1e-6)
    if part in (0, whole):
        assert (low == 0) if part == 0 else (high == 1)


def test_forms_of_equal_weight_tell_as_much_as_there_are() -> None:
    assert effective_number(70_000, 70_000, 7) == 7
    assert effective_number(140_000, 280_000, 7) == 7
    # The square of a ten-thousandth is rounded to none.
    assert effective_number(7, 0, 7) == 7
    assert effective_number(0, 0, 7) == 0


@pytest.mark.parametrize(
    ("satisfied", "forms", "mark", "conclusive"),
    [
        (1_799, 1_999, "below", False),
        (1_800, 2_000, "met", False),
        (1_900, 2_000, "met", True),
        (1_700, 2_000, "below", True),
        (9, 9, "too_few", False),
        (10, 10, "met", False),
        (0, 10, "below", True),
        (0, 0, "no_answers", False),
    ],
)
def test_the_plain_figure_decides_and_the_interval_says_whether_it_is_conclusive(
    satisfied: int,
    forms: int,
    mark: str,
    conclusive: bool,  # noqa: FBT001 - a column of the table
) -> None:
    found = marks(satisfied, forms, Policy(answers={}, target=Target(Fraction(9, 10))))
    assert [(one["mark"], bool(one["conclusive"])) for one in found if one["measure"] == "satisfaction"] == [
        (mark, conclusive)
    ]


def test_a_department_has_its_own_target_and_without_one_there_is_no_mark() -> None:
    own = {"一部": Target(Fraction(1, 2), Fraction(9, 10), minimum=3)}
    found = marks(2, 3, Policy(answers={}, targets=own))
    assert [(one["measure"], one["mark"], one["value"]) for one in found] == [
        ("response_rate", "met", Fraction(1)), ("satisfaction", "met", Fraction(2, 3))
    ]  # fmt: skip
    assert [one["mark"] for one in marks(2, 3, Policy(answers={}))] == ["", ""]


def marks(satisfied: int, forms: int, policy: Policy) -> list[dict[str, Any]]:
    """The marks of a department with so many forms, as many as were sent."""
    weights = {"w4": satisfied, "w2": forms - satisfied, "w_returned": forms, "w2_returned": forms, "w_answered": forms}
    counted = {name: [count * 10_000] for name, count in weights.items()} | {
        "n4": [satisfied],
        "n2": [forms - satisfied],
    }
    one = {"dimension": "department", "value": "一部", "question": OVERALL, "period": pd.Timestamp(NOVEMBER)}
    counts = shaped(COUNTS, pd.DataFrame(counted | {name: [cell] for name, cell in one.items()}))
    sent = pd.DataFrame(
        {"department": ["一部"], "period": [pd.Timestamp(NOVEMBER)], "sent": forms, "returned_of_sent": forms}
    )
    questions = pd.DataFrame({"question": [OVERALL], "name": [""], "group": [""]})
    found = marks_of(figures_of(counts, sent, questions, policy), policy)
    return [{str(name): cell for name, cell in one.items()} for one in found.to_dict("records")]


def test_decimals_of_the_bounds_are_six() -> None:
    assert wilson(Fraction(1, 2), Fraction(10)) == (Decimal("0.236593"), Decimal("0.763407"))
