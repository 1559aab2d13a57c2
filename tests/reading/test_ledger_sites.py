"""Whose ledger it is, and when one says that nothing moved."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.domain.sheet import RefusedFile
from tests.reading.files import (
    ABOVE,
    HEADINGS,
    NOTHING_KNOWN,
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
