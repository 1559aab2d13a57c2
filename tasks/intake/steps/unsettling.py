"""Days that are no longer what they were: what was settled there is open again (a day is settled as a whole)."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Table, or_, select, tuple_, update

from tasks.adapters.store import read_frame
from tasks.domain.keys import code_keys
from tasks.intake.steps.staging import rows_where, staged
from tasks.intake.tables import erp_lines, ledger_rows, warehouses

_LINE = ["date", "warehouse_key", "from_warehouse", "to_warehouse", "transfer_order_key", "document_key"]


def unsettle(connection: Connection, days: pd.DataFrame) -> None:
    """Reopens every ledger row and ERP line of the sites and dates in `days`.

    A settled transfer order among them stands on two sites: the day of the other site is reopened with it.
    """
    if len(days) == 0:
        return
    distinct = _with_other_ends(connection, days[["site", "date"]].drop_duplicates())
    with staged(connection, ledger_rows, distinct, ["site", "date"]) as touched:
        here = tuple_(ledger_rows.c.site, ledger_rows.c.date).in_(select(touched.c.site, touched.c.date))
        _reopen(connection, ledger_rows, here)
        _reopen(connection, erp_lines, _stands_on(touched))


def _stands_on(touched: Table) -> ColumnElement[bool]:
    """That an ERP line has an end at a site and date of `touched`."""
    at_site = (warehouses.c.site == touched.c.site) & (erp_lines.c.date == touched.c.date)
    its_own = or_(
        warehouses.c.warehouse_key == erp_lines.c.warehouse_key,
        warehouses.c.warehouse == erp_lines.c.from_warehouse,
        warehouses.c.warehouse == erp_lines.c.to_warehouse,
    )
    # The date alone leads to an index; without it every line that ever lived would be held against its warehouse.
    on_a_day = erp_lines.c.date.in_(select(touched.c.date))
    return on_a_day & select(touched.c.site).where(at_site, its_own).exists()


def _with_other_ends(connection: Connection, days: pd.DataFrame) -> pd.DataFrame:
    """`days` and all that settled transfer orders tie to them, however many stand between."""
    two_ended = or_(erp_lines.c.from_warehouse != "", erp_lines.c.to_warehouse != "")
    while True:
        with staged(connection, ledger_rows, days, ["site", "date"]) as touched:
            tied = read_frame(
                connection,
                select(*(erp_lines.c[name] for name in _LINE)).where(
                    erp_lines.c.matched_by.is_not(None), two_ended, _stands_on(touched)
                ),
            )
        if len(tied) == 0:
            return days
        grown = pd.concat([days, _days(connection, tied)]).drop_duplicates()
        if len(grown) == len(days):
            return days
        days = grown


def unsettle_lines(connection: Connection, lines: pd.DataFrame) -> None:
    """Reopens the days of ERP `lines`, as they were or are, and of the lines that share a transfer order with them.

    A transfer order counts for the stores on both its ends, unless receipts and issues of its own stand for it.
    """
    if len(lines) == 0 or not _anything_settled(connection):
        return
    named = lines["transfer_order_key"][lines["transfer_order_key"] != ""]
    by_order = rows_where(connection, erp_lines, "transfer_order_key", pd.concat([named, lines["document_key"]]))
    by_document = rows_where(connection, erp_lines, "document_key", named)
    unsettle(connection, _days(connection, pd.concat([lines[_LINE], by_order[_LINE], by_document[_LINE]])))


def unsettle_warehouses(connection: Connection, keys: pd.Series[str]) -> None:
    """Reopens every day on which a line of the warehouses `keys` stands: their site or quality may be another now."""
    if len(keys) and _anything_settled(connection):
        lines = rows_where(connection, erp_lines, "warehouse_key", keys)
        unsettle(connection, _days(connection, lines[_LINE]))


def _days(connection: Connection, lines: pd.DataFrame) -> pd.DataFrame:
    known = read_frame(connection, select(warehouses.c.warehouse_key, warehouses.c.site))
    site_of = dict(zip(known["warehouse_key"], known["site"], strict=True))
    parts = [
        pd.DataFrame({"site": keys.map(site_of), "date": lines["date"]})
        for keys in (lines["warehouse_key"], code_keys(lines["from_warehouse"]), code_keys(lines["to_warehouse"]))
    ]
    return pd.concat(parts).dropna().drop_duplicates().astype({"site": "str"})


def _anything_settled(connection: Connection) -> bool:
    return any(
        connection.execute(select(table.c.id).where(table.c.matched_by.is_not(None)).limit(1)).first() is not None
        for table in (erp_lines, ledger_rows)
    )


def _reopen(connection: Connection, table: Table, here: ColumnElement[bool]) -> None:
    connection.execute(update(table).values(matched_by=None).where(table.c.matched_by.is_not(None), here))
