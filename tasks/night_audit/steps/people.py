"""Reads the reservations, stays and deposits that one business date concerns, with all that belongs to each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping

import pandas as pd
from sqlalchemy import Column, ColumnElement, Connection, ScalarSelect, Table, func, literal_column, select

from tasks.adapters.store import read_frame
from tasks.domain.keys import code_keys
from tasks.intake import hotel_tables as delivered
from tasks.night_audit.books import empty, shaped
from tasks.night_audit.ledgers import DEPOSIT, GUEST
from tasks.night_audit.tables import reservation_outcomes

_AT_ONCE = 5000
_ONE_DAY = dt.timedelta(days=1)
_KEYS = {"reservations": "reservation_key", "stays": "account_key", "deposits": "number_key"}
_NAMES = {"reservations": "reservation", "stays": "account", "deposits": "number"}


def people(
    connection: Connection,
    date: dt.date,
    hours: tuple[dt.datetime, dt.datetime],
    opening: pd.DataFrame,
    moved: Mapping[str, pd.DataFrame],
    named: str = "",
) -> dict[str, pd.DataFrame]:
    """Reservations, stays and deposits as frames of the books (books.Books says which), each by its key.

    `hours` are the ends of the night before and of this one. Whoever is found names others in turn: a deposit of the
    date may be of a reservation due next year, and one that a guest in the house used up was taken on a reservation
    long settled, while a balance is right only with every one of its rows. The reservation `named` is always found.
    """
    begins, ends = hours
    found = {
        "reservations": _due(connection, begins, ends),
        "stays": _inside(connection, begins, ends),
        "deposits": _rows(connection, delivered.deposits, _within(delivered.deposits.c.at, begins, ends)),
    }
    holders = opening.loc[opening["ledger"] == DEPOSIT, "account_key"]
    reserved = {key.partition(":")[2] for key in holders if key.startswith("reservations:")}
    reserved |= {named, *code_keys(moved["operation_log"]["object"]), *_with_outcome(connection, date)}
    accounts = {key.partition(":")[2] for key in holders if key.startswith("stays:")}
    accounts |= {*opening.loc[opening["ledger"] == GUEST, "account_key"]}
    accounts |= {*moved["folio"]["account_key"], *moved["payments"]["account_key"]}
    asked: tuple[set[str], set[str]] = ({""}, {""})
    while True:
        new = (
            (reserved | _named(found, "reservation_key", "reservations", "deposits")) - asked[0],
            (accounts | _named(found, "account_key", "stays", "deposits")) - asked[1],
        )
        if not any(new):
            break
        _ask(connection, found, *new, until=ends)
        asked = (asked[0] | new[0], asked[1] | new[1])
    return {name: _whole(name, frames) for name, frames in found.items()}


def rows_by(
    connection: Connection, table: Table, column: Column[str], keys: Collection[str], *which: ColumnElement[bool]
) -> list[pd.DataFrame]:
    """The rows of `table` with one of `keys` in `column`, in the order of its primary key; nothing without a key."""
    return [
        read_frame(connection, select(table).where(column.in_(chunk), *which).order_by(*table.primary_key.columns))
        for chunk in chunks(keys)
    ]


def chunks(keys: Collection[str]) -> Iterator[list[str]]:
    """The keys in their order, as many at once as one question bears."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


def _ask(
    connection: Connection,
    found: dict[str, list[pd.DataFrame]],
    reserved: Collection[str],
    accounts: Collection[str],
    until: dt.datetime,
) -> None:
    """Adds everything of the reservations and accounts that is not there yet."""
    reservations, stays, deposits = delivered.reservations, delivered.stays, delivered.deposits
    unknown = set(reserved) - _named(found, "reservation_key", "reservations")
    found["reservations"] += rows_by(connection, reservations, reservations.c.reservation_key, unknown)
    found["stays"] += rows_by(connection, stays, stays.c.reservation_key, reserved)
    unknown = set(accounts) - _named(found, "account_key", "stays")
    found["stays"] += rows_by(connection, stays, stays.c.account_key, unknown)
    by_then = deposits.c.at <= until
    found["deposits"] += rows_by(connection, deposits, deposits.c.reservation_key, reserved, by_then)
    found["deposits"] += rows_by(connection, deposits, deposits.c.account_key, accounts, by_then)


def _due(connection: Connection, begins: dt.datetime, ends: dt.datetime) -> list[pd.DataFrame]:
    """Reservations due about the date, and those due before it that nothing settled."""
    table, soon = delivered.reservations, ends + _ONE_DAY
    # Written out, because an index of the booked ones serves no parameter that might be anything.
    waiting = (table.c.state == literal_column("'booked'")) & (table.c.due_in <= soon)
    left_open = func.coalesce(_last_outcome(table.c.reservation_key), "restored").in_(["restored", "undecided"])
    return [
        *_rows(connection, table, _within(table.c.due_in, begins - _ONE_DAY, soon)),
        *_rows(connection, table, waiting, left_open),
    ]


def _with_outcome(connection: Connection, date: dt.date) -> set[str]:
    """The reservations with an outcome since the date began, and those to be decided since an earlier one."""
    outcomes, reservations = reservation_outcomes, delivered.reservations
    since = select(outcomes.c.reservation_key).where(outcomes.c.business_date >= date)
    undecided = (
        select(outcomes.c.reservation_key)
        .join(reservations, reservations.c.reservation_key == outcomes.c.reservation_key)
        .where(
            outcomes.c.outcome == literal_column("'undecided'"),
            reservations.c.state.not_in(["checked_in", "cancelled"]),
        )
        .where(_last_outcome(outcomes.c.reservation_key) == "undecided")
    )
    return {str(key) for query in (since, undecided) for key in connection.execute(query).scalars()}


def _last_outcome(reservation_key: Column[str]) -> ScalarSelect[str]:
    """What was recorded last of a reservation; null where nothing was."""
    last = reservation_outcomes.alias()
    newest = select(last.c.outcome).where(last.c.reservation_key == reservation_key).order_by(last.c.id.desc())
    return newest.limit(1).scalar_subquery()


def _inside(connection: Connection, begins: dt.datetime, ends: dt.datetime) -> list[pd.DataFrame]:
    """Stays that arrived by the end of the night and had not left before it began."""
    table = delivered.stays
    # Asked by departure alone: by arrival, every stay that ever was would be looked at.
    here = [
        *_rows(connection, table, table.c.departed_at.is_(None)),
        *_rows(connection, table, table.c.departed_at > begins),
    ]
    return [stays[stays["arrived_at"] <= pd.Timestamp(ends)] for stays in here]


def _within(column: Column[dt.datetime], after: dt.datetime, until: dt.datetime) -> ColumnElement[bool]:
    return (column > after) & (column <= until)


def _rows(connection: Connection, table: Table, *which: ColumnElement[bool]) -> list[pd.DataFrame]:
    return [read_frame(connection, select(table).where(*which))]


def _named(found: Mapping[str, list[pd.DataFrame]], column: str, *names: str) -> set[str]:
    return {key for name in names for frame in found[name] for key in frame[column]}


def _whole(name: str, frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The frame of the books, each row once and by its key, whatever order a database gave them in."""
    filled = [one for one in frames if len(one)]
    if not filled:
        return empty(name)
    rows = pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0]
    rows = rows.drop_duplicates(_KEYS[name]).sort_values(_KEYS[name])
    return shaped(name, rows.assign(ref=f"{name}:" + rows[_NAMES[name]]))
