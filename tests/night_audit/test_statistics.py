"""The figures of a night by their printed definitions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.night_audit.statistics import MEASURES, Night, by_room_type, by_source, measures, rates, to_date
from tests.night_audit.drawing import frame

ROOMS = frame(
    "rooms",
    """
    room | room_type | state
    301  | 大床      | normal
    302  | 大床      | normal
    303  | 双床      | normal
    304  | 双床      | repair
    305  | 双床      | closed
    306  | 双床      | house
    """,
)
IN_HOUSE = frame(
    "stays",
    """
    account | room | kind   | guests | source
    A1      | 301  | normal | 2      | 携程
    A2      | 302  | shared | -      | 散客
    A3      | 302  | shared | 1      | 散客
    A4      | 302  | free   | 1      | 散客
    A5      | 303  | free   | 1      | 散客
    A6      | 304  | house  | 1      | 散客
    """,
).assign(since_before=[True, False, False, False, True, True])
CHARGES = pd.DataFrame(
    [
        ("A1", "301", "携程", "room", 28000),
        ("A1", "301", "携程", "extra_bed", 5000),
        ("A1", "301", "携程", "pos", 8800),
        ("A2", "302", "散客", "room", 15000),
        ("A3", "302", "散客", "room", 15000),
        ("A5", "303", "散客", "room", 0),
        ("A9", "303", "散客", "day_use", 10000),
        ("A1", "301", "携程", "allowance", -3000),
        ("A9", "303", "散客", "damage", 4000),
    ],
    columns=["account_key", "room_key", "source", "item", "amount"],
)
ARRIVED = pd.DataFrame(
    {
        "account_key": ["A2", "A3", "A4", "A9"],
        "reservation_key": ["R1", "R1", "", "R2"],
        "source": ["散客", "散客", "上门", "散客"],
        "day_use": [False, False, False, True],
    }
)


def night(in_house: pd.DataFrame = IN_HOUSE, charges: pd.DataFrame = CHARGES) -> Night:
    """The night of six rooms."""
    departed = pd.DataFrame({"account_key": ["A7"]})
    return Night(ROOMS, in_house, ARRIVED, departed, charges, no_shows=1, released=2, extensions=1)


def test_every_measure_follows_its_definition() -> None:
    assert measures(night()) == {
        "rooms": 6,
        "out_of_order": 2,
        "available": 5,
        "occupied_paid": 2,
        "complimentary": 1,
        "house_use": 1,
        "arrivals": 4,
        "departures": 1,
        "stayovers": 3,
        "day_use": 1,
        "no_shows": 1,
        "released": 2,
        "walk_ins": 1,
        "extensions": 1,
        "guests": 7,
        "room_revenue": 70000,
        "food_revenue": 8800,
        "other_revenue": 4000,
    }


def test_the_rates_are_made_of_the_measures() -> None:
    assert rates(measures(night())) == {
        "occupancy": Decimal("0.400000"),
        "total_occupancy": Decimal("0.800000"),
        "occupancy_in_order": Decimal("0.666667"),
        "adr": Decimal("350.00"),
        "adr_with_day_use": Decimal("233.33"),
        "revpar": Decimal("140.00"),
    }


def test_an_empty_hotel_has_no_rates() -> None:
    nothing = rates(dict.fromkeys(MEASURES, 0))

    assert set(nothing.values()) == {None}


def test_room_types_and_sources_share_out_the_night() -> None:
    types = by_room_type(night()).to_dict("records")
    sources = by_source(night()).to_dict("records")

    assert [(one["room_type"], one["rooms"], one["occupied_paid"], one["room_revenue"]) for one in types] == [
        ("双床", 4, 0, 10000),
        ("大床", 2, 2, 60000),
    ]
    assert [(one["source"], one["occupied_paid"], one["arrivals"], one["room_revenue"]) for one in sources] == [
        ("上门", 0, 1, 0),
        ("携程", 1, 0, 30000),
        ("散客", 1, 3, 40000),
    ]


def kept(days: dict[str, int]) -> pd.DataFrame:
    """Kept nights that differ in their revenue alone."""
    rows = [dict.fromkeys(MEASURES, 1) | {"room_revenue": revenue} for revenue in days.values()]
    return pd.DataFrame(rows).assign(business_date=pd.to_datetime(list(days)))


def test_sums_to_date_begin_with_month_and_year() -> None:
    nights = kept(
        {"2025-11-20": 7, "2025-12-31": 100, "2026-01-01": 20, "2026-10-31": 3, "2026-11-01": 4, "2026-11-20": 5}
    )

    sums = to_date(nights, dt.date(2026, 11, 20))

    assert {name: (one["room_revenue"], one["rooms"]) for name, one in sums.items()} == {
        "month": (9, 2),
        "year": (32, 4),
        "last_year": (7, 1),
    }


def test_a_leap_day_and_a_night_never_closed_have_no_last_year() -> None:
    assert "last_year" not in to_date(kept({"2028-02-29": 1}), dt.date(2028, 2, 29))
    assert "last_year" not in to_date(kept({"2026-11-20": 1}), dt.date(2026, 11, 20))


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from(list(ROOMS["room"])), st.sampled_from(["normal", "shared", "long", "free", "house"])),
        max_size=8,
    )
)
def test_a_room_counts_once_whoever_sleeps_in_it(stays: list[tuple[str, str]]) -> None:
    head = "account | room | kind\n"
    drawn = frame("stays", head + "\n".join(f"A{n} | {room} | {kind}" for n, (room, kind) in enumerate(stays)))

    counted = measures(night(drawn.assign(since_before=False)))

    used = counted["occupied_paid"] + counted["complimentary"] + counted["house_use"]
    assert used == len({room for room, _ in stays})
    assert sum(by_room_type(night(drawn.assign(since_before=False)))["occupied_paid"]) == counted["occupied_paid"]
