from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from benchmarks.demo_company import Company, faults_on, make_company, make_world
from benchmarks.demo_company.calendar import is_working_day, working_days_after
from benchmarks.demo_company.exports import stock_after
from benchmarks.demo_company.nouns import TRANSFER_ORDER, ErpLine, LedgerRow, World

LAST_DAY = dt.date(2026, 11, 20)
DAY = dt.timedelta(days=1)
KINDS_OF_SPEC_01 = {
    "MISSING_IN_ERP",
    "MISSING_IN_LEDGER",
    "QUANTITY",
    "CATEGORY",
    "WAREHOUSE",
    "DATE",
    "ITEM",
    "DUPLICATE",
    "AMENDED",
    "LEDGER_MISSING",
    "LEDGER_LATE",
    "UNKNOWN_ITEM",
    "NAME_MISMATCH",
    "WRONG_QUALITY",
    "NOT_REPAIRABLE",
    "SIGN",
    "TRANSFER_REFERENCE",
    "UNAUTHORISED_TRANSFER",
    "UNAUDITED",
    "OPEN_TRANSFER",
    "TRANSFER_QUANTITY",
    "SWAP_INCOMPLETE",
    "NEGATIVE_BALANCE",
    "BALANCE",
    "STATED_BALANCE",
}


@pytest.fixture(scope="module")
def honest() -> World:
    return make_world(LAST_DAY, 30, 7, sites=12, departments=3, items=400, faults=False)


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    folders = tmp_path / "one", tmp_path / "other"
    for folder in folders:
        make_company(folder, LAST_DAY, days=3)
    told = [{path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")} for folder in folders]
    assert told[0] == told[1]


def test_another_seed_gives_another_company() -> None:
    worlds = [make_world(LAST_DAY, 3, seed, sites=12, departments=3, items=400, faults=True) for seed in (1, 2)]
    assert worlds[0].ledger != worlds[1].ledger


def test_every_kind_of_break_is_put_in_even_in_nine_days(company: Company) -> None:
    assert {fault.kind for fault in company.faults} == KINDS_OF_SPEC_01


def test_every_fault_is_found_by_a_run_of_the_company(company: Company) -> None:
    assert sum((faults_on(company, day) for day in company.days), Counter()).total() == len(company.faults)
    assert all(fault.date <= fault.found_on for fault in company.faults)


def test_every_unreadable_column_is_put_in(company: Company) -> None:
    wanted = {("ledger", column) for column in ("date", "category", "quantity", "warehouse")}
    assert {(one.dataset, one.column) for one in company.quarantined} == wanted | {("erp_documents", "quantity")}


def test_without_faults_both_books_agree_to_the_day(honest: World) -> None:
    ledger: defaultdict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    erp: defaultdict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    store_of = {store.code: (store.site, store.quality) for store in honest.warehouses}
    for row in honest.ledger:
        ledger[row.site, row.quality, row.date, row.item.code, row.category, row.incoming] += row.quantity
    for line in honest.erp:
        for warehouse, effect in line.effects:
            site, quality = store_of[warehouse]
            if site:
                incoming = effect > 0 if line.type == TRANSFER_ORDER else line.type == "其他入库单"
                erp[site, quality, line.date, line.item.code, line.category, incoming] += line.quantity
    assert ledger == erp


def test_without_faults_no_store_ever_holds_less_than_nothing(honest: World) -> None:
    held = dict(honest.opening)
    site_of = {site.code: site for site in honest.sites}
    for day in honest.days:
        running = dict(held)
        for row in (row for row in honest.ledger if row.date == day):
            key = (site_of[row.site].warehouse(row.quality), row.item.code)
            running[key] = running.get(key, Decimal(0)) + row.effect
            assert running[key] >= 0, row
        held = stock_after(honest, day, held)
        assert min(held.values()) >= 0


def test_without_faults_every_spare_put_into_a_turbine_has_its_broken_one(honest: World) -> None:
    back: dict[tuple[str, str], list[dt.date]] = defaultdict(list)
    for row in honest.ledger:
        if row.category == "损坏入库":
            back[row.site, row.item.code].append(row.date)
    for row in honest.ledger:
        if row.category == "自用领用" and row.turbine and row.item.sort == "备件" and row.date + 3 * DAY <= LAST_DAY:
            assert any(row.date <= came <= row.date + 3 * DAY for came in back[row.site, row.item.code]), row


def test_without_faults_every_document_is_audited_on_the_next_working_day_at_last(honest: World) -> None:
    assert all(line.audited_on and line.audited_on <= working_days_after(line.date, 1) for line in honest.erp)


def test_without_faults_what_is_sent_arrives_in_full_within_five_working_days(honest: World) -> None:
    legs: dict[str, list[ErpLine]] = defaultdict(list)
    for line in honest.erp:
        if line.order and line.moves:
            legs[line.order].append(line)
    for lines in legs.values():
        total = sum(effect for line in lines for _, effect in line.effects)
        due = working_days_after(min(line.date for line in lines), 5)
        assert total == 0 or due > LAST_DAY, lines


def test_without_faults_transfers_name_their_papers_and_strangers_need_the_management(honest: World) -> None:
    department = {site.code: site.department.name for site in honest.sites}
    places: dict[str, set[str]] = defaultdict(set)
    for row in (row for row in honest.ledger if "调拨" in row.category):
        assert row.order or "调拨单号:DB" in row.remark, row
        assert row.incoming or "装箱单ZX" in row.remark, row
        if row.order:
            places[row.order].add(department[row.site])
    makers = {line.order: f"{line.made_by} {line.remark}" for line in honest.erp}
    strangers = [order for order, names in places.items() if len(names) > 1]
    assert strangers
    assert all("业务管理部" in makers[order] or "同意" in makers[order] for order in strangers)


def test_a_month_holds_every_category_and_quiet_weekends(honest: World) -> None:
    categories = {"采购入库", "零采入库", "损坏入库", "修复入库", "物资退库", "自用领用", "返修出库", "报废出库"}
    assert {row.category for row in honest.ledger} == categories | {"完好品调拨", "损坏品调拨"}
    lines: dict[bool, list[int]] = {True: [], False: []}
    for day in honest.days:
        lines[is_working_day(day)].append(sum(row.date == day for row in honest.ledger))
    assert sum(lines[True]) / len(lines[True]) > 3 * sum(lines[False]) / len(lines[False])


def _table(path: Path) -> list[list[object]]:
    """The cells of a file from its heading row down."""
    if path.suffix == ".csv":
        content = path.read_bytes()
        text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030")
        rows: list[list[object]] = [list(row) for row in csv.reader(io.StringIO(text))]
    else:
        book = CalamineWorkbook.from_path(path)
        rows = [list(row) for row in book.get_sheet_by_name(book.sheet_names[-1]).to_python()]
    wanted = {"日期", "日期*", "Date", "单据日期"}
    heading = next(number for number, row in enumerate(rows) if wanted & set(map(str, row)) and len(row) > 5)
    return rows[heading:]


def test_every_ledger_of_every_shape_can_be_read_and_holds_its_rows(tmp_path: Path) -> None:
    made = make_company(tmp_path, LAST_DAY, days=5, seed=3, faults=False)
    world = make_world(LAST_DAY, 5, 3, sites=12, departments=3, items=400, faults=False)
    rows_of = Counter((row.site, row.date) for row in world.ledger)
    for site in world.sites:
        for day, inbox in made.deliveries.items():
            own = [p for p in (inbox / "ledger").iterdir() if p.name.startswith((site.code, site.name))]
            assert len(own) == 1
            days = [one for one in made.days if one <= day] if site.shape in {5, 8} else [day]
            table = _table(own[0])
            name = {"物资名称", "物資名稱", "Item name"}
            place = next(number for number, text in enumerate(table[0]) if text in name)
            assert sum(bool(row[place]) for row in table[1:]) == sum(rows_of[site.code, one] for one in days) or (
                "无出入库" in str(table[1]) and not rows_of[site.code, day]
            )


def test_the_files_of_an_honest_month_add_up_from_on_hand_to_on_hand(tmp_path: Path) -> None:
    made = make_company(tmp_path, LAST_DAY, days=6, seed=5, faults=False)
    held = _on_hand(made.masters / "on_hand")
    seen: set[tuple[str, Decimal]] = set()
    for inbox in made.deliveries.values():
        table = _table(next((inbox / "erp_documents").iterdir()))
        lines = [dict(zip(map(str, table[0]), row, strict=False)) for row in table[1:]]
        keys = [(str(line["单据号"]), Decimal(str(line["行号"]))) for line in lines]
        fresh = [line for key, line in zip(keys, lines, strict=True) if key not in seen]
        seen.update(keys)
        own = {line["调拨单号"] for line in fresh if line["单据类型"] != "调拨单"}
        for line in fresh:
            quantity, item = Decimal(str(line["数量"])), str(line["存货编码"])
            if line["单据类型"] == "调拨单":
                if line["调拨单号"] not in own:
                    held[str(line["转出仓库"]), item] -= quantity
                    held[str(line["转入仓库"]), item] += quantity
            else:
                held[str(line["仓库编码"]), item] += quantity if line["单据类型"] == "其他入库单" else -quantity
        assert {key: amount for key, amount in held.items() if amount} == _on_hand(inbox / "on_hand")


def _on_hand(folder: Path) -> defaultdict[tuple[str, str], Decimal]:
    table = _table(next(folder.iterdir()))
    return defaultdict(Decimal, {(str(row[1]), str(row[2])): Decimal(str(row[6])) for row in table[1:]})


def test_a_row_keeps_what_it_does_to_its_store(honest: World) -> None:
    returned: list[LedgerRow] = [row for row in honest.ledger if row.category == "物资退库"]
    assert returned
    assert all(row.quantity < 0 and row.effect < 0 for row in returned)
