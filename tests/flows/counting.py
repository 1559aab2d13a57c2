"""A month's count of the company of three sites, its sheets written from one line a row."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import cast

from tests.flows.company import masters, on_hand, save
from tests.flows.running import Home, Summary, inside

MONTH = "2025-11"
CUT_OFF, COUNTED_ON = dt.date(2025, 10, 31), dt.date(2025, 11, 3)
COUNTER, SUPERVISOR, MANAGER = "张工", "冯代表", "钱经理"
_HEADINGS = (
    "仓库编码", "物资编码", "实盘数量", "残损数量", "序列号", "盈亏原因", "责任人", "处理建议", "备注", "盘点日期",
    "盘点人", "监盘人",
)  # fmt: skip


def sheet(home: Path, number: str, *lines: str, name: str = "", by: str = COUNTER) -> Path:
    """The count sheet that comes back under `number`: a line `warehouse item counted [heading=value …]`."""
    rows = []
    for line in lines:
        warehouse, item, counted, *more = line.split()
        cells = dict.fromkeys(_HEADINGS, "") | {"盘点日期": str(COUNTED_ON), "盘点人": by, "监盘人": SUPERVISOR}
        cells |= {"仓库编码": warehouse, "物资编码": item, "实盘数量": "" if counted == "-" else counted}
        rows.append(tuple((cells | dict(part.split("=") for part in more)).values()))
    above = [("盘点表",), (f"盘点单号:{number}",)]
    return save(home, "count_sheets", name or f"{number}.csv", [*above, _HEADINGS, *rows])


def stocked(home: Home) -> Home:
    """The company with its on-hand at the close of October."""
    masters(home.folder)
    on_hand(home.folder, CUT_OFF, "DF01A SL001 100", "DF01A SL002 100", "DF01A SL003 100", "DF02A SL001 50")
    return home


def count(home: Home, step: str, number: str = MONTH, **scope: object) -> Summary:
    """The object of `--json` of one step of the flow's body in this process."""
    from flows.stocktake import stocktake

    with inside(home):
        return cast("Summary", asyncio.run(stocktake.fn(number, step, **scope)))  # type: ignore[arg-type]  # parts by name


def counted(home: Home) -> Home:
    """The count opened and its sheets back, three lines off within tolerance."""
    count(home, "open")
    deliver(home)
    return home


def deliver(home: Home, month: str = MONTH) -> None:
    """The sheets of every site for a month's count: two lines short at DF01, one surplus at DF02."""
    off = "盈亏原因=记账错误 责任人=张工"
    short = (f"DF01A SL001 99 {off}", f"DF01A SL002 98 {off}")
    sheet(home.folder, f"PD-{month}-DF01", *short, "DF01A SL003 100")
    sheet(home.folder, f"PD-{month}-DF02", f"DF02A SL001 51 {off}", by="王工")
    sheet(home.folder, f"PD-{month}-YC01", by="赵工")
