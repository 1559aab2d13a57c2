"""Two periods side by side: which change is more than chance."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from tasks.domain.shaping import shaped
from tasks.survey.policy import Policy
from tasks.survey.shapes import COUNTS, OVERALL
from tasks.survey.trends import changes_of, holm, two_proportions

OCTOBER, NOVEMBER = dt.date(2026, 10, 31), dt.date(2026, 11, 30)
ONE = 10_000
HOUSE = Policy(answers={})


def counted(
    period: dt.date, department: str, satisfied: int, dissatisfied: int, question: str = OVERALL
) -> dict[str, object]:
    forms = satisfied + dissatisfied
    return {
        "dimension": "department", "value": department, "question": question, "period": pd.Timestamp(period),
        "n4": satisfied, "n2": dissatisfied, "w4": satisfied * ONE, "w2": dissatisfied * ONE,
        "w_returned": forms * ONE, "w2_returned": forms * ONE, "w_answered": forms * ONE, "w2_answered": forms * ONE,
    }  # fmt: skip


def changed(*rows: dict[str, object]) -> list[tuple[str, Fraction, Fraction, bool]]:
    found = changes_of(shaped(COUNTS, pd.DataFrame(list(rows))), NOVEMBER, HOUSE)
    return list(zip(found["value"], found["before"], found["now"], found["significant"], strict=True))


def test_a_great_change_is_significant_and_a_small_one_is_not() -> None:
    assert changed(
        counted(OCTOBER, "一部", 180, 20), counted(NOVEMBER, "一部", 140, 60),
        counted(OCTOBER, "二部", 90, 10), counted(NOVEMBER, "二部", 88, 12),
    ) == [
        ("一部", Fraction(9, 10), Fraction(7, 10), True),
        ("二部", Fraction(9, 10), Fraction(22, 25), False),
    ]  # fmt: skip


def test_what_has_no_forms_in_one_of_the_periods_is_not_compared() -> None:
    assert changed(counted(OCTOBER, "一部", 9, 1), counted(NOVEMBER, "二部", 9, 1)) == []
    assert changed(counted(OCTOBER, "一部", 0, 0), counted(NOVEMBER, "一部", 9, 1)) == []
    assert changed(counted(NOVEMBER, "一部", 9, 1)) == []


def test_the_newest_period_before_is_the_one_to_compare_with() -> None:
    august = dt.date(2026, 8, 31)
    found = changed(counted(august, "一部", 5, 5), counted(OCTOBER, "一部", 9, 1), counted(NOVEMBER, "一部", 9, 1))
    assert found == [("一部", Fraction(9, 10), Fraction(9, 10), False)]


def test_many_rows_of_one_table_are_judged_together() -> None:
    alone = [counted(OCTOBER, "一部", 90, 10), counted(NOVEMBER, "一部", 80, 20)]
    others = [counted(when, f"{name}部", 90, 10) for name in range(20) for when in (OCTOBER, NOVEMBER)]
    assert changed(*alone)[0][3]
    assert not changed(*alone, *others)[0][3]
    # Single questions are a table of their own.
    asked = [counted(when, f"{name}部", 90, 10, "q") for name in range(20) for when in (OCTOBER, NOVEMBER)]
    assert changed(*alone, *asked)[0][3]


def test_three_forms_prove_nothing() -> None:
    assert not changed(counted(OCTOBER, "一部", 0, 3), counted(NOVEMBER, "一部", 3, 0))[0][3]
    assert changed(counted(OCTOBER, "一部", 0, 10), counted(NOVEMBER, "一部", 10, 0))[0][3]


def test_a_weighted_form_counts_by_its_weight_and_fewer_forms_prove_less() -> None:
    plain, heavy = counted(OCTOBER, "一部", 90, 10), counted(NOVEMBER, "一部", 80, 20)
    # The same shares and weights, of which a few forms bear nearly all.
    heavy |= {"w2_returned": 10 * 100 * ONE}
    found = changes_of(shaped(COUNTS, pd.DataFrame([plain, heavy])), NOVEMBER, HOUSE)
    assert found["now"].tolist() == [Fraction(4, 5)]
    assert not found["significant"].tolist()[0]


def test_weights_too_small_for_their_squares_count_as_forms_that_weigh_alike() -> None:
    light = counted(OCTOBER, "一部", 90, 10) | {"w4": 90, "w2": 10, "w_returned": 100, "w2_returned": 0}
    found = changes_of(shaped(COUNTS, pd.DataFrame([light, counted(NOVEMBER, "一部", 60, 40)])), NOVEMBER, HOUSE)
    assert (found["before"].tolist(), found["significant"].tolist()) == ([Fraction(9, 10)], [True])


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60), st.integers(1, 60))
def test_the_test_is_that_of_the_table_of_four(yes: int, no: int, other_yes: int, other_no: int) -> None:
    whole, other = float(yes + no), float(other_yes + other_no)
    found = two_proportions(*(np.array([one], dtype=np.float64) for one in (yes, whole, other_yes, other)))[0]
    if yes + other_yes == 0:
        assert found == 1
    else:
        assert found == pytest.approx(chi2_contingency([[yes, no], [other_yes, other_no]], correction=False).pvalue)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_judged_together_nothing_is_more_significant_than_alone(p_values: list[float]) -> None:
    found = holm(np.array(p_values))
    assert (found >= np.array(p_values)).all()
    assert found.max() <= 1
    smallest = int(np.argmin(p_values))
    assert found[smallest] == pytest.approx(min(1.0, p_values[smallest] * len(p_values)))
    # The order of the p-values is kept.
    order = np.argsort(p_values, kind="stable")
    assert (np.diff(found[order]) >= 0).all()
