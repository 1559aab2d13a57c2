"""The deposits that the hotel holds, each with its holder, age and last state (spec 06: a deposit is never lost)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from tasks.domain.keys import code_key
from tasks.intake import hotel_tables as delivered
from tasks.night_audit import rows
from tasks.night_audit.books import Books, grouped
from tasks.night_audit.hotel_day import business_date
from tasks.night_audit.ledgers import holder
from tasks.night_audit.policy import Policy
from tasks.night_audit.reservations import standing
from tasks.night_audit.rows import Outcome, Reservation, Stay
from tasks.night_audit.steps.reading import columns_of, read_by, rows_of
from tasks.night_audit.tables import reservation_outcomes

_STAYS, _RESERVATIONS = "stays:", "reservations:"
_NOBODY = ("", "unknown")


@dataclass(frozen=True, slots=True)
class Deposit:
    """One deposit: `holder` is the reservation or account as delivered, `balance` in cents, `since` its first row.

    `state` is the last one of the reservation or stay: booked, checked_in, cancelled, no_show, undecided, released,
    departed, or unknown where neither was ever delivered.
    """

    holder: str
    sort: str
    who: str
    balance: int
    since: dt.datetime
    days: int
    state: str


def deposits_held(
    connection: Connection, policy: Policy, at: dt.datetime, reservation: str = ""
) -> tuple[Deposit, ...]:
    """Every deposit whose balance is not nothing at the hotel's moment `at`, the oldest first.

    With a `reservation` that one alone, also where nothing is held on it any more.
    """
    table = delivered.deposits
    query = columns_of(rows.Deposit, table).where(table.c.at <= at).order_by(table.c.at, table.c.number_key)
    if reservation:
        query = query.where(table.c.reservation_key == code_key(reservation))
    held = grouped(rows_of(connection, rows.Deposit, query), lambda row: holder(row)[0])
    balances = {key: sum(row.effect for row in own) for key, own in held.items()}
    chosen = {key: own for key, own in held.items() if reservation or balances[key]}
    known = _known(connection, policy, at, chosen)
    today = business_date(at, policy.night_ends)
    # The rows come by their moments, and so do those who hold them by their first.
    return tuple(
        Deposit(
            holder=holder(own[0])[1],
            sort=key.partition(":")[0],
            who=known.get(key, _NOBODY)[0],
            balance=balances[key],
            since=own[0].at,
            days=(today - business_date(own[0].at, policy.night_ends)).days,
            state=known.get(key, _NOBODY)[1],
        )
        for key, own in chosen.items()
    )


def _known(
    connection: Connection, policy: Policy, at: dt.datetime, holding: Collection[str]
) -> Mapping[str, tuple[str, str]]:
    """Who holds each deposit and in which state the reservation or stay is, by the holder's key."""
    reserved = {key.removeprefix(_RESERVATIONS) for key in holding if key.startswith(_RESERVATIONS)}
    accounts = {key.removeprefix(_STAYS) for key in holding if key.startswith(_STAYS)}
    came = read_by(connection, Stay, delivered.stays.c.reservation_key, reserved)
    books = Books(
        as_of=business_date(at, policy.night_ends),
        delivered=frozenset(),
        reservations=read_by(connection, Reservation, delivered.reservations.c.reservation_key, reserved),
        deposits=read_by(connection, rows.Deposit, delivered.deposits.c.reservation_key, reserved),
        stays=came,
        outcomes=read_by(connection, Outcome, reservation_outcomes.c.reservation_key, reserved),
    )
    left = {stay.reservation_key for stay in came} - {stay.reservation_key for stay in came if not _has_left(stay, at)}
    known = {}
    for one in standing(books, policy, at):
        row = one.reservation
        gone = one.state == "checked_in" and row.reservation_key in left
        state = "departed" if gone else one.state
        known[_RESERVATIONS + row.reservation_key] = (row.group_name or row.booker, state)
    for stay in read_by(connection, Stay, delivered.stays.c.account_key, accounts):
        known[_STAYS + stay.account_key] = (stay.guest, "departed" if _has_left(stay, at) else "checked_in")
    return known


def _has_left(stay: Stay, at: dt.datetime) -> bool:
    return stay.departed_at is not None and stay.departed_at <= at
