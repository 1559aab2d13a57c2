"""Ledgers as sites send them."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from config.wording import wording
from tasks.adapters.workbook import read_sheets
from tasks.domain.keys import code_key, name_key
from tasks.domain.message import keys_of, message_from_json
from tasks.domain.sheet import RefusedFile
from tasks.intake.core import Lookups, read_delivery
from tests.house import ROOT
from tests.reading.files import (
    ABOVE,
    DATASETS,
    HEADINGS,
    LIMITS,
    NOTHING_KNOWN,
    TWO_SITES,
    WORDS,
    Failed,
    Written,
    csv,
    ledger,
    ledger_rows,
    ods,
    ods_rows,
    read,
    reasons,
    row,
    sheet,
    xls,
    xlsb,
    xlsx,
)

Maker = Callable[[Sequence[Sequence[Written]]], bytes]
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
    "make", [xlsx, xls, csv, lambda rows: csv(rows, "gb18030", "\t"), lambda rows: csv(rows, "utf-16")]
)
def test_the_same_ledger_reads_the_same_from_every_kind_of_file(make: Maker) -> None:
    rows = ledger_rows(row(), row(sequence=2, item_name="螺栓 M16×80", date=dt.date(2026, 11, 19)), row(quantity="abc"))
    found, expected = read(make(rows), name="无关.bin"), ledger(*rows[3:])
    assert reasons(found) == [("数量", "not_a_number")]
    columns = ["date", "category", "item_key", "item_name", "quantity", "warehouse", "content_key", "row", "site"]
    pd.testing.assert_frame_equal(found.rows[columns], expected.rows[columns])


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
    "make",
    [
        xlsx,
        xls,
        lambda rows: ods(ods_rows(rows)),
        xlsb,
        lambda rows: xlsb(rows, formula=True),
        lambda rows: xlsb(rows, short=True),
    ],
    ids=["xlsx", "xls", "ods", "xlsb", "formula in xlsb", "short records of xlsb"],
)
@pytest.mark.parametrize(
    ("column", "heading", "error"),
    [
        ("date", "日期", "#REF!"),
        ("item", "物资编码", "#N/A"),
        ("quantity", "数量", "#VALUE!"),
        ("warehouse", "仓库", "#NAME?"),
        ("stated_balance", "结存", "#DIV/0!"),
        ("remark", "备注", "#NUM!"),
    ],
)
def test_a_cell_whose_formula_failed_is_not_blank(make: Maker, column: str, heading: str, error: str) -> None:
    found = read(make(ledger_rows(row(**{column: Failed(error)}), row(sequence=2), (None, None, None, Failed("#N/A")))))
    assert reasons(found) == [(heading, "formula_error")]
    assert list(found.quarantined["value"]) == [error]
    assert (found.read, len(found.rows)) == (2, 1)


@pytest.mark.parametrize("short", [False, True])
def test_a_binary_workbook_is_read_whole(*, short: bool) -> None:
    rows = ledger_rows(row(), row(sequence=2, quantity=2.5, remark="x" * 200))
    plain, binary = read(xlsx(rows)), read(xlsb(rows, short=short))
    pd.testing.assert_frame_equal(plain.rows.drop(columns="sheet"), binary.rows.drop(columns="sheet"))


def test_a_binary_workbook_cut_short_is_refused() -> None:
    for end in (6, 9, 30):
        with pytest.raises(RefusedFile) as refusal:
            read(xlsb(ledger_rows(row()), cut=end))
        assert refusal.value.reason.key == "intake.refused.damaged_file"


def test_a_formula_that_failed_in_an_old_workbook_is_not_blank() -> None:
    formula = xls(ledger_rows(row(stated_balance=xlwt.Formula("1/0"))))
    failed = formula.replace(b"\x03\x00\x00\x00\x00\x00\xff\xff", b"\x02\x00\x07\x00\x00\x00\xff\xff")
    assert failed != formula
    assert (reasons(read(failed)), list(read(failed).quarantined["value"])) == (
        [("结存", "formula_error")],
        ["#DIV/0!"],
    )


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


@pytest.mark.parametrize(
    ("heading", "one", "other", "taken"),
    [
        ("数量", 18, "18", 180_000),
        ("数量", None, 18, 180_000),
        ("数量*", 18, None, 180_000),
        ("结存", None, 7, 70_000),
        ("数量", 18, 81, None),
        ("结存", 7, "9", None),
    ],
)
def test_two_columns_of_one_heading_are_one_and_must_agree(
    heading: str, one: Written, other: Written, taken: int | None
) -> None:
    name = {"数量": "quantity", "结存": "stated_balance"}[heading.strip("*")]
    rows = ledger_rows(row(**{name: one}), row(sequence=2, quantity=5, stated_balance=1))
    found = read(xlsx([*rows[:2], (*rows[2], heading), (*rows[3], other), rows[4]]))
    # A column that is blank from top to bottom is nobody's.
    assert [one.key for one in found.notices] == ["intake.notice.heading_twice"] * (other is not None)
    if taken is not None:
        assert (reasons(found), found.rows[name].iloc[0]) == ([], taken)
    else:
        assert (reasons(found), len(found.rows)) == ([(heading, "columns_differ")], 1)
        why = message_from_json(found.quarantined["reason"].iloc[0])
        said = dict(why.parameters)
        assert (said["one"], said["other"], said["second"]) == (str(one), str(other), "O")
        assert said["first"] == {"数量": "H", "结存": "J"}[heading]


# Beside 结存 / Balance of the workbook handed out stand two of its aliases, or the heading itself and an alias.
@pytest.mark.parametrize(
    ("headings", "cells", "taken", "said"),
    [
        (("结存数量", "结余"), [(7, 7), ("8.0", 8)], [70_000, 80_000], []),
        (("结存数量", "结余"), [(7, None), (8, " ")], [70_000, 80_000], []),
        (("结存数量", "结余"), [(None, 7), (None, 8)], [70_000, 80_000], []),
        (("结存数量", "结余"), [(7, 7), (8, 9)], [70_000], [("结存数量", "headings_differ")]),
        (("结存数量", "结余"), [(7, 7), (8, None)], [70_000], [("结存数量", "headings_differ")]),
        (("结存数量", "结余"), [(7, 7), (8, "?")], [70_000], [("结存数量", "headings_differ")]),
        (("结余", "结存"), [(7, 1), (8, 9)], [10_000, 90_000], ["headings_beside"]),
        (("结存", "结余"), [(1, 7), (9, 8)], [10_000, 90_000], ["headings_beside"]),
        (("结余", "结存"), [(7, None), (8, None)], [70_000, 80_000], []),
    ],
)
def test_two_headings_that_mean_the_same_are_never_chosen_between_in_silence(
    headings: tuple[str, str],
    cells: list[tuple[Written, Written]],
    taken: list[int],
    said: list[str | tuple[str, str]],
) -> None:
    at = HEADINGS.index("结存")
    plain: list[tuple[Written, ...]] = [(*HEADINGS[:at], *HEADINGS[at + 1 :], *headings)]
    for number, pair in enumerate(cells, start=1):
        own = row(sequence=number)
        plain.append((*own[:at], *own[at + 1 :], *pair))
    found = read(xlsx([*ABOVE, *plain]))
    assert list(found.rows["stated_balance"]) == taken
    assert [*reasons(found), *(one.key.rsplit(".", 1)[1] for one in found.notices)] == said
    for why in map(message_from_json, found.quarantined["reason"]):
        told = dict(why.parameters)
        assert (told["heading"], told["other_heading"], told["column"], told["other_column"]) == (*headings, "N", "O")


def test_two_headings_of_what_is_only_read_by_people_are_named_and_the_first_is_read() -> None:
    plain = [(*HEADINGS[:5], "规格", *HEADINGS[6:], "型号"), (*row(specification="M16"), "B80")]
    found = read(xlsx([*ABOVE, *plain]))
    (notice,) = found.notices
    assert dict(notice.parameters) == {"sheet": "Sheet1", "first": "规格", "second": "型号"}
    assert list(found.rows["specification"]) == ["M16"]


def test_a_lone_text_that_is_nothing_known_is_not_lost() -> None:
    found = ledger(row(), (None, None, None, None, "丢失的东西"))
    assert found.read == 2
    assert {why for _, why in reasons(found)} == {"missing"}


def test_headings_in_two_rows_with_units_and_stars_in_any_order() -> None:
    upper = ("序号", "日期*", "物资", "", "", "数量（件）", "出入库類別★", "仓库\n", "备注")
    lower = ("", "", "物资编码", "物资名称", "规格型号", "", "", "", "")
    rows = [("流水账",), upper, lower, ("1", "2026-11-20", "SL1", "轴承", "6205", "2", "采购入库", "完好品库", "")]
    found = read(csv(rows))
    assert (len(found.rows), reasons(found)) == (1, [])
    assert found.rows.iloc[0]["item_name"] == "轴承"


def test_english_headings_and_words() -> None:
    rows = [
        ("Site ledger",),
        ("Site: DF01", None, "Reporting date: 2026-11-20"),
        ("No.", "Date", "Category", "Item code", "Item name", "Quantity", "Warehouse"),
        (1, "3-Nov-2026", "Own-use issue", "SL1", "Bearing", 2, "Damaged stock"),
    ]
    found = read(xlsx(rows), name="ledger.xlsx")
    assert (found.site, found.stated_date, reasons(found)) == ("DF01", dt.date(2026, 11, 20), [])
    assert list(found.rows["warehouse"]) == ["damaged"]


def test_a_missing_heading_refuses_the_file_and_names_it() -> None:
    with pytest.raises(RefusedFile) as refusal:
        read(csv([HEADINGS[:7], row()[:7]]))
    assert refusal.value.reason.key == "intake.refused.heading_missing"
    assert "数量" in str(dict(refusal.value.reason.parameters)["headings"])


@pytest.mark.parametrize(
    ("line", "name", "site"),
    [
        ("现场名称:大丰一期", "x.xlsx", "DF01"),
        ("现场名称：大丰一期  填报日期：2026-11-20  填报人：张工", "x.xlsx", "DF01"),
        ("现场编码:df-02", "x.xlsx", "DF02"),
        ("", "DF01_20261120.xlsx", "DF01"),
        ("", "大丰二期20261120.xlsx", "DF02"),
        ("", "流水账-DF02-2026-11-20 (1).xlsx", "DF02"),
        ("", "大丰二期2026年11月流水账.xlsx", "DF02"),
        ("现场名称:大丰一期", "DF02_20261120.xlsx", "site_conflict"),
        ("现场名称:没有的现场", "x.xlsx", "site_unknown"),
        ("现场名称:大丰1期", "DF01_20261120.xlsx", "DF01"),
        ("", "流水账.xlsx", "site_unknown"),
    ],
)
def test_the_site_of_a_ledger(line: str, name: str, site: str) -> None:
    content = xlsx([("流水账",), (line or None,), HEADINGS, row()])
    try:
        found = read(content, name=name).site
    except RefusedFile as refusal:
        found = refusal.reason.key.rsplit(".", 1)[1]
    assert found == site


def test_label_and_value_may_stand_in_neighbouring_cells() -> None:
    found = read(
        xlsx([("现场名称：", "大丰二期", None, "填报日期", dt.date(2026, 11, 20)), HEADINGS, row()]), name="x.xlsx"
    )
    assert (found.site, found.stated_date) == ("DF02", dt.date(2026, 11, 20))


def test_without_master_data_texts_pass_as_they_stand() -> None:
    found = ledger(row(warehouse="W-9"), lookups=NOTHING_KNOWN)
    assert (found.site, list(found.rows["warehouse"])) == ("大丰一期", ["W9"])


def test_a_site_column_may_not_contradict_the_sheet() -> None:
    rows = [ABOVE[1], ("现场", *HEADINGS), ("大丰一期", *row()), ("DF02", *row()), ("火星", *row())]
    found = read(xlsx(rows))
    assert (list(found.rows["site"]), reasons(found)) == (
        ["DF01"],
        [("现场", "site_conflict"), ("现场", "site_unknown")],
    )


@pytest.mark.parametrize(
    "rows",
    [
        [*ABOVE, HEADINGS, ("本日无出入库",)],
        [*ABOVE, ("无出入库",), HEADINGS],
        [*ABOVE, ("No movement today.",)],
        [*ABOVE, HEADINGS, (1, "2026-11-20", "无业务", None, None, None, None, 0, None)],
    ],
)
def test_a_ledger_that_says_nothing_moved_counts_as_received(rows: list[tuple[Written, ...]]) -> None:
    found = read(xlsx(rows))
    assert (found.no_movement, found.read, found.site) == (True, 0, "DF01")


@pytest.mark.parametrize(
    ("name", "site"), [("大丰一期2026年11月流水账.xlsx", "DF01"), ("流水账2026年11月.xlsx", "site_unknown")]
)
def test_a_silent_ledger_whose_rows_would_name_the_site_is_known_by_its_file_or_refused(name: str, site: str) -> None:
    content = xlsx([("填报日期:2026-11-20",), ("现场", *HEADINGS), ("无出入库",)])
    try:
        found = read(content, name=name).site
    except RefusedFile as refusal:
        found = refusal.reason.key.rsplit(".", 1)[1]
    assert found == site


def test_a_remark_never_hides_a_row_that_moved_something() -> None:
    found = read(csv(ledger_rows(row(quantity="３", remark="无业务"), row(quantity="几", remark="无业务"))))
    assert (len(found.rows), reasons(found), found.no_movement) == (1, [("数量", "not_a_number")], False)
    notice = read(csv([("现场", "日期", "原因"), ("DF01", "2026-11-20", "本日无业务")]), "late_notice")
    assert len(notice.rows) == 1


def test_an_empty_ledger_that_says_nothing_is_refused() -> None:
    with pytest.raises(RefusedFile, match="empty_ledger"):
        ledger()


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
