"""What a ledger's headings mean, in any order, twice, or not at all."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.domain.message import message_from_json
from tasks.domain.sheet import RefusedFile
from tests.reading.files import (
    ABOVE,
    HEADINGS,
    Written,
    csv,
    ledger,
    ledger_rows,
    read,
    reasons,
    row,
    xlsx,
)


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
