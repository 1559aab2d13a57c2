"""Tables as a night auditor writes them, turned into the books of one business date.

The first line of a table heads its columns, cells stand between bars, `-` or nothing is a blank cell. Money is written
`300.00`, a discount `0.80`, a moment `20 14:00` (day of November 2026) or `12-01 14:00`, a date `20`. A column that is
not written has the value of DEFAULTS, or is blank; `ref` is the dataset and its first column.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd

from config.wording import wording
from tasks.domain.finding import Finding
from tasks.domain.message import Message
from tasks.night_audit.books import COUNT, MOMENT, SHAPES, TEXT, Books, books_of, empty, shaped

B = dt.date(2026, 11, 20)
MONEY = {
    "rack_rate", "price", "commission", "amount", "extra_bed_fee", "cash_float", "handed_over", "credit_limit",
    "balance", "expected",
}  # fmt: skip
SHARES = {"discount", "lowest_discount", "agreed_discount", "points_per_yuan"}
DEFAULTS: dict[str, dict[str, str]] = {
    "room_types": {"rack_rate": "300.00"},
    "rooms": {"room_type": "大床", "state": "normal"},
    "reservations": {
        "kind": "individual", "booker": "王", "room_type": "大床", "room_count": "1", "due_in": "20 14:00",
        "due_out": "21 12:00", "price": "300.00", "state": "booked", "entered_by": "李", "entered_at": "10 09:00",
    },
    "deposits": {"at": "20 10:00", "method": "cash", "kind": "received", "operator": "李", "shift": "S1"},
    "stays": {
        "room": "301", "guest": "王", "guests": "1", "kind": "normal", "arrived_at": "20 14:00", "due_out": "21 12:00",
        "rack_rate": "300.00", "discount": "1.00", "price": "300.00", "priced_by": "day", "operator": "李",
    },
    "folio": {"date": "20", "at": "20 20:00", "item": "room", "operator": "李", "shift": "S1"},
    "payments": {"date": "20", "at": "20 20:00", "method": "cash", "operator": "李", "shift": "S1"},
    "shifts": {"operator": "李", "date": "20", "opened_at": "20 08:00", "closed_at": "20 16:00", "method": "cash"},
    "pos_checks": {"outlet": "餐厅", "at": "20 19:00", "settlement": "room", "operator": "赵"},
    "operators": {"lowest_discount": "0.80", "may_delete_locked": "no", "may_release_audit": "no"},
    "operation_log": {"at": "20 20:00", "operator": "李"},
    "outcomes": {"at": "20 18:00", "business_date": "20"},
    "originals": {"dataset": "folio", "date": "19", "at": "19 20:00", "item": "room", "operator": "李"},
    "accruals": {"business_date": "19"},
    "quarantined": {"sheet": "Sheet1", "column": "金额"},
}  # fmt: skip
_NAMED_BY = {"quarantined": "dataset", "operation_log": "at"}


def frame(name: str, table: str) -> pd.DataFrame:
    """The frame `name` of the books from a drawn table; without a line it is empty."""
    lines = [line.strip() for line in table.strip().splitlines() if line.strip()]
    if not lines:
        return empty(name)
    headings = [heading.strip() for heading in lines[0].split("|")]
    unknown = set(headings) - set(SHAPES[name])
    assert not unknown, f"{name} has no columns {sorted(unknown)}"
    rows = [dict(zip(headings, map(str.strip, line.split("|")), strict=True)) for line in lines[1:]]
    drawn: dict[str, list[Any]] = {}
    for column, dtype in SHAPES[name].items():
        if column.endswith("_key") and column not in headings:
            continue
        default = DEFAULTS.get(name, {}).get(column, "0" if dtype == COUNT else "")
        drawn[column] = [_cell(column, dtype, row.get(column, default)) for row in rows]
    if "ref" in SHAPES[name] and "ref" not in headings:
        known = _NAMED_BY.get(name, headings[0])
        drawn["ref"] = [f"{name}:{row.get(known, place)}" for place, row in enumerate(rows, 1)]
    return shaped(name, pd.DataFrame(drawn))


def hotel(as_of: dt.date = B, delivered: Iterable[str] | None = None, /, **tables: str | pd.DataFrame) -> Books:
    """The books of `as_of` from drawn tables; `delivered` are the tables that are given, unless it says otherwise."""
    frames = {name: frame(name, table) if isinstance(table, str) else table for name, table in tables.items()}
    return books_of(as_of, tables if delivered is None else delivered, frames)


def moment(text: str) -> pd.Timestamp:
    """`20 14:00`, `12-01 14:00` or `20` in 2026; without a month it is November."""
    day, _, time = text.partition(" ")
    month, _, day = day.rpartition("-")
    return pd.Timestamp(f"2026-{int(month or 11):02d}-{int(day):02d} {time or '00:00'}").as_unit("s")


def named(findings: Iterable[Finding]) -> list[str]:
    """Each finding as `KIND item` and, where it says them, `expected→found`."""
    told = []
    for one in findings:
        against = f" {one.expected}→{one.found}" if one.expected or one.found else ""
        told.append(f"{one.kind} {one.item}{against}")
    return told


def said(message: Message, language: str = "zh_CN") -> str:
    """A message in words."""
    parameters = {
        name: said(value, language) if isinstance(value, Message) else value for name, value in message.parameters
    }
    return wording(language, message.key, **parameters)


def rows(drawn: pd.DataFrame, columns: str) -> list[str]:
    """Each row of a result as the texts of the named columns, money with two places, a moment as `20 14:00`."""
    chosen = drawn[columns.split()]
    return [" ".join(_shown(name, value) for name, value in row.items()) for row in chosen.to_dict("records")]


def _cell(column: str, dtype: str, text: str) -> object:
    if dtype == TEXT:
        return "" if text == "-" else text
    if text in {"", "-"}:
        return None
    if dtype == MOMENT:
        return moment(text)
    scale = 100 if column in MONEY else 10_000 if column in SHARES else 1
    return int(Decimal(text) * scale)


def _shown(column: object, value: object) -> str:
    if value is None or value is pd.NA:
        return "-"
    if isinstance(value, pd.Timestamp):
        return f"{value:%d}" if value == value.normalize() else f"{value:%d %H:%M}"
    if column in MONEY:
        return str((Decimal(int(str(value))) / 100).quantize(Decimal("0.01")))
    return str(value) or "-"
