"""The statistics of a night and of the month and year to date, by the definitions printed under them.

Measures are whole numbers (counts, amounts in cents) that add up over nights; rates are made from the sums. Source:
spec 06, step 12; names as in spec 10.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pandas as pd

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
_SHARE = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Night:
    """What is counted on one night.

    `rooms`: room_key, room_type, state. `in_house`: account_key, room_key, kind, guests (Int64, a missing one counts
    as one), source and `since_before` (bool: in the house already on the night before).
    `arrived`: account_key, reservation_key ("" is a walk-in), source, `day_use` (bool). `departed`: account_key of
    those who had stayed the night before. `charges`: account_key, room_key, source, item, amount of the date. The
    counts of reservations and extensions come as they are.
    """

    rooms: pd.DataFrame
    in_house: pd.DataFrame
    arrived: pd.DataFrame
    departed: pd.DataFrame
    charges: pd.DataFrame
    no_shows: int
    released: int
    extensions: int


def measures(night: Night) -> dict[str, int]:
    """Every one of `MEASURES` of the night, in that order; revenues in cents.

    available = rooms - long-term house use, out-of-order rooms stay in. A room with several guests counts once, as sold
    where any of them pays, else as complimentary where any is free, else as house use. Arrivals include day use;
    departures do not, so that occupied = occupied before - departures + arrivals - day use where nobody shares a room.
    """
    state = night.rooms["state"]
    use = _use_of_rooms(night.in_house)
    items = night.charges["item"]
    revenue = night.charges["amount"]
    day_use = night.arrived["day_use"].astype("bool")
    counted = {
        "rooms": len(night.rooms),
        "out_of_order": state.isin(OUT_OF_ORDER).sum(),
        "available": (state != HOUSE).sum(),
        "occupied_paid": (use == "paid").sum(),
        "complimentary": (use == FREE).sum(),
        "house_use": (use == HOUSE).sum(),
        "arrivals": len(night.arrived),
        "departures": len(night.departed),
        "stayovers": night.in_house["since_before"].astype("bool").sum(),
        "day_use": day_use.sum(),
        "no_shows": night.no_shows,
        "released": night.released,
        "walk_ins": (night.arrived["reservation_key"] == "").sum(),
        "extensions": night.extensions,
        "guests": night.in_house["guests"].fillna(1).sum(),
        "room_revenue": revenue[items.isin(ROOM_ITEMS)].sum(),
        "food_revenue": revenue[items.isin(FOOD_ITEMS)].sum(),
        "other_revenue": revenue[~items.isin((*ROOM_ITEMS, *FOOD_ITEMS))].sum(),
    }
    return {name: int(counted[name]) for name in MEASURES}


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


def to_date(nights: pd.DataFrame, as_of: dt.date) -> dict[str, dict[str, int]]:
    """The sums of `MEASURES` from the first of the month and of the year to `as_of`, and the same day last year.

    `nights` has business_date (datetime64) and the measures, one row a closed night with that of `as_of`; "last_year"
    is absent where that night was never closed here (29 February has none).
    """
    days = nights["business_date"]
    until = days <= pd.Timestamp(as_of)
    sums = {
        "month": _sum(nights[until & (days >= pd.Timestamp(as_of.replace(day=1)))]),
        "year": _sum(nights[until & (days >= pd.Timestamp(as_of.replace(month=1, day=1)))]),
    }
    try:
        before = as_of.replace(year=as_of.year - 1)
    except ValueError:
        return sums
    same = nights[days == pd.Timestamp(before)]
    return sums | ({"last_year": _sum(same)} if len(same) else {})


def by_room_type(night: Night) -> pd.DataFrame:
    """One row a room type: room_type, rooms, available, occupied_paid, room_revenue, occupancy, adr; by its name.

    Revenue of an account in the house stands where its room is, other revenue under the blank type.
    """
    use = _use_of_rooms(night.in_house)
    rooms = night.rooms.assign(
        available=(night.rooms["state"] != HOUSE).astype("int64"),
        occupied_paid=night.rooms["room_key"].map(use == "paid").fillna(value=False).astype("int64"),
    )
    counted = rooms.groupby("room_type").agg(
        rooms=("room_key", "size"), available=("available", "sum"), occupied_paid=("occupied_paid", "sum")
    )
    charged = night.charges[night.charges["item"].isin(ROOM_ITEMS)]
    types = night.rooms.drop_duplicates("room_key").set_index("room_key")["room_type"]
    revenue = charged["amount"].groupby(charged["room_key"].map(types).fillna("").to_numpy()).sum()
    return _with_rates(counted.join(revenue.rename("room_revenue"), how="outer"), "room_type")


def by_source(night: Night) -> pd.DataFrame:
    """One row a source of business: source, occupied_paid, arrivals, room_revenue, adr; by its name.

    A room that guests of several sources share counts with the first of its accounts that pays.
    """
    paying = night.in_house[night.in_house["kind"].isin(PAID)].sort_values("account_key").drop_duplicates("room_key")
    charged = night.charges[night.charges["item"].isin(ROOM_ITEMS)]
    counted = pd.concat(
        [
            paying.groupby("source").size().rename("occupied_paid"),
            night.arrived.groupby("source").size().rename("arrivals"),
            charged.groupby("source")["amount"].sum().rename("room_revenue"),
        ],
        axis=1,
    )
    return _with_rates(counted, "source")


def _use_of_rooms(in_house: pd.DataFrame) -> pd.Series[str]:
    """By room_key, how an occupied room is used: paid, free or house."""
    rank = np.select([in_house["kind"].isin(PAID), in_house["kind"] == FREE], [0, 1], default=2)
    best = pd.Series(rank, index=in_house.index).groupby(in_house["room_key"]).min()
    return best.map({0: "paid", 1: FREE, 2: HOUSE}).astype("str")


def _with_rates(counted: pd.DataFrame, name: str) -> pd.DataFrame:
    whole = counted.fillna(0).astype("int64").sort_index()
    if "available" in whole:
        whole["occupancy"] = _each(_share, whole["occupied_paid"], whole["available"])
    whole["adr"] = _each(_amount, whole["room_revenue"], whole["occupied_paid"])
    return whole.rename_axis(name).reset_index()


def _each(rate: Callable[[int, int], Decimal | None], part: pd.Series[int], whole: pd.Series[int]) -> pd.Series[Any]:
    rated = [rate(*pair) for pair in zip(part, whole, strict=True)]
    return pd.Series(rated, index=part.index, dtype="object")


def _sum(nights: pd.DataFrame) -> dict[str, int]:
    return {name: int(nights[name].sum()) for name in MEASURES}


def _share(part: int, whole: int) -> Decimal | None:
    if whole <= 0:
        return None
    return (Decimal(int(part)) / Decimal(int(whole))).quantize(_SHARE, rounding=ROUND_HALF_UP)


def _amount(cents: int, count: int) -> Decimal | None:
    """Cents divided by a count, as an amount with two places, half up."""
    if count <= 0:
        return None
    return (Decimal(int(cents)) / Decimal(int(count)) / 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
