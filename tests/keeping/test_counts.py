"""A count is opened once, its sheets lie there, and what comes back is kept, every version of it, on each database."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from tasks.adapters.store import open_store
from tasks.intake.steps import quarantined_of_period, rows_of_period
from tasks.intake.tables import count_rows, on_hand
from tasks.stocktake.scopes import Scope
from tasks.stocktake.steps.collecting import Collected
from tasks.stocktake.steps.gathering import lines_of
from tasks.stocktake.steps.issuing import close_count, issue_recounts, write_missing_sheets
from tasks.stocktake.steps.opening import UnableToOpen
from tasks.stocktake.tables import issued_sheets, sheet_lines, stocktakes
from tests.beside import beside, exit_status
from tests.keeping.company import Company
from tests.keeping.counting import (
    OPENED,
    PERIOD,
    SHEET,
    at,
    collected,
    filled,
    opened,
    ordered,
    send_back,
    sheet_file,
)

ON_HAND = (
    ("日期", "仓库编码", "存货编码", "存货名称", "现存数量", "序列号"),
    ("2026-10-30", "DF01A", "A1", "轴承", 5, ""),
    ("2026-10-30", "DF01A", "A2", "润滑油", 0, ""),
    ("2026-10-30", "DF01B", "A9", "旧泵", 2, "S1 S2"),
    ("2026-10-30", "DF02A", "A1", "轴承", 3, ""),
)
ITEMS = (
    ("存货编码", "存货名称", "规格型号", "单位", "ABC", "单价"),
    ("A1", "轴承", "6205", "件", "A", "12.5"),
    ("A2", "润滑油", "", "升", "C", ""),
)


@pytest.fixture
def stocked(company: Company) -> Company:
    """The small company with items, an on-hand at the end of October and documents of its last day."""
    company.drop("items", "items.csv", ITEMS)
    company.drop("on_hand", "on_hand.csv", ON_HAND)
    company.erp(
        "october.csv",
        {"单据号": "Q1", "单据日期": "2026-10-31", "审核人": "王"},
        {"单据号": "Q2", "单据日期": "2026-10-31", "数量": 100},
        {"单据号": "Q3", "单据日期": "2026-10-29", "审核人": "王", "数量": 7},
    )
    company.take_in(now=OPENED)
    return company


def lines(company: Company, number: str = "2026-11") -> list[tuple[str, str, int]]:
    """Warehouse, item and frozen book of every line of the count."""
    with company.store.reading() as connection:
        found = lines_of(connection, number)
    return list(zip(found["warehouse"], found["item"], (found["frozen"] // 10_000).tolist(), strict=True))


def sheets(company: Company) -> list[str]:
    """The numbers of all sheets that were issued."""
    return [str(row[0]) for row in company.rows(issued_sheets, "number")]


def counted(found: Collected) -> dict[str, int | None]:
    """What was counted by item; None is a blank cell."""
    cells = found.counts["counted"].astype(object)
    return dict(zip(found.counts["item"], cells.where(cells.notna(), None), strict=True))


def test_the_book_is_the_newest_on_hand_and_the_audited_movements_up_to_the_cut_off(stocked: Company) -> None:
    count = opened(stocked)
    assert (count.count.number, count.count.cut_off) == ("2026-11", dt.date(2026, 10, 31))
    assert count.deadline == dt.date(2026, 11, 6)
    # 5 on hand, 2 came in with an audited document; another nobody has audited, a third the on-hand knew already.
    assert lines(stocked) == [("DF01A", "A1", 7), ("DF01A", "A2", 0), ("DF01B", "A9", 2), ("DF02A", "A1", 3)]


def test_a_count_is_opened_once_and_its_sheets_are_made_again_where_they_are_gone(stocked: Company) -> None:
    first = opened(stocked)
    before = sheet_file(stocked).read_bytes()
    sheet_file(stocked).unlink()
    again = opened(stocked, now=at(2))
    assert (again.count.opened_at, again.count.number) == (first.count.opened_at, first.count.number)
    assert sheet_file(stocked).read_bytes() == before
    assert sheets(stocked) == [SHEET, "PD-2026-11-DF02"]


def open_again(home: Path, url: str) -> None:
    """The count opened from another process."""
    store = open_store(url)
    opened(Company(home, store))
    store.engine.dispose()


def test_a_count_opened_from_three_places_at_once_is_one(stocked: Company) -> None:
    url = stocked.store.engine.url.render_as_string(hide_password=False)
    places = [beside(open_again, stocked.home, url) for _ in range(3)]
    assert [exit_status(one) for one in places] == [0, 0, 0]
    assert stocked.rows(stocktakes, "stocktake") == [("2026-11",)]
    assert len(lines(stocked)) == 4
    assert sheet_file(stocked).read_bytes()


def test_without_any_on_hand_nothing_is_opened(company: Company) -> None:
    with pytest.raises(UnableToOpen) as refused:
        opened(company)
    assert refused.value.message.key == "count_sheets.unable.no_on_hand"
    assert company.rows(stocktakes, "stocktake") == []


def test_a_second_count_of_what_is_being_counted_is_refused_until_the_first_is_closed(stocked: Company) -> None:
    opened(stocked)
    scope = Scope(warehouses=("DF01A",), items=("A1",))
    with pytest.raises(UnableToOpen) as refused:
        opened(stocked, scope, at(3))
    assert [(one.kind, one.site, one.item) for one in refused.value.findings] == [("OPEN_COUNT_CONFLICT", "DF01", "A1")]
    with stocked.store.writing() as connection:
        close_count(connection, "2026-11", "posted", at(4))
    assert opened(stocked, scope, at(4)).count.number == "2026-11-S1"
    assert lines(stocked, "2026-11-S1") == [("DF01A", "A1", 7)]
    assert "PD-2026-11-S1-DF01" in sheets(stocked)


def test_a_spot_count_keeps_its_seed_and_is_not_drawn_twice(stocked: Company) -> None:
    first = opened(stocked, Scope(spot=1), at(3))
    again = opened(stocked, Scope(spot=1), at(3, 10))
    assert first.scope.seed > 0
    assert (again.count.number, again.scope) == (first.count.number, first.scope)
    assert len({item for _, item, _ in lines(stocked, "2026-11-S1")}) == 1


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (OPENED, "2026-11-06"),
        # Opened late, people have their working days all the same; a month of the past was due then.
        (at(16), "2026-11-23"),
        (at(30), "2026-12-07"),
        (at(30) + dt.timedelta(days=90), "2026-11-06"),
    ],
)
def test_people_have_their_working_days_from_the_day_on_which_the_sheets_lie_there(
    stocked: Company, now: dt.datetime, due: str
) -> None:
    assert opened(stocked, now=now).deadline == dt.date.fromisoformat(due)


def test_a_scope_that_names_what_no_master_knows_is_refused_by_name(stocked: Company) -> None:
    with pytest.raises(UnableToOpen) as refused:
        opened(stocked, Scope(sites=("DF01", "DF09")))
    assert dict(refused.value.message.parameters)["names"] == "DF09"


def test_a_sheet_shows_book_or_not_but_a_recount_never(stocked: Company) -> None:
    opened(stocked)
    with stocked.store.writing() as connection:
        own = lines_of(connection, "2026-11")
        numbers = issue_recounts(connection, ordered(stocked, at(5)), own[own["item"] == "A1"].assign(round=1))
    assert numbers == ("PD-2026-11-DF01-R1", "PD-2026-11-DF02-R1")
    write_missing_sheets(ordered(stocked, at(5)), opened(stocked))
    for number, book in ((SHEET, True), ("PD-2026-11-DF01-R1", False)):
        cells = openpyxl.load_workbook(sheet_file(stocked, number)).worksheets[0]
        assert ("账面数量" in {cell.value for cell in cells[6]}) is book
    assert ("PD-2026-11-DF01-R1", "A1", False) in stocked.rows(sheet_lines, "number", "item", "open")


def test_a_returned_sheet_is_kept_in_every_version_and_the_newest_stands(stocked: Company) -> None:
    opened(stocked)
    sheet = sheet_file(stocked).read_bytes()
    found = {"仓库编码": "完好品库", "物资编码": "Z9", "物资名称": "无名件", "实盘数量": 1}
    send_back(stocked, "a.xlsx", filled(sheet, {"A1": {"实盘数量": 6}, "A2": {"实盘数量": 0}}, [found]))
    first = collected(stocked, at(3))
    assert counted(first) == {"A1": 60_000, "A2": 0, "A9": None, "Z9": 10_000}
    assert first.counts["warehouse_key"].tolist() == ["DF01A", "DF01A", "DF01B", "DF01A"]
    send_back(stocked, "盘点 改.xlsx", filled(sheet, {"A1": {"实盘数量": 7}}))
    second = collected(stocked, at(4))
    assert counted(second)["A1"] == 70_000
    with stocked.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(count_rows)).scalar() == 4 + 3
        counts = rows_of_period(connection, PERIOD, ("count_sheets",))["count_sheets"]
    assert counts == {"read": 7, "accepted": 7, "quarantined": 0, "repeated": 0}
    assert stocked.verified() == []


def test_the_same_sheet_sent_twice_is_read_once_and_so_is_a_row_that_stands_twice(stocked: Company) -> None:
    opened(stocked)
    other = {"仓库编码": "DF01A", "物资编码": "A2", "实盘数量": 3, "物资名称": "润滑油"}
    alike = other | {"实盘数量": 2, "物资名称": ""}
    content = filled(sheet_file(stocked).read_bytes(), {"A2": {"实盘数量": 2}}, [other, other, alike])
    for name in ("a.xlsx", "b.xlsx"):
        send_back(stocked, name, content)
    rows = collected(stocked, at(3)).counts
    # What lies in another place is another row; the same row again is not.
    assert sorted(rows.loc[rows["item"] == "A2", "counted"].tolist()) == [20_000, 20_000, 30_000]
    with stocked.store.reading() as connection:
        counts = rows_of_period(connection, PERIOD, ("count_sheets",))["count_sheets"]
    assert counts == {"read": 6, "accepted": 5, "quarantined": 0, "repeated": 1}


def test_rows_set_aside_are_told_until_their_sheet_is_sent_again(stocked: Company) -> None:
    opened(stocked)
    sheet = sheet_file(stocked).read_bytes()
    wrong: dict[str, object] = {"实盘数量": "五", "盘点日期": "昨天"}
    send_back(stocked, "a.xlsx", filled(sheet, {"A1": wrong, "A2": {"实盘数量": 0}}))
    collected(stocked, at(3))
    assert set_aside(stocked) == [("a.xlsx", 7, "实盘数量", "五"), ("a.xlsx", 7, "盘点日期", "昨天")]
    send_back(stocked, "b.xlsx", filled(sheet, {"A1": {"实盘数量": 5}, "A2": {"实盘数量": -1}}))
    assert counted(collected(stocked, at(4))) == {"A1": 50_000, "A9": None}
    assert set_aside(stocked) == [("b.xlsx", 8, "实盘数量", "-1")]


def set_aside(company: Company) -> list[tuple[object, ...]]:
    """File, row, heading and value of the quarantined cells that November's report shows."""
    with company.store.reading() as connection:
        cells = quarantined_of_period(connection, PERIOD, ("count_sheets",))
    return list(cells[["file", "row", "column", "value"]].itertuples(index=False, name=None))


def test_a_sheet_is_in_time_late_awaited_or_missing(stocked: Company) -> None:
    opened(stocked)
    send_back(stocked, "a.xlsx", filled(sheet_file(stocked).read_bytes(), {"A1": {"实盘数量": 6}}))
    assert collected(stocked, at(6, 23)).sheets["state"].tolist() == ["in_time", "awaited"]
    missing = collected(stocked, at(7, 1))
    assert missing.sheets["state"].tolist() == ["in_time", "missing"]
    assert [(one.kind, one.site, one.expected) for one in missing.findings] == [
        ("SHEET_MISSING", "DF02", "PD-2026-11-DF02")
    ]
    send_back(stocked, "b.xlsx", sheet_file(stocked, "PD-2026-11-DF02").read_bytes())
    late = collected(stocked, at(9))
    assert (late.sheets["state"].tolist(), late.findings) == (["in_time", "late"], ())


def test_a_file_that_cannot_be_read_is_told_until_another_comes_in_its_stead(stocked: Company) -> None:
    opened(stocked)
    send_back(stocked, "DF01.xlsx", b"no workbook at all")
    send_back(stocked, "别的.csv", "盘点单号,仓库编码,物资编码,实盘数量\nPD-2026-11-DF77,DF01A,A1,3\n".encode())
    found = collected(stocked, at(3)).findings
    assert sorted((one.kind, one.site, one.found) for one in found) == [
        ("SHEET_UNREADABLE", "", "别的.csv"),
        ("SHEET_UNREADABLE", "DF01", "DF01.xlsx"),
    ]
    send_back(stocked, "张工.xlsx", filled(sheet_file(stocked).read_bytes(), {"A1": {"实盘数量": 6}}))
    assert [one.found for one in collected(stocked, at(4)).findings] == ["别的.csv"]


def test_serials_of_the_on_hand_are_frozen_with_their_line(stocked: Company) -> None:
    assert ("A9", "S1 S2") in stocked.rows(on_hand, "item", "serials")
    opened(stocked)
    assert ("A9", "S1 S2") in stocked.rows(sheet_lines, "item", "serials")


def test_a_sheet_of_twenty_thousand_rows_is_kept_in_one_go_and_all_its_faults_with_it(stocked: Company) -> None:
    opened(stocked)
    bad = range(500, 19_000, 500)
    head = [["盘点单号:" + SHEET], ["仓库编码", "物资编码", "实盘数量", "盘点日期"]]
    rows = [["DF01A", f"B{at}", "五" if at in bad else 1, "2026-11-02"] for at in range(20_000)]
    stocked.drop("count_sheets", "long.csv", [*head, *rows])
    taken = stocked.take_in(now=at(3))
    assert [(one.read, one.accepted, one.quarantined) for one in taken.datasets] == [(20_000, 19_963, 37)]
    assert [row for _, row, _, _ in set_aside(stocked)] == [at + 3 for at in bad]
