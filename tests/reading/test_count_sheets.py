"""Count sheets as they come back: filled in, half filled, added to, copied together, saved by another program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.domain.message import message_from_json
from tasks.domain.sheet import RawSheet, RefusedFile
from tasks.intake.core import Delivery, read_delivery
from tests.reading.files import DATASETS, TWO_SITES, WORDS, Written, csv, read, xls, xlsx

NUMBER = "PD-2026-11-DF01"
HEADINGS = (
    "盘点单号", "仓库编码", "物资编码", "物资名称", "账面数量", "实盘数量", "残损数量", "序列号", "盈亏原因",
    "盘点日期", "盘点人", "监盘人",
)  # fmt: skip
HEAD: tuple[tuple[Written, ...], ...] = (
    (None, "盘点表"),
    (None, "现场：DF01 大丰一期", None, "盘点月份：2026-11", None, "截止时间：2026-10-31 24:00"),
    (None, f"盘点单号：{NUMBER}", None, "交表期限：2026-11-06"),
)


def row(item: str = "A1", number: str | None = NUMBER, /, **changed: Written) -> tuple[Written, ...]:
    """One line of the sheet, filled in, with some cells changed by their heading."""
    cells: dict[str, Written] = dict.fromkeys(HEADINGS)
    cells |= {
        "盘点单号": number,
        "仓库编码": "DF01A",
        "物资编码": item,
        "物资名称": f"备件{item}",
        "账面数量": 5,
        "实盘数量": 5,
    }
    cells |= {"盘点日期": "2026-11-02", "盘点人": "张工"}
    assert changed.keys() <= cells.keys()
    return tuple((cells | changed).values())


def sheet(*rows: Sequence[Written], head: Sequence[Sequence[Written]] = HEAD) -> bytes:
    """A returned workbook."""
    return xlsx([*head, HEADINGS, *rows])


def came(content: bytes, name: str = "盘点.xlsx") -> Delivery:
    """What the file brings back."""
    return read(content, "count_sheets", name, TWO_SITES)


def told(found: Delivery) -> list[tuple[int, str, str]]:
    """Row, heading and reason of every quarantined cell."""
    cells = found.quarantined
    reasons = [message_from_json(text).key.removeprefix("intake.cell.") for text in cells["reason"]]
    return list(zip(cells["row"].tolist(), cells["column"].tolist(), reasons, strict=True))


def test_a_sheet_is_known_by_its_number_whatever_its_file_is_called() -> None:
    for name in ("盘点.xlsx", "张工的表(2).xlsx", "PD-2026-11-DF02.xlsx", "DF02_20261203.xlsx"):
        found = came(sheet(row()), name)
        assert (found.numbers, found.site, found.stated_date) == ((NUMBER,), "DF01", dt.date(2026, 11, 30))


def test_a_blank_count_is_not_counted_and_never_zero() -> None:
    found = came(sheet(row("A1", 实盘数量=None), row("A2", 实盘数量=0), row("A3", 实盘数量="1,234.5")))
    assert found.rows["counted"].tolist() == [pd.NA, 0, 12_345_000]
    assert found.rows["counted"].isna().tolist() == [True, False, False]


def test_an_added_row_gets_the_number_of_its_sheet() -> None:
    found = came(sheet(row("A1"), row("Z9", None, 账面数量=None)))
    assert found.rows["number"].tolist() == [NUMBER, NUMBER]


def test_without_its_head_a_sheet_is_known_by_the_hidden_column_and_without_that_by_its_head() -> None:
    assert came(sheet(row(), row("A2", None), head=())).numbers == (NUMBER,)
    assert came(sheet(row("A1", None), row("A2", None))).numbers == (NUMBER,)


def test_a_sheet_that_bears_no_number_is_refused_and_an_empty_one_is_empty() -> None:
    with pytest.raises(RefusedFile, match="count_number"):
        came(sheet(row("A1", None), head=()))
    found = came(sheet(head=()))
    assert (found.read, found.numbers) == (0, ())


def test_a_row_copied_from_another_sheet_is_set_aside() -> None:
    found = came(sheet(row("A1"), row("A2", "PD-2026-11-DF02"), row("A3")))
    assert found.rows["item"].tolist() == ["A1", "A3"]
    assert told(found) == [(6, "盘点单号", "count_number")]


def test_a_number_typed_otherwise_is_the_same_number() -> None:
    assert came(sheet(row("A1", "ｐｄ－2026－11－df01 "))).rows["number"].tolist() == [NUMBER]


def test_two_sheets_in_one_file_are_two_sheets() -> None:
    other = "PD-2026-11-DF02"
    found = came(xlsx([*HEAD, HEADINGS, row()], [HEADINGS, row("A1", other)]))
    assert (found.numbers, found.site) == ((NUMBER, other), "")


def test_a_sheet_saved_by_another_program_reads_the_same() -> None:
    rows = [row("A1", 盈亏原因="丢失", 残损数量=1, 序列号="S1,S2"), row("A2", None, 实盘数量=None)]
    whole = [*HEAD, HEADINGS, *rows]
    for other in (xls(whole), csv(whole)):
        found, expected = came(other), came(sheet(*rows))
        pd.testing.assert_frame_equal(found.rows.drop(columns="sheet"), expected.rows.drop(columns="sheet"))
        assert found.numbers == expected.numbers


@pytest.mark.parametrize(
    ("heading", "cell", "reason"),
    [
        ("实盘数量", -1, "negative"),
        ("实盘数量", "-3件", "not_a_number"),
        ("实盘数量", "约5", "not_a_number"),
        ("残损数量", "-0.5", "negative"),
        ("实盘数量", 1.23456, "too_many_places"),
        ("盘点日期", "2026-11-31", "impossible_date"),
        ("物资编码", None, "missing"),
        ("仓库编码", None, "missing"),
        ("盘点人", "张" * 81, "too_long"),
    ],
)
def test_a_cell_that_means_nothing_sets_its_row_aside(heading: str, cell: Written, reason: str) -> None:
    found = came(sheet(row("A1"), row(**{heading: cell})))
    assert told(found) == [(6, heading, reason)]
    assert (len(found.rows), found.read) == (1, 2)


@pytest.mark.parametrize(
    ("number", "cell", "day"),
    [
        (NUMBER, "11月3日", dt.date(2026, 11, 3)),
        ("PD-2026-12-DF01", "1月4日", dt.date(2027, 1, 4)),
        ("PD-2026-12-DF01", "12月2日", dt.date(2026, 12, 2)),
        ("PD-2026-01-DF01", "1月4日", dt.date(2026, 1, 4)),
    ],
)
def test_a_day_of_the_count_without_a_year_lies_near_its_month(number: str, cell: str, day: dt.date) -> None:
    head = ((None, f"盘点单号：{number}"),)
    assert came(sheet(row("A1", None, 盘点日期=cell), head=head)).rows["counted_on"].dt.date.tolist() == [day]


def test_a_cause_is_one_of_the_list_or_what_somebody_wrote() -> None:
    causes = ["丢失", "Late document", "损坏", "老鼠咬坏", None]
    found = came(sheet(*(row(f"A{place}", 盈亏原因=cause) for place, cause in enumerate(causes))))
    assert found.rows["cause"].tolist() == ["lost", "late_document", "damage", "老鼠咬坏", ""]


MESSY: st.SearchStrategy[str | int | float] = st.one_of(
    st.sampled_from(
        ["", "", NUMBER, "PD-2026-11-DF02", "DF01A", "完好品库", "A1", "3", "-2", "合计", "2026-11-02", "丢失", "件"]
    ),
    st.text(max_size=6),
    st.integers(-5, 50000),
    st.floats(allow_nan=True),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(MESSY, min_size=12, max_size=12), max_size=12), st.permutations(range(12)))
def test_nothing_is_lost_in_a_messy_sheet_and_every_row_bears_its_number(
    rows: list[list[str | int | float]], order: list[int]
) -> None:
    blank = [""] * 12
    above = [[f"盘点单号：{NUMBER}", *blank[1:]], [HEADINGS[place] for place in order]]
    good = [str(cell or "") for cell in row()]
    whole = RawSheet("盘点表", [*above, [good[place] for place in order], *rows])
    found = read_delivery(DATASETS["count_sheets"], [whole], "x.xlsx", TWO_SITES, WORDS)
    aside = found.quarantined[["sheet", "row"]].drop_duplicates()
    filled = len(rows) - next((at for at, cells in enumerate(reversed(rows)) if cells != blank), len(rows))
    assert len(found.rows) + len(aside) + found.ignored == filled + 3
    assert not set(found.rows["row"]) & set(aside["row"])
    assert (found.rows["number"] == NUMBER).all()
    assert found.rows["counted"].dropna().ge(0).all()
    assert found.numbers == (NUMBER,)


def test_of_twenty_thousand_rows_all_thirty_seven_bad_ones_are_named_in_one_pass() -> None:
    bad = set(range(17, 20_000, 540))
    assert len(bad) == 38
    bad.remove(17)
    wrong: tuple[dict[str, Written], ...] = (
        {"实盘数量": "五"},
        {"盘点日期": "昨天"},
        {"实盘数量": -2},
        {"物资编码": None},
    )
    rows = [row(**({"物资编码": f"A{place}"} | (wrong[place % 4] if place in bad else {}))) for place in range(20_000)]
    content = sheet(*rows)
    found = came(content)
    assert {number - 5 for number in found.quarantined["row"]} == bad
    assert (len(found.rows), found.read) == (20_000 - 37, 20_000)
