"""Reads the reservations, stays and deposits that one business date concerns, with all that belongs to each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ScalarSelect,
    exists,
    func,
    literal_column,
    or_,
    select,
    union,
)

from tasks.domain.keys import code_key
from tasks.intake import hotel_tables as delivered
from tasks.night_audit.ledgers import CORPORATE, DEPOSIT, RESERVED, TRANSFERRED
from tasks.night_audit.rows import Balance, Deposit, FolioLine, Operation, Payment, Reservation, Stay, effect_of
from tasks.night_audit.steps.reading import Row, read, read_by
from tasks.night_audit.tables import reservation_outcomes, standing_balances

_ONE_DAY = dt.timedelta(days=1)


class Named(NamedTuple):
    """The keys of the reservations and accounts that the balances, the money and the log of a date name.

    `holding` are the reservations that nothing names but the deposit that is held on them.
    """

    reservations: frozenset[str]
    accounts: frozenset[str]
    holding: frozenset[str]


class People(NamedTuple):
    """Reservations, stays and deposits, each once and in the order of their keys (books.Books says which).

    `waiting` are the deposits held on reservations that are not here, each summed up from all of its rows.
    """

    reservations: tuple[Reservation, ...]
    stays: tuple[Stay, ...]
    deposits: tuple[Deposit, ...]
    waiting: tuple[Balance, ...]


def named_on(
    opening: Iterable[Balance], money: Iterable[FolioLine | Payment], log: Iterable[Operation], reservation: str = ""
) -> Named:
    """Whom the balances that open a date, its money and its log name, and the one `reservation` besides."""
    reserved = {reservation, *(code_key(line.object) for line in log)}
    accounts = {row.account_key for row in money}
    holding: set[str] = set()
    for row in opening:
        dataset, _, key = row.account_key.partition(":")
        if row.ledger == CORPORATE:
            continue
        if dataset != "reservations":
            accounts.add(key or row.account_key)
        else:
            # A deposit that paid no account by name stands among the guests under its reservation.
            (holding if row.ledger == DEPOSIT else reserved).add(key)
    return Named(frozenset(reserved), frozenset(accounts), frozenset(holding - reserved))


def people(connection: Connection, date: dt.date, hours: tuple[dt.datetime, dt.datetime], named: Named) -> People:
    """Everybody whom the date concerns.

    `hours` are the ends of the night before and of this one. Whoever is found names others in turn: a deposit of the
    date may be of a reservation due next year, and one that a guest in the house used up was taken on a reservation
    long settled, while a balance is right only with every one of its rows. Those of `named` are always found, but for
    the ones that hold a deposit and do nothing but wait: of these the rows are only summed up.
    """
    begins, ends = hours
    found = _Found(connection, ends)
    found.add(
        _due(connection, begins, ends),
        _inside(connection, begins, ends),
        read(connection, Deposit, delivered.deposits, _within(delivered.deposits.c.at, begins, ends)),
    )
    waiting = _waiting(connection, ends)
    alive = named.holding - waiting.keys()
    found.follow(named.reservations | alive | _with_outcome(connection, date), named.accounts)
    return People(
        _by_key(found.reservations),
        _by_key(found.stays),
        _by_key(found.deposits),
        tuple(held for key, held in waiting.items() if key not in found.reservations),
    )


class _Found:
    """Who was found by now, each row by its key."""

    def __init__(self, connection: Connection, until: dt.datetime) -> None:
        self._connection, self._until = connection, until
        self.reservations: dict[str, Reservation] = {}
        self.stays: dict[str, Stay] = {}
        self.deposits: dict[str, Deposit] = {}

    def add(self, reservations: Iterable[Reservation], stays: Iterable[Stay], deposits: Iterable[Deposit]) -> None:
        self.reservations.update((row.reservation_key, row) for row in reservations)
        self.stays.update((row.account_key, row) for row in stays)
        self.deposits.update((row.number_key, row) for row in deposits)

    def follow(self, reserved: AbstractSet[str], accounts: AbstractSet[str]) -> None:
        """Reads everything of those named and of those found, until nobody new is named."""
        asked_reserved, asked_accounts = {""}, {""}
        while True:
            holders = self.deposits.values()
            reserved = (reserved | self.reservations.keys() | {row.reservation_key for row in holders}) - asked_reserved
            accounts = (accounts | self.stays.keys() | {row.account_key for row in holders}) - asked_accounts
            if not reserved and not accounts:
                return
            self._read(reserved, accounts)
            asked_reserved |= reserved
            asked_accounts |= accounts

    def _read(self, reserved: AbstractSet[str], accounts: AbstractSet[str]) -> None:
        reservations, stays, deposits = delivered.reservations.c, delivered.stays.c, delivered.deposits.c
        connection = self._connection
        self.add(
            read_by(connection, Reservation, reservations.reservation_key, reserved - self.reservations.keys()),
            chain(
                read_by(connection, Stay, stays.reservation_key, reserved),
                read_by(connection, Stay, stays.account_key, accounts - self.stays.keys()),
            ),
            (
                row
                for row in chain(
                    read_by(connection, Deposit, deposits.reservation_key, reserved),
                    read_by(connection, Deposit, deposits.account_key, accounts),
                )
                if row.at <= self._until
            ),
        )


def _due(connection: Connection, begins: dt.datetime, ends: dt.datetime) -> Iterator[Reservation]:
    """Reservations due about the date, and those due before it that nothing settled."""
    table, soon = delivered.reservations, ends + _ONE_DAY
    # Written out, because an index of the booked ones serves no parameter that might be anything.
    waiting = (table.c.state == literal_column("'booked'")) & (table.c.due_in <= soon)
    left_open = func.coalesce(_last_outcome(table.c.reservation_key), "restored").in_(["restored", "undecided"])
    yield from read(connection, Reservation, table, _within(table.c.due_in, begins - _ONE_DAY, soon))
    yield from read(connection, Reservation, table, waiting, left_open)


def _waiting(connection: Connection, ends: dt.datetime) -> Mapping[str, Balance]:
    """What is held on each reservation that no rule judges yet and whose money only came or went, by its key.

    Such a one is booked and due after the next date, has no stay and no outcome, and none of its rows names an account
    or paid one. Before a hotel's first close there is none.
    """
    held, own, moves = standing_balances.c, delivered.reservations.c, delivered.deposits.c
    key = func.substr(held.account_key, len(RESERVED) + 1)
    query = (
        select(own.reservation_key, moves.reservation, moves.kind, func.sum(moves.amount), func.max(moves.account_key))
        .select_from(standing_balances)
        .join(delivered.reservations, own.reservation_key == key)
        .join(delivered.deposits, moves.reservation_key == own.reservation_key)
        .where(held.ledger == DEPOSIT, held.account_key.startswith(RESERVED))
        .where(own.state == "booked", own.due_in > ends + _ONE_DAY, moves.at <= ends)
        .where(~exists().where(delivered.stays.c.reservation_key == own.reservation_key))
        .where(~exists().where(reservation_outcomes.c.reservation_key == own.reservation_key))
        # Amounts of one kind and sign, so that their sum has the effect of all of them (rows.effect_of).
        .group_by(own.reservation_key, moves.reservation, moves.kind, moves.amount < 0)
    )
    held_on: dict[str, Balance] = {}
    paying = set()
    for reserved, name, kind, total, account in connection.execute(query).all():
        if kind == TRANSFERRED or account:
            paying.add(reserved)
        known = held_on.get(reserved)
        added = effect_of(kind, int(total))
        if known is None:
            held_on[reserved] = Balance(DEPOSIT, RESERVED + reserved, name, added)
        else:
            held_on[reserved] = known._replace(account=min(known.account, name), balance=known.balance + added)
    return {reserved: one for reserved, one in held_on.items() if reserved not in paying}


def _with_outcome(connection: Connection, date: dt.date) -> frozenset[str]:
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
    return frozenset(connection.execute(union(since, undecided)).scalars())


def _last_outcome(reservation_key: Column[str]) -> ScalarSelect[str]:
    """What was recorded last of a reservation; null where nothing was."""
    last = reservation_outcomes.alias()
    newest = select(last.c.outcome).where(last.c.reservation_key == reservation_key).order_by(last.c.id.desc())
    return newest.limit(1).scalar_subquery()


def _inside(connection: Connection, begins: dt.datetime, ends: dt.datetime) -> Iterator[Stay]:
    """Stays that arrived by the end of the night and had not left before it began."""
    departed_at = delivered.stays.c.departed_at
    # Asked by departure alone: by arrival, every stay that ever was would be looked at.
    here = read(connection, Stay, delivered.stays, or_(departed_at.is_(None), departed_at > begins))
    return (stay for stay in here if stay.arrived_at <= ends)


def _within(column: Column[dt.datetime], after: dt.datetime, until: dt.datetime) -> ColumnElement[bool]:
    return (column > after) & (column <= until)


def _by_key(rows: Mapping[str, Row]) -> tuple[Row, ...]:
    return tuple(row for _, row in sorted(rows.items()))
