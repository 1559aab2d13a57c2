"""The figures of a night by their printed definitions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.night_audit.rows import Stay
from tasks.night_audit.statistics import MEASURES, Night, Revenue, by_room_type, by_source, measures, rates, to_date
from tests.night_audit.drawing import drawn, rows

ROOMS = drawn(
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
IN_HOUSE = drawn(
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
)
REVENUES = (
    Revenue("301", "携程", "room", 28000),
    Revenue("301", "携程", "extra_bed", 5000),
    Revenue("301", "携程", "pos", 8800),
    Revenue("302", "散客", "room", 15000),
    Revenue("302", "散客", "room", 15000),
    Revenue("303", "散客", "room", 0),
    Revenue("303", "散客", "day_use", 10000),
    Revenue("301", "携程", "allowance", -3000),
    Revenue("303", "散客", "damage", 4000),
)
ARRIVED = drawn(
    "stays",
    """
    account | reservation | source
    A2      | R1          | 散客
    A3      | R1          | 散客
    A4      | -           | 上门
    A9      | R2          | 散客
    """,
)


def night(in_house: tuple[Stay, ...] = IN_HOUSE) -> Night:
    """The night of six rooms: A1, A5 and A6 were there the night before, A7 left, A9 came and left."""
    return Night(
        rooms=ROOMS,
        in_house=in_house,
        stayed_over=tuple(stay for stay in in_house if stay.account in {"A1", "A5", "A6"}),
        arrived=ARRIVED,
        day_use=ARRIVED[-1:],
        departed=drawn("stays", "account\nA7"),
        revenues=REVENUES,
        no_shows=1,
        released=2,
        extensions=1,
    )


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
    assert rows(by_room_type(night()), "room_type rooms available occupied_paid room_revenue occupancy adr") == [
        "双床 4 3 0 10000 0.000000 -",
        "大床 2 2 2 60000 1.000000 300.00",
    ]
    assert rows(by_source(night()), "source occupied_paid arrivals room_revenue adr") == [
        "上门 0 1 0 -",
        "携程 1 0 30000 300.00",
        "散客 1 3 40000 400.00",
    ]


def kept(days: dict[str, int]) -> dict[dt.date, dict[str, int]]:
    """Kept nights that differ in their revenue alone."""
    same = dict.fromkeys(MEASURES, 1)
    return {dt.date.fromisoformat(day): same | {"room_revenue": revenue} for day, revenue in days.items()}


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
        st.tuples(
            st.sampled_from([room.room for room in ROOMS]),
            st.sampled_from(["normal", "shared", "long", "free", "house"]),
        ),
        max_size=8,
    )
)
def test_a_room_counts_once_whoever_sleeps_in_it(stays: list[tuple[str, str]]) -> None:
    head = "account | room | kind\n"
    lines = "\n".join(f"A{n} | {room} | {kind}" for n, (room, kind) in enumerate(stays))
    one = night(drawn("stays", head + lines))

    counted = measures(one)

    used = counted["occupied_paid"] + counted["complimentary"] + counted["house_use"]
    assert used == len({room for room, _ in stays})
    assert sum(line.occupied_paid for line in by_room_type(one)) == counted["occupied_paid"]
