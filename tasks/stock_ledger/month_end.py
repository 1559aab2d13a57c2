"""What closes a month: transfers between departments that managers agreed to, pairs that cross its end (spec 01)."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping

import pandas as pd

from tasks.domain.message import Message, message
from tasks.domain.report import Column, Kind, Table, Value


def is_month_end(day: dt.date) -> bool:
    """Whether `day` is the last of its month."""
    return day.day == calendar.monthrange(day.year, day.month)[1]


def agreed_transfers(legs: pd.DataFrame, remarks: Mapping[str, str], first: dt.date) -> Table:
    """The transfers between departments to which somebody agreed, one row an order, item and quality, print-ready.

    A transfer belongs to the month from `first` on if its first arrival, or its departure if that is later, does.
    `legs`: directed ERP lines of that month and the one before (`transfers.directed_legs`: date, ref, document, order,
    order_code, item, item_code, item_name, leg_quality, way, quantity, department, made_by). `remarks`: who agreed,
    by order (`transfers.agreed_remarks`). Source: spec 01, report (at month's end).
    """
    known = legs[legs["order"].isin(list(remarks)) & (legs["department"] != "")].sort_values(["date", "ref"])
    names: tuple[tuple[str, Kind, int], ...] = (
        ("date", "date", 12),
        ("order", "text", 14),
        ("item", "text", 14),
        ("item_name", "text", 20),
        ("quantity", "quantity", 10),
        ("from_department", "text", 16),
        ("to_department", "text", 16),
        ("made_by", "text", 12),
        ("remark", "text", 30),
    )
    rows: list[tuple[Value, ...]] = []
    for (order, _, _), transfer in known.groupby(["order", "item", "leg_quality"]):
        out, came = (transfer[transfer["way"] == way] for way in ("out", "in"))
        if out.empty or came.empty or len(set(transfer["department"])) == 1:
            continue
        if max(out["date"].iloc[0], came["date"].iloc[0]) >= pd.Timestamp(first):
            rows.append(_agreed_row(out, came, remarks[str(order)]))
    return _table("agreed_transfers", names, tuple(sorted(rows, key=lambda row: row[:3])))


def _agreed_row(out: pd.DataFrame, came: pd.DataFrame, remark: str) -> tuple[Value, ...]:
    lead = out.iloc[0]
    return (
        lead["date"].date(),
        lead["order_code"] or (lead["document"] if lead["document_type"] == "transfer_order" else lead["order"]),
        lead["item_code"],
        lead["item_name"],
        int(out["quantity"].sum()),
        _joined(out["department"]),
        _joined(came["department"]),
        _joined(out["made_by"]),
        remark,
    )


def _joined(names: pd.Series[str]) -> str:
    return "、".join(sorted({name for name in names if name}))


def cross_month_pairs(ledger: pd.DataFrame, erp: pd.DataFrame, pairs: pd.DataFrame) -> Table:
    """The pairs whose two dates lie in different months; such a pair is listed in the reports of both months."""
    joined = (
        pairs[pairs["crosses_month"]]
        .merge(ledger, left_on="ledger_line", right_on="line")
        .merge(
            erp[["line", "ref", "date"]].rename(columns={"ref": "erp_ref", "date": "erp_date"}).drop_duplicates("line"),
            left_on="erp_line",
            right_on="line",
            suffixes=("", "_erp"),
        )
    )
    crossing = joined.sort_values("ref")
    names: tuple[tuple[str, Kind, int], ...] = (
        ("site", "text", 10),
        ("item", "text", 14),
        ("quantity", "quantity", 10),
        ("date", "date", 12),
        ("other_date", "date", 12),
        ("refs", "text", 40),
    )
    rows = tuple(
        (
            row["site"],
            row["item_code"],
            int(row["quantity"]),
            row["date"].date(),
            row["erp_date"].date(),
            f"{row['ref']} {row['erp_ref']}",
        )
        for row in crossing.to_dict("records")
    )
    return _table("cross_month", names, rows)


def _table(name: str, columns: tuple[tuple[str, Kind, int], ...], rows: tuple[tuple[Value, ...], ...]) -> Table:
    return Table(
        name,
        _word(f"table.{name}"),
        tuple(Column(column, f"stock_ledger.heading.{column}", kind, width) for column, kind, width in columns),
        rows,
        _word(f"empty.{name}"),
        shown=30,
    )


def _word(key: str) -> Message:
    return message(f"stock_ledger.{key}")
