"""Tables as a night auditor writes them, turned into the books of one business date.

The first line of a table heads its columns, cells stand between bars, `-` or nothing is a blank cell. Money is written
`300.00`, a discount `0.80`, a moment `20 14:00` (day of November 2026) or `12-01 14:00`, a date `20`. A column that is
not written has the value of DEFAULTS, or is blank; a key that is not written is that of its code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from config.wording import wording
from tasks.domain.finding import Finding
from tasks.domain.keys import code_key
from tasks.domain.message import Message
from tasks.night_audit.books import Books

B = dt.date(2026, 11, 20)
# The noun of each collection of the books.
NOUNS: dict[str, Any] = {
    name: get_args(hint)[0] for name, hint in get_type_hints(Books).items() if get_origin(hint) is tuple
}
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


def drawn(name: str, table: str) -> tuple[Any, ...]:
    """The rows of the collection `name` of the books from a drawn table; without a line there are none."""
    lines = [line.strip() for line in table.strip().splitlines() if line.strip()]
    if not lines:
        return ()
    headings = [heading.strip() for heading in lines[0].split("|")]
    unknown = set(headings) - set(_types(name))
    assert not unknown, f"{name} has no columns {sorted(unknown)}"
    return tuple(_row(name, dict(zip(headings, map(str.strip, line.split("|")), strict=True))) for line in lines[1:])


def hotel(as_of: dt.date = B, delivered: Iterable[str] | None = None, /, **tables: str | tuple[Any, ...]) -> Books:
    """The books of `as_of` from drawn tables; `delivered` are the tables that are given, unless it says otherwise."""
    rows: dict[str, Any] = {
        name: drawn(name, table) if isinstance(table, str) else table for name, table in tables.items()
    }
    return Books(as_of, frozenset(tables if delivered is None else delivered), **rows)


def moment(text: str) -> dt.datetime:
    """`20 14:00`, `12-01 14:00` or `20` in 2026; without a month it is November."""
    day, _, time = text.partition(" ")
    month, _, day = day.rpartition("-")
    return dt.datetime.combine(dt.date(2026, int(month or 11), int(day)), dt.time.fromisoformat(time or "00:00"))


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


def rows(result: Iterable[Any], columns: str) -> list[str]:
    """Each row of a result as the texts of the named fields, money with two places, a moment as `20 14:00`."""
    return [" ".join(_shown(name, getattr(row, name)) for name in columns.split()) for row in result]


@cache
def _types(name: str) -> dict[str, tuple[object, ...]]:
    """The types that each field of a noun may have."""
    return {field: get_args(hint) or (hint,) for field, hint in get_type_hints(NOUNS[name]).items()}


def _row(name: str, cells: dict[str, str]) -> Any:
    defaults, types = DEFAULTS.get(name, {}), _types(name)
    written = {
        field: _cell(field, known, cells.get(field, defaults.get(field, "0" if known == (int,) else "")))
        for field, known in types.items()
    }
    codes = {field: field.removesuffix("_key") for field in types.keys() - cells.keys() if field.endswith("_key")}
    keys = {field: code_key(str(written[code])) for field, code in codes.items() if code in written}
    return NOUNS[name](**written | keys)


def _cell(field: str, types: tuple[object, ...], text: str) -> object:
    if str in types:
        return "" if text == "-" else text
    if text in {"", "-"}:
        assert type(None) in types, f"{field} knows no blank"
        return None
    if dt.datetime in types:
        return moment(text)
    if dt.date in types:
        return moment(text).date()
    scale = 100 if field in MONEY else 10_000 if field in SHARES else 1
    return int(Decimal(text) * scale)


def _shown(field: str, value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, dt.datetime):
        return f"{value:%d %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d}"
    if field in MONEY:
        return str((Decimal(str(value)) / 100).quantize(Decimal("0.01")))
    return str(value) or "-"
