"""Registers as a bookkeeper knows them, drawn as tables and turned into the frames of the invoice check.

The first line of a table heads its columns, cells stand between bars; `-` or nothing is a blank cell, and a column that
is not drawn has its usual value. Days are written `05` (of November 2026), `10-31` (of 2026) or `2025-10-31`; amounts
in yuan; a rate as `13%`. Kinds are special, ordinary or any word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.keys import code_key, name_key
from tasks.domain.shaping import BLANK, DAY, Shape, shaped
from tasks.invoice_check.documents import documents_of
from tasks.invoice_check.numbers import invoice_key, is_digital, number_parts
from tasks.invoice_check.shapes import BOOKS, INVOICES

MONEY = {"net", "tax", "total", "amount", "debit", "credit", "difference"}
_INVOICE = {
    "kind": "special", "code": "", "issued_on": "05", "buyer": "海风公司", "net": "100", "rate": "13%",
    "state": "valid",
}  # fmt: skip
_BOOK = {"kind": "special", "department": "第一业务部", "received_on": "01", "approval": "税字1号"}


def invoices(table: str) -> pd.DataFrame:
    """The register from a drawn table; tax and total that are not drawn follow from net and rate."""
    rows = [_priced(_INVOICE | row) for row in drawn(table)]
    frame = framed(INVOICES, rows)
    frame = frame.assign(**number_parts(frame["number"]), **_keys(frame, "kind", name_key))
    frame = frame.assign(**_keys(frame, "code number original", code_key), **_keys(frame, "buyer", name_key))
    frame = frame.assign(document=invoice_key(frame["kind_key"], frame["code_key"], frame["number_key"]))
    frame = frame.assign(digital=is_digital(frame["number"], frame["code_key"]))
    rate = frame["rate"].map(lambda rate: "" if rate is pd.NA else str(rate)).astype("str")
    frame = frame.assign(ref="invoices:" + frame["document"] + ":" + rate, row=range(len(frame)))
    again = frame.groupby("ref").cumcount().map(lambda at: f"#{at + 1}" if at else "").astype("str")
    return shaped(INVOICES, frame.assign(ref=frame["ref"] + again, document=frame["document"] + again))


def documents(table: str) -> pd.DataFrame:
    """The invoices as a whole of a drawn register, due 30 days after their issue."""
    return documents_of(invoices(table), terms_days=30)


def books(table: str) -> pd.DataFrame:
    """The registered books from a drawn table: `first` and `last` are their numbers."""
    frame = framed(BOOKS, [_BOOK | row for row in drawn(table)])
    first, last = number_parts(frame["first"]), number_parts(frame["last"])
    frame = frame.assign(prefix=first["prefix"], width=first["width"], first_counter=first["counter"])
    frame = frame.assign(
        last_counter=last["counter"], **_keys(frame, "kind", name_key), **_keys(frame, "code", code_key)
    )
    frame = frame.assign(book=frame["first"] + "–" + frame["last"])
    return shaped(BOOKS, frame.assign(ref="invoice_books:" + frame["kind_key"] + ":" + frame["first"]))


def drawn(table: str) -> list[dict[str, str]]:
    """The rows of a drawn table by their headings; blank cells stay away, so that a usual value takes their place."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line.strip()]
    return [{name: cell for name, cell in zip(lines[0], line, strict=True) if cell} for line in lines[1:]]


def framed(shape: Shape, rows: Iterable[Mapping[str, str]]) -> pd.DataFrame:
    """Drawn rows as a frame of that shape; a cell `-` is blank."""
    rows = list(rows)
    unknown = {name for row in rows for name in row} - set(shape)
    assert not unknown, f"no such columns: {sorted(unknown)}"
    cells = [{name: _cell(name, dtype, row.get(name, "-")) for name, dtype in shape.items()} for row in rows]
    return shaped(
        shape, pd.DataFrame(cells, columns=list(shape)).astype({n: t for n, t in shape.items() if t == BLANK})
    )


def day(text: str) -> pd.Timestamp:
    """`05` of November 2026, `10-31` of 2026, or `2025-10-31`."""
    return pd.Timestamp("-".join(["2026", "11", "01"][: 3 - len(text.split("-"))] + text.split("-"))).as_unit("s")


def told(findings: Iterable[Finding]) -> list[str]:
    """Each finding as `KIND item reason`, the reason being the last words of its wording's key."""
    return [f"{one.kind} {one.item} {one.message.key.partition('.')[2]}" for one in findings]


def _keys(frame: pd.DataFrame, names: str, key: Any) -> dict[str, Any]:
    return {f"{name}_key": frame[name].map(key).astype("str") for name in names.split()}


def _priced(row: Mapping[str, str]) -> dict[str, str]:
    net, rate = Decimal(row["net"]), row["rate"]
    part = Decimal(0) if rate == "-" else Decimal(rate.rstrip("%")) / 100
    tax = Decimal(row.get("tax") or (net * part).quantize(Decimal("0.01")))
    return {"tax": str(tax), "total": str(net + tax)} | {**row}


def _cell(name: str, dtype: str, text: str) -> Any:
    if dtype not in {"int64", BLANK, DAY, "bool"}:
        return "" if text == "-" else text
    if text == "-":
        return {"int64": 0, "bool": False}.get(dtype)
    if dtype == DAY:
        return day(text)
    if dtype == "bool":
        return text == "yes"
    if text.endswith("%"):
        return int(Decimal(text.rstrip("%")) * 100)
    return int(Decimal(text) * (100 if name in MONEY else 1))
