"""The survey's report: what its readers see, the same in every form, and nothing that is not for them."""

from __future__ import annotations

import datetime as dt
import re
import time
from dataclasses import replace
from decimal import Decimal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from fractions import Fraction

import pandas as pd
import pytest

from config.wording import LANGUAGES
from tasks.adapters.letter import HTML_BYTES_MAX, Envelope, letter
from tasks.adapters.pages import html_page, text_page
from tasks.adapters.report_workbook import workbook_bytes
from tasks.adapters.speech import shown, spoken
from tasks.domain.message import message
from tasks.domain.report import Report, Table, Value
from tasks.domain.report_json import report_from_json, report_to_json
from tasks.domain.shaping import shaped
from tasks.survey.facts import SurveyFacts, facts_for, plain_figures
from tasks.survey.policy import Target
from tasks.survey.report import survey_report
from tasks.survey.shapes import FIGURES
from tests.survey.drawn_facts import POLICY, cases, line, nothing, november

TOTAL = message("survey_report.dimension.total")
PICTURES = {"trend": "cid:trend"}


def _report(facts: SurveyFacts) -> Report:
    return survey_report(facts, ())


def _table(report: Report, name: str) -> Table:
    return next(table for table in report.tables if table.name == name)


def _column(report: Report, table: str, column: str) -> list[Value]:
    told = _table(report, table)
    place = [one.name for one in told.columns].index(column)
    return [row[place] for row in told.rows]


def _said(report: Report, language: str = "zh_CN") -> str:
    return spoken(report.headline, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", ["", "备件供应部", "培训部", "没有问卷的部门"])
@pytest.mark.parametrize("facts", [november(), nothing()], ids=["november", "nothing"])
def test_every_reader_gets_a_page_a_text_and_a_workbook_in_each_language(
    facts: SurveyFacts, reader: str, language: str
) -> None:
    report = _report(facts_for(facts, reader) if reader else facts)
    page, text = html_page(report, language, PICTURES), " ".join(text_page(report, language).split())
    assert workbook_bytes(report, language)
    assert report_from_json(report_to_json(report)) == report
    for table in report.tables:
        assert spoken(table.title, language) in page
        assert " ".join(spoken(table.title, language).split()) in text
        for row in table.rows[: table.shown]:
            for column, value in zip(table.columns, row, strict=True):
                if value not in (None, ""):
                    assert " ".join(shown(column.kind, value, language).split()) in text


def test_the_figures_are_those_of_the_contract() -> None:
    figures = plain_figures(november())
    assert {
        "forms_sent": 2310, "forms_returned": 1956, "forms_valid": 1916, "satisfied": 1740,
        "response_rate": "0.846753", "satisfaction": "0.889571", "satisfaction_answered": "0.908142",
    }.items() <= figures.items()  # fmt: skip
    assert re.fullmatch(r"0\.\d{6}", str(figures["satisfaction_low"]))
    departments = figures["by_department"]
    assert isinstance(departments, list)
    assert [one["department"] for one in departments] == sorted(one["department"] for one in departments)
    small = next(one for one in departments if one["department"] == "培训部")
    assert small == {
        "department": "培训部", "forms_sent": 6, "forms_returned": 3, "forms_valid": 3, "satisfied": 3,
        "response_rate": "0.500000", "satisfaction": "1.000000", "satisfaction_answered": "1.000000",
        "satisfaction_low": "0.438503", "satisfaction_high": "1.000000",
    }  # fmt: skip


def test_without_forms_nothing_is_a_share_and_the_report_says_so() -> None:
    figures = plain_figures(nothing())
    assert (figures["forms_returned"], figures["forms_valid"], figures["satisfied"]) == (0, 0, 0)
    assert {figures[name] for name in ("satisfaction", "satisfaction_low", "response_rate", "forms_sent")} == {None}
    assert figures["by_department"] == []
    report = _report(nothing())
    assert _said(report).startswith("本期没有收回问卷")
    notes = " ".join(spoken(note, "zh_CN") for note in report.notes)
    assert "从未收到发出登记" in notes
    assert "从未收到回访记录" in notes
    assert "0.0%" not in text_page(report, "zh_CN")


def _with_total(counts: tuple[int, ...], target: Fraction | None = Fraction(9, 10)) -> SurveyFacts:
    facts = november()
    figures = facts.figures[facts.figures["dimension"] != "total"]
    total = pd.DataFrame([line("total", "", "overall", counts, 2500)])
    policy = replace(POLICY, target=Target(satisfaction=target))
    return replace(facts, figures=pd.concat([figures, total], ignore_index=True), policy=policy)


@pytest.mark.parametrize(
    ("counts", "target", "says"),
    [
        ((1799, 0, 0, 0, 200, 0), Fraction(9, 10), "满意度 89.995%，低于目标 90.0%（收回问卷 1999 份）"),
        ((9, 0, 0, 0, 1, 0), Fraction(9, 10), "满意度 90.0%，达到目标 90.0%（收回问卷 10 份）"),
        ((89, 0, 0, 0, 10, 0), Fraction(9, 10), "满意度 89.9%，低于目标 90.0%（收回问卷 99 份）"),
        ((5, 0, 0, 0, 0, 0), Fraction(9, 10), "收回问卷只有 5 份，样本太少，满意度 100.0% 不作评判"),
        ((10, 0, 0, 0, 5, 0), None, "满意度 66.7%（收回问卷 15 份）"),
    ],
)
def test_the_headline_says_on_which_side_of_the_target_it_lies(
    counts: tuple[int, ...], target: Fraction | None, says: str
) -> None:
    report = _report(_with_total(counts, target))
    assert _said(report) == f"{says}；投诉 3 件待办，其中 2 件已逾期"


def test_no_table_rounds_a_share_to_the_target_that_it_misses() -> None:
    close = Fraction(1799, 1999)
    facts = november()
    near = {
        name: frame.assign(satisfaction=pd.Series([close] * len(frame), dtype="object"))
        for name, frame in (("figures", facts.figures), ("trend", facts.trend))
    }
    changes = facts.changes.assign(now=pd.Series([close] * len(facts.changes), dtype="object"))
    report = _report(replace(facts, figures=near["figures"], trend=near["trend"], changes=changes))
    missed = {Decimal("0.89995")}
    names = ("departments", "by_question", "by_department", "by_part", "weakest", "periods", "parts_periods")
    for table, column in (*((name, "satisfaction") for name in names), ("changes", "now")):
        assert {one for one in _column(report, table, column) if isinstance(one, Decimal)} == missed, table
    (trend,) = report.charts
    assert set(trend.series[0].values) == missed
    assert "满意度：2026-11 为 89.995%" in text_page(report, "zh_CN")


def test_departments_are_ranked_by_satisfaction_and_too_few_are_only_listed() -> None:
    report = _report(november())
    assert [row[:2] for row in _table(report, "departments").rows] == [
        ("海上运维部", 1), ("风电服务一部", 2), ("技术支持部", 3), ("备件供应部", 4), ("培训部", None),
        ("客户服务中心", None), (TOTAL, None),
    ]  # fmt: skip
    marks = [shown("wording", one, "zh_CN") for one in _column(report, "departments", "mark")]
    assert marks[3:5] == ["未达标", "样本太少（不足 10 份）"]
    assert "尚不能定论" in marks[0]
    (few,) = (row for row in _table(report, "by_department").rows if row[0] == "培训部")
    assert [shown("share", cell, "zh_CN") for cell in few[-3:]] == ["样本太少", "—", "—"]


def test_a_response_rate_below_its_target_is_said_beside_satisfaction() -> None:
    facts = november()
    marks = facts.marks.copy()
    rate = marks[marks["department"] == "备件供应部"].assign(measure="response_rate", mark="below", conclusive=True)
    report = _report(replace(facts, marks=pd.concat([marks, rate], ignore_index=True)))
    assert shown("wording", _column(report, "departments", "mark")[3], "zh_CN") == "未达标；回收率未达标"


def test_a_department_of_which_no_form_came_back_has_no_answers_and_not_too_few() -> None:
    facts = november()
    blank = dict.fromkeys(("satisfaction", "satisfaction_low", "satisfaction_high", "mean", "top2_share"), None)
    none = line("department", "新部门", "overall", (1, 0, 0, 0, 0, 0), 4) | blank
    none |= {"returned": 0, "n5": 0, "satisfied": 0, "valid": 0, "few": True, "response_rate": Fraction(0)}
    figures = shaped(FIGURES, pd.concat([facts.figures, pd.DataFrame([none])], ignore_index=True))
    report = _report(replace(facts, figures=figures))
    row = next(row for row in _table(report, "departments").rows if row[0] == "新部门")
    assert shown("wording", row[-1], "zh_CN") == "没有回答"
    assert "新部门" in html_page(report, "zh_CN", PICTURES)


def test_equal_departments_share_a_place() -> None:
    facts = november()
    rows = [line("department", name, "overall", (9, 0, 0, 0, 1, 0)) for name in ("甲", "乙")]
    rows.append(line("department", "丙", "overall", (8, 0, 0, 0, 2, 0)))
    report = _report(replace(facts, figures=pd.DataFrame(rows)))
    assert _column(report, "departments", "place") == [1, 1, 3]


def test_a_department_sees_its_own_and_of_others_only_what_is_not_hidden() -> None:
    report = _report(facts_for(november(), "备件供应部"))
    text = text_page(report, "zh_CN")
    assert _said(report).startswith("满意度 78.8%，低于目标 90.0%（收回问卷 52 份）")
    assert "变桨电机换了又坏" not in text, "a remark to another department"
    assert "国能大丰" not in text, "another department's customer"
    assert "W-0201" not in text, "another department's form"
    own, whole = (plain_figures(facts)["by_department"] for facts in (facts_for(november(), "备件供应部"), november()))
    assert isinstance(whole, list)
    assert own == [one for one in whole if one["department"] == "备件供应部"]


def test_a_department_may_compare_itself_with_all_departments_together() -> None:
    facts = facts_for(november(), "备件供应部")
    shown_total = facts.figures.assign(hidden=False, **november().figures[["returned", "satisfaction"]])
    (row,) = (
        row for row in _table(_report(replace(facts, figures=shown_total)), "departments").rows if row[0] == TOTAL
    )
    assert row[2] == 1956
    hidden = facts.figures.assign(hidden=facts.figures["hidden"] | (facts.figures["dimension"] == "total"))
    assert TOTAL not in _column(_report(replace(facts, figures=hidden)), "departments", "department")


def test_a_department_is_known_however_its_name_is_spelt() -> None:
    own, spelt = (_report(facts_for(november(), name)) for name in ("备件供应部", " 备件 供应部"))
    assert spelt == own


def test_no_table_but_of_whom_to_call_shows_a_telephone_number_whoever_wrote_it_where() -> None:
    facts, phone = november(), "13700137000"
    forms = facts.forms.assign(customer=phone)
    found = tuple(one for one in facts.breaks if one.kind != "FOLLOWUP_MISSED")
    report = _report(
        replace(
            facts,
            unknowns=facts.unknowns.assign(value=phone),
            cases=facts.cases.assign(customer=phone, remark=f"请打 {phone}", measure=f"已打 {phone}"),
            measures=facts.measures.assign(reason=phone),
            forms=forms,
            breaks=tuple(replace(one, item=phone, found=phone, refs=(f"responses:{phone}",)) for one in found),
        )
    )
    for language in LANGUAGES:
        assert phone not in text_page(report, language)
        assert phone not in html_page(report, language, PICTURES)
    assert phone not in report_to_json(report)


def test_complaints_stand_in_the_order_of_their_numbers() -> None:
    many = pd.concat([cases().head(1)] * 12, ignore_index=True).assign(case=[str(number) for number in range(1, 13)])
    report = _report(replace(november(), cases=many.iloc[::-1].reset_index(drop=True)))
    assert _column(report, "complaints", "case") == [str(number) for number in range(1, 13)]


def test_hidden_figures_stand_nowhere() -> None:
    facts = november()
    hidden = facts.figures["value"].isin(["培训部", "客户服务中心"]) | (facts.figures["dimension"] == "total")
    report = _report(replace(facts, figures=facts.figures.assign(hidden=hidden)))
    rows = {row[0]: row for row in _table(report, "departments").rows}
    assert set(rows["培训部"][1:-1]) == {None}
    assert shown("wording", rows["培训部"][-1], "zh_CN") == "不公开"
    assert [row[1:] for row in _table(report, "by_department").rows if row[0] == "培训部"] == [(None,) * 10]
    assert any("不公开" in spoken(note, "zh_CN") for note in report.notes)
    assert rows["海上运维部"][1] == 1, "who is too few to be ranked takes no place away"


def test_nobody_has_a_place_where_one_that_may_be_ranked_is_hidden() -> None:
    facts = november()
    hidden = facts.figures["value"] == "技术支持部"
    report = _report(replace(facts, figures=facts.figures.assign(hidden=hidden)))
    assert set(_column(report, "departments", "place")) == {None}


def test_more_forms_than_were_sent_are_explained() -> None:
    facts = november()
    rates = pd.Series([Fraction(5, 4)] * len(facts.figures), dtype="object")
    figures = facts.figures.assign(response_rate=rates)
    report = _report(replace(facts, figures=figures))
    assert any("125.0%" in spoken(note, "zh_CN") for note in report.notes)


def test_the_mail_of_a_whole_company_keeps_below_its_limit_and_shows_every_department() -> None:
    at = dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC)
    envelope = Envelope("<1@daybook>", "a@b.example", "", "c@d.example", "", "s", at, "reports")
    mail = message_from_bytes(letter(_report(november()), "zh_CN", envelope, attachment_mib_max=8), policy=SMTP)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("html",))
    assert body is not None
    page = body.get_content()
    assert len(page.encode()) <= HTML_BYTES_MAX
    for department in ("海上运维部", "风电服务一部", "技术支持部", "备件供应部", "培训部", "客户服务中心"):
        assert department in page


def test_thousands_of_complaints_make_no_page_that_nobody_can_open() -> None:
    many = pd.concat([cases()] * 1600, ignore_index=True)
    many["case"] = [str(place) for place in range(len(many))]
    began = time.perf_counter()
    report = _report(replace(november(), cases=many))
    page = html_page(report, "zh_CN", PICTURES)
    assert time.perf_counter() - began < 10
    assert len(page.encode()) < 300_000
    assert len(_table(report, "complaints").rows) == 8000
    assert "另有 7980 行未列出" in page


def test_what_a_report_cannot_hold_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.survey.report_lists.ROWS_MAX", 3)
    report = _report(november())
    assert len(_table(report, "complaints").rows) == 3
    assert any("其余 2 行未写入报告" in spoken(note, "zh_CN") for note in report.notes)


def test_what_a_run_withdrew_by_itself_says_why() -> None:
    facts = november()
    report = _report(replace(facts, measures=facts.measures.assign(state="withdrawn", reason="")))
    (told,) = _column(report, "actions", "reason")
    assert shown("wording", told, "zh_CN") == "后来收到的问卷改变了评判，已自动撤销"


def test_complaints_of_earlier_periods_stand_apart_from_those_of_this_one() -> None:
    old = cases().head(2).assign(case=["91", "92"], period=pd.Timestamp("2026-10-31"))
    facts = replace(november(), cases=pd.concat([old, cases()], ignore_index=True))
    report = _report(facts)
    assert _column(report, "carried", "case") == ["91", "92"]
    assert _column(report, "complaints", "case") == ["1", "2", "5", "3", "4"]
    assert plain_figures(facts)["complaints_open"] == 5


def test_a_word_that_nobody_explained_is_told_once_with_the_items_under_which_it_stands() -> None:
    facts = november()
    overall = facts.unknowns.head(1).assign(question="overall", name="")
    report = _report(replace(facts, unknowns=pd.concat([facts.unknowns, overall], ignore_index=True)))
    (row, _) = _table(report, "unknown").rows
    assert row[:3] == ("非常满意", 3, 2)
    assert shown("wording", row[3], "zh_CN") == "响应及时、收费合理、总体评价"


def test_a_survey_that_still_goes_on_says_so() -> None:
    running = _report(replace(november(), as_of=dt.date(2026, 11, 23)))
    assert spoken(running.subtitle, "zh_CN") == "全公司 · 2026-11-01 至 2026-11-30（调查尚在进行，截至 2026-11-23）"
    assert spoken(_report(november()).subtitle, "zh_CN") == "全公司 · 2026-11-01 至 2026-11-30"


def test_what_has_to_be_done_first_stands_first() -> None:
    steps = [spoken(one, "zh_CN") for one in _report(november()).next_steps]
    assert steps[0].startswith("马上处理已逾期的 2 件投诉")
    assert _column(_report(november()), "complaints", "case")[:2] == ["1", "2"], "what is overdue longest stands on top"


def test_changes_are_told_in_points_with_their_significance() -> None:
    report = _report(november())
    assert _column(report, "changes", "points") == [-132_000, -70_000, 10_000, 10_000]
    assert shown("quantity", -132_000, "zh_CN") == "-13.2"
    assert _column(report, "changes", "p_value") == ["0.021", "<0.001", "0.231", "0.741"]
    assert isinstance(_column(report, "departments", "satisfaction")[0], Decimal)
