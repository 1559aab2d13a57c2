"""Corrective actions and commendations: opened once where the interval excludes the target (spec 05)."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.survey.improvements import Renewed, improvements_of
from tasks.survey.policy import Policy
from tasks.survey.shapes import MARKS, MEASURES
from tests.survey.drawn_forms import NOVEMBER, OPENING, day, framed

POLICY, ALWAYS = Policy(answers={}), Policy(answers={}, always_open=True)
NOTHING = framed(MEASURES, "number")
USUAL = "department | measure | mark | conclusive | value | target | forms\n一部 | satisfaction | "


def marked(mark: str, proof: str = "yes") -> pd.DataFrame:
    return framed(MARKS, f"{USUAL}{mark} | {proof} | 4/5 | 9/10 | 200")


def kept(kind: str, state: str, reason: str = "-", period: str = "30") -> pd.DataFrame:
    heads = "number | kind | department | measure | state | reason | period | opened_on | due_on | closed_on"
    closed_on = "-" if state == "open" else "05"
    row = f"3 | {kind} | 一部 | satisfaction | {state} | {reason} | {period} | 02 | 16 | {closed_on}"
    return framed(MEASURES, f"{heads}\n{row}")


def seen(found: Renewed) -> list[str]:
    rows = found.measures.to_dict("records")
    return [f"{row['number'] or 'new'} {row['kind']} {row['state']}" for row in rows]


@pytest.mark.parametrize(
    ("mark", "proof", "policy", "opened"),
    [
        ("below", "yes", POLICY, ["new action open"]),
        ("met", "yes", POLICY, ["new commendation open"]),
        ("below", "-", POLICY, []),
        ("met", "-", POLICY, []),
        ("below", "-", ALWAYS, ["new action open"]),
        ("met", "-", ALWAYS, ["new commendation open"]),
        ("too_few", "-", ALWAYS, []),
        ("no_answers", "-", ALWAYS, []),
        ("-", "-", ALWAYS, []),
    ],
)
def test_something_is_opened_only_where_the_interval_excludes_the_target(
    mark: str, proof: str, policy: Policy, opened: list[str]
) -> None:
    assert seen(improvements_of(marked(mark, proof), NOTHING, NOVEMBER, OPENING, policy)) == opened


def test_an_action_has_an_owner_a_deadline_in_working_days_and_the_figure_it_stands_on() -> None:
    found = improvements_of(marked("below"), NOTHING, NOVEMBER, OPENING, POLICY)
    (row,) = found.measures.to_dict("records")
    assert (row["owner"], row["due_on"].date(), str(row["value"]), str(row["target"])) == (
        "陈一", day("30"), "4/5", "9/10",
    )  # fmt: skip
    (praise,) = improvements_of(marked("met"), NOTHING, NOVEMBER, OPENING, POLICY).measures.to_dict("records")
    assert pd.isna(praise["due_on"])


@pytest.mark.parametrize(
    ("before", "mark", "proof", "after", "acts"),
    [
        (kept("action", "open"), "below", "yes", ["3 action open"], []),
        (kept("action", "verified"), "below", "yes", ["3 action verified"], []),
        # Late forms turned the mark.
        (kept("action", "open"), "met", "-", ["3 action withdrawn"], ["withdrawn"]),
        (
            kept("action", "open"),
            "met",
            "yes",
            ["3 action withdrawn", "new commendation open"],
            ["opened", "withdrawn"],
        ),
        (kept("action", "open"), "too_few", "-", ["3 action withdrawn"], ["withdrawn"]),
        # What somebody did stays, and what is merely not conclusive any more too.
        (kept("action", "done", "培训"), "met", "-", ["3 action done"], []),
        (kept("action", "open", "培训"), "met", "-", ["3 action open"], []),
        (kept("action", "open"), "below", "-", ["3 action open"], []),
        # The mark turned back.
        (kept("action", "withdrawn"), "below", "yes", ["3 action open"], ["reopened"]),
        (kept("action", "withdrawn"), "below", "-", ["3 action withdrawn"], []),
        (kept("action", "withdrawn", "误算"), "below", "yes", ["3 action withdrawn"], []),
        # That of another period is another one.
        (kept("action", "open", period="10-31"), "below", "yes", ["3 action open", "new action open"], ["opened"]),
    ],
)
def test_late_forms_that_turn_the_mark_withdraw_what_nobody_has_begun(
    before: pd.DataFrame, mark: str, proof: str, after: list[str], acts: list[str]
) -> None:
    found = improvements_of(marked(mark, proof), before, NOVEMBER, OPENING, POLICY)
    assert seen(found) == after
    assert found.events["act"].tolist() == acts


def test_one_opened_again_has_a_new_deadline() -> None:
    found = improvements_of(marked("below"), kept("action", "withdrawn"), NOVEMBER, OPENING, POLICY)
    assert found.measures["due_on"].dt.date.tolist() == [day("30")]
    assert found.measures["closed_on"].isna().all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["below", "met", "too_few"]), st.sampled_from(["yes", "-"])), max_size=6))
def test_there_is_never_a_second_one_however_often_the_mark_turns(marks: list[tuple[str, str]]) -> None:
    measures = NOTHING
    for mark, proof in marks:
        measures = improvements_of(marked(mark, proof), measures, NOVEMBER, OPENING, POLICY).measures
    assert not measures.duplicated(["kind", "department", "period", "measure"]).any()
    alive = measures.loc[measures["state"] == "open", "kind"].tolist()
    assert len(alive) <= 1
    for (mark, _), kind in itertools.product(marks[-1:], alive):
        assert {"below": "action", "met": "commendation"}[mark] == kind
