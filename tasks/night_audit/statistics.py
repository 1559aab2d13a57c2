"""The statistics of a night and of the month and year to date, by the definitions printed under them.

Measures are whole numbers (counts, amounts in cents) that add up over nights; rates are made from the sums. Source:
spec 06, step 12; names as in spec 10.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from operator import itemgetter
from typing import NamedTuple

from tasks.night_audit.rows import Room, Stay

PAID = ("normal", "long", "shared", "hourly")  # an hourly stay that is in the house overnight was converted
FREE, HOUSE = "free", "house"
ROOM_ITEMS = ("room", "extra_bed", "day_use", "no_show", "allowance")
FOOD_ITEMS = ("pos",)
OUT_OF_ORDER = ("repair", "closed")
MEASURES = (
    "rooms", "out_of_order", "available", "occupied_paid", "complimentary", "house_use", "arrivals", "departures",
    "stayovers", "day_use", "no_shows", "released", "walk_ins", "extensions", "guests", "room_revenue", "food_revenue",
    "other_revenue",
)  # fmt: skip
_MEASURED = itemgetter(*MEASURES)
_SHARE, _CENT = Decimal("0.000001"), Decimal("0.01")


class Revenue(NamedTuple):
    """A charge of the date, with the room and the source of its account ("" where it has none)."""

    room_key: str
    source: str
    item: str
    amount: int


class OfRoomType(NamedTuple):
    """The night of one room type; revenue in cents, the rates as of `rates`."""

    room_type: str
    rooms: int
    available: int
    occupied_paid: int
    room_revenue: int
    occupancy: Decimal | None
    adr: Decimal | None


class OfSource(NamedTuple):
    """The night of one source of business; revenue in cents, the rate as of `rates`."""

    source: str
    occupied_paid: int
    arrivals: int
    room_revenue: int
    adr: Decimal | None


@dataclass(frozen=True, slots=True)
class Night:
    """What is counted on one night.

    `in_house`: the stays that spend it in the house, `stayed_over` those of them that spent the night before there too.
    `arrived`: who came, `day_use` those of them that left again. `departed`: who had stayed the night before.
    `revenues`: the charges of the date. The counts of reservations and extensions come as they are.
    """

    rooms: tuple[Room, ...]
    in_house: tuple[Stay, ...]
    stayed_over: tuple[Stay, ...]
    arrived: tuple[Stay, ...]
    day_use: tuple[Stay, ...]
    departed: tuple[Stay, ...]
    revenues: tuple[Revenue, ...]
    no_shows: int
    released: int
    extensions: int


def measures(night: Night) -> dict[str, int]:
    """Every one of `MEASURES` of the night, in that order; revenues in cents.

    available = rooms - long-term house use, out-of-order rooms stay in. A room with several guests counts once, as sold
    where any of them pays, else as complimentary where any is free, else as house use. Arrivals include day use;
    departures do not, so that occupied = occupied before - departures + arrivals - day use where nobody shares a room.
    A stay that does not say how many guests it is counts as one.
    """
    state = Counter(room.state for room in night.rooms)
    used = Counter(_use_of_rooms(night.in_house).values())
    revenue: Counter[str] = Counter()
    for one in night.revenues:
        kind = "room" if one.item in ROOM_ITEMS else "food" if one.item in FOOD_ITEMS else "other"
        revenue[kind] += one.amount
    counted = {
        "rooms": len(night.rooms),
        "out_of_order": sum(state[name] for name in OUT_OF_ORDER),
        "available": len(night.rooms) - state[HOUSE],
        "occupied_paid": used["paid"],
        "complimentary": used[FREE],
        "house_use": used[HOUSE],
        "arrivals": len(night.arrived),
        "departures": len(night.departed),
        "stayovers": len(night.stayed_over),
        "day_use": len(night.day_use),
        "no_shows": night.no_shows,
        "released": night.released,
        "walk_ins": sum(not stay.reservation_key for stay in night.arrived),
        "extensions": night.extensions,
        "guests": sum(1 if stay.guests is None else stay.guests for stay in night.in_house),
        **{f"{kind}_revenue": revenue[kind] for kind in ("room", "food", "other")},
    }
    return {name: counted[name] for name in MEASURES}


def rates(totals: Mapping[str, int]) -> dict[str, Decimal | None]:
    """The rates of a night or of the sums of many; None where a rate is undefined.

    occupancy = sold / available, total_occupancy = (sold + complimentary + house use) / available and
    occupancy_in_order (out-of-order rooms left out) are shares with six places; adr = rooms revenue / sold,
    adr_with_day_use (day use counted as sold) and revpar = rooms revenue / available are amounts with two.
    """
    sold, available, revenue = totals["occupied_paid"], totals["available"], totals["room_revenue"]
    used = sold + totals["complimentary"] + totals["house_use"]
    return {
        "occupancy": _share(sold, available),
        "total_occupancy": _share(used, available),
        "occupancy_in_order": _share(sold, available - totals["out_of_order"]),
        "adr": _amount(revenue, sold),
        "adr_with_day_use": _amount(revenue, sold + totals["day_use"]),
        "revpar": _amount(revenue, available),
    }


def to_date(nights: Mapping[dt.date, Mapping[str, int]], as_of: dt.date) -> dict[str, dict[str, int]]:
    """The sums of `MEASURES` from the first of the month and of the year to `as_of`, and the same day last year.

    `nights` are the measures of the closed nights with those of `as_of`, by date; "last_year" is absent where that
    night was never closed here (29 February has none).
    """
    month, year, before = as_of.replace(day=1), as_of.replace(month=1, day=1), _a_year_before(as_of)
    sums = {
        "month": _sum(own for date, own in nights.items() if month <= date <= as_of),
        "year": _sum(own for date, own in nights.items() if year <= date <= as_of),
    }
    same = [own for date, own in nights.items() if date == before]
    return sums | ({"last_year": _sum(same)} if same else {})


def by_room_type(night: Night) -> tuple[OfRoomType, ...]:
    """The night by room type, by its name.

    Revenue of an account in the house stands where its room is, other revenue under the blank type.
    """
    used = _use_of_rooms(night.in_house)
    types = {room.room_key: room.room_type for room in night.rooms}
    rooms, available, sold = Counter[str](), Counter[str](), Counter[str]()
    for room in night.rooms:
        rooms[room.room_type] += 1
        available[room.room_type] += room.state != HOUSE
        sold[room.room_type] += used.get(room.room_key) == "paid"
    revenue = _room_revenue((types.get(one.room_key, ""), one) for one in night.revenues)
    return tuple(
        OfRoomType(
            name,
            rooms[name],
            available[name],
            sold[name],
            revenue[name],
            _share(sold[name], available[name]),
            _amount(revenue[name], sold[name]),
        )
        for name in sorted(rooms.keys() | revenue.keys())
    )


def by_source(night: Night) -> tuple[OfSource, ...]:
    """The night by source of business, by its name.

    A room that guests of several sources share counts with the first of its accounts that pays.
    """
    paying: dict[str, str] = {}
    for stay in sorted(night.in_house, key=lambda one: one.account_key):
        if stay.kind in PAID:
            paying.setdefault(stay.room_key, stay.source)
    sold = Counter(paying.values())
    arrivals = Counter(stay.source for stay in night.arrived)
    revenue = _room_revenue((one.source, one) for one in night.revenues)
    return tuple(
        OfSource(name, sold[name], arrivals[name], revenue[name], _amount(revenue[name], sold[name]))
        for name in sorted(sold.keys() | arrivals.keys() | revenue.keys())
    )


def _use_of_rooms(in_house: Iterable[Stay]) -> dict[str, str]:
    """By room_key, how an occupied room is used: paid, free or house."""
    ranks = ("paid", FREE, HOUSE)
    best: dict[str, int] = {}
    for stay in in_house:
        rank = 0 if stay.kind in PAID else 1 if stay.kind == FREE else 2
        best[stay.room_key] = min(rank, best.get(stay.room_key, rank))
    return {room: ranks[rank] for room, rank in best.items()}


def _room_revenue(revenues: Iterable[tuple[str, Revenue]]) -> Counter[str]:
    """The rooms revenue in cents by the name that stands before each charge."""
    sums: Counter[str] = Counter()
    for name, one in revenues:
        if one.item in ROOM_ITEMS:
            sums[name] += one.amount
    return sums


def _a_year_before(date: dt.date) -> dt.date | None:
    """The same day of the year before; None for 29 February."""
    if (date.month, date.day) == (2, 29):
        return None
    return date.replace(year=date.year - 1)


def _sum(nights: Iterable[Mapping[str, int]]) -> dict[str, int]:
    # A year of nights stands behind each one: their columns are summed up, not looked up one by one.
    columns = zip(*map(_MEASURED, nights), strict=True)
    return dict.fromkeys(MEASURES, 0) | dict(zip(MEASURES, map(sum, columns), strict=False))


def _share(part: int, whole: int) -> Decimal | None:
    if whole <= 0:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(_SHARE, rounding=ROUND_HALF_UP)


def _amount(cents: int, count: int) -> Decimal | None:
    """Cents divided by a count, as an amount with two places, half up."""
    if count <= 0:
        return None
    return (Decimal(cents) / Decimal(count) / 100).quantize(_CENT, rounding=ROUND_HALF_UP)
