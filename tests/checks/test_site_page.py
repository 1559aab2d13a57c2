"""What a site is told of its day: a ledger to sign only where there is one."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from tasks.domain.message import message
from tasks.domain.report import Report
from tasks.stock_ledger.deliveries import Arrival
from tasks.stock_ledger.figures import DayFacts
from tasks.stock_ledger.site_sheet import site_days, site_report
from tests.matching.drawing import said

DAY = dt.date(2026, 11, 20)
_LEDGER = (
    "site", "number", "category", "item_code", "item_name", "specification", "unit", "quantity", "quality",
    "stated_balance", "handler", "turbine", "order_code", "remark",
)  # fmt: skip
_CELLS = ("dataset", "site", "file", "sheet", "row", "column", "value", "reason")
REFUSED = ("ledger/DF01_20261120.xlsx", message("report.plain", text="文件损坏"))
OTHERS = ("ledger/DF02_20261120.xlsx", message("report.plain", text="文件损坏"))
BAD = ("ledger", "DF01", "DF01.csv", "", 4, "数量", "两箱", message("report.plain", text="不是数").to_json())


def page(arrival: Arrival, rows: int, refused: tuple[object, ...], bad: tuple[object, ...]) -> Report:
    lines = [("DF01", 1, "PURCHASE_IN", "A1", "轴承", "", "件", 10_000, "good", None, "", "", "", "")] * rows
    facts = DayFacts(
        as_of=DAY,
        status="completed",
        sites=pd.DataFrame([("DF01", "大丰一期", "沿海")], columns=["site", "site_name", "department"]),
        arrivals={"DF01": arrival},
        ledger=pd.DataFrame(lines, columns=[*_LEDGER]),
        erp=pd.DataFrame(),
        breaks=(),
        quarantined=pd.DataFrame(list(bad), columns=[*_CELLS]),
        rows={},
        refused=refused,  # type: ignore[arg-type]  # drawn in the table below
    )
    return site_report(site_days(facts)[0], DAY.isoformat())


@pytest.mark.parametrize(
    ("arrival", "rows", "refused", "bad", "headline", "to_sign"),
    [
        ("received", 2, (), (), "接受 2 行，退回 0 处。", True),
        ("received", 0, (), (), "接受 0 行，退回 0 处。", True),
        ("received", 0, (), (BAD,), "没有一行可以接受：退回 1 处", False),
        ("missing", 0, (), (), "没有收到 2026-11-20 的流水账。", False),
        ("not_yet", 0, (OTHERS,), (), "没有收到 2026-11-20 的流水账。", False),
        ("missing", 0, (REFUSED,), (), "送来的文件 DF01_20261120.xlsx 整份被拒收（文件损坏）", False),
    ],
)
def test_only_a_ledger_that_came_is_signed(
    arrival: Arrival, rows: int, refused: tuple[object, ...], bad: tuple[object, ...], headline: str, *, to_sign: bool
) -> None:
    told = page(arrival, rows, refused, bad)
    assert headline in said(told.headline)
    assert bool(told.sheets) == to_sign
    assert told.tone == ("good" if to_sign else "warn")
