"""What happens to parts after their batch, drawn as tables and turned into the frames of the pure modules.

The first line of a table heads its columns, cells stand between bars; `-` or nothing is a blank cell, and a column that
is not drawn has its usual value. Days are written as `05` (of November 2026) or `10-31`, money and quantities as people
write them.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd

from config.wording import wording
from tasks.damaged_returns.shapes import SHAPES, empty, shaped
from tasks.damaged_returns.tracking import all_serials
from tasks.domain.finding import Finding
from tasks.domain.keys import code_key, name_key
from tasks.domain.message import Message
from tasks.domain.shaping import BLANK, DAY, FLAG, WHOLE

_USUAL: dict[str, dict[str, str]] = {
    "sealed": {
        "batch": "RB-DF01-20261101-01", "site": "DF01", "department": "第一业务部", "item": "A1",
        "item_name": "变桨电机", "item_class": "II", "sort": "spare", "box": "X1", "quantity": "1", "date": "01",
    },
    "listed": {"site": "DF01", "department": "第一业务部", "item": "A1", "quantity": "1", "registered_on": "01"},
    "batch_boxes": {},
    "events": {"date": "05", "event": "received"},
    "shipments": {
        "date": "02", "site": "DF01", "department": "第一业务部", "origin": "大丰", "destination": "北京",
        "mode": "hired", "cost": "1000",
    },
    "prices": {
        "origin": "大丰", "destination": "北京", "mode": "hired", "price": "1000", "effective_on": "01-01",
    },
    "scrapped": {
        "home": "ledger", "site": "DF01", "department": "第一业务部", "warehouse": "DF01B", "item": "A1",
        "item_class": "I", "date": "10", "quantity": "1",
    },
}  # fmt: skip
_MONEY = ("cost", "price")
_NAMES = ("origin", "destination")


def frame(name: str, table: str) -> pd.DataFrame:
    """The frame `name` of the shapes from a drawn table, with the keys of what has keys and a ref for each row."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line.strip()]
    drawn = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    unknown = {column for row in drawn for column in row} - SHAPES[name].keys()
    assert not unknown, f"{name} has no columns {sorted(unknown)}"
    rows = []
    for at, row in enumerate(drawn, start=1):
        whole = {"ref": f"{name}:{at}"} | _USUAL[name] | {column: cell.strip("-") for column, cell in row.items()}
        keyed = {
            f"{column}_key": name_key(cell) if column in _NAMES else code_key(cell) for column, cell in whole.items()
        }
        cells = {
            column: _cell(column, dtype, (keyed | whole).get(column, "")) for column, dtype in SHAPES[name].items()
        }
        rows.append(cells)
    return shaped(name, pd.DataFrame(rows, columns=list(SHAPES[name])))


def serials(table: str) -> pd.DataFrame:
    """The drawn parts of the frame `sealed` as `all_serials` gives them; `date` is the day of their batch."""
    return all_serials(frame("sealed", table), empty("listed"), empty("events"))


def day(text: str) -> pd.Timestamp:
    """`05` or `10-31` in 2026; without a month it is November."""
    month, _, at = text.rpartition("-")
    return pd.Timestamp(f"2026-{int(month or 11):02d}-{int(at):02d}").as_unit("s")


def told(findings: Iterable[Finding], language: str = "en") -> list[str]:
    """Each finding as `KIND expected→found: what it says`."""
    return [f"{one.kind} {one.expected or '-'}→{one.found or '-'}: {said(one.message, language)}" for one in findings]


def named(findings: Iterable[Finding]) -> list[str]:
    """Each finding as `KIND refs expected→found`."""
    return [f"{one.kind} {' '.join(one.refs)} {one.expected or '-'}→{one.found or '-'}" for one in findings]


def said(message: Message, language: str = "en") -> str:
    """A message in words."""
    parameters = {
        name: said(value, language) if isinstance(value, Message) else value for name, value in message.parameters
    }
    return wording(language, message.key, **parameters)


def _cell(column: str, dtype: str, text: str) -> Any:
    if dtype == FLAG:
        return text == "yes"
    if dtype == DAY:
        return day(text) if text else None
    if dtype not in {WHOLE, BLANK}:
        return text
    if not text:
        return None if dtype == BLANK else 0
    return int(Decimal(text) * (100 if column in _MONEY else 10_000))
