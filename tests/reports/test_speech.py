"""How single values read, and how plain-text tables line up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.adapters.plain_text import display_width, laid_out, padded
from tasks.adapters.speech import printable, shown
from tasks.domain.report import Kind, Value


@pytest.mark.parametrize(
    ("kind", "value", "reads"),
    [
        ("count", 0, "0"),
        ("count", 1234567, "1,234,567"),
        ("quantity", 25000, "2.5"),
        ("volume", Decimal("2.394000"), "2.394"),
        ("volume", Decimal("1000.000000000001"), "1,000.000000000001"),
        ("quantity", -20000, "-2"),
        ("quantity", 12345678901, "1,234,567.8901"),
        ("money", Decimal("1234.5"), "1,234.50"),
        ("money", Decimal("0.005"), "0.01"),
        ("money", Decimal("-0.005"), "-0.01"),
        ("rate", Decimal("0.9844"), "98.4%"),
        ("rate", Decimal(1), "100.0%"),
        ("rate", Decimal("0.99999"), "99.9%"),
        ("rate", Decimal("0.00001"), "0.1%"),
        ("rate", Decimal(0), "0.0%"),
        ("rate", "0.984472", "98.4%"),
        ("date", dt.date(2026, 11, 3), "2026-11-03"),
        ("text", "00040", "00040"),
        ("text", "+8613800138000", "+8613800138000"),
        ("count", None, "—"),
    ],
)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_value_reads_the_same_in_both_languages(kind: Kind, value: Value, reads: str, language: str) -> None:
    assert shown(kind, value, language) == reads


@given(st.integers(-(10**16), 10**16))
def test_a_quantity_as_shown_is_the_exact_quantity(scaled: int) -> None:
    assert Decimal(shown("quantity", scaled, "zh_CN").replace(",", "")) * 10_000 == scaled


@given(st.decimals(-(10**14), 10**14, places=4))
def test_money_as_shown_is_off_by_no_more_than_half_a_cent(amount: Decimal) -> None:
    assert abs(Decimal(shown("money", amount, "en").replace(",", "")) - amount) <= Decimal("0.005")


@given(st.text())
def test_printable_text_can_always_be_written(text: str) -> None:
    assert printable(text).encode("utf-8")[:0] == b""
    assert printable(printable(text)) == printable(text)


def test_chinese_and_latin_columns_line_up() -> None:
    lines = laid_out(["现场", "数量"], [["DF01", "3"], ["大丰一期", "1,204"]], [False, True]).splitlines()
    assert lines == [
        "现场       数量",
        "--------  -----",
        "DF01          3",
        "大丰一期  1,204",
    ]


def test_a_table_too_wide_for_a_line_becomes_paragraphs() -> None:
    assert laid_out(["现场", "情况"], [["DF01", "长" * 60]], [False, False]).splitlines() == [
        "- 现场  DF01",
        "  情况  " + "长" * 60,
    ]


@given(st.text(alphabet="a中é１ ", max_size=8), st.booleans())
def test_padding_reaches_the_width_asked_for(text: str, right: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
    assert display_width(padded(text, 16, right=right)) == 16
