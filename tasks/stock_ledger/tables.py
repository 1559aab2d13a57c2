"""The lines, masters and states that one business date needs, read from what intake keeps, as frames.

Every query is bounded by the date's own work: its rows, rows not settled yet, rows on which open breaks stand, and the
days that a transfer, a swap, a snapshot or a stated balance may reach back.
Lines have line, ref, identity, date, category, item (key) and item_code, item_name, specification, quantity,
warehouse, order (key) and order_code, remark, matched_by; ledger rows also site, number, stated_balance, turbine,
handler, unit, repeat; ERP lines also document, document_line, document_type, red, made_by, audited, audited_on,
warehouse_code, from_warehouse, to_warehouse. Quantities are scaled by 10,000, dates are datetime64[s].
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    ScalarSelect,
    Table,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    tuple_,
    union,
    update,
)

from tasks.adapters.columns import frame_of
from tasks.adapters.store import read_frame
from tasks.domain.message import Message, message_from_json
from tasks.intake.tables import (
    departments,
    erp_lines,
    files,
    items,
    late_notices,
    ledger_rows,
    on_hand,
    sites,
    warehouses,
)
from tasks.stock_ledger.line_names import named_lines, named_rows

_IN = 5000
_TRANSFERS = [f"{quality}_TRANSFER{direction}" for quality in ("GOOD", "DAMAGED") for direction in ("", "_IN", "_OUT")]
_LEDGER_ORDER = ["date", "site", "number", "line"]
_ERP_ORDER = ["date", "document", "document_line", "line"]
_OF_BOTH = ("date", "category", "item_name", "specification", "quantity", "remark", "matched_by")
_RENAMED = {"id": "line", "item_key": "item", "item": "item_code", "transfer_order": "order_code"}
_OF_LEDGER = (
    "site", "number", "content_key", "place", "unit", "warehouse", "stated_balance", "handler", "turbine", "repeat",
)  # fmt: skip
_OF_ERP = (
    "document", "document_type", "red", "made_by", "audited_by", "audited_on", "from_warehouse", "to_warehouse",
)  # fmt: skip
_ERP_RENAMED = {
    "line": "document_line",
    "warehouse_key": "warehouse",
    "warehouse": "warehouse_code",
    "transfer_order_key": "order",
}
_T = TypeVar("_T", int, str, dt.date, tuple[str, str])
# Ledger rows and ERP lines.
BothSides = tuple[pd.DataFrame, pd.DataFrame]

_MASTERS = {
    items: ["item_key", "item", "item_name", "specification", "sort", "item_class", "unit_price"],
    warehouses: ["warehouse_key", "warehouse", "warehouse_name", "site", "department", "quality", "tier"],
    sites: ["site", "site_name", "department", "active_from", "active_to"],
    departments: ["department", "manager", "clerk"],
}


def masters(connection: Connection) -> dict[str, pd.DataFrame]:
    """The frames `items`, `warehouses`, `sites` and `departments`, by their keys; empty where never delivered."""
    return {
        table.name: read_frame(connection, select(*(table.c[name] for name in names)).order_by(table.c[names[0]]))
        for table, names in _MASTERS.items()
    }


def known_departments(connection: Connection) -> tuple[str, ...]:
    """The departments that the masters of departments and sites name, by name."""
    named = union(select(departments.c.department), select(sites.c.department))
    return tuple(sorted(name for name in connection.execute(named).scalars() if name))


def delivered_datasets(connection: Connection) -> frozenset[str]:
    """The datasets of which at least one file was ever read."""
    found = [""]
    # Each next name is one look into the index; to ask for the distinct ones goes through every file that ever came.
    while name := connection.execute(
        select(func.min(files.c.dataset)).where(files.c.dataset > found[-1], files.c.state == "read")
    ).scalar():
        found.append(name)
    return frozenset(found[1:])


def open_ledger_rows(connection: Connection, as_of: dt.date) -> pd.DataFrame:
    """The rows of `as_of` and every older row that is not settled, raw; withdrawn rows are left out."""
    # Asked apart, each finds its own index; one question for both would look through all that ever lived.
    older = _ledger(connection, and_(ledger_rows.c.date < as_of, ledger_rows.c.matched_by.is_(None)))
    return _joined(older, _ledger(connection, ledger_rows.c.date == as_of))


def open_erp_lines(connection: Connection, as_of: dt.date) -> pd.DataFrame:
    """The ERP lines of `as_of` and every older line that is not settled, raw."""
    older = _erp(connection, and_(erp_lines.c.date < as_of, erp_lines.c.matched_by.is_(None)))
    return _joined(older, _erp(connection, erp_lines.c.date == as_of))


def unaudited_lines(connection: Connection, as_of: dt.date, since: dt.date, own: pd.DataFrame) -> pd.DataFrame:
    """ERP lines not audited at the end of `as_of`; those audited later are looked for from `since` on.

    `own` are the lines of `as_of`, which are at hand: here and below only those of earlier dates are read.
    """
    before = erp_lines.c.date < as_of
    blank = _erp(connection, and_(before, erp_lines.c.audited_by == "", erp_lines.c.audited_on.is_(None)))
    later = _erp(connection, and_(before, erp_lines.c.date >= since, erp_lines.c.audited_on > as_of))
    older = _joined(blank, later).sort_values(_ERP_ORDER, ignore_index=True)
    return _joined(older, own[~own["audited"] | (own["audited_on"] > pd.Timestamp(as_of))])


def transfer_lines(connection: Connection, as_of: dt.date, since: dt.date, own: BothSides) -> BothSides:
    """Ledger rows and ERP lines of transfers dated from `since` to `as_of`."""
    rows, lines = (table.c.category.in_(_TRANSFERS) for table in (ledger_rows, erp_lines))
    return (
        _joined(_ledger(connection, rows & _from_to(ledger_rows, since, as_of)), _of(own[0], _TRANSFERS)),
        _joined(_erp(connection, lines & _from_to(erp_lines, since, as_of)), _of(own[1], _TRANSFERS)),
    )


def swap_lines(connection: Connection, as_of: dt.date, since: dt.date, own: BothSides) -> BothSides:
    """Ledger rows and ERP lines of issues for a turbine and of damaged receipts dated from `since` to `as_of`."""
    for_turbine = and_(ledger_rows.c.category == "OWN_USE_OUT", ledger_rows.c.turbine != "")
    swapped = or_(for_turbine, ledger_rows.c.category == "DAMAGED_IN")
    came = and_(erp_lines.c.category == "DAMAGED_IN", _from_to(erp_lines, since, as_of))
    rows, lines = own
    today = ((rows["category"] == "OWN_USE_OUT") & (rows["turbine"] != "")) | (rows["category"] == "DAMAGED_IN")
    return (
        _joined(_ledger(connection, and_(swapped, _from_to(ledger_rows, since, as_of))), rows[today]),
        _joined(_erp(connection, came), _of(lines, ["DAMAGED_IN"])),
    )


def stated_rows(connection: Connection, as_of: dt.date, since: dt.date, keys: Collection[str]) -> pd.DataFrame:
    """Ledger rows from `since` to the day before `as_of` of the items `keys`, whether they state a balance or not."""
    days = _from_to(ledger_rows, since, as_of)
    return _in_pieces(keys, lambda piece: _ledger(connection, and_(days, ledger_rows.c.item_key.in_(piece))))


def amended_rows(connection: Connection, as_of: dt.date, since: dt.date) -> pd.DataFrame:
    """Rows dated before `as_of` that a later file, for a date from `since` to `as_of`, had changed or dropped.

    Columns beside those of a ledger row: replaced_by, by_file (its name).
    """
    query = (
        select(*_LEDGER_COLUMNS, ledger_rows.c.replaced_by, files.c.name.label("by_file"))
        .join(files, files.c.id == ledger_rows.c.withdrawn_by)
        .where(
            ledger_rows.c.amended,
            # Leads to the index of the withdrawn rows, of which there are few.
            ledger_rows.c.withdrawn_by > 0,
            # A correction of the day itself simply counts in a run of that day; it is told from the next date on.
            ledger_rows.c.date < as_of,
            or_(files.c.period.is_(None), and_(files.c.period >= since, files.c.period <= as_of)),
        )
    )
    return named_rows(read_frame(connection, query).sort_values("line", ignore_index=True))


def ledger_rows_by_id(connection: Connection, ids: Collection[int]) -> pd.DataFrame:
    """The ledger rows with these ids, also those that a still later file has withdrawn."""
    rows = select(*_LEDGER_COLUMNS)
    return _in_pieces(ids, lambda piece: named_rows(read_frame(connection, rows.where(ledger_rows.c.id.in_(piece)))))


def received(connection: Connection, days: Collection[dt.date]) -> frozenset[tuple[str, dt.date]]:
    """The (site, date) pairs, dates among `days`, for which a ledger has come, be it with no movement."""
    sites = select(_site_after(None).label("site")).cte("sites", recursive=True)
    sites = sites.union_all(select(_site_after(sites.c.site)).where(sites.c.site.is_not(None)))
    # Each next site is one look into the index: the rows of the days, which may be many, are not gone through.
    query = select(sites.c.site).where(sites.c.site.is_not(None))
    found = {(site, day) for day in days for site in connection.execute(query, {"day": day}).scalars()}
    return frozenset(found | {(site, day) for site, day in _files_read(connection, "ledger", days) if site})


def _site_after(site: ColumnElement[str] | None) -> ScalarSelect[str]:
    """The first site, after `site` if one is given, that has a row on the date of the parameter `day`."""
    own = select(ledger_rows.c.site).where(
        ledger_rows.c.date == bindparam("day", type_=Date), ledger_rows.c.withdrawn_by.is_(None)
    )
    own = own if site is None else own.where(ledger_rows.c.site > site)
    return own.order_by(ledger_rows.c.site).limit(1).scalar_subquery()


def erp_delivered(connection: Connection, days: Collection[dt.date]) -> frozenset[dt.date]:
    """The dates among `days` for which an ERP export has come, be it empty."""
    found = {day for _, day in _files_read(connection, "erp_documents", days)}
    any_line = select(exists().where(erp_lines.c.date == bindparam("day", type_=Date)))
    return frozenset(found | {day for day in set(days) - found if connection.execute(any_line, {"day": day}).scalar()})


def _files_read(connection: Connection, dataset: str, days: Collection[dt.date]) -> set[tuple[str, dt.date]]:
    """Site, "" where it is not known, and date of the files of a dataset that were read for the dates `days`."""
    found: set[tuple[str, dt.date]] = set()
    for chunk in _chunks(sorted(days)):
        of_days = files.c.period.in_(chunk), files.c.dataset == dataset, files.c.state == "read"
        query = select(files.c.site, files.c.period).where(*of_days)
        found |= {(row.site, row.period) for row in connection.execute(query)}
    return found


def notices(connection: Connection, days: Collection[dt.date]) -> dict[tuple[str, dt.date], str]:
    """The reason of each late notice for the dates `days`, by (site, date)."""
    found: dict[tuple[str, dt.date], str] = {}
    for chunk in _chunks(sorted(days)):
        query = select(late_notices).where(late_notices.c.date.in_(chunk))
        found |= {(row.site, row.date): row.reason for row in connection.execute(query)}
    return found


def snapshot_dates(connection: Connection, keys: Collection[str], before: dt.date) -> dict[str, dt.date]:
    """The newest date before `before` of an on-hand of each warehouse in `keys` that has one."""
    # Each warehouse's newest is one look into the index, however many snapshots lie before it.
    newest = (
        select(func.max(on_hand.c.date))
        .where(on_hand.c.warehouse_key == warehouses.c.warehouse_key, on_hand.c.date < before)
        .scalar_subquery()
    )
    known = dict(connection.execute(select(warehouses.c.warehouse_key, newest)).tuples().all())
    for key in set(keys) - known.keys():
        alone = select(func.max(on_hand.c.date)).where(on_hand.c.warehouse_key == key, on_hand.c.date < before)
        known[key] = connection.execute(alone).scalar()
    return {key: date for key in keys if (date := known[key]) is not None}


def on_hand_at(connection: Connection, dates: dict[str, dt.date]) -> pd.DataFrame:
    """The on-hand of each warehouse at its date: warehouse, item, quantity, date."""
    by_date: dict[dt.date, list[str]] = {}
    for key, date in dates.items():
        by_date.setdefault(date, []).append(key)
    found = [
        _on_hand(connection, and_(on_hand.c.date == date, on_hand.c.warehouse_key.in_(chunk)))
        for date, keys in sorted(by_date.items())
        for chunk in _chunks(sorted(keys))
    ]
    return pd.concat(found, ignore_index=True) if found else _on_hand(connection, false())


def on_hand_on(connection: Connection, day: dt.date) -> pd.DataFrame:
    """The on-hand delivered for `day`: warehouse, item, quantity, date."""
    return _on_hand(connection, on_hand.c.date == day)


def erp_since(connection: Connection, snapshots: dict[str, dt.date], before: dt.date) -> pd.DataFrame:
    """The ERP lines earlier than `before` and later than the newest of `snapshots`, the last on-hand by warehouse.

    Of the warehouses that were counted earlier than that also their own lines since, and all transfer orders.
    """
    newest, oldest = max(snapshots.values(), default=before), min(snapshots.values(), default=before)
    found = [_erp(connection, and_(erp_lines.c.date > newest, erp_lines.c.date < before))]
    if oldest < newest:
        days, of = and_(erp_lines.c.date > oldest, erp_lines.c.date <= newest), erp_lines.c.document_type
        behind = [key for key, date in snapshots.items() if date < newest]
        own = and_(days, of != "transfer_order")
        # Asked apart, each finds its own index; an order names its warehouses in two columns more.
        found.append(_in_pieces(behind, lambda keys: _erp(connection, and_(own, erp_lines.c.warehouse_key.in_(keys)))))
        found.append(_erp(connection, and_(days, erp_lines.c.category.in_(_TRANSFERS), of == "transfer_order")))
    return pd.concat(found, ignore_index=True)


def erp_of_items(
    connection: Connection, keys: Collection[tuple[str, str]], after: dt.date, until: dt.date
) -> pd.DataFrame:
    """The ERP lines of the (warehouse, item) pairs `keys` dated later than `after`, up to `until`."""
    columns = erp_lines.c.warehouse_key, erp_lines.c.item_key
    days = and_(erp_lines.c.date > after, erp_lines.c.date <= until)

    def some(piece: list[tuple[str, str]]) -> pd.DataFrame:
        # SQLite finds no index for pairs of values alone and would look at every line of the days.
        each = (column.in_({key[at] for key in piece}) for at, column in enumerate(columns))
        return _erp(connection, and_(days, tuple_(*columns).in_(piece), *each))

    return _in_pieces(keys, some)


def date_refusals(connection: Connection, as_of: dt.date, datasets: Sequence[str]) -> None:
    """Gives files of the `datasets` refused since the last run the date of the run that met them, to be named there."""
    undated = (files.c.state == "refused") & files.c.period.is_(None) & files.c.dataset.in_(datasets)
    connection.execute(update(files).where(undated).values(period=as_of))


def refused_files(connection: Connection, as_of: dt.date, datasets: Sequence[str]) -> tuple[tuple[str, Message], ...]:
    """Name and reason of the files of `datasets` that runs of `as_of` met and refused whole, by dataset and name."""
    query = (
        select(files.c.dataset, files.c.name, files.c.reason)
        .where(files.c.state == "refused", files.c.period == as_of, files.c.dataset.in_(datasets))
        .order_by(files.c.dataset, files.c.name)
    )
    return tuple((f"{row.dataset}/{row.name}", message_from_json(row.reason)) for row in connection.execute(query))


def settle(connection: Connection, ledger: dict[str, list[int]], erp: dict[str, list[int]]) -> None:
    """Marks the lines, listed by how they were matched, as settled, so that later dates need not look at them."""
    for table, settled in ((ledger_rows, ledger), (erp_lines, erp)):
        for how, ids in sorted(settled.items()):
            for chunk in _chunks(sorted(ids)):
                connection.execute(update(table).where(table.c.id.in_(chunk)).values(matched_by=how))


def unsettle(connection: Connection, ledger: list[int], erp: list[int]) -> None:
    """Takes the mark of settled lines away from those of these ids that bear it."""
    for table, ids in ((ledger_rows, ledger), (erp_lines, erp)):
        for chunk in _chunks(sorted(ids)):
            connection.execute(
                update(table).where(table.c.id.in_(chunk), table.c.matched_by.is_not(None)).values(matched_by=None)
            )


def _on_hand(connection: Connection, condition: ColumnElement[bool]) -> pd.DataFrame:
    return read_frame(
        connection,
        select(
            on_hand.c.warehouse_key.label("warehouse"),
            on_hand.c.item_key.label("item"),
            on_hand.c.quantity,
            on_hand.c.date,
        ).where(condition),
    )


def _columns(table: Table, names: Iterable[str], renamed: dict[str, str]) -> list[ColumnElement[Any]]:
    """The columns of a line that both sides have, those in `names`, and the `renamed` ones under their new names."""
    return [
        *(table.c[name] for name in (*_OF_BOTH, *names)),
        *(table.c[name].label(label) for name, label in (_RENAMED | renamed).items()),
    ]


def _ledger(connection: Connection, condition: ColumnElement[bool]) -> pd.DataFrame:
    query = select(*_LEDGER_COLUMNS).where(ledger_rows.c.withdrawn_by.is_(None), condition)
    rows = read_frame(connection, query)
    # Sorted here: a database asked for an order prefers the index that has it to the one that finds little.
    return named_rows(rows.sort_values(_LEDGER_ORDER, ignore_index=True)) if len(rows) else _no_rows().copy(deep=False)


def _erp(connection: Connection, condition: ColumnElement[bool]) -> pd.DataFrame:
    lines = read_frame(connection, select(*_ERP_COLUMNS).where(condition))
    return named_lines(lines.sort_values(_ERP_ORDER, ignore_index=True)) if len(lines) else _no_lines().copy(deep=False)


# A date asks many questions to which the answer is nothing; what nothing looks like is worked out once.
@functools.cache
def _no_rows() -> pd.DataFrame:
    return named_rows(frame_of(_LEDGER_COLUMNS, ()))


@functools.cache
def _no_lines() -> pd.DataFrame:
    return named_lines(frame_of(_ERP_COLUMNS, ()))


def _from_to(table: Table, since: dt.date, before: dt.date) -> ColumnElement[bool]:
    return and_(table.c.date >= since, table.c.date < before)


def _of(lines: pd.DataFrame, categories: list[str]) -> pd.DataFrame:
    return lines[lines["category"].isin(categories)]


def _joined(before: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([before, own], ignore_index=True) if len(before) else own.reset_index(drop=True)


def _in_pieces(keys: Collection[_T], read: Callable[[list[_T]], pd.DataFrame]) -> pd.DataFrame:
    """What `read` gives for the keys, asked piece by piece; without keys its columns and no rows."""
    return pd.concat([read(piece) for piece in _chunks(sorted(keys))] or [read([])], ignore_index=True)


def _chunks(values: list[_T]) -> Iterable[list[_T]]:
    return (values[start : start + _IN] for start in range(0, len(values), _IN))


_LEDGER_COLUMNS = _columns(ledger_rows, _OF_LEDGER, {})
_ERP_COLUMNS = _columns(erp_lines, _OF_ERP, _ERP_RENAMED)
