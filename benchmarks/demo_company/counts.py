"""The company's count sheets as they come back: filled in from what was handed out, with known faults."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from python_calamine import CalamineWorkbook

from benchmarks.demo_company.files import Cell, save_csv

_HEADINGS = (
    "盘点单号", "仓库编码", "物资编码", "物资名称", "规格型号", "单位", "账面数量", "实盘数量", "残损数量", "序列号",
    "盈亏原因", "责任人", "处理建议", "备注", "盘点日期", "盘点人", "监盘人",
)  # fmt: skip
_RECOUNT = re.compile(r"-R\d+$")
Row = dict[str, Cell]


def _short(row: Row) -> None:
    row["实盘数量"] = Decimal(str(row["账面数量"])) - 1
    row |= {"盈亏原因": "漏记出库", "责任人": row["盘点人"], "处理建议": "补记出库单"}


def _over(row: Row) -> None:
    row["实盘数量"] = Decimal(str(row["账面数量"])) + 1
    row |= {"盈亏原因": "漏记入库", "责任人": row["盘点人"], "处理建议": "补记入库单"}


def _without_cause(row: Row) -> None:
    row["实盘数量"] = Decimal(str(row["账面数量"])) + 2


def _blank(row: Row) -> None:
    row["实盘数量"] = ""


def _damaged(row: Row) -> None:
    row |= {"残损数量": 1, "处理建议": "退生产管理部"}


# What goes wrong on the sheets, by the place of the sheet among those handed out and of the row among its rows.
FAULTS: Mapping[tuple[int, int], Callable[[Row], None]] = MappingProxyType(
    {(0, 0): _short, (0, 1): _over, (1, 0): _without_cause, (1, 1): _blank, (2, 0): _damaged, (3, 0): _short}
)
# The sheet at this place never comes back.
MISSING = 4


def fill_in(issued: Path, inbox: Path, counted_on: dt.date) -> int:
    """How many sheets of the folder `issued` came back into `inbox`, one csv each, counted on that day.

    What was counted is the book but for FAULTS; one sheet stays away.
    """
    sheets = sorted(path for path in issued.glob("PD-*.xlsx") if not _RECOUNT.search(path.stem))
    inbox.mkdir(parents=True, exist_ok=True)
    back = [(place, path) for place, path in enumerate(sheets) if place != MISSING]
    for place, path in back:
        rows = [_counted(row, counted_on) for row in _rows_of(path)]
        for (sheet, line), spoil in FAULTS.items():
            if sheet == place and line < len(rows):
                spoil(rows[line])
        told: list[list[Cell]] = [["盘点表"], [f"盘点单号:{path.stem}"], list(_HEADINGS)]
        told += [[row.get(heading, "") for heading in _HEADINGS] for row in rows]
        save_csv(inbox / f"{path.stem}.csv", told, "utf-8-sig")
    return len(back)


def _rows_of(path: Path) -> list[Row]:
    """The rows of a sheet that was handed out, by heading; the blank ones for what is found are left out."""
    cells = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    top = next(place for place, row in enumerate(cells) if "物资编码" in [str(cell).strip(" *") for cell in row])
    headings = [str(cell).replace("*", "").strip() for cell in cells[top]]
    rows: list[Row] = []
    for cell_row in cells[top + 1 :]:
        row: Row = {heading: str(cell) for heading, cell in zip(headings, cell_row, strict=True) if heading}
        if row.get("物资编码") and row.get("账面数量"):
            rows.append(row)
    return rows


def _counted(row: Row, day: dt.date) -> Row:
    return row | {
        "实盘数量": row["账面数量"],
        "盘点日期": f"{day:%Y-%m-%d}",
        "盘点人": "现场保管员",
        "监盘人": "邻站保管员",
    }
