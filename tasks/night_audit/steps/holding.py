"""The deposits that the hotel holds, each with its holder, age and last state (spec 06: a deposit is never lost)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Column, Connection, select

from tasks.adapters.store import read_frame
from tasks.domain.keys import code_key
from tasks.intake import hotel_tables as delivered
from tasks.night_audit.books import books_of, deposit_effects, each, looked_up, shaped
from tasks.night_audit.hotel_day import business_date
from tasks.night_audit.ledgers import holders
from tasks.night_audit.policy import Policy
from tasks.night_audit.reservations import standing
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
    query = select(table).where(table.c.at <= at)
    if reservation:
        query = query.where(table.c.reservation_key == code_key(reservation))
    rows = shaped("deposits", read_frame(connection, query.order_by(table.c.at, table.c.number_key)))
    keys, names = holders(rows)
    effects = rows.assign(key=keys, name=names, effect=deposit_effects(rows)).groupby("key", sort=False)
    held = effects.agg(name=("name", "first"), balance=("effect", "sum"), since=("at", "min"))
    chosen = held if reservation else held[held["balance"] != 0]
    known = _known(connection, policy, at, chosen.index)
    today = business_date(at, policy.night_ends)
    return tuple(
        Deposit(
            holder=row.name,
            sort=row.key.partition(":")[0],
            who=known.get(row.key, _NOBODY)[0],
            balance=int(row.balance),
            since=row.since.to_pydatetime(),
            days=(today - business_date(row.since.to_pydatetime(), policy.night_ends)).days,
            state=known.get(row.key, _NOBODY)[1],
        )
        for row in each(chosen.reset_index().sort_values("since", kind="stable"))
    )


def _known(
    connection: Connection, policy: Policy, at: dt.datetime, holding: pd.Index[str]
) -> dict[str, tuple[str, str]]:
    """Who holds each deposit and in which state the reservation or stay is, by the holder's key."""
    reserved = [key.removeprefix(_RESERVATIONS) for key in holding if key.startswith(_RESERVATIONS)]
    accounts = [key.removeprefix(_STAYS) for key in holding if key.startswith(_STAYS)]
    moment = pd.Timestamp(at).as_unit("s")
    stays = delivered.stays.c
    came = _rows(connection, "stays", stays.reservation_key, reserved)
    frames = {
        "reservations": _rows(connection, "reservations", delivered.reservations.c.reservation_key, reserved),
        "deposits": _rows(connection, "deposits", delivered.deposits.c.reservation_key, reserved),
        "stays": came,
        "outcomes": _rows(connection, "outcomes", reservation_outcomes.c.reservation_key, reserved),
    }
    now = standing(books_of(business_date(at, policy.night_ends), (), frames), policy, moment)
    inside = came.assign(inside=~_left(came, moment)).groupby("reservation_key")["inside"].any()
    staying = looked_up(now["reservation_key"], inside).fillna(value=True).astype("bool")
    state = now["state"].mask((now["state"] == "checked_in") & ~staying, "departed")
    who = now["group_name"].where(now["group_name"] != "", now["booker"])
    of_reservations = zip(now["reservation_key"], who, state, strict=True)
    known = {_RESERVATIONS + key: (name, last) for key, name, last in of_reservations}
    own = _rows(connection, "stays", stays.account_key, accounts)
    last_states = _left(own, moment).map({True: "departed", False: "checked_in"})
    of_stays = zip(own["account_key"], own["guest"], last_states, strict=True)
    return known | {_STAYS + key: (name, last) for key, name, last in of_stays}


def _left(stays: pd.DataFrame, moment: pd.Timestamp) -> pd.Series[bool]:
    return stays["departed_at"].notna() & (stays["departed_at"] <= moment)


def _rows(connection: Connection, name: str, column: Column[str], keys: list[str]) -> pd.DataFrame:
    table = column.table
    query = select(table).where(column.in_(keys))
    return shaped(name, read_frame(connection, query.order_by(*table.primary_key.columns)))
