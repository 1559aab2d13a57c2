"""A row of an earlier day that a later file changed: what is told of it."""

from __future__ import annotations

import pandas as pd
import pytest

from tasks.stock_ledger.deliveries import amended_findings
from tasks.stock_ledger.report import shown_value
from tests.matching.drawing import said

WAS = {
    "line": 1, "site": "DF01", "date": pd.Timestamp(2026, 11, 20), "ref": "ledger:DF01:2026-11-20:2", "identity": "x",
    "category": "OWN_USE_OUT", "item": "19999", "item_code": "0019999", "item_name": "轴承", "specification": "6205",
    "unit": "件", "quantity": 70_000, "warehouse": "good", "stated_balance": pd.NA, "handler": "张工", "turbine": "",
    "order_code": "", "remark": "", "by_file": "DF01_21.xlsx", "replaced_by": 2,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "changed", "shown"),
    [
        ({"quantity": 50_000}, "数量由“7”改为“5”", "7 → 5"),
        ({"quantity": -70_000}, "数量由“7”改为“-7”", "7 → -7"),
        ({"item_name": "滚动轴承"}, "物资名称由“轴承”改为“滚动轴承”", "轴承 → 滚动轴承"),
        (
            {"specification": "6206", "handler": "王工"},
            "规格型号由“6205”改为“6206”，经手人由“张工”改为“王工”",
            "6205 · 张工 → 6206 · 王工",
        ),
        (
            {"category": "SCRAP_OUT", "warehouse": "damaged"},
            "出入库类别由“自用领用”改为“报废出库”，仓库由“完好品库”改为“损坏品库”",
            "自用领用 · 完好 → 报废出库 · 损坏",
        ),
        ({"stated_balance": 30_000, "remark": "补记"}, "结存由“空白”改为“3”，备注由“空白”改为“补记”", " ·  → 3 · 补记"),
        ({"item": "20000", "item_code": "0020000"}, "物资编码由“0019999”改为“0020000”", "0019999 → 0020000"),
    ],
)
def test_every_field_that_changed_is_named_and_no_other(changes: dict[str, object], changed: str, shown: str) -> None:
    was = pd.DataFrame([WAS])
    now = pd.DataFrame([WAS | {"line": 2, "unit": " 件"} | changes])
    (finding,) = amended_findings(was, now, was.assign(warehouse="DF01A"))
    assert said(finding.message) == f"后来的文件 DF01_21.xlsx 改动了这一行（原为 自用领用 0019999 7）：{changed}。"
    assert " → ".join(said(shown_value(text)) for text in (finding.expected, finding.found)) == shown


def test_a_vanished_row_is_shown_in_words() -> None:
    was = pd.DataFrame([WAS | {"replaced_by": None}])
    (finding,) = amended_findings(was, was.iloc[:0], was.assign(warehouse="DF01A"))
    assert said(finding.message) == "后来的文件 DF01_21.xlsx 中这一行（自用领用 0019999 7）不见了。"
    assert (said(shown_value(finding.expected)), finding.found) == ("自用领用 · 0019999 · 7", "")
