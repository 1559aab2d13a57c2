"""Sheets of a survey as departments send them: which columns are questions, which month a form counts to."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.sheet import RawSheet, RefusedFile
from tasks.intake.core import Delivery, read_delivery
from tasks.intake.survey_rows import counted_in, period_named
from tasks.intake.wide_sheets import ANSWER_CHARACTERS
from tests.reading.files import DATASETS, NOTHING_KNOWN, WORDS, Failed, Written, csv, read, reasons, xlsx

KNOWN = ["问卷编号", "部门", "客户", "回收日期", "客户总体评价"]
FORM = ["W-1", "一部", "华东电力", "2026-11-03", "很满意"]


def returned(*rows: Sequence[Written], name: str = "responses.csv") -> Delivery:
    """What a file with these rows delivers, headings first."""
    return read(csv(rows), "responses", name, NOTHING_KNOWN)


def drawn(rows: Sequence[Sequence[Written]], *merged: tuple[int, int, int, int]) -> Delivery:
    """What a sheet with merged cells delivers."""
    cells = [[cell if isinstance(cell, str | int | float) else "" for cell in row] for row in rows]
    sheet = RawSheet("S", cells, merged=merged)
    return read_delivery(DATASETS["responses"], [sheet], "responses.xlsx", NOTHING_KNOWN, WORDS)


def answers(delivery: Delivery) -> list[dict[str, str]]:
    """What each form answered, by the heading of the question; blank ones are left out."""
    layouts = {layout.key: layout.headings for layout in delivery.layouts}
    return [
        {heading: text for heading, text in zip(layouts[layout], json.loads(texts), strict=True) if text}
        for layout, texts in zip(delivery.rows["layout"], delivery.rows["answers"], strict=True)
    ]


def noticed(delivery: Delivery) -> list[str]:
    """What is said of the file, by the last word of each notice."""
    return [one.key.rsplit(".", 1)[1] for one in delivery.notices]


@pytest.mark.parametrize(
    ("written", "returned_on", "stated", "month"),
    [
        ("2026-11", "2026-12-02", "", "2026-11-30"),
        ("2026年11月", "", "", "2026-11-30"),
        ("2026年2月份", "", "", "2026-02-28"),
        ("２０２６／０２", "", "", "2026-02-28"),
        ("202611", "", "", "2026-11-30"),
        ("2026-11-03", "", "", "2026-11-30"),
        ("2026.1", "", "", "2026-01-31"),
        ("2026Q4", "", "", "2026-12-31"),
        ("2026-q1", "", "", "2026-03-31"),
        ("Q2 2026", "", "", "2026-06-30"),
        ("2026年第四季度", "", "", "2026-12-31"),
        ("2026年3季度", "", "", "2026-09-30"),
        ("2026年上半年", "", "", "2026-06-30"),
        ("2026H2", "", "", "2026-12-31"),
        ("2026", "", "", "2026-12-31"),
        ("2026年度", "", "", "2026-12-31"),
        ("Nov 2026", "", "", "2026-11-30"),
        ("2026 November", "", "", "2026-11-30"),
        ("11月", "2026-12-02", "", "2026-11-30"),
        ("12月", "2027-01-04", "", "2026-12-31"),
        ("第三期", "2026-11-03", "", "2026-11-30"),
        ("2026-13", "2026-11-03", "", "2026-11-30"),
        ("", "2026-11-03", "2026-12-05", "2026-11-30"),
        ("", "", "2026-12-05", "2026-12-31"),
        ("11月", "", "", ""),
        ("", "", "", ""),
        ("1899", "", "", ""),
    ],
)
def test_a_form_counts_to_the_month_that_it_names_else_of_its_return_else_of_its_file(
    written: str, returned_on: str, stated: str, month: str
) -> None:
    days = [dt.date.fromisoformat(text) if text else None for text in (returned_on, stated)]
    assert str(counted_in(written, *days) or "") == month


@given(st.text(max_size=12))
def test_no_text_stops_the_reading_of_a_period(text: str) -> None:
    found = period_named(text, dt.date(2026, 11, 3))
    assert found is None or (found + dt.timedelta(days=1)).day == 1


def test_every_further_column_with_a_heading_and_an_answer_is_a_question() -> None:
    found = returned(
        [*KNOWN, "产品质量", "外观", "", "从未回答", "意见建议", "序号"],
        [*FORM, "很满意", "５", "随手", "", "快一点", "1"],
        ["W-2", *FORM[1:4], "", "5.0", "没用过", "", "", "", "2"],
    )
    assert answers(found) == [{"产品质量": "很满意", "外观": "5"}, {"产品质量": "5", "外观": "没用过"}]
    assert found.layouts[0].headings == ("产品质量", "外观")
    assert list(found.rows["overall"]) == ["很满意", ""]
    assert noticed(found) == ["no_heading"]


def test_answers_stand_as_they_are_shown_also_errors_and_days() -> None:
    rows: list[list[Written]] = [[*KNOWN, "a", "b", "c", "d"], [*FORM, 5, 4.5, dt.date(2026, 11, 1), Failed("#REF!")]]
    found = read(xlsx(rows), "responses", "r.xlsx", NOTHING_KNOWN)
    assert answers(found) == [{"a": "5", "b": "4.5", "c": "2026-11-01", "d": "#REF!"}]


def test_questions_under_their_groups_in_a_second_row_of_headings() -> None:
    upper = ["问卷编号", "部门", "客户", "回收日期", "质量", "", "服务", "客户总体评价"]
    lower = ["", "", "", "", "产品质量", "包装", "态度", ""]
    form = [*FORM[:4], "很满意", "5", "4", "满意"]
    spaced = [text or " " for text in lower]
    for found in (returned(["客户满意度调查"], upper, lower, form), returned(upper, lower, form),
                  returned(upper, spaced, form)):  # fmt: skip
        assert answers(found) == [{"产品质量": "很满意", "包装": "5", "态度": "4"}]
        assert found.layouts[0].groups == ("质量", "质量", "服务")
        assert (len(found.rows), len(found.quarantined)) == (1, 0)


def test_merged_cells_say_which_questions_a_group_has() -> None:
    upper = ["问卷编号", "部门", "客户", "质量", "", "速度", "客户总体评价"]
    lower = ["", "", "", "产品质量", "包装", "交货", ""]
    merged = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 4), (0, 6, 1, 6)]
    found = drawn([upper, lower, ["W-1", "一部", "华东", "5", "4", "3", "满意"]], *merged)
    assert found.layouts[0].headings == ("产品质量", "包装", "交货")
    assert found.layouts[0].groups == ("质量", "质量", "速度")
    whole = drawn([upper, ["W-1", "一部", "华东", "5", "4", "3", "满意"]], (0, 3, 0, 4))
    assert answers(whole) == [{"质量": "5", "速度": "3"}]
    assert noticed(whole) == ["no_heading"]


def test_a_row_of_groups_above_whole_headings_and_a_title_that_is_none() -> None:
    groups = ["", "", "", "", "", "质量", "", "服务"]
    heads = [*KNOWN, "产品质量", "包装", "态度"]
    found = returned(groups, heads, [*FORM, "5", "4", "3"])
    assert found.layouts[0].groups == ("质量", "质量", "服务")
    titled = returned(["满意度调查表", "", "", "", "", "", "", ""], heads, [*FORM, "5", "4", "3"])
    assert titled.layouts[0].groups == ("", "", "")
    spread = drawn([["满意度调查表", *[""] * 7], heads, [*FORM, "5", "4", "3"]], (0, 0, 0, 7))
    assert spread.layouts[0].groups == ("", "", "")


def test_a_row_that_says_nothing_but_answers_is_set_aside_and_never_a_heading() -> None:
    found = returned([*KNOWN, "质量", "服务"], ["", "", "", "", "", "不满意", "不满意"], [*FORM, "5", "5"])
    assert (len(found.rows), reasons(found)) == (
        1,
        [("问卷编号", "missing"), ("部门", "missing"), ("客户", "missing")],
    )


@pytest.mark.parametrize(
    ("groups", "first", "second", "asked", "notice"),
    [
        (("", ""), "5", "", ("态度",), ["question_completed"]),
        (("", ""), "5", "很满意", ("态度", "态度 (2)"), ["question_twice"]),
        (("售前", "售后"), "5", "4", ("售前·态度", "售后·态度"), []),
    ],
)
def test_equal_headings_are_one_question_or_two_and_never_one_that_hides_the_other(
    groups: tuple[str, str], first: str, second: str, asked: tuple[str, ...], notice: list[str]
) -> None:
    heads = [*KNOWN, "态度", "态度"]
    found = returned(["", "", "", "", "", *groups], heads, [*FORM, first, second], ["W-2", *FORM[1:], "", "3"])
    assert found.layouts[0].headings == asked
    assert noticed(found) == notice
    said = [[text for text in (first, second) if text], ["3"]]
    assert [list(one.values()) for one in answers(found)] == said


def test_what_is_no_form_is_set_aside_and_a_blank_rating_is_taken() -> None:
    found = returned(
        [*KNOWN, "质量"],
        ["W-1", "一部", "华东", "", "", "5"],
        ["W-2", "", "华东", "2026-11-03", "5", "5"],
        ["W-3", "一部", "", "2026-11-03", "5", "5"],
        ["W-4", "一部", "华东", "三号", "5", "5"],
        ["W-5", "一部", "华东", "2026-11-03", "5", "x" * (ANSWER_CHARACTERS - 1)],
    )
    assert list(found.rows["form"]) == ["W-1", "W-5"]
    assert reasons(found) == [("部门", "missing"), ("客户", "missing"), ("回收日期", "not_a_date")]
    assert list(found.quarantined["row_key"]) == ["W2:2026-11", "W3:2026-11", "W4"]
    assert [str(day.date()) for day in found.quarantined["date"].dropna()] == ["2026-11-30", "2026-11-30"]


def test_an_answer_that_is_a_letter_sets_its_form_aside() -> None:
    sheet = RawSheet("S", [[*KNOWN, "质量"], [*FORM, "好" * (ANSWER_CHARACTERS + 1)]])
    found = read_delivery(DATASETS["responses"], [sheet], "a.csv", NOTHING_KNOWN, WORDS)
    assert (len(found.rows), reasons(found)) == (0, [("质量", "too_long")])


def test_a_sheet_without_the_overall_rating_is_refused_and_says_which_heading_it_lacks() -> None:
    with pytest.raises(RefusedFile) as wrong:
        returned([*KNOWN[:4], "质量"], [*FORM[:4], "5"])
    assert dict(wrong.value.reason.parameters)["headings"] == "客户总体评价/Overall rating"


def test_two_hundred_columns_and_signs_that_no_text_may_hold() -> None:
    heads = [f"Q{number}" for number in range(190)]
    sheet = RawSheet("S", [[*KNOWN, *heads], [*FORM, "a\x00b", *["5"] * 189]])
    found = read_delivery(DATASETS["responses"], [sheet], "a.xlsx", NOTHING_KNOWN, WORDS)
    assert len(answers(found)[0]) == 190
    assert answers(found)[0]["Q0"] == "ab"


CELLS = st.sampled_from(["", "", "5", "很满意", " ", "不适用", "#N/A", "1,5", '"', "\\", "是\n否"])
HEADS = st.sampled_from(["质量", "服务", "速度", "价格", "质量 ", "质量*", "", "Q1"])


@given(
    heads=st.lists(HEADS, min_size=1, max_size=6),
    rows=st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=5),
)
def test_no_answer_is_lost(heads: list[str], rows: list[list[str]]) -> None:
    forms = [[f"W-{number}", *FORM[1:], *row[: len(heads)]] for number, row in enumerate(rows)]
    sheet = RawSheet("S", [[*KNOWN, *heads], *forms])
    found = read_delivery(DATASETS["responses"], [sheet], "a.csv", NOTHING_KNOWN, WORDS)
    assert len(found.rows) == len(rows)
    for given_row, kept in zip(rows, answers(found), strict=True):
        headed = [cell for head, cell in zip(heads, given_row, strict=False) if head.strip()]
        assert {" ".join(cell.split()) for cell in headed if cell.strip()} == set(kept.values())


@given(order=st.permutations(range(4)))
def test_the_order_of_the_columns_makes_no_other_content(order: list[int]) -> None:
    heads, cells = ["质量", "服务", "速度", "价格"], ["5", "4", "", "不满意"]
    plain = returned([*KNOWN, *heads], [*FORM, *cells])
    moved = returned([*KNOWN, *(heads[at] for at in order)], [*FORM, *(cells[at] for at in order)])
    assert list(plain.rows["content_key"]) == list(moved.rows["content_key"])


@given(
    groups=st.lists(st.sampled_from(["", "质量", "服务", "其他"]), min_size=5, max_size=5),
    heads=st.lists(st.sampled_from(["", "外观", "态度", "速度"]), min_size=5, max_size=5),
    cells=st.lists(st.sampled_from(["", "5", "4", "不满意"]), min_size=5, max_size=5),
)
def test_no_answer_is_lost_in_two_rows_of_headings(groups: list[str], heads: list[str], cells: list[str]) -> None:
    found = returned([*KNOWN, *groups], [*[""] * len(KNOWN), *heads], [*FORM, *cells])
    read_as_heading = any(head and not group for group, head in zip(groups, heads, strict=True))
    if not read_as_heading:
        # Nothing tells such a row of headings from answers without a form: it is set aside, never dropped.
        assert len(found.quarantined) == (3 if any(heads) else 0)
    headed = [cell for group, head, cell in zip(groups, heads, cells, strict=True) if cell and (group or head)]
    assert set(answers(found)[0].values()) == set(headed)


def test_a_further_column_that_might_mean_a_known_one_is_kept_as_a_question() -> None:
    heads = [
        "问卷编号",
        "业务部",
        "部门",
        "客户",
        "回收日期",
        "提交时间",
        "客户总体评价",
        "总体满意度",
        "服务",
        "建议",
        "备注",
    ]
    form = ["W-1", "一部", "二部", "华东", "2026-11-03", "2026-11-03 12:01", "5", "4", "3", "好", "加急"]
    found = returned(heads, form)
    assert found.rows[["department", "overall", "remark"]].to_numpy().tolist() == [["二部", "5", "好"]]
    kept = {"业务部": "一部", "提交时间": "2026-11-03 12:01", "总体满意度": "4", "服务": "3", "备注": "加急"}
    assert (answers(found), found.notices) == ([kept], ())


def test_two_columns_that_might_both_be_the_department_set_rows_aside_in_which_they_differ() -> None:
    heads = ["问卷编号", "业务部", "部门名称", "客户", "客户总体评价"]
    found = returned(heads, ["W-1", "一部", "二部", "华东", "5"], ["W-2", "一部", "一部", "华东", "5"])
    assert (list(found.rows["form"]), reasons(found)) == (["W-2"], [("业务部", "headings_differ")])
