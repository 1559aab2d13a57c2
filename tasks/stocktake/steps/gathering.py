"""Gathers what a count rests on: master data, frozen on-hand, audited movements, what was issued and what came back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import pandas as pd
from sqlalchemy import Connection, Row, Select, Table, func, or_, select

from tasks.adapters.store import read_frame
from tasks.domain.movements import signed_movements, transfer_legs
from tasks.domain.places import placed_lines, placed_rows
from tasks.intake.tables import (
    count_rows,
    departments,
    erp_lines,
    files,
    items,
    on_hand,
    returned_sheets,
    sites,
    warehouses,
)
from tasks.stocktake.comparing import CountBooks
from tasks.stocktake.freezing import audited_since, frozen_stock
from tasks.stocktake.scopes import Scope
from tasks.stocktake.shapes import PAIR, Count, empty, shaped
from tasks.stocktake.tables import issued_sheets, sheet_lines, stocktakes

AT_ONCE = 5000
Item = TypeVar("Item")
_MASTERS: dict[Table, tuple[str, ...]] = {
    items: ("item_key", "item", "item_name", "specification", "unit", "abc", "unit_price"),
    warehouses: ("warehouse_key", "warehouse", "warehouse_name", "site", "department", "quality", "tier"),
    sites: ("site", "site_name", "department", "representative", "custodian", "active_from", "active_to"),
    departments: ("department", "manager", "clerk"),
}
_ERP = (
    "document", "line", "date", "document_type", "category", "quantity", "from_warehouse", "to_warehouse", "file_id",
)  # fmt: skip
_MOVED = ["warehouse_key", "item_key", "document", "ref", "date", "quantity", "received_at"]
HELD = ("warehouse_key", "item_key", "date", "quantity", "serials")
_FIRST_DAY = dt.date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Opened:
    """One count as it is kept; `closed_as` is blank while it is open.

    Late documents are those that come after the opening and are dated from `audited_since` to the cut-off.
    """

    count: Count
    scope: Scope
    deadline: dt.date
    audited_since: dt.date
    blind: bool
    opened_by: str
    closed_as: str


def masters(connection: Connection) -> dict[str, pd.DataFrame]:
    """The frames `items`, `warehouses`, `sites` and `departments`, by their keys; empty where never delivered."""
    return {
        table.name: read_frame(connection, select(*(table.c[name] for name in names)).order_by(table.c[names[0]]))
        for table, names in _MASTERS.items()
    }


def counts_of_period(connection: Connection, period: dt.date) -> tuple[Opened, ...]:
    """Every count of the month that ends with `period`, the month's own first, then by age."""
    query = select(stocktakes).where(stocktakes.c.period == period).order_by(stocktakes.c.opened_at)
    found = [_opened(row) for row in connection.execute(query)]
    return tuple(sorted(found, key=lambda one: not one.scope.monthly))


def opened_count(connection: Connection, number: str) -> Opened | None:
    """The count of that number, None where it was never opened."""
    row = connection.execute(select(stocktakes).where(stocktakes.c.stocktake == number)).first()
    return None if row is None else _opened(row)


def open_counts(connection: Connection) -> tuple[Opened, ...]:
    """Every count that is open, whatever its month, the oldest first."""
    query = select(stocktakes).where(stocktakes.c.closed_at.is_(None)).order_by(stocktakes.c.opened_at)
    return tuple(_opened(row) for row in connection.execute(query))


def _opened(row: Row[Any]) -> Opened:
    count = Count(row.stocktake, row.period, row.cut_off, row.opened_at)
    return Opened(
        count, scope_from(row.scope), row.deadline, row.audited_since, row.blind, row.opened_by, row.closed_as
    )


def scope_text(scope: Scope) -> str:
    """The scope as JSON, equal for equal scopes; of the month's own an empty object."""
    return json.dumps(asdict(scope), ensure_ascii=False, sort_keys=True) if not scope.monthly else "{}"


def scope_from(text: str) -> Scope:
    """The scope that `scope_text` wrote."""
    said = json.loads(text)
    parts: Any = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    return Scope(**parts)


def on_hand_at(
    connection: Connection, keys: Collection[str], cut_off: dt.date, names: Sequence[str] = HELD
) -> pd.DataFrame:
    """The rows of each warehouse's newest on-hand dated up to `cut_off`, only their columns `names`.

    Warehouses without any are left out.
    """
    newest = select(func.max(on_hand.c.date)).where(
        on_hand.c.warehouse_key == warehouses.c.warehouse_key, on_hand.c.date <= cut_off
    )
    dates = connection.execute(select(warehouses.c.warehouse_key, newest.scalar_subquery())).tuples().all()
    wanted = set(keys)
    by_date: dict[dt.date, list[str]] = {}
    for key, date in dates:
        if date is not None and key in wanted:
            by_date.setdefault(date, []).append(key)
    query = select(*(on_hand.c[name] for name in names))
    parts = [
        read_frame(connection, query.where(on_hand.c.date == date, on_hand.c.warehouse_key.in_(some)))
        for date, own in sorted(by_date.items())
        for some in pieces(own)
    ]
    return pd.concat(parts or [read_frame(connection, query.limit(0))], ignore_index=True)


def audited_movements(
    connection: Connection,
    known: dict[str, pd.DataFrame],
    keys: Collection[str],
    days: tuple[dt.date, dt.date],
) -> pd.DataFrame:
    """The audited movements (frame `movements`) of the warehouses `keys` from the first to the last of `days`.

    Audited is a document with an auditor or a date of audit (docs/decisions/0016). By date, document and line.
    """
    names = [erp_lines.c[name] for name in _ERP]
    keyed = {"warehouse_key": "warehouse", "item_key": "item", "transfer_order_key": "order"}
    query = select(*names, *(erp_lines.c[name].label(label) for name, label in keyed.items())).where(
        erp_lines.c.date.between(*days), or_(erp_lines.c.audited_by != "", erp_lines.c.audited_on.is_not(None))
    )
    if len(keys) <= AT_ONCE:
        # An order names two warehouses more, in the words of whoever made it.
        orders = erp_lines.c.document_type == "transfer_order"
        query = query.where(or_(orders, erp_lines.c.warehouse_key.in_(sorted(keys))))
    lines = read_frame(connection, query)
    if lines.empty:
        return empty("movements")[_MOVED]
    legs = transfer_legs(placed_lines(lines, known["warehouses"], known["sites"]))
    legs = legs[legs["warehouse"].isin(set(keys))].sort_values(["date", "document", "line"], ignore_index=True)
    legs["quantity"] = signed_movements(legs)
    legs["ref"] = "erp:" + legs["document"] + ":" + legs["line"]
    legs["received_at"] = _received(connection, legs["file_id"])
    return legs.rename(columns={"warehouse": "warehouse_key", "item": "item_key"})[_MOVED]


def frozen(
    connection: Connection, known: dict[str, pd.DataFrame], keys: Collection[str], cut_off: dt.date
) -> tuple[pd.DataFrame, dt.date]:
    """What the books held in the warehouses `keys` at the close of `cut_off` (frame `stock`), and a window's first day.

    The window is that in which late documents are looked for, see freezing.audited_since.
    """
    snapshot = on_hand_at(connection, keys, cut_off)
    since = audited_since(snapshot, cut_off)
    window = audited_movements(connection, known, keys, (since, cut_off))
    bare = set(keys) - set(snapshot["warehouse_key"].unique())
    if not bare:
        return frozen_stock(snapshot, window, cut_off), since
    # Without a snapshot nothing but its movements from the first on tells what a warehouse holds; late documents are
    # looked for in the window alone, there as anywhere.
    older = audited_movements(connection, known, bare, (_FIRST_DAY, since - dt.timedelta(days=1)))
    stock = frozen_stock(snapshot, pd.concat([older, window], ignore_index=True), cut_off)
    sums = window.groupby(PAIR)["quantity"].sum().rename("audited").reset_index()
    audited = stock[PAIR].merge(sums, on=PAIR, how="left")["audited"].fillna(0).astype("int64")
    return stock.assign(audited_before=audited), since


def lines_of(connection: Connection, number: str) -> pd.DataFrame:
    """The lines (frame `lines`) of the first sheets of the count `number`, in the order of their sheets."""
    of_sheet = (issued_sheets.c.stocktake, issued_sheets.c.site, issued_sheets.c.department)
    names = [column for column in sheet_lines.c if column.name not in ("place", "open")]
    query = (
        select(*names, *of_sheet)
        .join(issued_sheets, issued_sheets.c.number == sheet_lines.c.number)
        .where(issued_sheets.c.stocktake == number, issued_sheets.c.round == 0)
        .order_by(sheet_lines.c.number, sheet_lines.c.place)
    )
    return shaped("lines", read_frame(connection, query))


def sheets_of(connection: Connection, number: str) -> pd.DataFrame:
    """The sheets of the count `number`: the frame `sheets` and custodian, due_on, file, blind and what came back.

    `returned` is the number of versions that came, `first_at` and `received_at` are when the first and the newest did
    (NaT for none), `file_id` is the newest (blank for none).
    """
    names = ("number", "base", "round", "site", "department", "custodian", "due_on", "file", "blind")
    query = select(*(issued_sheets.c[name] for name in names)).where(issued_sheets.c.stocktake == number)
    issued = read_frame(connection, query.order_by(issued_sheets.c.number))
    came = returned(connection, number).sort_values(["received_at", "file_id"], kind="stable")
    by_sheet = came.groupby("number")
    newest = came.drop_duplicates("number", keep="last").set_index("number")
    of_sheet = {
        "returned": by_sheet.size(),
        "first_at": by_sheet["received_at"].min(),
        "received_at": newest["received_at"],
        "file_id": newest["file_id"].astype("Int64"),
    }
    own = {name: column.reindex(issued["number"]).set_axis(issued.index) for name, column in of_sheet.items()}
    return issued.assign(**own | {"returned": own["returned"].fillna(0).astype("int64")})


def returned(connection: Connection, number: str) -> pd.DataFrame:
    """Every version of a sheet of the count `number` that came back: number, file_id, name, received_at."""
    query = (
        select(returned_sheets.c.number, returned_sheets.c.file_id, files.c.name, files.c.received_at)
        .join(files, files.c.id == returned_sheets.c.file_id)
        .join(issued_sheets, issued_sheets.c.number == returned_sheets.c.number)
        .where(issued_sheets.c.stocktake == number)
    )
    return read_frame(connection, query)


def counts_of(connection: Connection, sheets: pd.DataFrame) -> pd.DataFrame:
    """What stands in the newest version of each of the `sheets` (see sheets_of): the frame `counts`."""
    came = sheets[sheets["file_id"].notna()]
    parts = [
        read_frame(connection, _rows_of(some).order_by(count_rows.c.file_id, count_rows.c.id))
        for some in pieces(sorted({int(one) for one in came["file_id"]}))
    ]
    if not parts:
        return empty("counts")
    standing = came.set_index("number")
    rows = parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
    # A file may hold several sheets, some of which a later file has replaced; a merge would copy every column.
    own = (rows["file_id"] == rows["number"].map(standing["file_id"])).fillna(value=False)
    rows = rows if own.all() else rows[own].reset_index(drop=True)
    of_sheet = {name: rows["number"].map(standing[name]) for name in ("received_at", "site")}
    rows = _placed(connection, rows.assign(**of_sheet))
    rows["ref"] = "count_sheets:" + rows["number"] + ":" + rows["row"].astype("str")
    return shaped("counts", rows.assign(damaged=rows["damaged"].fillna(0)))


def _placed(connection: Connection, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, those of a `完好品库` without a code in the own store of their sheet's site."""
    worded = rows["warehouse_key"].isin(["GOOD", "DAMAGED"])
    if not worded.any():
        return rows
    names = _MASTERS[warehouses]
    known = read_frame(connection, select(*(warehouses.c[name] for name in names)))
    own = placed_rows(rows[worded].assign(warehouse=rows["warehouse_key"].str.lower()), known)["warehouse"]
    return rows.assign(warehouse_key=rows["warehouse_key"].mask(worded, own))


def books_of(
    connection: Connection, known: dict[str, pd.DataFrame], opened: Opened, counts: pd.DataFrame
) -> CountBooks:
    """What the books say to a count of which the frame `counts` came back: its lines, and the movements since.

    `known` are the masters. Of a count with a scope also what its warehouses hold of items that it does not list.
    """
    count = opened.count
    lines = lines_of(connection, count.number)
    sheets = sheets_of(connection, count.number)
    keys = sorted({*lines["warehouse_key"], *counts["warehouse_key"]})
    latest = counts["counted_on"].max()
    until = count.cut_off if pd.isna(latest) else max(count.cut_off, latest.date())
    unlisted = None
    if not opened.scope.monthly:
        stock, _ = frozen(connection, known, keys, count.cut_off)
        pairs = pd.MultiIndex.from_frame(lines[PAIR])
        unlisted = stock[~pd.MultiIndex.from_frame(stock[PAIR]).isin(pairs)].reset_index(drop=True)
    return CountBooks(
        lines=lines,
        movements=audited_movements(connection, known, keys, (opened.audited_since, until)),
        items=shaped("items", known["items"]),
        sheets=shaped("sheets", sheets),
        unlisted=unlisted,
    )


def _rows_of(ids: Sequence[int]) -> Select[Any]:
    left_out = {"id", "book", "specification", "unit", "sheet"}
    names = [column for column in count_rows.c if column.name not in left_out]
    return select(*names).where(count_rows.c.file_id.in_(ids))


def _received(connection: Connection, ids: pd.Series[int]) -> pd.Series[pd.Timestamp]:
    wanted = sorted({int(one) for one in ids.unique()})
    query = select(files.c.id, files.c.received_at)
    parts = [read_frame(connection, query.where(files.c.id.in_(some))) for some in pieces(wanted)]
    if not parts:
        return pd.Series(pd.NaT, index=ids.index, dtype="datetime64[s, UTC]")
    known = pd.concat(parts, ignore_index=True)
    return ids.map(known["received_at"].set_axis(known["id"]))


def pieces(values: Sequence[Item]) -> Iterable[Sequence[Item]]:
    """The values a few thousand at a time, for no database takes any number of them in one question."""
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))
