"""Forms of a survey as they are kept: answers as written, every version, each row told in its own month."""

from __future__ import annotations

import datetime as dt
import json

from tasks.intake.steps import SURVEY, quarantined_of_period, rows_of_period
from tasks.intake.survey_tables import dispatches, followups, responses, survey_layouts
from tasks.intake.tables import changes
from tests.keeping.company import NOW, Company
from tests.keeping.surveying import CALLED, FORM, called, returned, sent

FIRST, LAST = dt.date(2026, 11, 1), dt.date(2026, 11, 30)


def counted(company: Company, first: dt.date = FIRST, last: dt.date = LAST) -> dict[str, tuple[int, ...]]:
    """Read, accepted, quarantined, repeated rows of the days by dataset."""
    with company.store.reading() as connection:
        found = rows_of_period(connection, last, SURVEY, since=first)
    return {name: tuple(counts.values()) for name, counts in found.items()}


def test_answers_are_kept_as_written_beside_the_headings_of_their_sheet(company: Company) -> None:
    returned(company, ("W-0012", "华东电力", "2026-11-03", "很满意", "5", "非常满意"))
    company.take_in()
    assert company.rows(responses, "form", "form_key", "overall", "answers", "counted_in", "delivered") == [
        ("W-0012", "W0012", "很满意", '["5","非常满意"]', "2026-11-30", 1)
    ]
    assert company.rows(responses, "department", "channel", "member", "customer_key") == [
        ("第1业务部", "电话", "", "华东电力")
    ]
    [(layout, headings, groups)] = company.rows(survey_layouts, "layout", "headings", "groups")
    assert (headings, groups) == ('["产品质量", "服务态度"]', '["", ""]')
    assert company.rows(responses, "layout") == [(layout,)]
    assert company.verified() == []


def test_the_same_form_again_is_a_repeat_and_another_content_a_version_beside_it(company: Company) -> None:
    first = ("W-1", "华东电力", "2026-11-03", "很满意", "5", "4")
    returned(company, first, first, (*first[:3], "不满意", "1", "4"))
    line = company.take_in().datasets[0]
    assert (line.read, line.accepted, line.repeated) == (3, 2, 1)
    returned(company, ("w 1", *first[1:]), (*first[:3], "基本满意", "3", "4"), name="later.csv")
    assert company.take_in().datasets[0].repeated == 1
    assert company.rows(responses, "delivered", "overall") == [(1, "很满意"), (3, "不满意"), (5, "基本满意")]
    assert company.rows(changes, "key") == []
    assert counted(company)["responses"] == (5, 3, 0, 2)
    assert company.verified() == []


def test_a_column_more_or_in_another_place_makes_no_version_unless_it_says_something(company: Company) -> None:
    form = ("W-1", "华东电力", "2026-11-03", "很满意")
    returned(company, (*form, "5", "4"))
    returned(company, (*form, "4", "5", ""), ("W-2", *form[1:], "4", "5", "3"),
             questions=("服务态度", "产品质量", "价格"), name="s.csv")  # fmt: skip
    lines = company.take_in().datasets
    assert (lines[0].read, lines[0].accepted, lines[0].repeated) == (3, 2, 1)
    returned(company, (*form, "4", "5", "3"), questions=("服务态度", "产品质量", "价格"), name="t.csv")
    company.take_in()
    assert len(company.rows(responses, "form")) == 3
    assert len(company.rows(survey_layouts, "layout")) == 2


def test_a_form_sent_and_a_service_are_updated_by_their_keys_and_the_value_before_is_kept(company: Company) -> None:
    sent(company, ("W-1", "华东电力", "2026-11-01"))
    called(company, ("华东电力", "2026-11-03", ""), ("华东电力", "2026-11-09", ""))
    company.take_in()
    sent(company, ("W1", "华东电力", "2026-11-02"), name="later.csv")
    called(company, ("华东 电力", "2026-11-03", "2026-11-05"), name="later.csv")
    company.take_in()
    assert company.rows(dispatches, "form", "sent_on", "member") == [("W-1", "2026-11-02", "yes")]
    assert company.rows(followups, "customer", "service_on", "called_on", "caller") == [
        ("华东电力", "2026-11-03", "2026-11-05", "李"),
        ("华东电力", "2026-11-09", "NaT", "李"),
    ]
    assert company.rows(changes, "dataset", "key", "field", "before", "after") == [
        ("dispatches", "W-1:2026-11-30", "sent_on", "2026-11-01", "2026-11-02"),
        ("followups", "华东电力:2026-11-03", "called_on", "", "2026-11-05"),
    ]


def test_a_row_counts_to_its_own_month_whatever_the_name_of_its_file_says(company: Company) -> None:
    returned(
        company,
        ("W-1", "华东电力", "2026-11-03", "5", "5", "5"),
        ("W-2", "华东电力", "2026-10-03", "5", "5", "5"),
        ("W-3", "", "2026-11-04", "5", "5", "5"),
        ("W-4", "华东电力", "", "5", "5", "5"),
        name="调查_20261005.csv",
    )
    sent(company, ("W-1", "华东电力", "2026-10-31"), ("W-2", "", "2026-11-01"), name="20261201.csv")
    called(company, ("华东电力", "2026-11-30", "好的"))
    company.take_in()
    assert counted(company) == {"dispatches": (1, 0, 1, 0), "responses": (2, 1, 1, 0), "followups": (1, 0, 1, 0)}
    october = counted(company, dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    assert (october["responses"], october["dispatches"]) == ((2, 2, 0, 0), (1, 1, 0, 0))
    assert counted(company, dt.date(2026, 10, 1))["responses"] == (4, 3, 1, 0)
    with company.store.reading() as connection:
        cells = quarantined_of_period(connection, LAST, SURVEY, since=FIRST)
    assert list(cells["column"]) == ["客户", "回访日期", "客户"]
    assert company.verified() == []


def test_a_form_without_any_day_counts_to_the_month_in_which_it_came(company: Company) -> None:
    returned(company, ("W-1", "华东电力", "", "5", "5", "5"))
    company.take_in()
    assert company.rows(responses, "counted_in", "returned_on") == [("2026-11-30", "NaT")]
    assert counted(company)["responses"] == (1, 1, 0, 0)


def test_a_form_that_came_again_without_its_fault_is_no_more_to_be_mended(company: Company) -> None:
    returned(company, ("W-1", "", "2026-11-04", "5", "5", "5"))
    called(company, ("华东电力", "2026-11-03", "好的"))
    company.take_in()
    returned(company, ("W-1", "华东电力", "2026-11-04", "5", "5", "5"), name="mended.csv")
    called(company, ("华东电力", "2026-11-20", ""), name="another.csv")
    company.take_in()
    with company.store.reading() as connection:
        cells = quarantined_of_period(connection, LAST, SURVEY, since=FIRST)
    assert list(cells["dataset"]) == ["followups"]


def test_headings_in_traditional_chinese_and_english_and_words_of_membership(company: Company) -> None:
    company.drop("responses", "tw.csv", [
        ["問卷編號", "部門", "客戶", "會員", "回收日期", "總體評價", "產品質量"],
        ["W-1", "第1業務部", "華東電力", "是", "2026/11/3", "滿意", "很滿意"],
    ])  # fmt: skip
    company.drop("responses", "en.csv", [
        ["Form number*", "Department*", "Customer*", "Member", "Returned on", "Overall rating*", "Product quality"],
        ["W-2", "第1业务部", "East Power", "no", "3 Nov 2026", "satisfied", "very satisfied"],
    ])  # fmt: skip
    company.drop("followups", "en.csv", [["Customer", "Service date", "Called on"], ["East Power", "2026-11-03", ""]])
    company.take_in()
    kept = company.rows(responses, "form", "member", "returned_on", "overall", "answers")
    assert kept == [
        ("W-1", "yes", "2026-11-03", "滿意", '["很滿意"]'),
        ("W-2", "no", "2026-11-03", "satisfied", '["very satisfied"]'),
    ]
    assert company.rows(followups, "customer_key") == [("eastpower",)]
    assert len(FORM) + len(CALLED) == 15


def test_numbers_that_begin_anew_overwrite_nothing(company: Company) -> None:
    for year in (2025, 2026):
        forms = ("1", "华东电力", "", "5", "5", "5"), ("2", f"客户{year}", "", "5", "5", "5")
        returned(company, *forms, name=f"调查_{year}-12-31.csv")
        sent(company, ("1", "华东电力", f"{year}-12-01"), name=f"发放{year}.csv")
    company.take_in()
    assert company.rows(responses, "form", "counted_in")[:2] == [("1", "2025-12-31"), ("1", "2026-12-31")]
    assert company.rows(dispatches, "form", "sent_on") == [("1", "2025-12-01"), ("1", "2026-12-01")]


def test_undated_forms_that_come_again_next_month_are_repeats(company: Company) -> None:
    for name, day in (("a.csv", 20), ("b.csv", 52)):
        returned(company, ("1", "华东电力", "", "5", "5", "5"), ("2", "华东电力", "", name, "", ""), name=name)
        company.take_in(now=NOW + dt.timedelta(days=day - 20))
    assert company.rows(responses, "form", "counted_in", "overall") == [
        ("1", "2026-11-30", "5"),
        ("2", "2026-11-30", "a.csv"),
        ("2", "2026-12-31", "b.csv"),
    ]


def test_a_weight_is_rounded_to_four_places(company: Company) -> None:
    weights = ["1.0455967742", "0.00005", "", "2", "-1"]
    rows = [[str(number), "一部", "华东", "5", weight] for number, weight in enumerate(weights)]
    company.drop("responses", "r.csv", [["问卷编号", "部门", "客户", "总体评价", "权重"], *rows])
    assert company.take_in().datasets[0].quarantined == 1
    assert company.rows(responses, "form", "weight") == [("0", 10456), ("1", 1), ("2", None), ("3", 20000)]


def test_a_form_of_another_month_under_the_same_number_mends_nothing(company: Company) -> None:
    returned(company, ("1", "", "2026-10-04", "5", "5", "5"), ("2", "华东电力", "三号", "5", "5", "5"))
    company.take_in()
    rows = [(number, "华东电力", "2026-11-04", "5", "5", "5") for number in ("1", "2")]
    returned(company, *rows, name="november.csv")
    company.take_in()
    with company.store.reading() as connection:
        cells = quarantined_of_period(connection, LAST, SURVEY, since=dt.date(2026, 10, 1))
    assert list(cells["column"]) == ["客户"]


def test_a_name_longer_than_its_column_sets_its_row_aside(company: Company) -> None:
    returned(company, ("1", "甲" * 300, "2026-11-04", "5", "5", "5"), ("2", "乙", "2026-11-04", "5" * 300, "5", "5"))
    called(company, ("甲" * 300, "2026-11-03", ""))
    lines = {line.dataset: line for line in company.take_in().datasets}
    assert [(lines[name].files_refused, lines[name].quarantined) for name in ("responses", "followups")] == [
        (0, 2),
        (0, 1),
    ]
    assert company.verified() == []


def test_a_sheet_of_headings_alone_leaves_no_layout(company: Company) -> None:
    returned(company)
    company.take_in()
    assert company.rows(survey_layouts, "layout") == []


def test_signs_of_every_kind_come_back_as_they_were_written(company: Company) -> None:
    texts = ['"', "\\", "{[,]}", "是\n否", "😀👍", "Ünïçødé", "\\u0000", "';--", "5\t4", "=1+1"]
    questions = [f"题目{number}" for number in range(len(texts))]
    returned(company, ("W-1", "华东电力", "2026-11-03", "5", *texts), questions=questions)
    company.take_in()
    [(answers,)] = company.rows(responses, "answers")
    assert json.loads(str(answers)) == [" ".join(text.split()) for text in texts]


def test_members_are_told_by_many_words_and_rows_of_averages_are_no_forms(company: Company) -> None:
    words = ["是", "否", "会员", "非会员", "√", "", "也许"]
    rows = [[str(number), "一部", "华东", "2026-11-01", word] for number, word in enumerate(words, start=1)]
    company.drop("dispatches", "s.csv", [["问卷编号", "部门", "客户", "发出日期", "会员"], *rows])
    below = [["1", "一部", "华东", "5", "4"], ["平均分", "", "", "5", "4.0"], ["满意率", "", "", "100%", "100%"]]
    company.drop("responses", "r.csv", [["问卷编号", "部门", "客户", "总体评价", "质量"], *below])
    lines = {line.dataset: (line.read, line.quarantined) for line in company.take_in().datasets}
    assert lines == {"dispatches": (7, 1), "responses": (1, 0)}
    assert [row[1] for row in company.rows(dispatches, "form", "member")] == ["yes", "no", "yes", "no", "yes", ""]
