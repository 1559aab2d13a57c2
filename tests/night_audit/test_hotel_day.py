"""Which night a moment belongs to, and who is in the house on it."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from tasks.night_audit import hotel_day
from tasks.night_audit.books import SHAPES, deposit_effects, empty, shaped
from tests.night_audit.drawing import B, frame, moment

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
    of_many = hotel_day.business_dates(pd.Series([moment(at), pd.NaT], dtype="datetime64[s]"), TWO)
    assert of_many[0] == moment(belongs_to)
    assert of_many.isna()[1]
    assert hotel_day.business_date(moment(at).to_pydatetime(), TWO) == moment(belongs_to).date()


def test_the_end_of_a_night_is_its_last_moment() -> None:
    assert hotel_day.night_end(B, TWO) == moment("21 02:00")
    assert hotel_day.business_date(hotel_day.night_end(B, TWO), TWO) == B


def test_every_stay_is_an_arrival_a_departure_day_use_or_a_stay_over_of_the_date() -> None:
    stays = frame(
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
    told = {
        name: stays["account"][mask(stays, B, TWO)].tolist()
        for name, mask in {
            "in_house": hotel_day.in_house,
            "arrived": hotel_day.arrived,
            "departed": hotel_day.departed,
            "day_use": hotel_day.day_use,
            "stayed_over": hotel_day.stayed_over,
        }.items()
    }
    assert told == {
        "in_house": ["over", "came", "late", "morning"],
        "arrived": ["came", "late", "day_use"],
        "departed": ["left", "late_out"],
        "day_use": ["day_use"],
        "stayed_over": ["over", "morning"],
    }


@pytest.mark.parametrize("name", list(SHAPES))
def test_a_frame_without_rows_has_its_shape(name: str) -> None:
    assert {column: str(dtype) for column, dtype in empty(name).dtypes.items()} == dict(SHAPES[name])
    assert shaped(name, empty(name)).dtypes.equals(empty(name).dtypes)


def test_keys_are_made_from_codes_and_blanks_are_texts() -> None:
    rooms = shaped("rooms", pd.DataFrame({"room": ["０３01", "a-5"], "room_type": ["大床", None]}))
    assert rooms["room_key"].tolist() == ["301", "A5"]
    assert rooms["room_type_key"].tolist() == ["大床", ""]
    assert rooms["floor"].tolist() == ["", ""]


def test_money_that_may_not_be_blank_is_never_blank() -> None:
    with pytest.raises((TypeError, ValueError)):
        shaped("room_types", pd.DataFrame({"room_type": ["大床"]}))


def test_outflows_take_away_whatever_sign_the_desk_wrote() -> None:
    deposits = frame(
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
    assert deposit_effects(deposits).tolist() == [200_00, -50_00, -50_00, -30_00, -20_00, -10_00]
