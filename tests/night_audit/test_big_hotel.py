"""The hotel of the benchmark closes on its date: with nothing to tell but who did not come, or with everything."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.big_hotel import DATE
from benchmarks.hotel_replay import order_at
from benchmarks.night_audit import NOW, Place, prepare
from tasks.adapters.store import open_store
from tasks.night_audit.steps import concluded

# 90 rooms let: 2 of them shared by two, 2 by the month, one free, one the house's own, who has paid its checks.
SMALL = {"rooms": 100, "in_house": 90, "lines": 250, "old_lines": 50}
NOBODY_CAME = {"NO_SHOW": 15, "RELEASED": 5}
ALL_WRONG = NOBODY_CAME | {
    "BALANCE_ABOVE_DEPOSIT": 91, "RATE_VARIANCE": 84, "DISCOUNT_AUTHORITY": 88, "DISCOUNT_NO_REASON": 88,
    "POS_MISSING": 150, "SKIP": 90, "SLEEP": 10,
}  # fmt: skip


@pytest.mark.parametrize(("size", "told"), [({}, NOBODY_CAME), ({"faults": True}, ALL_WRONG)])
def test_the_large_hotel_tells_what_was_put_in(tmp_path: Path, size: dict[str, bool], told: dict[str, int]) -> None:
    place = Place(tmp_path, "hotel")
    prepare(place, 30, **SMALL, **size)
    store = open_store(place.url)

    summary = concluded(store, order_at(tmp_path, place.url, lambda: NOW), DATE).summary

    store.engine.dispose()
    exceptions, figures = summary["exceptions"], summary["figures"]
    assert isinstance(exceptions, list)
    assert isinstance(figures, dict)
    assert Counter(one["kind"] for one in exceptions if one["state"] == "open") == told
    assert [figures[name] for name in ("occupied_paid", "complimentary", "house_use", "arrivals", "departures")] == [
        88, 1, 1, 30, 30,
    ]  # fmt: skip
    assert (figures["cash_difference"], figures["deposits_before"]) == ("0.00", figures["deposits_after"])
