"""Count sheets as a custodian knows them, drawn as tables and turned into the frames of the core.

The first line of a table heads its columns, cells stand between bars; `-` or nothing is a blank cell, and a column that
is not drawn has its usual value. Quantities and prices are written as people write them, days as `05` (of November
2026) or `10-31`, moments as `05 16:00` (UTC). Lines stand on the sheet of the site DF01 (`PD-2026-11-DF01`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd

from config.wording import wording
from tasks.domain.amounts import money_text, quantity_text
from tasks.domain.finding import Finding
from tasks.domain.message import Message
from tasks.domain.shaping import BLANK, DAY, FLAG, MOMENT, WHOLE
from tasks.stocktake.comparing import Comparison, CountBooks, compared
from tasks.stocktake.policy import CountLimits, Policy
from tasks.stocktake.shapes import SHAPES, Count, shaped

COUNT = Count("2026-11", dt.date(2026, 11, 30), dt.date(2026, 10, 31), dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC))
SHEET = "PD-2026-11-DF01"
POLICY = Policy(
    limits={
        "A": CountLimits(plus_share=0, minus_share=0, value=100_000),
        "B": CountLimits(plus_share=100, minus_share=100, value=100_000),
        "C": CountLimits(plus_share=300, minus_share=300, value=100_000),
    },
    unclassified="C",
    department_limit=500_000,
    management_approvers=("钱总",),
    management_department="业务管理",
    deadline_working_days=5,
    remind_working_days=3,
    blind=False,
)
# Without limits nothing has to be counted again.
LENIENT = Policy({"": CountLimits()}, "", 500_000, ("钱总",), "业务管理", 5, 3, blind=False)
_NAMED: dict[str, dict[str, str]] = {
    "lines": {
        "number": SHEET, "stocktake": "2026-11", "site": "DF01", "department": "第一业务部", "warehouse": "DF01A",
        "quality": "good", "unit": "件", "abc": "C", "unit_price": "10", "frozen": "0", "audited_before": "0",
    },
    "counts": {
        "number": SHEET, "warehouse": "DF01A", "cause": "记错", "counted_by": "张工", "counted_on": "10-31",
        "received_at": "05 16:00",
    },
    "movements": {"warehouse": "DF01A", "document": "QTC-1", "received_at": "01 06:00"},
    "stock": {"warehouse": "DF01A", "frozen": "0", "audited_before": "0"},
    "sheets": {"site": "DF01", "department": "第一业务部", "round": "0"},
    "items": {"abc": "C", "unit": "件", "unit_price": "10"},
    "variances": {
        "number": SHEET, "stocktake": "2026-11", "site": "DF01", "department": "第一业务部", "warehouse": "DF01A",
        "abc": "C", "unit_price": "10", "listed": "yes", "known": "yes", "within": "yes", "counted_on": "10-31",
        "cause": "记错", "counted_by": "张工", "status": "ready",
    },
    "approved": {"warehouse": "DF01A", "approved_by": "王经理", "approved_at": "08 10:00", "approval_id": "1"},
}  # fmt: skip
_WHOLE = {"round", "last_round", "approval_id", "sequence", "line"}
_MONEY = {"value"}


def frame(name: str, table: str) -> pd.DataFrame:
    """The frame `name` from a drawn table; a warehouse or item drawn is its own key, a site's movement its own row."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line.strip()]
    drawn = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]] if lines else []
    rows = []
    for at, row in enumerate(drawn, start=1):
        unknown = row.keys() - SHAPES[name].keys() - {"warehouse", "item"}
        assert not unknown, f"{name} has no columns {sorted(unknown)}"
        whole = _NAMED.get(name, {}) | row
        whole = {"warehouse_key": whole.get("warehouse", ""), "item_key": whole.get("item", "")} | whole
        if name == "counts":
            whole = {"ref": f"count_sheets:{whole['number']}:{at}"} | whole
        if name == "movements":
            whole = {"ref": f"erp:{whole['document']}:1"} | whole
        if name == "sheets":
            whole = {"base": whole["number"]} | whole
        cells = {column: _cell(column, dtype, whole.get(column, "-")) for column, dtype in SHAPES[name].items()}
        rows.append(cells)
    return shaped(name, pd.DataFrame(rows, columns=list(SHAPES[name])))


def day(text: str) -> pd.Timestamp:
    """`05`, `10-31` or `05 16:00` in 2026; without a month it is November."""
    date, _, time = text.partition(" ")
    month, _, at = date.rpartition("-")
    return pd.Timestamp(f"2026-{int(month or 11):02d}-{int(at):02d} {time or '00:00'}").as_unit("s")


def counted(
    lines: str, counts: str, movements: str = "", items: str = "", sheets: str = "", policy: Policy = LENIENT
) -> Comparison:
    """The comparison of drawn sheets; the item master knows what the lines list unless it is drawn itself."""
    listed = frame("lines", lines)
    master = frame("items", items) if items else shaped("items", listed)
    issued = pd.concat([frame("sheets", f"number\n{SHEET}"), frame("sheets", sheets)], ignore_index=True)
    books = CountBooks(listed, frame("movements", movements), master, issued)
    return compared(COUNT, books, frame("counts", counts), policy)


def rows(drawn: pd.DataFrame, columns: str) -> list[str]:
    """Each row as the texts of the named columns: quantities and money as people write them, blank as `-`."""
    shape = {**SHAPES["variances"], **SHAPES["adjustments"]}
    names = columns.split()
    return [
        " ".join(_shown(name, shape.get(name, ""), row[name]) for name in names)
        for row in drawn[names].to_dict("records")
    ]


def named(findings: Iterable[Finding]) -> list[str]:
    """Each finding as `KIND item expected→found`."""
    return [f"{one.kind} {one.item} {one.expected or '-'}→{one.found or '-'}" for one in findings]


def kinds(findings: Iterable[Finding]) -> list[str]:
    """The kinds found, each once for each finding, in order of their names."""
    return sorted(one.kind for one in findings)


def said(message: Message, language: str = "zh_CN") -> str:
    """A message in words."""
    parameters = {
        name: said(value, language) if isinstance(value, Message) else value for name, value in message.parameters
    }
    return wording(language, message.key, **parameters)


def _cell(column: str, dtype: str, text: str) -> Any:
    if dtype == FLAG:
        return text == "yes"
    if dtype not in {WHOLE, BLANK, DAY, MOMENT}:
        return "" if text == "-" else text
    if text in {"", "-"}:
        return 0 if dtype == WHOLE else None
    if dtype in {DAY, MOMENT}:
        return day(text).tz_localize("UTC" if dtype == MOMENT else None)
    return int(Decimal(text) * (1 if column in _WHOLE else 100 if column in _MONEY else 10_000))


def _shown(name: object, dtype: str, value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT:
        return "-"
    if isinstance(value, pd.Timestamp):
        return f"{value:%m-%d}"
    if dtype in {WHOLE, BLANK} and name not in _WHOLE:
        return money_text(int(str(value))) if name in _MONEY else quantity_text(int(str(value)))
    return str(value) or "-"
