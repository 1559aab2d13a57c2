"""Ledgers as sites send them."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.wording import wording
from tasks.adapters.workbook import read_sheets
from tasks.domain.keys import code_key, name_key
from tasks.domain.message import keys_of, message_from_json
from tasks.intake.core import Lookups, read_delivery
from tests.house import ROOT
from tests.reading.files import (
    DATASETS,
    HEADINGS,
    LIMITS,
    TWO_SITES,
    WORDS,
    Written,
    ledger,
    ledger_rows,
    read,
    reasons,
    row,
    sheet,
    xlsx,
)

SAMPLE = Path(os.environ.get("DAYBOOK_SAMPLE", ROOT.parent / "shared" / "data" / "ledger_sample")) / "inbox"


def test_a_row_keeps_its_place_and_means_what_it_says() -> None:
    found = ledger(row(item=123.0, quantity="１,２００.5", stated_balance=7, transfer_order="００12"))
    one = found.rows.iloc[0]
    assert (one["sheet"], one["row"], one["site"]) == ("Sheet1", 4, "DF01")
    assert (one["item"], one["item_key"], one["category"], one["warehouse"]) == ("123", "123", "PURCHASE_IN", "good")
    assert (one["quantity"], one["stated_balance"], one["date"]) == (12_005_000, 70_000, pd.Timestamp(2026, 11, 20))
    assert one["transfer_order"] == "0012"
    assert (found.stated_date, found.ignored, found.read, found.no_movement) == (dt.date(2026, 11, 20), 3, 1, False)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"date": None}, [("日期", "missing")]),
        ({"date": "2026-02-30"}, [("日期", "impossible_date")]),
        ({"date": "2026-11-22"}, [("日期", "date_after_ledger")]),
        ({"date": "2026-11-21"}, []),
        ({"category": "借用"}, [("出入库类别", "unknown_word")]),
        ({"category": "採購入庫"}, []),
        ({"item": None}, []),
        ({"item": 12345678901234567890.0}, [("物资编码", "number_damaged")]),
        ({"item_name": " "}, [("物资名称", "missing")]),
        ({"quantity": None}, [("数量", "missing")]),
        ({"quantity": "3件"}, []),
        ({"quantity": "3箱"}, [("数量", "not_a_number")]),
        ({"quantity": "１e400"}, [("数量", "not_a_number")]),
        ({"warehouse": "DF01完好品庫"}, []),
        ({"warehouse": "df01-a"}, []),
        ({"warehouse": "楼下"}, [("仓库", "warehouse_unknown")]),
        ({"stated_balance": "很多"}, [("结存", "not_a_number")]),
        ({"handler": "张" * 81}, [("经手人", "too_long")]),
        ({"date": "明天", "quantity": "几个"}, [("日期", "not_a_date"), ("数量", "not_a_number")]),
    ],
)
def test_bad_cells_are_quarantined_and_said_in_both_languages(
    changed: dict[str, Written], expected: list[tuple[str, str]]
) -> None:
    found = ledger(row(**changed), row(sequence=2))
    assert reasons(found) == expected
    assert found.read == 2
    for text in found.quarantined["reason"]:
        for key in keys_of(message_from_json(text)):
            assert wording("zh_CN", key)
            assert wording("en", key)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("完好品调拨", "GOOD_TRANSFER"),
        ("损坏品调拨", "DAMAGED_TRANSFER"),
        ("完好品调拨出库", "GOOD_TRANSFER_OUT"),
        ("物资退库（红字）", "RETURN_TO_STOCK"),
        (" 自用 领用 ", "OWN_USE_OUT"),
        ("Purchase receipt", "PURCHASE_IN"),
    ],
)
def test_a_category_is_known_by_each_of_its_words(written: str, code: str) -> None:
    assert list(ledger(row(category=written)).rows["category"]) == [code]


def test_titles_totals_repeated_headings_blanks_examples_and_signatures_are_no_rows() -> None:
    blank = (None,) * 14
    handed_out = {"item_name": "轴承 6205", "specification": "M16×80", "turbine": "F07", "transfer_order": "DB0001"}
    rows = [
        row(sequence="示例", **handed_out),
        row(),
        blank,
        ("合计", None, None, None, None, None, None, 2),
        HEADINGS,
        row(sequence=2),
        (None, None, None, None, "本页合计：", None, None, 4),
        ("制表人:张工", None, None, "审核:"),
        ("保管员签字:",),
    ]
    found = ledger(*rows)
    assert (reasons(found), found.read, found.ignored) == ([], 2, 3 + 7)
    assert list(found.rows["row"]) == [5, 9]


def test_a_row_typed_over_the_example_is_a_row() -> None:
    typed = {"sequence": "示例", "item": "A7", "item_name": "轴承 6205", "specification": "M16×80"}
    found = ledger(row(**typed), row(sequence="Example", quantity=None), row(remark="示例"))
    assert (reasons(found), found.read) == ([("数量", "missing")], 3)


def test_every_sheet_with_headings_is_read_and_the_others_are_said() -> None:
    content = xlsx(
        ledger_rows(row()),
        [("说明", "请按日填写")],
        ledger_rows(row(date="2026-11-19")),
        names=("20日", "说明", "19日"),
    )
    found = read(content)
    assert list(found.rows["sheet"]) == ["20日", "19日"]
    assert [dict(one.parameters)["sheet"] for one in found.notices] == ["说明"]


def test_equal_rows_are_counted_and_retyping_changes_no_content() -> None:
    found = ledger(row(), row(sequence=2, item="ＳＬ００００１", item_name=" 轴承 "), row(sequence=3, quantity=3))
    assert list(found.rows["repeat"]) == [0, 1, 0]
    keys = list(found.rows["content_key"])
    assert keys[0] == keys[1] != keys[2]


def test_days_without_a_year_around_new_year() -> None:
    rows = [("现场名称:DF01", "填报日期:2027-01-01"), HEADINGS, row(date="12月31日"), row(date="1-1")]
    found = read(xlsx(rows), name="x.xlsx")
    assert [day.date().isoformat() for day in found.rows["date"]] == ["2026-12-31", "2027-01-01"]


MESSY: st.SearchStrategy[str | int | float] = st.one_of(
    st.sampled_from(
        ["", "", "合计", "2026-11-20", "采购入库", "完好品库", "轴承", "3", "-2", "示例", "制表人:张", "件"]
    ),
    st.text(max_size=6),
    st.integers(-5, 50000),
    st.floats(allow_nan=True),
)


@settings(max_examples=60)
@given(st.lists(st.lists(MESSY, min_size=14, max_size=14), max_size=12), st.permutations(range(14)))
def test_nothing_is_lost_in_a_messy_sheet_with_columns_in_any_order(
    rows: list[list[str | int | float]], order: list[int]
) -> None:
    above = [["现场名称:DF01"] + [""] * 13, [HEADINGS[place] for place in order]]
    good = [str(cell or "") for cell in row()]
    whole = sheet([*above, [good[place] for place in order], *rows])
    found = read_delivery(DATASETS["ledger"], [whole], "DF01_20261120.xlsx", TWO_SITES, WORDS)
    quarantined = found.quarantined[["sheet", "row"]].drop_duplicates()
    blank_end = 0
    for cells in reversed(rows):
        if any(cell != "" for cell in cells):
            break
        blank_end += 1
    assert len(found.rows) + len(quarantined) + found.ignored == len(rows) + 3 - blank_end
    assert not set(found.rows["row"]) & set(quarantined["row"])
    assert found.rows.iloc[0]["row"] == 3


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample stands beside the checkout only")
def test_the_sample_reads_without_a_fault() -> None:
    sites: dict[str, str] = {}
    for dataset in ("sites", "departments", "warehouses", "items", "late_notice", "erp_documents", "on_hand", "ledger"):
        for path in sorted((SAMPLE / dataset).iterdir()):
            lookups = Lookups(sites, {})
            found = read_delivery(DATASETS[dataset], read_sheets(path, LIMITS), path.name, lookups, WORDS)
            assert (len(found.quarantined), found.read > 0, found.notices) == (0, True, ())
            if dataset == "sites":
                names = zip(found.rows["site"], found.rows["site_name"], strict=True)
                sites = {key: code for code, name in names for key in (code_key(code), name_key(name))}
