"""Which night a moment belongs to, and who is in the house on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields

import pytest

from tasks.night_audit import hotel_day
from tests.night_audit.drawing import B, drawn, moment, rows

TWO = dt.time(2)


@pytest.mark.parametrize(
    ("at", "belongs_to"),
    [
        ("20 14:00", "20"),
        ("21 00:00", "20"),
        ("21 02:00", "20"),
        ("21 02:00:01", "21"),
        ("12-01 01:59", "30"),
    ],
)
def test_a_night_lasts_until_two_that_second_included(at: str, belongs_to: str) -> None:
    assert hotel_day.business_date(moment(at), TWO) == moment(belongs_to).date()


def test_the_end_of_a_night_is_its_last_moment() -> None:
    assert hotel_day.night_end(B, TWO) == moment("21 02:00")
    assert hotel_day.business_date(hotel_day.night_end(B, TWO), TWO) == B


def test_every_stay_is_an_arrival_a_departure_day_use_or_a_stay_over_of_the_date() -> None:
    stays = drawn(
        "stays",
        """
        account | arrived_at     | departed_at
        over    | 18 14:00       | -
        came    | 20 14:00       | -
        late    | 21 02:00       | -
        next    | 21 02:00:01    | -
        left    | 18 14:00       | 20 09:00
        late_out| 18 14:00       | 21 01:00
        morning | 18 14:00       | 21 09:00
        day_use | 20 09:00       | 20 15:00
        gone    | 18 14:00       | 19 12:00
        """,
    )
    moved = hotel_day.movements(stays, B, TWO)
    assert {one.name: rows(getattr(moved, one.name), "account") for one in fields(moved)} == {
        "in_house": ["over", "came", "late", "morning"],
        "arrived": ["came", "late", "day_use"],
        "departed": ["left", "late_out"],
        "day_use": ["day_use"],
        "stayed_over": ["over", "morning"],
    }


def test_outflows_take_away_whatever_sign_the_desk_wrote() -> None:
    deposits = drawn(
        "deposits",
        """
        number | kind        | amount
        D1     | received    | 200.00
        D2     | refunded    | -50.00
        D3     | refunded    | 50.00
        D4     | transferred | 30.00
        D5     | forfeited   | -20.00
        D6     | received    | -10.00
        """,
    )
    assert [row.effect for row in deposits] == [200_00, -50_00, -50_00, -30_00, -20_00, -10_00]
