"""The hotel of the demo closes its nights and finds what was put wrong, and nothing else."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
from pathlib import Path

from benchmarks.demo_company.hotel import SKIPPED, UNREASONED, make_hotel
from flows.hotel import Asked, audited

LAST = dt.date(2026, 11, 20)


def test_its_nights_close_and_tell_the_faults_that_were_put_in(home: Path, tmp_path: Path) -> None:
    hotel = make_hotel(tmp_path / "made", LAST)
    shutil.copytree(hotel.delivered, home / "inbox")
    summaries = []
    for night in hotel.nights:
        if night == LAST:
            shutil.copytree(hotel.seen, home / "inbox", dirs_exist_ok=True)
        summaries.append(asyncio.run(audited(Asked(night, mail=False))))

    assert [one["status"] for one in summaries] == ["completed"] * 3
    told = summaries[-1]["exceptions"]
    assert isinstance(told, list)
    assert sorted((one["kind"], one["item"]) for one in told if one["state"] == "open") == [
        ("CASH_DIFFERENCE", f"S-{LAST}"),
        ("DEPOSIT_UNDECIDED", "R900"),
        ("DISCOUNT_NO_REASON", f"A{UNREASONED}"),
        ("POS_WRONG_ROOM", f"C-{LAST}"),
        ("RELEASED", "R901"),
        ("SKIP", str(SKIPPED)),
    ]
    assert summaries[0]["exceptions"] == []
