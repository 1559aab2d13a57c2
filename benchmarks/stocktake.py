"""A month's count of 200 sites with 5,000 lines each: opened, its sheets filled in, taken in again, compared, reported.

Run as `python -m benchmarks.stocktake [SITES LINES]`; it prints what each part took and what it held at most.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import xlsxwriter

from benchmarks.stopwatch import apart, measured_apart
from config.datasets import load_datasets, load_words
from config.settings import load_settings
from tasks.adapters.store import Store, open_store, write_frame
from tasks.adapters.workbook import read_sheets
from tasks.domain.count_numbers import count_number
from tasks.intake.steps import IntakeRules, take_in
from tasks.intake.tables import erp_lines, files, items, on_hand, sites, warehouses
from tasks.mail.steps import Readership
from tasks.stocktake.policy import CountLimits, Policy
from tasks.stocktake.scopes import Scope
from tasks.stocktake.steps.carrying import COLLECT, carried_on
from tasks.stocktake.steps.comparing import judged_count
from tasks.stocktake.steps.gathering import counts_of_period, lines_of
from tasks.stocktake.steps.opening import Opening, open_count
from tasks.stocktake.steps.ordering import Order

SITES, LINES, DEPARTMENTS = 200, 5_000, 10
MOVED_A_SITE = 400
OFF_SHARE = 0.02
PERIOD = dt.date(2026, 11, 30)
ZONE = dt.timezone(dt.timedelta(hours=8))
OPENED, RETURNED = (dt.datetime(2026, 11, day, 8, tzinfo=ZONE) for day in (1, 4))
SNAPSHOT = pd.Timestamp("2026-10-30")
_SOURCE: dict[str, Any] = {"file_id": 1, "sheet": "", "row": 1}
_HEADINGS = (
    "盘点单号", "仓库编码", "物资编码", "物资名称", "规格型号", "单位", "账面数量", "实盘数量", "残损数量", "序列号",
    "盈亏原因", "责任人", "处理建议", "备注", "盘点日期", "盘点人", "监盘人",
)  # fmt: skip


def main() -> None:
    """Measures the opening, the taking in of the returned sheets and the comparison, each in a process of its own."""
    many, lines = map(int, sys.argv[1:]) if len(sys.argv) > 1 else (SITES, LINES)
    home = Path(tempfile.mkdtemp(prefix="daybook-stocktake-"))
    print(f"{many} sites, {lines} lines each", flush=True)
    try:
        apart(_stock, home, many, lines)
        measured_apart("open, freeze, issue and write the sheets", _open, home)
        apart(_fill_in, home)
        measured_apart("take in the returned sheets", _take_in, home)
        measured_apart("compare alone, nothing kept", _compare, home)
        measured_apart("collect: compare, keep, recounts, reports", _collect, home)
    finally:
        shutil.rmtree(home)


def _open(home: Path) -> str:
    opened = open_count(_order(home, OPENED), Opening(PERIOD, Scope(), "benchmark"))
    return opened.count.number


def _take_in(home: Path) -> str:
    settings = load_settings(home)
    rules = IntakeRules(partial(read_sheets, limits=settings.limits), load_datasets(), load_words(), dt.time(2))
    [taken] = take_in(_store(home), home, rules, RETURNED).datasets
    return f"{taken.accepted} rows of {taken.files_read} files"


def _compare(home: Path) -> str:
    with _store(home).reading() as connection:
        [opened] = counts_of_period(connection, PERIOD)
        judged = judged_count(connection, _order(home, RETURNED), opened)
    return f"{len(judged.comparison.variances)} lines, {len(judged.findings)} findings"


def _collect(home: Path) -> str:
    summary = carried_on(_order(home, RETURNED), count_number(PERIOD), COLLECT).summary
    return (
        f"{len(cast('list[object]', summary['exceptions']))} breaks, {len(cast('list[str]', summary['reports']))} pages"
    )


def _store(home: Path) -> Store:
    return open_store(f"sqlite:///{home / 'daybook.db'}")


def _order(home: Path, now: dt.datetime) -> Order:
    limits = {name: CountLimits(share, share, value=100_000) for name, share in (("A", 0), ("B", 100), ("C", 300))}
    policy = Policy(limits, "C", 500_000, (), "", 5, 3, blind=False)
    readership = Readership((), "example.com", "zh_CN")
    return Order(home, f"sqlite:///{home / 'daybook.db'}", policy, readership, ("zh_CN",), now.date(), lambda: now)


def _stock(home: Path, many: int, lines: int) -> None:
    """Masters, the on-hand of every site and documents of the days around the cut-off, as an import would keep them."""
    random = np.random.default_rng(11)
    codes = [f"DF{place:03d}" for place in range(many)]
    held = [f"SL{place:06d}" for place in range(lines * 2)]
    stores = [f"{code}{mark}" for code in codes for mark in "AB"]
    file = {"id": 1, "dataset": "on_hand", "sha256": "0", "name": "on_hand", "size": 1, "state": "read"}
    moment = pd.Timestamp("2026-10-31 20:00", tz="UTC").as_unit("s")
    with _store(home).writing() as connection:
        write_frame(connection, files, pd.DataFrame([file]).assign(received_at=moment))
        write_frame(
            connection,
            sites,
            pd.DataFrame(
                {"site_key": codes, "site": codes, "site_name": codes, "department": _departments(many), **_SOURCE}
            ),
        )
        quality = np.where([code.endswith("A") for code in stores], "good", "damaged")
        named = pd.DataFrame(
            {"warehouse_key": stores, "warehouse": stores, "warehouse_name": stores, "quality": quality}
        )
        write_frame(connection, warehouses, named.assign(site=[code[:-1] for code in stores], tier="site", **_SOURCE))
        master = pd.DataFrame({"item_key": held, "item": held, "unit": "件", "unit_price": 125_000})
        names = [f"备件 {place}" for place in range(len(held))]
        abc = random.choice(["A", "B", "C"], len(held))
        write_frame(connection, items, master.assign(item_name=names, specification="M16×80", abc=abc, **_SOURCE))
        for code in codes:
            chosen = random.choice(len(held), lines, replace=False)
            keys = [held[place] for place in sorted(chosen)]
            store_of = [f"{code}{'A' if place % 2 else 'B'}" for place in range(lines)]
            there = pd.DataFrame({"warehouse_key": store_of, "warehouse": store_of, "item_key": keys, "item": keys})
            there["quantity"] = random.integers(0, 50, lines) * 10_000
            write_frame(connection, on_hand, there.assign(date=SNAPSHOT, **_SOURCE))
            write_frame(connection, erp_lines, _moved(there, code, random))


def _departments(many: int) -> list[str]:
    return [f"第{place % DEPARTMENTS + 1}业务部" for place in range(many)]


def _moved(there: pd.DataFrame, code: str, random: np.random.Generator) -> pd.DataFrame:
    some = there.sample(MOVED_A_SITE, random_state=5, replace=True).reset_index(drop=True)
    numbers = [f"{code}-{place}" for place in range(len(some))]
    inward = random.integers(0, 2, len(some)).astype(bool)
    moved = some.assign(document=numbers, document_key=numbers, line="1", line_key="1", quantity=10_000)
    moved["document_type"] = np.where(inward, "other_receipt", "other_issue")
    moved["category"] = np.where(inward, "PURCHASE_IN", "OWN_USE_OUT")
    # Nothing moves between the cut-off and the day of the count: whatever is off there is off by the count.
    days = np.array([*range(25, 32), 35, 36])
    moved["date"] = pd.Timestamp("2026-09-30") + pd.to_timedelta(random.choice(days, len(some)), unit="D")
    return moved.assign(date=moved["date"].astype("datetime64[s]"), audited_by="王", **_SOURCE)


def _fill_in(home: Path) -> None:
    """Every sheet filled in and laid into the inbox; some lines are off, half of those say why."""
    random = np.random.default_rng(12)
    inbox = home / "inbox" / "count_sheets"
    inbox.mkdir(parents=True)
    with _store(home).reading() as connection:
        lines = lines_of(connection, count_number(PERIOD))
    for sheet, own in lines.groupby("number"):
        off = random.random(len(own)) < OFF_SHARE
        counted = own["frozen"].to_numpy() // 10_000 + off * random.integers(-3, 4, len(own))
        with xlsxwriter.Workbook(inbox / f"{sheet}.xlsx", {"constant_memory": True}) as book:
            page = book.add_worksheet("盘点表")
            page.write_row(0, 1, [f"盘点单号：{sheet}"])
            page.write_row(1, 0, _HEADINGS)
            listed = own[["number", "warehouse", "item", "item_name", "specification", "unit"]].itertuples(index=False)
            for row, (texts, frozen, found, wrong) in enumerate(zip(listed, own["frozen"], counted, off, strict=True)):
                page.write_row(row + 2, 0, [*texts, frozen // 10_000, max(int(found), 0)])
                if wrong and row % 2:
                    page.write_string(row + 2, 10, "丢失")
                page.write_row(row + 2, 14, ["2026-11-02", "张工", "李工"])


if __name__ == "__main__":
    main()
