"""A report that was kept is the report that is shown: nothing is lost, and equal reports are one text."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.adapters.pages import text_page
from tasks.domain.message import Message, message
from tasks.domain.report import Bars, Chart, Column, Figure, Kind, Report, Series, Sheet, Table, Value
from tasks.domain.report_json import content_digest, report_from_json, report_to_json
from tests.reports.sample import a_day

WORDS = st.text(max_size=12)
MESSAGES = st.recursive(
    st.builds(Message, WORDS, st.just(())),
    lambda inner: st.builds(Message, WORDS, st.lists(st.tuples(WORDS, WORDS | inner), max_size=3).map(tuple)),
    max_leaves=4,
)
DECIMALS = st.decimals(allow_nan=False)
VALUES = st.one_of(st.none(), WORDS, st.integers(), DECIMALS, st.dates(), MESSAGES)
KINDS = st.sampled_from(get_args(Kind))


def _some(strategy: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


FIGURES = st.builds(
    Figure, WORDS, KINDS, VALUES, st.sampled_from(("plain", "good", "warn", "bad")), st.none() | MESSAGES
)
TABLES = st.builds(
    Table,
    WORDS,
    MESSAGES,
    _some(st.builds(Column, WORDS, WORDS, KINDS, st.integers(1, 99))),
    _some(_some(VALUES, 3), 3),
    MESSAGES,
    st.integers(0, 99),
    st.booleans(),
    st.none() | st.builds(Bars, st.sampled_from(("stack", "interval")), _some(WORDS, 4), _some(WORDS)),
)
SERIES = st.builds(Series, WORDS, MESSAGES, _some(st.none() | st.integers() | DECIMALS, 3), KINDS)
CHARTS = st.builds(Chart, WORDS, MESSAGES, _some(st.dates(), 3), _some(SERIES), st.sampled_from(("line", "bars")))
SHEETS = st.builds(Sheet, WORDS, MESSAGES, _some(MESSAGES), TABLES, _some(MESSAGES))
REPORTS = st.builds(
    Report,
    flow=WORDS,
    period=WORDS,
    audience=WORDS,
    title=MESSAGES,
    subtitle=MESSAGES,
    status=st.sampled_from(("completed", "blocked", "waiting", "already-done")),
    headline=MESSAGES,
    figures=_some(FIGURES),
    charts=_some(CHARTS, 1),
    tables=_some(TABLES),
    next_steps=_some(MESSAGES),
    notes=_some(MESSAGES),
    definitions=_some(MESSAGES),
    sheets=_some(SHEETS, 1),
    inputs=_some(MESSAGES),
)


@settings(deadline=None, max_examples=40)
@given(REPORTS)
def test_a_kept_report_is_read_back_as_it_was(report: Report) -> None:
    text = report_to_json(report)
    again = report_from_json(text)
    assert again == report
    assert repr(again) == repr(report), "1.0 and 1.00 are equal, but not the same to a reader"
    assert report_to_json(again) == text
    assert content_digest(again) == content_digest(report)


@settings(deadline=None, max_examples=40)
@given(REPORTS)
def test_a_kept_report_is_the_canonical_text_of_plain_json(report: Report) -> None:
    text = report_to_json(report)
    plain = json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert text == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, "1"),
        (1, Decimal(1)),
        (Decimal("1.0"), Decimal("1.00")),
        ("", None),
        ("2026-11-20", dt.date(2026, 11, 20)),
        ("report.plain", message("report.plain")),
    ],
)
def test_values_that_look_alike_are_told_apart(one: Value, other: Value) -> None:
    figures = [Figure("one", "text", value) for value in (one, other)]
    digests = {content_digest(replace(a_day(), figures=(figure,))) for figure in figures}
    assert len(digests) == 2


def test_a_kept_report_is_a_text_that_every_database_holds() -> None:
    told = replace(a_day(), title=message("report.plain", text="\x00 \ud800 \u202e 流水账 😀"))
    text = report_to_json(told)
    assert "\x00" not in text
    assert "流水账 😀" in text
    assert text.encode("utf-8")
    assert report_from_json(text) == told


def test_a_kept_report_looks_as_it_looked() -> None:
    assert text_page(report_from_json(report_to_json(a_day())), "zh_CN") == text_page(a_day(), "zh_CN")


@pytest.mark.parametrize("value", [0.1, dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC), b"1"])
def test_what_a_report_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="a report holds no"):
        report_to_json(replace(a_day(), figures=(Figure("one", "text", cast("Value", value)),)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '"report"',
        report_to_json(a_day())[:-1],
        json.dumps({**json.loads(report_to_json(a_day())), "more": 1}),
        json.dumps({**json.loads(report_to_json(a_day())), "title": {"sum": 1}}),
    ],
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a report|Expecting"):
        report_from_json(text)
