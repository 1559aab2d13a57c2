"""The page that people read: everything stands in both forms, nothing comes from outside, nothing hostile runs."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Literal

import pytest

from config.wording import LANGUAGES
from tasks.adapters.charts import chart_png
from tasks.adapters.pages import html_page, sheet_page, text_page
from tasks.adapters.speech import shown, spoken
from tasks.domain.message import message
from tasks.domain.report import Report, Table, figure_values
from tests.reports.sample import a_day

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=cmd|' /C calc'!A0",
    "{{ 7*7 }}",
    "{% raw %}",
    "{title}",
    "</td></tr></table>",
    "\u202e0010203",
    "\x00\x1b[31m",
)
# What a mail reader of ten years ago cannot show, or what would fetch something from outside.
UNWANTED = (
    r"https?://", r"\burl\(", r"@import", r"<link", r"<script", r"<iframe", r"<svg", r"<form", r"javascript:",
    r"\bvar\(", r"display:\s*(inline-)?(flex|grid)", r"[\s;\"]position:",
)  # fmt: skip


# Where the picture does not matter it need not be drawn.
PICTURES = {"trend": "cid:trend"}


def _words_of(page: str) -> str:
    """What a reader sees of an HTML page: no head, no tags, and every run of blanks as one."""
    body = page[page.index("<body") :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def _shown_values(report: Report, language: str) -> set[str]:
    values = {shown(figure.kind, figure.value, language) for figure in report.figures}
    for table in report.tables:
        for row in table.rows[: table.shown]:
            values |= {
                shown(column.kind, value, language) for column, value in zip(table.columns, row, strict=True) if value
            }
    return values


def _with_cell(text: str) -> Report:
    told = a_day().tables[2]
    row = (text, 1, text, text, message("report.plain", text=text))
    return replace(a_day(), tables=(Table("quarantined", told.title, told.columns, (row,), told.empty),))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_of_the_page_stands_in_the_plain_text_too(report: Report, language: str) -> None:
    page = _words_of(html_page(report, language, PICTURES))
    text = " ".join(text_page(report, language).split())
    for value in _shown_values(report, language):
        assert value in page, f"{value} is not on the page"
        assert value in text, f"{value} is not in the text"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_stands_in_both_forms(report: Report, language: str) -> None:
    page = _words_of(html_page(report, language, PICTURES))
    text = " ".join(text_page(report, language).split())
    said = (report.title, report.subtitle, report.headline, *report.next_steps, *report.notes, *report.definitions)
    for one in (*said, *report.inputs, *(table.title for table in report.tables), *(s.title for s in report.sheets)):
        words = " ".join(spoken(one, language).split())
        assert words in page
        assert words in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_status_is_said_in_words_and_by_a_sign(report: Report, language: str) -> None:
    sign = {"completed": "✓", "blocked": "✕"}[report.status]
    said = spoken(message(f"report.status.{report.status}"), language)
    assert f"{sign} {said}" in _words_of(html_page(report, language, PICTURES))
    assert said in text_page(report, language)


def test_numbers_in_a_page_are_those_of_the_summary() -> None:
    values = figure_values(a_day().figures)
    assert values["match_rate"] == "0.984472"
    assert values["value_at_stake"] == "48210.50"
    assert values["quantity_moved"] == "4123.75"
    assert values["ledgers_received"] == 11
    assert values["business_date"] == "2026-11-20"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_fetches_nothing_and_uses_only_what_old_mail_readers_know(report: Report, language: str) -> None:
    page = html_page(report, language)
    assert {pattern for pattern in UNWANTED if re.search(pattern, page, re.IGNORECASE)} == set()
    assert all(source.startswith("data:image/png;base64,") for source in re.findall(r'src="([^"]*)"', page))


def test_in_a_mail_the_pictures_are_parts_of_the_mail() -> None:
    page = html_page(a_day(), "zh_CN", {"trend": "cid:trend@daybook"})
    assert re.findall(r'<img src="([^"]*)"', page) == ["cid:trend@daybook"]
    assert re.findall(r'alt="([^"]*)"', page) == ["近 30 天走势（2026-10-22 至 2026-11-20）"]
    assert len(page.encode()) < 100_000, "large mail readers cut pages of more than about 100 kB"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_cells_are_shown_and_never_run(text: str) -> None:
    page = html_page(_with_cell(text), "zh_CN", PICTURES)
    harmless = html_page(_with_cell("harmless"), "zh_CN", PICTURES)
    assert re.findall(r"<[a-z/]+", page) == re.findall(r"<[a-z/]+", harmless), "the cell added or closed a tag"
    assert "49" not in re.findall(r"<td[^>]*>([^<]*)</td>", page)
    for one in (page, text_page(_with_cell(text), "zh_CN")):
        assert not re.search("[\x00-\x08\x1b\u202e]", one)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_cells_are_shown_and_never_run_on_a_page_to_sign(text: str) -> None:
    page, harmless = sheet_page(_with_cell(text), "zh_CN"), sheet_page(_with_cell("harmless"), "zh_CN")
    assert re.findall(r"<[a-z/]+", page) == re.findall(r"<[a-z/]+", harmless), "the cell added or closed a tag"
    assert not re.search("[\x00-\x08\x1b\u202e]", page)


@pytest.mark.parametrize("tone", ["good", "warn"])
def test_the_banner_of_a_page_to_sign_looks_as_what_was_found(tone: Literal["good", "warn"]) -> None:
    assert f'<p class="headline {tone}">' in sheet_page(replace(a_day(), tone=tone), "zh_CN")


def test_a_line_break_in_a_cell_makes_no_line_of_its_own_in_the_text() -> None:
    assert "\n伪造" not in text_page(_with_cell("值\n伪造：0"), "zh_CN")


def test_what_the_page_leaves_out_is_counted() -> None:
    assert "另有 13 行未列出" in html_page(a_day(), "zh_CN", PICTURES)
    assert "13 more not listed here" in text_page(a_day(), "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_report_gives_the_same_page(report: Report, language: str) -> None:
    assert html_page(report, language, PICTURES) == html_page(report, language, PICTURES)
    assert text_page(report, language) == text_page(report, language)


def test_a_chart_is_the_same_picture_each_time_and_says_so_in_no_metadata() -> None:
    (chart,) = a_day().charts
    picture = chart_png(chart)
    chart_png.cache_clear()
    assert picture == chart_png(chart)
    assert picture.startswith(b"\x89PNG")
    assert b"Software" not in picture
    assert chart_png(replace(chart, kind="bars")).startswith(b"\x89PNG")


@pytest.mark.parametrize("days", [0, 1, 2])
def test_a_chart_of_the_first_days_can_be_drawn(days: int) -> None:
    (chart,) = a_day().charts
    series = tuple(replace(one, values=one.values[:days]) for one in chart.series)
    first = replace(chart, dates=chart.dates[:days], series=series)
    assert chart_png(first).startswith(b"\x89PNG")
    assert html_page(replace(a_day(), charts=(first,)), "en")
    assert text_page(replace(a_day(), charts=(first,)), "en")


def test_a_word_too_long_for_its_column_may_be_broken() -> None:
    page = html_page(_with_cell("9" * 2000), "zh_CN", PICTURES)
    cells = re.findall(r'<td class="([^"]*)"[^>]*>(?:<span[^>]*>[^<]*</span>)?9{2000}<', page)
    assert cells
    assert all({"long", "under"} & set(classes.split()) for classes in cells)


def test_sentences_and_the_id_stand_under_their_row() -> None:
    page = html_page(a_day(), "zh_CN", PICTURES)
    headings = re.findall(r"<th[^>]*>([^<]*)</th>", page)[:9]
    assert headings == ["现场", "类型", "物资编码", "物资名称", "日期", "数量差", "金额", "工作日", "负责人"]
    assert page.count('class="under"') == 10 + 2 + 2 * 4, "breaks, what was set aside, and two tables with pictures"


def test_nothing_empty_stands_under_a_row() -> None:
    breaks = a_day().tables[0]
    columns = tuple(replace(one, width=40) if one.name == "owner" else one for one in breaks.columns)
    page = html_page(replace(a_day(), tables=(replace(breaks, columns=columns),)), "zh_CN", PICTURES)
    seen = _words_of(page)
    assert seen.count("负责人 王建国") == 3
    assert seen.count("负责人") == 3 + seen.count("指派负责人")
