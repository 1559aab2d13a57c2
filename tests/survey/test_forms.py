"""Forms as delivered become answers: what a word means, which columns are questions, which version counts."""

from __future__ import annotations

import pytest

from tasks.survey.answers import answer_code
from tasks.survey.forms import Read, read_forms
from tasks.survey.shapes import NO_ANSWER, NOT_APPLICABLE, UNKNOWN
from tests.survey.drawn_answers import HOUSE, drawn_responses, read


def questions(read: Read) -> list[str]:
    return list(read.questions["name"])[:-1]


def answers(read: Read) -> list[list[int]]:
    return [[int(code) for code in row] for row in read.answers.to_numpy()]


def noted(read: Read) -> list[str]:
    return [f"{one.key}: {dict(one.parameters)['headings']}" for one in read.notes]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("很满意", 5), (" 比较 满意。", 4), ("滿意", 4), ("5", 5), ("５", 5), ("5.0", 5), ("1", 1), ("", NO_ANSWER),
        ("  ", NO_ANSWER), ("—", NO_ANSWER), ("非常满意", UNKNOWN), ("不适用", UNKNOWN), ("6", UNKNOWN),
        ("5.5", UNKNOWN), ("55", UNKNOWN),
        # What programs write for skipped is no rating.
        ("-3", UNKNOWN), ("-1", UNKNOWN), ("−2", UNKNOWN),
    ],
)  # fmt: skip
def test_only_known_words_are_answers_and_a_minus_is_not_overlooked(cell: str, code: int) -> None:
    assert answer_code(cell, HOUSE) == code


def test_columns_of_numbers_days_and_free_text_are_no_questions_and_are_named() -> None:
    free = [f"意见{at}" for at in range(22)] + ["满意"]
    rows = "\n".join(
        f"很满意 | {20 + at} | 2026-11-0{at % 9 + 1} | {text} | | 非常满意" for at, text in enumerate(free)
    )
    found = read(f"质量 | 年龄 | 日期 | 最满意的是 | 空列 | 外观\n{rows}\n满意 | 5 | 1 | | | 满意")
    assert questions(found) == ["质量", "外观"]
    assert noted(found) == ["survey_count.note.no_question: 年龄, 日期, 最满意的是"]


def test_what_the_house_lists_is_a_question_and_what_it_sets_aside_is_none() -> None:
    sheet = "质量 | 人数 | 外观\n满意 | 3 | x\n满意 | 2 | y"
    assert questions(read(sheet)) == ["质量", "人数"]
    assert questions(read(sheet, asides=frozenset({"人数"}), groups={"产品": ("外观",)})) == ["外观", "质量"]
    listed = read(sheet, listed_only=True, groups={"产品": ("外观", "质量")})
    assert (questions(listed), noted(listed)) == (["外观", "质量"], [])
    assert list(listed.questions["group"]) == ["产品", "产品", ""]


def test_a_renamed_question_is_the_same_as_under_its_new_name() -> None:
    older = read("态度好吗？ | 质量\n满意 | 5", renames={"态度好吗": "服务态度"})
    newer = read("服务态度 | 质量\n满意 | 5")
    assert questions(older) == questions(newer) == ["服务态度", "质量"]
    assert answers(older) == answers(newer)


def test_an_old_and_a_new_heading_in_one_sheet_fill_each_other_and_differences_are_told() -> None:
    found = read("态度好吗 | 服务态度\n | 5\n4 |\n4 | 5", renames={"态度好吗": "服务态度"})
    assert answers(found) == [[5], [4], [4]]
    assert noted(found) == ["survey_count.note.twice: 服务态度"]


def test_a_form_is_asked_only_what_stands_in_its_own_sheet() -> None:
    found = read("质量 | 外观\n5 | 4\n5 | 4", "外观 | 服务\n | 3")
    assert questions(found) == ["质量", "外观", "服务"]
    assert answers(found) == [[5, 4, -3], [5, 4, -3], [-3, 0, 3]]


def test_a_column_headed_overall_is_not_taken_for_the_overall_rating() -> None:
    found = read("Overall | overall\n5 | 1")
    assert list(found.questions["question"]) == ["overall (2)", "overall"]


@pytest.mark.parametrize(
    ("sheet", "counting"),
    [
        ("form | returned | overall\nW-1 | 05 | 5\nW-1 | 03 | 4", "5"),
        ("form | returned | overall\nW-1 | 03 | 5\nW-1 | 05 | 4", "4"),
        ("form | returned | overall\nW-1 | 05 | 5\nW-1 | 05 | 4", "4"),
        ("form | returned | overall\nW-1 | 05 | 5\nW-1 | | 4", "4"),
        ("form | returned | overall\nW-1 | | 5\nW-1 | 03 | 4", "4"),
        # The number of a form is looked at within its period.
        ("form | period | overall\nW-1 | 30 | 5\nW-1 | 10-31 | 4", "54"),
    ],
)
def test_of_two_versions_the_one_that_came_back_later_counts_else_the_one_delivered_later(
    sheet: str, counting: str
) -> None:
    forms = read(sheet).forms
    assert "".join(str(code) for code in forms.loc[forms["counts"], "overall"]) == counting


def test_a_word_that_nobody_explained_is_asked_about_once_for_each_answer_that_counts() -> None:
    found = read("form | overall | 质量 | 外观\nW-1 | 5 | 棒 | 4\nW-1 | 非常满意 | 棒 | 4\nW-2 | 5 | 5 | -3").unknowns
    asked = sorted(zip(found["form"], found["name"], found["value"], found["row"], strict=True))
    assert asked == [("W-1", "", "非常满意", 3), ("W-1", "质量", "棒", 3), ("W-2", "外观", "-3", 4)]


def test_configured_words_say_no_answer_or_not_applicable() -> None:
    words = {**HOUSE.answers, "-3": NO_ANSWER, "不适用": NOT_APPLICABLE}
    assert answers(read("质量\n-3\n不适用\n3", answers=words)) == [[0], [-1], [3]]


def test_names_that_differ_in_spaces_or_width_are_one_department() -> None:
    assert set(read("department | 质量\n客运部 | 5\n客运 部 | 5\n客运部 | 5").forms["department"]) == {"客运部"}


def test_cells_may_be_written_with_spaces_between_them() -> None:
    responses, layouts = drawn_responses("质量 | 外观\n5 | 4\n3 | 2")
    spaced = responses.assign(answers=responses["answers"].str.replace(",", " , ", regex=False))
    assert answers(read_forms(spaced, layouts, HOUSE)) == [[5, 4], [3, 2]]


def test_no_forms_are_no_fault() -> None:
    responses, layouts = drawn_responses("质量\n5")
    found = read_forms(responses.iloc[:0], layouts, HOUSE)
    assert (len(found.forms), list(found.questions["question"])) == (0, ["overall"])


def test_a_survey_period_that_names_no_month_is_said() -> None:
    responses, layouts = drawn_responses("质量\n满意\n满意\n满意\n满意")
    written = responses.assign(survey_period=["2026-11", "胡写", "", "胡写"])
    [note] = read_forms(written, layouts, HOUSE).notes
    assert (note.key, note.parameters) == ("survey_count.note.period_unread", (("count", "2"), ("words", "胡写")))
