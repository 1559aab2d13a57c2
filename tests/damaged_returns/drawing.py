"""Damaged parts as a custodian and a planner know them, drawn as tables and turned into the frames of the core.

The first line of a table heads its columns, cells stand between bars; `-` or nothing is a blank cell, and a column that
is not drawn has its usual value. Days are written `05` (of November 2026) or `10-31`; a box's sides as `1.2×0.9×0.8`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd

from tasks.damaged_returns.batching import Sealing, due_batches
from tasks.damaged_returns.eligibility import Stores, judged_parts, unlisted
from tasks.damaged_returns.held import held_boxes, held_parts, unlisted_stock
from tasks.damaged_returns.packing import judged_boxes
from tasks.damaged_returns.policy import Policy
from tasks.damaged_returns.shapes import SHAPES, VOLUME_SCALE, shaped
from tasks.damaged_returns.triggering import judged_sites
from tasks.domain.finding import Finding
from tasks.domain.keys import code_key
from tasks.domain.shaping import BLANK, DAY, FLAG, WHOLE

_USUAL: Mapping[str, Mapping[str, str]] = {
    "listed": {
        "site": "DF01", "department": "第一业务部", "registered_on": "01", "item": "A1", "item_name": "变桨电机",
        "specification": "5.5kW", "quantity": "1", "turbine": "F07", "replaced_by": "张工", "replaced_on": "01",
        "new_serial": "N1", "cause": "轴承磨损", "file": "清单.xlsx", "sheet": "Sheet1", "row": "3",
    },
    "boxes": {"site": "DF01", "packing": "wooden_box", "plastic": "yes", "separators": "yes"},
    "items": {"item_class": "II", "sort": "spare", "unit": "件"},
    "stock": {"site": "DF01", "warehouse": "DF01B"},
    "leaving": {"site": "DF01", "quantity": "1"},
    "last_batches": {"site": "DF01"},
    "set_aside": {"site": "DF01", "file": "装箱.xlsx", "sheet": "Sheet1", "row": "4"},
}  # fmt: skip
_KEYED = ("serial", "new_serial", "item", "box", "warehouse")
_WHOLE = {"row", "parts", "repaired"}


@dataclass(frozen=True)
class Day:
    """What one day found: the frames of every stage, what was sealed, and what was told."""

    waiting: pd.DataFrame
    packed: pd.DataFrame
    sites: pd.DataFrame
    sealing: Sealing
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Drawn:
    """The tables of a day; without `stock` nothing is known of any store, without `boxes` none was ever delivered."""

    listed: str
    boxes: str | None = ""
    items: str = "item\nA1"
    stock: str = ""
    leaving: str = ""
    last_batches: str = ""
    set_aside: str = ""
    used: Mapping[str, int] = field(default_factory=dict)


def looked_at(drawn: Drawn, on: str, policy: Policy | None = None) -> Day:
    """The day `on` over the drawn tables."""
    at, policy = day(on), policy or Policy()
    stock = frame("stock", drawn.stock)
    known = frozenset(stock["site"])
    leaving = frame("leaving", drawn.leaving)
    stores = Stores(stock, leaving, leaving, known, dict.fromkeys(known, "DF01B"))
    waiting = judged_parts(frame("listed", drawn.listed), frame("items", drawn.items), stores, at, policy.scrap_limit)
    packed = judged_boxes(waiting, None if drawn.boxes is None else frame("boxes", drawn.boxes))
    sites = judged_sites(waiting, packed, frame("last_batches", drawn.last_batches), policy, at)
    sealing = due_batches(waiting, packed, sites, drawn.used, at)
    found = [*held_parts(waiting, at.date()), *held_boxes(packed, frame("set_aside", drawn.set_aside), at.date())]
    again = pd.DataFrame(columns=["site", "item_key", "serial", "batch"], dtype="str")
    found += unlisted_stock(unlisted(waiting, stores), again, at.date())
    return Day(waiting, packed, sites, sealing, tuple(found))


def frame(name: str, table: str) -> pd.DataFrame:
    """The frame `name` from a drawn table."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line.strip()]
    drawn = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]] if lines else []
    return shaped(name, pd.DataFrame([_row(name, row) for row in drawn], columns=list(SHAPES[name])))


def _row(name: str, drawn: Mapping[str, str]) -> dict[str, Any]:
    row = {**_USUAL.get(name, {}), **drawn}
    if "sides" in row:
        row |= dict(zip(("length", "width", "height"), row.pop("sides").split("×"), strict=True))
    if name == "stock":
        most = row.pop("quantity", "0")
        row = {"most": most, "least": most} | row
        row["serials"] = row.get("serials", "").replace("、", "\n")
    if name == "listed":
        row["ref"] = f"damaged_parts:{row['site']}:{row['serial']}"
    for column in _KEYED:
        row.setdefault(f"{column}_key", code_key(row.get(column, "").strip("-")))
    unknown = row.keys() - SHAPES[name].keys() - {f"{column}_key" for column in _KEYED} - {"item", "serial"}
    assert not unknown, f"{name} has no columns {sorted(unknown)}"
    return {column: _cell(column, dtype, row.get(column, "-")) for column, dtype in SHAPES[name].items()}


def _cell(column: str, dtype: str, text: str) -> Any:
    if dtype == FLAG:
        return text == "yes"
    if dtype not in {WHOLE, BLANK, DAY}:
        return "" if text == "-" else text
    if text in {"", "-"}:
        return 0 if dtype == WHOLE else None
    if dtype == DAY:
        return day(text)
    scale = 1 if column in _WHOLE else 10**6 if column == "unit_volume" else 10_000
    return int(Decimal(text) * scale)


def day(text: str) -> pd.Timestamp:
    """`05` or `10-31` in 2026; without a month it is November."""
    month, _, at = text.rpartition("-")
    return pd.Timestamp(f"2026-{int(month or 11):02d}-{int(at):02d}").as_unit("s")


def rows(drawn: pd.DataFrame, columns: str) -> list[str]:
    """Each row as the texts of the named columns; volumes in cubic metres, blank as `-`."""
    names = columns.split()
    return [
        " ".join(_shown(name, value) for name, value in zip(names, row, strict=True))
        for row in drawn[names].itertuples(index=False)
    ]


def told(findings: Iterable[Finding]) -> list[str]:
    """Each finding as `KIND what it stands on`, in their order; of a state its item."""
    return [f"{one.kind} {' '.join(one.stands_on) or one.item}" for one in findings]


def _shown(name: str, value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT:
        return "-"
    if isinstance(value, pd.Timestamp):
        return f"{value:%m-%d}"
    if name == "volume":
        return str((Decimal(int(str(value))) / VOLUME_SCALE).normalize())
    return str(value) or "-"
