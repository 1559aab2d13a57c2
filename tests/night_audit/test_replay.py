"""Published bookings replayed night by night: each follows from the one before and from the bookings themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.hotel_bookings import Hotel, hotel_of, hotels_of, published
from benchmarks.hotel_history import compared
from benchmarks.hotel_replay import FIRST, NIGHTS, Replayed, faults, order_at, replay
from tasks.adapters.store import open_store

BOOKINGS = Path(__file__).parents[3] / "shared" / "data" / "hotel_bookings.csv.zip"
HEADING = [
    "hotel", "arrival_date_year", "arrival_date_month", "arrival_date_day_of_month", "stays_in_weekend_nights",
    "stays_in_week_nights", "adults", "children", "babies", "market_segment", "assigned_room_type", "lead_time", "adr",
    "deposit_type", "reservation_status", "reservation_status_date",
]  # fmt: skip


def booking(
    arrival: int, nights: int, outcome: str, on: int, adr: str = "100", prepaid: str = "No Deposit"
) -> list[str]:
    """A line as published; `arrival` and `on` (when it got its outcome) count days from the first of July 2015."""
    arrives, settled = (FIRST + dt.timedelta(days=day) for day in (arrival, on))
    date = [str(arrives.year), arrives.strftime("%B"), str(arrives.day)]
    rest = ["2", "NA", "0", "Direct", "A", "9", adr, prepaid, outcome, settled.isoformat()]
    return ["Seaside", *date, "0", str(nights), *rest]


def sample() -> Hotel:
    """Some of everything that the published list has, over twelve nights."""
    lines = [booking(day, 1 + day % 4, "Check-Out", day + 1 + day % 4, f"{80 + day}.5") for day in range(10)]
    lines += [booking(day, 3, "Check-Out", day + 3, prepaid="Non Refund") for day in (1, 4, 8)]
    lines += [
        booking(2, 0, "Check-Out", 2, "45"),  # day use
        booking(3, 5, "Check-Out", 6),  # left before it was due
        booking(3, 2, "Check-Out", 5, "0"),  # a free room
        booking(5, 2, "Check-Out", 7, "-6.38"),  # a price that is none
        booking(6, 2, "No-Show", 6, prepaid="Non Refund"),
        booking(9, 2, "No-Show", 1),  # dated before its arrival
        booking(7, 2, "Canceled", 4, prepaid="Non Refund"),
        booking(8, 2, "Canceled", 8),
        booking(9, 2, "Canceled", -30, prepaid="Non Refund"),
    ]
    return hotel_of("Seaside", pd.DataFrame(lines, columns=HEADING, dtype="str"))


def replayed(hotel: Hotel, home: Path, count: int) -> Sequence[Replayed]:
    """The nights of the hotel in a database of its own."""
    url = f"sqlite:///{home / 'daybook.db'}"
    store = open_store(url)
    order = order_at(home, url, lambda: dt.datetime(2026, 11, 21, 2, tzinfo=dt.UTC))
    nights = list(replay(store, order, hotel, [FIRST + dt.timedelta(days=day) for day in range(count)]))
    store.engine.dispose()
    return nights


def test_every_night_follows_from_the_one_before_and_from_the_bookings(tmp_path: Path) -> None:
    hotel = sample()

    nights = replayed(hotel, tmp_path, 12)

    assert faults(hotel, nights) == []
    assert [one.in_house for one in nights] == [1, 2, 3, 5, 6, 5, 5, 2, 4, 3, 3, 0]
    assert [(one.date.day, one.blocked) for one in nights if one.blocked] == [(6, ("NO_PRICE A000017",))]
    assert nights[-1].figures["deposit_ledger"] == nights[-1].figures["guest_ledger"] == "0.00"


def test_a_hotel_that_begins_in_the_midst_has_the_nights_of_the_one_with_a_past(tmp_path: Path) -> None:
    dates = [FIRST + dt.timedelta(days=day) for day in range(8)]

    first, last, alone = compared(sample(), dates, 3, tmp_path).values()

    assert [one.date for one in first] == dates[:3]
    assert [one.date for one in last] == [one.date for one in alone] == dates[5:]
    names = ("occupied_paid", "arrivals", "departures", "room_revenue", "deposit_ledger", "guest_ledger")
    assert [[one.figures[name] for name in names] for one in last] == [
        [one.figures[name] for name in names] for one in alone
    ]
    assert [one.in_house for one in alone] == [5, 5, 2]


def test_nobody_shares_a_room() -> None:
    stays = sample().tables["stays"].sort_values(["room", "known_on"])
    before = stays.groupby("room")["leaves_on"].shift()

    assert len(stays) == 17
    assert not (stays["known_on"] < before).any()


@pytest.mark.proof
def test_two_real_hotels_close_every_night(tmp_path: Path) -> None:
    if not BOOKINGS.exists():
        pytest.skip("the published bookings are not here: ../shared/data/hotel_bookings.csv.zip")
    for hotel in hotels_of(published(BOOKINGS)):
        home = tmp_path / hotel.name
        home.mkdir()

        nights = replayed(hotel, home, NIGHTS)

        assert len(nights) == NIGHTS
        assert faults(hotel, nights) == []
