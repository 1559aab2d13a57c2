"""A published list of hotel bookings as the datasets that a hotel's system delivers, night by night.

The columns are those of Antonio, Almeida, Nunes, "Hotel booking demand datasets" (Data in Brief 22, 2019): one row a
booking of one room. A booking that was checked out becomes a reservation and a stay, one that was cancelled or not
shown a reservation with that state from the day on which it got it. Non Refund means a deposit of the whole stay on the
day of booking, which pays the account at arrival and is forfeited the day after the booking was given up. Guests pay
what they owe when they leave; no night is day use, a price of nothing a free room.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Table, bindparam, insert, update

from tasks.adapters.store import write_frame
from tasks.intake import hotel_tables
from tasks.intake.tables import files, row_counts

OPERATOR, SHIFT = "desk", "S-"
LONG_AGO = np.datetime64("1900-01-01")
NEVER = np.datetime64("2200-01-01")
_NIGHT_FEED = ("reservations", "stays", "deposits", "folio", "payments", "shifts")
_MADE: dict[str, int | str] = {"file_id": 1, "sheet": "", "row": 0}


@dataclass(frozen=True, slots=True)
class Hotel:
    """One hotel's bookings: `tables` are rows of the database with `known_on`, the date from which they are delivered.

    `reservations` has besides `settled_on` and `settled_as`, `stays` has `leaves_on` and `leaves_at`, from which on the
    system knows the end; `charged` is what a stay owes in all, in cents. Dates are datetime64[s] at midnight.
    """

    name: str
    tables: Mapping[str, pd.DataFrame]

    def occupied(self, dates: pd.DatetimeIndex) -> pd.Series[int]:
        """How many rooms spend each night in use, counted from the bookings alone."""
        stays = self.tables["stays"]
        came, left = np.sort(stays["known_on"].to_numpy()), np.sort(stays["leaves_on"].to_numpy())
        days = dates.to_numpy().astype("datetime64[s]")
        inside = np.searchsorted(came, days, side="right") - np.searchsorted(left, days, side="right")
        return pd.Series(inside, index=dates)

    def held(self, dates: pd.DatetimeIndex) -> pd.Series[int]:
        """The cents of deposits held at the end of each date, counted from the bookings alone."""
        deposits = self.tables["deposits"]
        signed = deposits["amount"].where(deposits["kind"] == "received", -deposits["amount"])
        by_day = signed.groupby(deposits["at"].dt.normalize()).sum().cumsum()
        before = by_day.reindex(by_day.index.union(dates)).ffill().fillna(0)
        return before.reindex(dates).astype("int64")


def published(path: Path) -> pd.DataFrame:
    """The bookings of the zipped sheet as texts, as published."""
    with ZipFile(path) as folder, folder.open("hotel_bookings.csv") as sheet:
        return pd.read_csv(sheet, dtype="str", keep_default_na=False)


def hotels_of(bookings: pd.DataFrame) -> Iterator[Hotel]:
    """Each hotel of the sheet, by name."""
    for name, own in bookings.groupby("hotel"):
        yield hotel_of(str(name), own.reset_index(drop=True))


def hotel_of(name: str, bookings: pd.DataFrame) -> Hotel:
    """One hotel's bookings, in columns as published, as rows of its books."""
    plain = _plain(bookings)
    stays = _stays(plain)
    deposits = _deposits(plain)
    folio, payments = _bills(stays, deposits)
    reservations = _reservations(plain)
    rooms = stays.drop_duplicates("room")[["room", "room_type"]].sort_values("room", ignore_index=True)
    tables = {
        "room_types": pd.DataFrame({"room_type": sorted(set(rooms["room_type"])), "rack_rate": 10_000}),
        "rooms": rooms.assign(state="normal", condition="clean", floor="", housekeeping=""),
        "reservations": reservations,
        "stays": stays,
        "deposits": deposits,
        "folio": folio,
        "payments": payments,
        "shifts": _shifts(deposits, payments),
    }
    return Hotel(name, {key: _with_keys(key, table) for key, table in tables.items()})


def begun_on(hotel: Hotel, first: dt.date) -> Hotel:
    """The hotel with nothing behind `first`: whoever had left and what was settled and due before was never there.

    The month's bookings are, because its last night tells of them. The earlier nights of those who are in the house are
    charges of the hotel's own system, as before there was an audit.
    """
    day = np.datetime64(first)
    tables = dict(hotel.tables)
    stays, deposits, reservations = (tables[name] for name in ("stays", "deposits", "reservations"))
    stays = stays[stays["leaves_on"] >= day]
    names = {*stays["reservation"], *deposits.loc[deposits["known_on"] >= day, "reservation"]}
    month = day.astype("datetime64[M]")
    waiting = (reservations["settled_on"] >= month) | (reservations["due_in"] >= month)
    tables["stays"] = stays
    tables["reservations"] = reservations[waiting | reservations["reservation"].isin(names)]
    # What paid the account of somebody who had left went with it.
    gone = deposits.loc[(deposits["account"] != "") & ~deposits["account"].isin(stays["account"]), "reservation"]
    kept = deposits["reservation"].isin(tables["reservations"]["reservation"])
    tables["deposits"] = deposits[kept & ~deposits["reservation"].isin(gone)]
    for money in ("folio", "payments"):
        tables[money] = tables[money][tables[money]["account"].isin(stays["account"])]
    tables["folio"] = pd.concat([_nights_before(stays, day), tables["folio"]], ignore_index=True)
    tables["shifts"] = tables["shifts"][tables["shifts"]["known_on"] >= day]
    return Hotel(hotel.name, tables)


def _nights_before(stays: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """A room charge for every night before `day` of every stay, as a table of the folio."""
    nights = (day - stays["known_on"]).dt.days.clip(lower=0)
    each = stays.loc[stays.index.repeat(nights)]
    place = each.groupby("account").cumcount()
    date = each["known_on"] + pd.to_timedelta(place, unit="D")
    number = "N" + each["account"].str.removeprefix("A") + "-" + place.astype("str")
    charges = pd.DataFrame(
        {
            "number": number,
            "account": each["account"],
            "date": date,
            "at": date + pd.Timedelta(hours=23),
            "item": "room",
            "amount": each["price"].clip(lower=0),
            "operator": OPERATOR,
            "known_on": date,
        }
    )
    return _with_keys("folio", charges)


def open_books(connection: Connection, hotel: Hotel, now: dt.datetime) -> None:
    """Keeps rooms and types, as if files of every dataset had been taken in."""
    for number, dataset in enumerate(hotel.tables, 1):
        own = {"id": number, "dataset": dataset, "sha256": dataset, "name": dataset, "size": 0, "state": "read"}
        connection.execute(insert(files).values(**own, received_at=now))
    for dataset in ("room_types", "rooms"):
        table = hotel.tables[dataset]
        counts = {"file_id": 1, "dataset": dataset, "read": len(table), "accepted": len(table)}
        connection.execute(insert(row_counts).values(**counts, quarantined=0, repeated=0, ignored=0))
        write_frame(connection, _table(dataset), table.assign(**_MADE))


def deliver(connection: Connection, hotel: Hotel, after: dt.date | None, until: dt.date) -> None:
    """Keeps what the hotel's system knows by the night of `until` and did not know by that of `after`."""
    since = LONG_AGO if after is None else np.datetime64(after)
    day = np.datetime64(until)
    for dataset in _NIGHT_FEED:
        table = hotel.tables[dataset]
        new = _between(table, "known_on", since, day)
        if dataset == "reservations":
            _settle(connection, table, since, day)
            new = new.assign(state=new["settled_as"].where(new["settled_on"] <= day, "booked"))
        if dataset == "stays":
            _leave(connection, table, since, day)
            new = new.assign(departed_at=new["leaves_at"].where(new["leaves_on"] <= day))
        columns = [column for column in new.columns if column in _table(dataset).columns]
        write_frame(connection, _table(dataset), new[columns].assign(**_MADE))


def make_free(connection: Connection, account: str) -> None:
    """What the desk does about a stay whose price is no price: it is free."""
    stays = hotel_tables.stays
    mended = {"kind": "free", "price": 0, "rack_rate": 0}
    connection.execute(update(stays).where(stays.c.account == account).values(**mended))


def _between(table: pd.DataFrame, column: str, since: np.datetime64, until: np.datetime64) -> pd.DataFrame:
    # Tables are sorted by known_on, so that a night costs what it brings.
    if column != "known_on":
        return table[(table[column] > since) & (table[column] <= until)]
    first, last = np.searchsorted(table[column].to_numpy(), [since, until], side="right")
    return table.iloc[first:last]


def _settle(connection: Connection, table: pd.DataFrame, since: np.datetime64, until: np.datetime64) -> None:
    settled = _between(table, "settled_on", since, until)
    known = settled[settled["known_on"] <= since]
    own = hotel_tables.reservations
    made = update(own).where(own.c.reservation_key == bindparam("key")).values(state=bindparam("made"))
    rows = [{"key": key, "made": state} for key, state in zip(known["reservation"], known["settled_as"], strict=True)]
    if rows:
        connection.execute(made, rows)


def _leave(connection: Connection, table: pd.DataFrame, since: np.datetime64, until: np.datetime64) -> None:
    left = _between(table, "leaves_on", since, until)
    known = left[left["known_on"] <= since]
    own = hotel_tables.stays
    made = update(own).where(own.c.account_key == bindparam("key")).values(departed_at=bindparam("at"))
    rows = [
        {"key": key, "at": at.to_pydatetime()} for key, at in zip(known["account"], known["leaves_at"], strict=True)
    ]
    if rows:
        connection.execute(made, rows)


def _table(dataset: str) -> Table:
    table: Table = getattr(hotel_tables, dataset)
    return table


def _with_keys(dataset: str, table: pd.DataFrame) -> pd.DataFrame:
    """The keys are the codes themselves, made so that they compare as they stand; sorted by the date of delivery."""
    missing = [str(column.name) for column in _table(dataset).columns if str(column.name).endswith("_key")]
    codes = {name: table[name.removesuffix("_key")] for name in missing if name.removesuffix("_key") in table}
    keyed = table.assign(**codes)
    return keyed.sort_values("known_on", kind="stable", ignore_index=True) if "known_on" in keyed else keyed


def _plain(bookings: pd.DataFrame) -> pd.DataFrame:
    """The bookings with dates, counts and cents: booking, arrives, leaves, settled, entered, nights, price, outcome."""
    parts = [bookings[f"arrival_date_{part}"] for part in ("year", "month", "day_of_month")]
    arrives = pd.to_datetime(parts[0] + "-" + parts[1] + "-" + parts[2], format="%Y-%B-%d").astype("datetime64[s]")
    settled = pd.to_datetime(bookings["reservation_status_date"], format="%Y-%m-%d").astype("datetime64[s]")
    nights = bookings["stays_in_weekend_nights"].astype("int64") + bookings["stays_in_week_nights"].astype("int64")
    entered = arrives - pd.to_timedelta(bookings["lead_time"].astype("int64"), unit="D")
    heads = [pd.to_numeric(bookings[part], errors="coerce").fillna(0) for part in ("adults", "children", "babies")]
    numbers = pd.Series(range(1, len(bookings) + 1), index=bookings.index).astype("str").str.zfill(6)
    return pd.DataFrame(
        {
            "booking": numbers,
            "arrives": arrives,
            "settled": settled,
            "entered": entered.astype("datetime64[s]").where(entered <= settled, settled),
            "planned": nights,
            "guests": (heads[0] + heads[1] + heads[2]).astype("int64"),
            # Two places at most as published, so that rounding repairs the binary fraction and nothing else.
            "price": (bookings["adr"].astype("float64") * 100).round().astype("int64"),
            "room_type": bookings["assigned_room_type"],
            "source": bookings["market_segment"],
            "outcome": bookings["reservation_status"],
            "prepaid": bookings["deposit_type"] == "Non Refund",
        }
    )


def _reservations(plain: pd.DataFrame) -> pd.DataFrame:
    came = plain["outcome"] == "Check-Out"
    states = {"Check-Out": "checked_in", "Canceled": "cancelled", "No-Show": "no_show"}
    return pd.DataFrame(
        {
            "reservation": "R" + plain["booking"],
            "kind": "individual",
            "booker": "G" + plain["booking"],
            "room_type": plain["room_type"],
            "room_count": 1,
            "rooms": "",
            "due_in": plain["arrives"] + pd.Timedelta(hours=18),
            "due_out": plain["arrives"] + pd.to_timedelta(plain["planned"], unit="D") + pd.Timedelta(hours=11),
            "price": plain["price"],
            "source": plain["source"],
            "confirmed": "yes",
            "entered_by": OPERATOR,
            "entered_at": plain["entered"] + pd.Timedelta(hours=9),
            "known_on": plain["entered"],
            "settled_on": plain["arrives"].where(came, plain["settled"]),
            "settled_as": plain["outcome"].map(states),
        }
    )


def _stays(plain: pd.DataFrame) -> pd.DataFrame:
    came = plain[plain["outcome"] == "Check-Out"]
    day_use = came["settled"] == came["arrives"]
    free = came["price"] == 0
    hours = pd.to_timedelta(pd.Series(15, index=came.index).mask(day_use, 12), unit="h")
    leaves_at = came["settled"] + pd.to_timedelta(pd.Series(11, index=came.index).mask(day_use, 17), unit="h")
    due_out = came["arrives"] + pd.to_timedelta(came["planned"], unit="D") + pd.Timedelta(hours=12)
    nights = (came["settled"] - came["arrives"]).dt.days
    stays = pd.DataFrame(
        {
            "account": "A" + came["booking"],
            "reservation": "R" + came["booking"],
            "guest": "G" + came["booking"],
            "guests": came["guests"],
            "kind": pd.Series("normal", index=came.index).mask(free, "free"),
            "arrived_at": came["arrives"] + hours,
            "due_out": due_out.where(~day_use, leaves_at),
            "rack_rate": came["price"],
            "discount": 10_000,
            "price": came["price"],
            "priced_by": "day",
            "source": came["source"],
            "operator": OPERATOR,
            "known_on": came["arrives"],
            "leaves_on": came["settled"],
            "leaves_at": leaves_at,
            "room_type": came["room_type"],
            "charged": came["price"].clip(lower=0) * nights.mask(day_use, 1),
        }
    ).sort_values(["known_on", "account"], ignore_index=True)
    return stays.assign(room=_rooms(stays))


def _rooms(stays: pd.DataFrame) -> list[str]:
    """A room for each stay, in which nobody else is: the one of its type that was left first, else another one."""
    free: dict[str, list[tuple[Any, str]]] = {}
    count: dict[str, int] = {}
    given = []
    ends = stays["leaves_on"].where(stays["leaves_on"] > stays["known_on"], stays["known_on"] + pd.Timedelta(days=1))
    for kind, came, left in zip(stays["room_type"], stays["known_on"], ends, strict=True):
        waiting = free.setdefault(kind, [])
        if waiting and waiting[0][0] <= came:
            room = heapq.heappop(waiting)[1]
        else:
            count[kind] = count.get(kind, 0) + 1
            room = f"{kind}{count[kind]:03d}"
        heapq.heappush(waiting, (left, room))
        given.append(room)
    return given


def _deposits(plain: pd.DataFrame) -> pd.DataFrame:
    paid = plain[plain["prepaid"] & (plain["price"] * plain["planned"] > 0)]
    came = paid["outcome"] == "Check-Out"
    given_up = paid["settled"].where(paid["settled"] >= paid["entered"], paid["entered"])
    common = {
        "reservation": "R" + paid["booking"],
        "method": "card",
        "amount": paid["price"] * paid["planned"],
        "operator": OPERATOR,
    }
    taken = pd.DataFrame({**common, "number": "D" + paid["booking"], "kind": "received", "account": ""}).assign(
        at=paid["entered"] + pd.Timedelta(hours=10)
    )
    used = pd.DataFrame({**common, "number": "E" + paid["booking"]}).assign(
        kind=pd.Series("forfeited", index=paid.index).mask(came, "transferred"),
        account=("A" + paid["booking"]).where(came, ""),
        at=(paid["arrives"] + pd.Timedelta(hours=16)).where(came, given_up + pd.Timedelta(hours=34)),
    )
    both = pd.concat([taken, used], ignore_index=True)
    day = both["at"].dt.normalize()
    money = both["kind"] == "received"
    return both.assign(known_on=day, shift=(SHIFT + day.dt.strftime("%Y%m%d")).where(money, ""))


def _bills(stays: pd.DataFrame, deposits: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The charges of day use, and what guests pay when they leave: all that the night does not charge or a deposit."""
    day_use = stays[(stays["leaves_on"] == stays["known_on"]) & (stays["charged"] > 0)]
    folio = pd.DataFrame(
        {
            "number": "F" + day_use["account"].str.removeprefix("A"),
            "account": day_use["account"],
            "date": day_use["known_on"],
            "at": day_use["leaves_at"],
            "item": "day_use",
            "amount": day_use["charged"],
            "operator": OPERATOR,
            "known_on": day_use["known_on"],
        }
    )
    transferred = deposits[deposits["kind"] == "transferred"].set_index("account")["amount"]
    owed = stays["charged"] - stays["account"].map(transferred).fillna(0).astype("int64")
    paying = stays.assign(owed=owed)[owed != 0]
    payments = pd.DataFrame(
        {
            "number": "P" + paying["account"].str.removeprefix("A"),
            "account": paying["account"],
            "date": paying["leaves_on"],
            "at": paying["leaves_at"],
            "method": "card",
            "amount": paying["owed"],
            "operator": OPERATOR,
            "shift": SHIFT + paying["leaves_on"].dt.strftime("%Y%m%d"),
            "known_on": paying["leaves_on"],
        }
    )
    return folio, payments


def _shifts(deposits: pd.DataFrame, payments: pd.DataFrame) -> pd.DataFrame:
    """One shift a date, which hands over what it took."""
    money = pd.concat([deposits.loc[deposits["shift"] != "", ["shift", "known_on", "amount"]], payments], join="inner")
    taken = money.groupby(["shift", "known_on"], as_index=False)["amount"].sum()
    return pd.DataFrame(
        {
            "shift": taken["shift"],
            "method": "card",
            "operator": OPERATOR,
            "date": taken["known_on"],
            "opened_at": taken["known_on"] + pd.Timedelta(hours=7),
            "closed_at": taken["known_on"] + pd.Timedelta(hours=23),
            "handed_over": taken["amount"],
            "known_on": taken["known_on"],
        }
    )
