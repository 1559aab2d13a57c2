"""What a department may see of others: nobody subtracts what is shown and finds the answers of a few."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.domain.shaping import shaped
from tasks.survey.disclosure import for_department, hidden_rows, shown_marks
from tasks.survey.policy import Policy
from tasks.survey.shapes import FIGURES, MARKS, OVERALL

PRODUCTS, QUESTIONS = ("P1", "P2", "P3"), ("q1", "q2")
OUTSIDER = "?"
Vector = npt.NDArray[np.float64]
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Company:
    """Forms by department and product, and how many of each department's forms were asked each question."""

    products: dict[str, tuple[int, ...]]
    asked: dict[str, tuple[int, ...]]

    def figures(self) -> pd.DataFrame:
        """The whole FIGURES, of which only the numbers of forms matter here."""
        cells: dict[Key, int] = {}
        pleased: dict[Key, int] = {}

        # Every second form is satisfied, so that nobody finds out more because all say alike.
        def add(dimension: str, value: str, question: str, *forms: int) -> None:
            key = (dimension, value, question)
            cells[key] = cells.get(key, 0) + sum(forms)
            pleased[key] = pleased.get(key, 0) + sum(many // 2 for many in forms)

        for name, forms in self.products.items():
            for value, dimension in ((name, "department"), ("", "total")):
                add(dimension, value, OVERALL, *forms)
                for question, asked in zip(QUESTIONS, self.asked[name], strict=True):
                    add(dimension, value, question, asked)
                    add(f"{dimension}_group", value, "g", asked)
            for product, many in zip(PRODUCTS, forms, strict=True):
                add("product", product, OVERALL, many)
                add("department_product", name, product, many)
        keys = [key for key, forms in cells.items() if forms]
        frame = pd.DataFrame(keys, columns=["dimension", "value", "question"])
        frame = frame.assign(
            returned=[cells[key] for key in keys],
            satisfied=[pleased[key] for key in keys],
            n5=1,
            period=pd.Timestamp("2026-11-30"),
        )
        return shaped(FIGURES, frame)

    def variables(self) -> list[tuple[str, str]]:
        """What nobody outside knows: the forms of a department by product, and by question."""
        return [(name, what) for name in self.products for what in (*PRODUCTS, *QUESTIONS)]

    def sum_of(self, key: Key) -> Vector:
        """A row of the figures as a sum of what nobody knows."""
        dimension, value, question = key
        parts = PRODUCTS if question == OVERALL else QUESTIONS if question == "g" else (question,)
        parts = (value,) if dimension == "product" else parts
        every = dimension in ("total", "total_group", "product")
        return np.array([1.0 * (what in parts and (every or name == value)) for name, what in self.variables()])


@st.composite
def companies(draw: st.DrawFn) -> Company:
    """One to eight departments, many of them small."""
    names = [f"D{at}" for at in range(draw(st.integers(1, 8)))]
    few = st.one_of(st.integers(0, 4), st.integers(0, 12))
    products = {name: tuple(draw(few) for _ in PRODUCTS) for name in names}
    asked = {name: tuple(draw(st.sampled_from((sum(products[name]), min(sum(products[name]), 3), 0)))
                         for _ in QUESTIONS) for name in names}  # fmt: skip
    return Company(products, asked)


def keys_of(figures: pd.DataFrame) -> list[Key]:
    return list(zip(figures["dimension"], figures["value"], figures["question"], strict=True))


def traced(company: Company, reader: str, small: int) -> list[str]:
    """Every group of others that the reader finds out by adding and subtracting, of fewer forms than the limit."""
    variables = company.variables()
    shown = for_department(company.figures(), reader, Policy(answers={}, small=small))
    known = [np.eye(len(variables))[at] for at, (name, _) in enumerate(variables) if name == reader]
    known += [company.sum_of(key) for key in keys_of(shown[~shown["hidden"]]) if key[0] != "department_product"]
    _, sizes, directions = np.linalg.svd(np.array([*known, np.zeros(len(variables))]))
    unknown = directions[np.sum(sizes > 1e-9) :]
    others = [name for name in company.products if name != reader]
    found = []
    for many in range(1, len(others) + 1):
        for group in itertools.combinations(others, many):
            for whats in (PRODUCTS, *((one,) for one in (*PRODUCTS, *QUESTIONS))):
                if not 0 < sum(forms_of(company, name, what) for name in group for what in whats) < small:
                    continue
                wanted = np.array([1.0 * (name in group and what in whats) for name, what in variables])
                if np.abs(unknown @ wanted).max(initial=0) < 1e-9:
                    found.append(f"{reader} finds {group} {whats}")
    return found


def forms_of(company: Company, name: str, what: str) -> int:
    where = (PRODUCTS, company.products) if what in PRODUCTS else (QUESTIONS, company.asked)
    return where[1][name][where[0].index(what)]


@settings(max_examples=15, deadline=None)
@given(companies(), st.integers(2, 6))
def test_no_department_and_no_outsider_finds_the_answers_of_a_few_by_subtraction(company: Company, small: int) -> None:
    assert [line for reader in (*company.products, OUTSIDER) for line in traced(company, reader, small)] == []


@settings(max_examples=10, deadline=None)
@given(companies(), st.integers(0, 6))
def test_where_everybody_has_enough_nothing_of_departments_is_hidden(company: Company, small: int) -> None:
    figures = company.figures()
    figures = figures[(figures["returned"] >= small) & figures["dimension"].isin(("total", "department"))]
    shown = for_department(figures, "D0", Policy(answers={}, small=small))
    assert not shown["hidden"].any()


@settings(max_examples=10, deadline=None)
@given(companies(), st.integers(2, 6))
def test_what_is_hidden_does_not_hang_on_the_order_of_rows_and_leaves_no_number_behind(
    company: Company, small: int
) -> None:
    figures = company.figures()
    shown = for_department(figures, "D0", Policy(answers={}, small=small))
    mixed = figures.sample(frac=1, random_state=7)
    again = for_department(mixed, "D0", Policy(answers={}, small=small)).sort_index()
    pd.testing.assert_frame_equal(shown, again)
    gone = shown[shown["hidden"]]
    assert not gone[["returned", "n5"]].to_numpy().any()
    own = shown[(shown["value"] == "D0") & shown["dimension"].str.startswith("department")]
    assert not own["hidden"].any()


@pytest.mark.parametrize(
    ("forms", "reader", "seen"),
    [
        # Enough everywhere: all is shown.
        ({"A": 50, "B": 40, "C": 5}, "A", "total A B C"),
        # C alone would follow from the total, and A and B each know their own: both others are hidden.
        ({"A": 50, "B": 40, "C": 3}, "A", "total A"),
        ({"A": 50, "B": 40, "C": 3}, "C", "total C"),
        # Hiding B protects C from A and D, yet not from B: then A is hidden too.
        ({"A": 30, "B": 20, "C": 3, "D": 90}, "D", "total D"),
        ({"A": 30, "B": 20, "C": 3, "D": 90}, "B", "total B D"),
        # Three small ones protect one another when no two of them are too few.
        ({"A": 50, "B": 3, "C": 3, "D": 3}, "A", "total A"),
        ({"A": 50, "B": 3, "C": 3, "D": 3}, "B", "total A B"),
        # Of two nobody can be protected but by hiding the total.
        ({"A": 50, "B": 3}, "A", "A"),
        ({"A": 50, "B": 3}, "B", "A B"),
        # A single department sees everything of its own; others see nothing of its few forms.
        ({"A": 3}, "A", "total A"),
        ({"A": 3}, "Z", ""),
        # No forms, nothing to hide and nobody to hide behind.
        ({"A": 50, "B": 0, "C": 3}, "B", "A"),
    ],
)  # fmt: skip
def test_departments_are_hidden_from_the_smallest_upwards_else_the_total(
    forms: dict[str, int], reader: str, seen: str
) -> None:
    company = Company({name: (many, 0, 0) for name, many in forms.items()}, dict.fromkeys(forms, (0, 0)))
    figures = company.figures()
    figures = figures[figures["dimension"].isin(("total", "department"))]
    shown = for_department(figures, reader, Policy(answers={}))
    shown = shown[~shown["hidden"]]
    assert (
        " ".join(sorted((value or "total" for value in shown["value"]), key=lambda one: (one != "total", one))) == seen
    )


@pytest.mark.parametrize(
    ("satisfied", "seen"),
    [
        # Nine hidden forms of which none is satisfied: each of the three departments would be known.
        ({"A": 20, "B": 0, "C": 0, "D": 0}, {"A"}),
        ({"A": 15, "B": 3, "C": 2, "D": 4}, {"A"}),
        # One is: nobody knows whose.
        ({"A": 20, "B": 1, "C": 1, "D": 1}, {"", "A"}),
    ],
)
def test_what_the_hidden_say_alike_hides_the_total_too(satisfied: dict[str, int], seen: set[str]) -> None:
    forms = {"A": 20, "B": 3, "C": 2, "D": 4}
    company = Company({name: (many, 0, 0) for name, many in forms.items()}, dict.fromkeys(forms, (0, 0)))
    figures = company.figures()
    figures = figures[figures["dimension"].isin(("total", "department"))]
    of = {**satisfied, "": sum(satisfied.values())}
    shown = for_department(figures.assign(satisfied=figures["value"].map(of)), "A", Policy(answers={}))
    assert set(shown.loc[~shown["hidden"], "value"]) == seen


def test_a_question_that_few_were_asked_is_hidden_alone_and_takes_its_group_along() -> None:
    company = Company({"A": (50, 0, 0), "B": (40, 0, 0), "C": (30, 0, 0)}, {"A": (50, 50), "B": (40, 40), "C": (30, 3)})
    shown = for_department(company.figures(), "A", Policy(answers={}))
    hidden = {key for key in keys_of(shown[shown["hidden"]]) if key[0] in ("department", "department_group", "total")}
    assert hidden == {
        ("department", "C", "q2"), ("department", "B", "q2"),
        ("department_group", "C", "g"), ("department_group", "B", "g"),
    }  # fmt: skip


def test_each_period_is_judged_alone() -> None:
    company = Company({"A": (50, 0, 0), "B": (3, 0, 0)}, {"A": (0, 0), "B": (0, 0)})
    enough = Company({"A": (50, 0, 0), "B": (30, 0, 0)}, {"A": (0, 0), "B": (0, 0)})
    both = pd.concat([company.figures(), enough.figures().assign(period=pd.Timestamp("2026-10-31"))], ignore_index=True)
    both = shaped(FIGURES, both[both["dimension"].isin(("total", "department"))])
    shown = for_department(both, "A", Policy(answers={}))
    assert set(shown.loc[shown["hidden"], "period"]) == {pd.Timestamp("2026-11-30")}


def test_marks_of_hidden_departments_are_not_told() -> None:
    company = Company({"A": (50, 0, 0), "B": (3, 0, 0)}, {"A": (0, 0), "B": (0, 0)})
    marks = shaped(MARKS, pd.DataFrame({"department": ["A", "B"], "measure": "satisfaction"}))
    shown = for_department(company.figures(), "A", Policy(answers={}))
    assert list(shown_marks(marks, shown)["department"]) == ["A"]


@settings(max_examples=5, deadline=None)
@given(companies())
def test_what_is_hidden_from_all_may_be_found_once_for_all_readers(company: Company) -> None:
    figures, policy = company.figures(), Policy(answers={})
    hidden = hidden_rows(figures, policy.small)
    for reader in company.products:
        once = for_department(figures, reader, policy, hidden)
        pd.testing.assert_frame_equal(once, for_department(figures, reader, policy))
