"""Gathers the three-way proof of a count: ledgers and ERP of the month that its cut-off ends (spec 02)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import Connection, select

from tasks.adapters.store import read_frame
from tasks.domain.direction import directed
from tasks.domain.keys import code_keys
from tasks.domain.movements import signed_movements, transfer_legs
from tasks.domain.places import placed_lines, placed_rows
from tasks.intake.tables import erp_lines, ledger_rows
from tasks.stocktake.proof import ledger_books, three_way
from tasks.stocktake.steps.comparing import Judged
from tasks.stocktake.steps.gathering import audited_movements, frozen

Days = tuple[dt.date, dt.date]
_TRANSFERS = [f"{quality}_TRANSFER{way}" for quality in ("GOOD", "DAMAGED") for way in ("", "_IN", "_OUT")]
_ROWS = (
    "site", "date", "number", "category", "item_key", "quantity", "warehouse", "stated_balance", "transfer_order",
    "remark", "content_key",
)  # fmt: skip
_LINES = (
    "document", "line", "date", "document_type", "category", "quantity", "from_warehouse", "to_warehouse",
)  # fmt: skip


def proven(connection: Connection, judged: Judged) -> pd.DataFrame:
    """One row a department and site of the count with the lines that each proof checked and found off."""
    variances = judged.comparison.variances
    keys = sorted(variances["warehouse_key"].unique())
    last = judged.count.cut_off
    days = (last.replace(day=1), last)
    stock, _ = frozen(connection, judged.known, keys, days[0] - dt.timedelta(days=1))
    opening = stock.rename(columns={"frozen": "quantity"})[["warehouse_key", "item_key", "quantity"]]
    movements = audited_movements(connection, judged.known, keys, days)
    books = ledger_books(opening, _ledger(connection, judged, keys, days), movements, days)
    return three_way(books, variances)


def _ledger(connection: Connection, judged: Judged, keys: list[str], days: Days) -> pd.DataFrame:
    """The sites' rows of the days in the warehouses `keys`, signed; a transfer goes the way that its documents tell."""
    standing = ledger_rows.c.date.between(*days) & ledger_rows.c.withdrawn_by.is_(None)
    rows = read_frame(connection, select(*(ledger_rows.c[name] for name in _ROWS)).where(standing))
    named = {"item_key": "item", "content_key": "identity"}
    rows = placed_rows(rows.rename(columns=named), judged.known["warehouses"])
    rows = rows[rows["warehouse"].isin(keys)].reset_index(drop=True)
    rows = rows.assign(order=code_keys(rows["transfer_order"]))
    rows["category"] = directed(rows, _transfers(connection, judged, days))
    rows["movement"] = signed_movements(rows)
    return rows.rename(columns={"warehouse": "warehouse_key", "item": "item_key"})


def _transfers(connection: Connection, judged: Judged, days: Days) -> pd.DataFrame:
    """The ERP's transfers of the days as legs, by which the sites' own are known."""
    keyed = {"warehouse_key": "warehouse", "item_key": "item", "transfer_order_key": "order"}
    moved = erp_lines.c.category.in_(_TRANSFERS) & erp_lines.c.date.between(*days)
    chosen = select(
        *(erp_lines.c[name] for name in _LINES), *(erp_lines.c[name].label(label) for name, label in keyed.items())
    )
    lines = read_frame(connection, chosen.where(moved))
    known = judged.known
    placed = placed_lines(lines, known["warehouses"], known["sites"])
    return transfer_legs(placed, known["warehouses"])
