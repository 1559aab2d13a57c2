"""What lies in the damaged stores of the sites: the newest on-hand and what the ERP and the ledgers moved since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import pandas as pd
from sqlalchemy import Connection, Select, Table, func, or_, select

from tasks.adapters.store import read_frame
from tasks.damaged_returns.eligibility import Stores
from tasks.damaged_returns.shapes import shaped
from tasks.damaged_returns.tables import return_batches, return_parts
from tasks.domain.movements import signed_movements, transfer_legs
from tasks.domain.places import placed_lines, placed_rows
from tasks.intake.return_tables import repair_events, shipments
from tasks.intake.tables import erp_lines, ledger_rows, on_hand, warehouses

AT_ONCE = 5000
Item = TypeVar("Item")
_FIRST_DAY = dt.date(2000, 1, 1)
# What has been sealed for so long and still lies there waits for nobody: it is told as on hand and on no list.
_LEAVES_WITHIN = dt.timedelta(days=60)
_OUTGOING = ("REPAIR_OUT", "DAMAGED_TRANSFER_OUT")
_PLACE = ["warehouse_key", "item_key"]
_LINE = ("document", "date", "document_type", "category", "quantity", "from_warehouse", "to_warehouse")


def damaged_stores(connection: Connection, masters: Mapping[str, pd.DataFrame], as_of: dt.date) -> Stores:
    """What is known of the sites' damaged stores at the close of `as_of`.

    Nothing is known of a site whose damaged store no master names. Where no on-hand was ever delivered, a store is
    known once the ERP or a ledger moved anything in it.
    """
    known = masters["warehouses"]
    own = known[(known["site"] != "") & (known["quality"] == "damaged")].sort_values("warehouse_key")
    keys = own["warehouse_key"].tolist()
    snapshot, dates = _snapshots(connection, keys, as_of)
    moved = _erp_moves(connection, masters, dates, as_of)
    written = _ledger_moves(connection, known, dates, as_of)
    seen = set(keys) if not _is_empty(connection, on_hand) else {*moved["warehouse_key"], *written["warehouse_key"]}
    stock = _stock(snapshot, moved, written).merge(own[["warehouse_key", "warehouse", "site"]], on="warehouse_key")
    sites = own[own["warehouse_key"].isin(seen)]
    first = own.drop_duplicates("site")
    return Stores(
        stock=shaped("stock", stock.sort_values(["site", *_PLACE])),
        leaving=_leaving(connection, masters, as_of, shipped=False),
        unposted=_leaving(connection, masters, as_of, shipped=True),
        known=frozenset(sites["site"]),
        store_of=dict(zip(first["site"], first["warehouse_key"], strict=True)),
    )


def _snapshots(connection: Connection, keys: Sequence[str], as_of: dt.date) -> tuple[pd.DataFrame, dict[str, dt.date]]:
    """Each store's newest on-hand up to `as_of`, and its date; a store without any begins before all time."""
    newest = select(func.max(on_hand.c.date)).where(
        on_hand.c.warehouse_key == warehouses.c.warehouse_key, on_hand.c.date <= as_of
    )
    wanted = set(keys)
    rows = connection.execute(select(warehouses.c.warehouse_key, newest.scalar_subquery())).tuples().all()
    dates = {key: date or _FIRST_DAY for key, date in rows if key in wanted}
    by_date: dict[dt.date, list[str]] = {}
    for key, date in dates.items():
        by_date.setdefault(date, []).append(key)
    names = (*_PLACE, "item", "quantity", "serials")
    query = select(*(on_hand.c[name] for name in names))
    parts = [
        read_frame(connection, query.where(on_hand.c.date == date, on_hand.c.warehouse_key.in_(some)))
        for date, of_date in sorted(by_date.items())
        if date != _FIRST_DAY
        for some in pieces(of_date)
    ]
    found = pd.concat(parts, ignore_index=True) if parts else read_frame(connection, query.limit(0))
    return found, dates


def _erp_moves(
    connection: Connection, masters: Mapping[str, pd.DataFrame], dates: Mapping[str, dt.date], as_of: dt.date
) -> pd.DataFrame:
    """What the ERP's documents moved in each store after its on-hand: warehouse_key, item_key, item, quantity."""
    since = min(dates.values(), default=as_of) + dt.timedelta(days=1)
    orders = erp_lines.c.document_type == "transfer_order"
    query = _erp_query().where(erp_lines.c.date.between(since, as_of))
    if len(dates) <= AT_ONCE:
        query = query.where(or_(orders, erp_lines.c.warehouse_key.in_(sorted(dates))))
    legs = _legs(connection, query, masters)
    return _after(legs.assign(quantity=signed_movements(legs)), dates)


def _erp_query() -> Select[Any]:
    keyed = {"warehouse_key": "warehouse", "item_key": "item", "transfer_order_key": "order"}
    named = erp_lines.c.item.label("item_code")
    return select(
        *(erp_lines.c[name] for name in _LINE), named, *(erp_lines.c[key].label(label) for key, label in keyed.items())
    )


def _legs(connection: Connection, query: Select[Any], masters: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    lines = placed_lines(read_frame(connection, query), masters["warehouses"], masters["sites"])
    legs = transfer_legs(lines, masters["warehouses"])
    return (
        legs.drop(columns="item_code")
        .rename(columns={"warehouse": "warehouse_key", "item": "item_key"})
        .assign(item=legs["item_code"])
    )


def _ledger_moves(
    connection: Connection, known: pd.DataFrame, dates: Mapping[str, dt.date], as_of: dt.date
) -> pd.DataFrame:
    """What the sites' ledgers moved in each store after its on-hand, as `_erp_moves` gives it."""
    since = min(dates.values(), default=as_of) + dt.timedelta(days=1)
    names = ("site", "date", "category", "item_key", "item", "quantity", "warehouse")
    query = select(*(ledger_rows.c[name] for name in names)).where(
        ledger_rows.c.date.between(since, as_of),
        ledger_rows.c.withdrawn_by.is_(None),
        ledger_rows.c.warehouse != "good",
    )
    rows = placed_rows(read_frame(connection, query), known).rename(columns={"warehouse": "warehouse_key"})
    return _after(rows.assign(quantity=signed_movements(rows)), dates)


def _after(moves: pd.DataFrame, dates: Mapping[str, dt.date]) -> pd.DataFrame:
    since = pd.to_datetime(moves["warehouse_key"].map(dict(dates))).astype("datetime64[s]")
    return moves.loc[moves["date"] > since, [*_PLACE, "item", "quantity"]]


def _stock(snapshot: pd.DataFrame, moved: pd.DataFrame, written: pd.DataFrame) -> pd.DataFrame:
    """One row a store and item: what the on-hand and the ERP give, what it and the ledger give, the most, the least.

    A ledger of which nothing came since the on-hand says nothing of its own.
    """
    base = snapshot.groupby(_PLACE).agg(quantity=("quantity", "sum"), serials=("serials", "first"))
    by_erp, by_ledger = (moves.groupby(_PLACE)["quantity"].sum() for moves in (moved, written))
    items = pd.concat([snapshot, moved, written], ignore_index=True).drop_duplicates(_PLACE).set_index(_PLACE)["item"]
    held = base["quantity"].reindex(items.index).fillna(0).astype("int64")
    told = {name: moves.reindex(items.index) for name, moves in (("erp", by_erp), ("ledger", by_ledger))}
    erp = held + told["erp"].fillna(0).astype("int64")
    silent = told["ledger"].isna()
    ledger = (held + told["ledger"].fillna(0).astype("int64")).mask(silent, erp)
    # Where neither on-hand nor ERP know the item the site's own ledger is all there is.
    alone = ~items.index.isin(base.index) & told["erp"].isna().to_numpy()
    erp = erp.mask(alone & ~silent.to_numpy(), ledger)
    both = pd.concat([erp, ledger], axis=1)
    unmoved = (told["erp"].isna() & silent).to_numpy()
    # A list of serials is as old as its on-hand: once anything moved it no longer says which pieces lie there.
    serials = base["serials"].reindex(items.index).fillna("").where(unmoved, "")
    found = pd.DataFrame({"item": items, "most": both.max(axis=1), "least": both.min(axis=1), "serials": serials})
    return found.reset_index()


def _leaving(
    connection: Connection, masters: Mapping[str, pd.DataFrame], as_of: dt.date, *, shipped: bool
) -> pd.DataFrame:
    """What is sealed and lies at its site still (frame `leaving`): not shipped, not received, not issued in the ERP.

    With `shipped` also what has left by a shipment or a receipt, and is only not issued in the ERP yet.

    An on-hand from after the seal that holds less than what was sealed shows that the rest has left.
    """
    sealed = _sealed_lately(connection, as_of, shipped=shipped)
    if sealed.empty:
        return shaped("leaving", sealed)
    first = sealed["date"].min().date()
    lines = _erp_query().where(erp_lines.c.category.in_(_OUTGOING), erp_lines.c.date.between(first, as_of))
    issued = _legs(connection, lines, masters).groupby(["site", "item_key"])["quantity"].sum().abs()
    until = sealed.groupby(["site", "item_key"])["quantity"].cumsum()
    left = (until - _least_held(connection, sealed, as_of)).clip(lower=0).fillna(0).astype("int64")
    found = (
        sealed.assign(left=left).groupby(["site", "item_key"]).agg(quantity=("quantity", "sum"), left=("left", "max"))
    )
    gone = pd.concat([found["left"], issued.reindex(found.index).fillna(0).astype("int64")], axis=1).max(axis=1)
    found["quantity"] = (found["quantity"] - gone).clip(lower=0)
    return shaped("leaving", found[found["quantity"] > 0].reset_index())


def _sealed_lately(connection: Connection, as_of: dt.date, *, shipped: bool) -> pd.DataFrame:
    """What was sealed lately and neither shipped nor received: site, warehouse_key, item_key, date, quantity.

    With `shipped` all that was sealed lately.
    """
    part, batch = return_parts.c, return_batches.c
    gone = select(shipments.c.number_key).where(shipments.c.batch_key == batch.batch_key, shipments.c.date <= as_of)
    came = select(repair_events.c.date).where(
        repair_events.c.serial_key == part.serial_key, repair_events.c.date.between(batch.date, as_of)
    )
    query = (
        select(part.site, part.warehouse_key, part.item_key, batch.date, func.sum(part.quantity).label("quantity"))
        .join(return_batches, batch.batch == part.batch)
        .where(
            batch.date.between(as_of - _LEAVES_WITHIN, as_of), *(() if shipped else (~gone.exists(), ~came.exists()))
        )
        .group_by(part.site, part.warehouse_key, part.item_key, batch.date)
        .order_by(part.site, part.item_key, batch.date)
    )
    rows = [
        (row.site, row.warehouse_key, row.item_key, row.date, int(row.quantity)) for row in connection.execute(query)
    ]
    found = pd.DataFrame(rows, columns=["site", "warehouse_key", "item_key", "date", "quantity"])
    return found.astype({"date": "datetime64[s]", "quantity": "int64"})


def _least_held(connection: Connection, sealed: pd.DataFrame, as_of: dt.date) -> pd.Series:
    """The least that any on-hand after the seal says of each row's store and item, Int64; blank where none came.

    A store of which an on-hand came that does not name the item held nothing of it then.
    """
    held = on_hand.c
    span = held.date.between(sealed["date"].min().date(), as_of)
    dates, items = [], []
    for some in pieces(sorted(sealed["warehouse_key"].unique())):
        own = span & held.warehouse_key.in_(some)
        dates.append(read_frame(connection, select(held.warehouse_key, held.date.label("day")).where(own).distinct()))
        names = (held.warehouse_key, held.item_key, held.date.label("day"), held.quantity.label("held"))
        items.append(read_frame(connection, select(*names).where(own)))
    asked = sealed.assign(at=range(len(sealed))).merge(pd.concat(dates), on="warehouse_key")
    asked = asked[asked["day"] > asked["date"]]
    asked = asked.merge(pd.concat(items), on=["warehouse_key", "item_key", "day"], how="left")
    least = asked.assign(held=asked["held"].astype("Int64").fillna(0)).groupby("at")["held"].min()
    found: pd.Series = least.reindex(range(len(sealed))).astype("Int64").set_axis(sealed.index)
    return found


def _is_empty(connection: Connection, table: Table) -> bool:
    return connection.execute(select(table).limit(1)).first() is None


def pieces(values: Collection[Item]) -> Iterable[Sequence[Item]]:
    """The values a few thousand at a time, for no database takes any number of them in one question."""
    ordered = list(values)
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))
