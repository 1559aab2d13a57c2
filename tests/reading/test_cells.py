"""What one cell means, in a reader's words: what stands there, and what is understood or refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.amounts import quantity_text
from tasks.domain.cells import (
    QUANTITY_MAX,
    read_amount,
    read_code,
    read_column,
    read_count,
    read_date,
    read_datetime,
    read_text,
    stated_day,
)
from tasks.domain.keys import clean, code_key, name_key
from tasks.domain.message import Message
from tasks.domain.sheet import Cell


def said(value: object) -> str:
    """A date as ISO, a quantity as its text, a refusal as its reason, a blank as nothing."""
    if isinstance(value, Message):
        return value.key.rsplit(".", 1)[1]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int):
        return quantity_text(value)
    return "" if value is None else str(value)


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("2026-11-03", "2026-11-03"),
        ("2026/11/3", "2026-11-03"),
        ("2026.11.3", "2026-11-03"),
        ("20261103", "2026-11-03"),
        (20261103.0, "2026-11-03"),
        ("2026年11月3日", "2026-11-03"),
        ("2026年11月3日 星期二", "2026-11-03"),
        (" ２０２６－１１－０３ ", "2026-11-03"),
        ("2026-11-03 20:10:05", "2026-11-03"),
        ("2026-11-03T20:10", "2026-11-03"),
        ("11月3日", "2026-11-03"),
        ("11-3", "2026-11-03"),
        ("3-Nov-2026", "2026-11-03"),
        ("November 3, 2026", "2026-11-03"),
        (46329.0, "2026-11-03"),
        (46329.75, "2026-11-03"),
        ("46329", "2026-11-03"),
        (dt.datetime(2026, 11, 3, 8, 30), "2026-11-03"),  # noqa: DTZ001 - a cell knows no zone
        (dt.date(2026, 11, 3), "2026-11-03"),
        ("", ""),
        ("\u3000", ""),
        ("2026-02-30", "impossible_date"),
        ("2026-13-01", "impossible_date"),
        ("1999-12-31", "date_out_of_range"),
        ("2101-01-01", "date_out_of_range"),
        ("昨天", "not_a_date"),
        ("11/3/2026", "not_a_date"),
        ("26-11-3", "not_a_date"),
        (3.0, "date_out_of_range"),
        (float("nan"), "not_a_date"),
        (dt.time(8, 30), "not_a_date"),
    ],
)
def test_a_date(written: Cell, understood: str) -> None:
    assert said(read_date(written, 2026)) == understood


def test_a_day_without_a_year_needs_a_stated_date() -> None:
    assert said(read_date("11月3日")) == "date_without_year"


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        (3.0, "3"),
        ("３", "3"),
        ("1,234.5", "1234.5"),
        ("1，234", "1234"),
        ("1 234", "1234"),
        ("+5", "5"),
        ("(5)", "-5"),
        ("（５）", "-5"),
        ("-5", "-5"),
        ("－5", "-5"),
        ("−5", "-5"),
        ("5-", "-5"),
        (".5", "0.5"),
        ("0.12340000", "0.1234"),
        (0.1, "0.1"),
        (2.9999999999999996, "3"),
        (0.1 + 0.2, "0.3"),
        ("", ""),
        ("3件", "not_a_number"),
        ("约3", "not_a_number"),
        ("1,23", "not_a_number"),
        ("1.234,5", "not_a_number"),
        ("--5", "not_a_number"),
        ("(-5)", "not_a_number"),
        ("1e3", "not_a_number"),
        ("1e400", "not_a_number"),
        ("NaN", "not_a_number"),
        ("三", "not_a_number"),
        ("٣", "not_a_number"),
        ("TRUE", "not_a_number"),
        ("-", "not_a_number"),
        (float("inf"), "not_a_number"),
        (float("nan"), "not_a_number"),
        (dt.date(2026, 11, 3), "not_a_number"),
        ("#REF!", "formula_error"),
        ("1.23456", "too_many_places"),
        ("1.00000000000000000000000000000000001", "too_many_places"),
        (2.00005, "too_many_places"),
        (1_000_000_001, "too_large"),
        ("9" * 1500, "too_large"),
    ],
)
def test_a_quantity(written: Cell, understood: str) -> None:
    assert said(read_amount(written, 4)) == understood


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        (123.0, "123"),
        ("00123", "00123"),
        ("007.0", "007"),
        (" ＤＦ０１ ", "DF01"),
        (12345678901234567890.0, "number_damaged"),
        ("1.23E+19", "number_damaged"),
        ("6205E12", "6205E12"),
        ("12345678901234567890", "12345678901234567890"),
    ],
)
def test_a_code(written: Cell, understood: str) -> None:
    assert said(read_code(written)) == understood


@pytest.mark.parametrize(
    ("written", "understood"),
    [(365.0, 365), ("３０", 30), ("", None), (1.5, "not_whole"), (-1, "not_whole"), ("年", "not_a_number")],
)
def test_a_count(written: Cell, understood: object) -> None:
    found = read_count(written)
    assert (said(found) if isinstance(found, Message) else found) == understood


def test_a_moment() -> None:
    assert said(read_datetime("2026-11-12 20:10")) == "2026-11-12T20:10:00"
    assert said(read_datetime("2026-11-12")) == "2026-11-12T00:00:00"
    assert said(read_datetime("2026-11-12 25:10")) == "not_a_date"
    assert said(read_datetime(46329.5)) == "2026-11-03T12:00:00"


def test_a_text() -> None:
    assert read_text("\u200b 轴承\u00a0 6205\n") == "轴承 6205"
    assert read_text(6205.0) == "6205"


def test_the_day_in_a_file_name() -> None:
    assert stated_day("DF01_20261111.xlsx") == dt.date(2026, 11, 11)
    assert stated_day("大丰一期2026年11月1日.xls") == dt.date(2026, 11, 1)
    assert stated_day("DF01_20261341.xlsx") is None
    assert stated_day("流水账.xlsx") is None


@given(st.decimals(-QUANTITY_MAX, QUANTITY_MAX, places=4, allow_nan=False, allow_infinity=False))
def test_every_quantity_of_four_places_is_read_exactly(number: Decimal) -> None:
    assert read_amount(f"{number:,f}", 4) == int(number.scaleb(4))
    assert read_amount(str(number), 4) == int(number.scaleb(4))


@given(st.integers(-(10**10), 10**10))
def test_every_binary_number_of_a_workbook_is_read_as_excel_shows_it(scaled: int) -> None:
    assert read_amount(scaled / 10**4, 4) == scaled


@given(st.text(max_size=30), st.integers(2000, 2100))
def test_any_text_is_read_or_refused_and_never_guessed(text: str, year: int) -> None:
    for value in (read_date(text, year), read_amount(text, 4), read_code(text), read_datetime(text)):
        assert value is None or isinstance(value, str | int | dt.date | Message)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31)))
def test_a_day_is_the_same_however_it_is_written(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    forms: list[Cell] = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        serial,
        float(serial),
    ]
    assert read_column(forms, read_date) == [day] * 5


@pytest.mark.parametrize(
    ("one", "other"), [("００1-23 a", "123A"), ("SL 0001", "sl－0001"), ("DF_01", "df01"), ("0000", "0")]
)
def test_codes_that_are_the_same(one: str, other: str) -> None:
    assert code_key(one) == code_key(other)


def test_codes_that_merely_look_alike_stay_two() -> None:
    assert code_key("SL00040") != code_key("SL00045")
    assert code_key("100") != code_key("10")


@pytest.mark.parametrize(("one", "other"), [("M16×80", "m16*80"), ("軸承 6205－2RS", "轴承6205-2rs"), ("Ｘ１", "x1")])
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@given(st.text(alphabet="0O1aA-－—_ \u3000\u00a0轴軸０Ａé"))
def test_a_key_is_its_own_key(text: str) -> None:
    assert code_key(code_key(text)) == code_key(text)
    assert clean(clean(text)) == clean(text)
