"""What a run did by itself to cases, actions and commendations is said in the report (spec 05)."""

from __future__ import annotations

from tasks.adapters.speech import spoken
from tasks.survey.complaints import Renewal, fresh_cases, renewed_cases
from tasks.survey.improvements import improvements_of
from tasks.survey.policy import Policy
from tasks.survey.renewals import case_notes, measure_notes
from tasks.survey.shapes import MARKS, MEASURES
from tests.survey.drawn_forms import NOVEMBER, OPENING, drawn_cases, drawn_forms, framed

POLICY = Policy(answers={})


def renewed(kept: str, forms: str) -> Renewal:
    drawn = drawn_forms(forms)
    fresh = fresh_cases(drawn.forms, drawn.answers, drawn.questions, POLICY, OPENING)
    return renewed_cases(drawn_cases(kept), fresh, drawn.forms, OPENING)


def test_cases_withdrawn_and_opened_again_are_named_with_their_forms() -> None:
    kept = "case | form | question | state\n7 | W-1 | 质量 | open\n8 | W-2 | 质量 | open\n9 | W-3 | 质量 | withdrawn"
    found = case_notes(renewed(kept, "form | 质量\nW-1 | 4\nW-2 | 5\nW-3 | 1\nW-4 | 1"))
    assert [spoken(one, "en") for one in found] == [
        "2 complaint cases were withdrawn, for their forms no longer say so: 7 (W-1), 8 (W-2).",
        "1 withdrawn complaint cases are open again, for their forms say so once more: 9 (W-3).",
    ]


def test_many_cases_are_named_up_to_a_limit() -> None:
    kept = "case | form | question\n" + "\n".join(f"{at} | W-{at} | 质量" for at in range(1, 12))
    forms = "form | 质量\n" + "\n".join(f"W-{at} | 5" for at in range(1, 12))
    (found,) = case_notes(renewed(kept, forms))
    assert spoken(found, "zh_CN").endswith("8 (W-8)；另有 3 项。")


def test_an_action_that_late_forms_turned_is_named_with_its_department() -> None:
    kept = "number | kind | department | measure | state | period\n3 | action | 一部 | satisfaction | open | 30"
    marks = framed(MARKS, "department | measure | mark\n一部 | satisfaction | met")
    (found,) = measure_notes(improvements_of(marks, framed(MEASURES, kept), NOVEMBER, OPENING, POLICY))
    assert spoken(found, "en").endswith("for late forms turned the mark: 3 (一部).")


def test_a_run_that_changes_nothing_says_nothing() -> None:
    assert case_notes(renewed("case | form | question\n7 | W-1 | 质量", "form | 质量\nW-1 | 1\nW-2 | 1")) == ()
    nothing = improvements_of(framed(MARKS, "department"), framed(MEASURES, "number"), NOVEMBER, OPENING, POLICY)
    assert measure_notes(nothing) == ()
