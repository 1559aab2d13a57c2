"""What closes a month: transfers between departments that managers agreed to, pairs that cross its end (spec 01)."""

from __future__ import annotations

import calendar
import datetime as dt

import pandas as pd

from tasks.domain.message import Message, message
from tasks.domain.report import Column, Kind, Table, Value
from tasks.stock_ledger.references import manager_agreed

_ROLES = ("GOOD_TRANSFER", "DAMAGED_TRANSFER")


def is_month_end(day: dt.date) -> bool:
    """Whether `day` is the last of its month."""
    return day.day == calendar.monthrange(day.year, day.month)[1]


def agreed_transfers(legs: pd.DataFrame) -> Table:
    """The transfers between departments whose remark names who agreed, one row an order and item, print-ready.

    `legs`: directed ERP lines of the month (date, document, order, order_code, item_code, item_name, category,
    quantity, department, remark, made_by).
    """
    known = legs[(legs["order"] != "") & (legs["department"] != "")]
    out = known[known["category"].isin([f"{role}_OUT" for role in _ROLES])]
    came = known[known["category"].isin([f"{role}_IN" for role in _ROLES])]
    both = out.merge(
        came[["order", "item", "department", "remark"]].drop_duplicates(["order", "item"]),
        on=["order", "item"],
        suffixes=("", "_in"),
    )
    agreed = both[["remark", "remark_in"]].map(manager_agreed).any(axis=1) if len(both) else both.index != both.index
    crossing = both[agreed & (both["department"] != both["department_in"])].sort_values(["date", "order", "item"])
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
    rows = tuple(
        (
            row["date"].date(),
            row["order_code"] or row["document"],
            row["item_code"],
            row["item_name"],
            int(row["quantity"]),
            row["department"],
            row["department_in"],
            row["made_by"],
            row["remark"],
        )
        for row in crossing.to_dict("records")
    )
    return _table("agreed_transfers", names, rows)


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
