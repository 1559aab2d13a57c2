"""Whether a night costs more for what lies behind it: `python -m benchmarks.hotel_history hotel_bookings.csv.zip`.

Three databases side by side, a night of each in turn, so that whatever else the machine does befalls all alike: the
first dates of the published bookings, the last ones with everything before them, and the last ones in a hotel that
begins with them (benchmarks.hotel_bookings.begun_on).
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.hotel_bookings import Hotel, begun_on, hotels_of, published
from benchmarks.hotel_replay import COMPARED, FIRST, NIGHTS, RARELY, Replayed, faults, order_at, replay
from tasks.adapters.store import open_store

_DATES = [FIRST + dt.timedelta(days=place) for place in range(NIGHTS)]


def compared(hotel: Hotel, dates: Sequence[dt.date], count: int, folder: Path) -> dict[str, list[Replayed]]:
    """The `count` first and last nights of `dates`, and the last ones alone, each replayed in turn with the others."""
    last = dates[-count]
    alone = begun_on(hotel, last)
    behind = _nights(hotel, dates, folder / "behind")
    before = list(islice(behind, len(dates) - count))
    # A night is a process of its own: what this one remembers of the nights before is not walked in each collection.
    gc.collect()
    gc.freeze()
    first = _nights(hotel, dates[:count], folder / "first")
    turns = list(zip(first, behind, _nights(alone, dates[-count:], folder / "alone"), strict=True))
    names = (f"first {count}", f"last {count}", f"last {count} with nothing behind them")
    found = {name: list(nights) for name, nights in zip(names, zip(*turns, strict=True), strict=True)}
    assert faults(alone, found[names[2]]) == []
    assert faults(hotel, [*before, *found[names[1]]]) == []
    return found


def _nights(hotel: Hotel, dates: Sequence[dt.date], home: Path) -> Iterator[Replayed]:
    home.mkdir()
    url = f"sqlite:///{home / 'daybook.db'}"
    store = open_store(url)
    yield from replay(store, order_at(home, url, lambda: dt.datetime(2026, 11, 21, 2, tzinfo=dt.UTC)), hotel, dates)
    store.engine.dispose()


def _row(name: str, nights: Sequence[Replayed]) -> str:
    rooms = sum(one.in_house for one in nights)
    spent = [1000 * one.processor for one in nights]
    a_room = statistics.median(own / one.in_house for own, one in zip(spent, nights, strict=True))
    moved = sum(int(one.figures[what] or 0) for one in nights for what in ("arrivals", "departures"))
    findings = sum(one.findings for one in nights)
    return (
        f"{name} | {rooms / len(nights):.0f} | {moved / rooms:.2f} | {findings / rooms:.2f} | "
        f"{sum(spent) / len(nights):.1f} | {sum(spent) / rooms:.3f} | {a_room:.3f}"
    )


def main() -> None:
    """Prints a table for each hotel."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.hotel_history", description=__doc__)
    asked.add_argument("bookings", type=Path, help="hotel_bookings.csv.zip as published")
    asked.add_argument("--hotel", default="", help="one hotel alone")
    chosen = asked.parse_args()
    gc.set_threshold(*RARELY)
    for hotel in hotels_of(published(chosen.bookings)):
        if chosen.hotel not in hotel.name:
            continue
        print(f"{hotel.name} | rooms in house | arrivals and departures a room | findings a room | ", end="")
        print("processor ms a night | a room | a room, usual night")
        with tempfile.TemporaryDirectory() as folder:
            for name, nights in compared(hotel, _DATES, COMPARED, Path(folder)).items():
                print(_row(name, nights), flush=True)


if __name__ == "__main__":
    main()
