"""Two real hotels closed night by night: `python -m benchmarks.hotel_replay hotel_bookings.csv.zip [--nights 793]`.

The bookings come in as benchmarks.hotel_bookings makes them, each night only what was known by then, and the night
audit closes every date without orchestration and papers. After each night the house is counted: what the audit says
must follow from the night before, and from the bookings themselves.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, select

from benchmarks.hotel_bookings import OPERATOR, Hotel, deliver, hotels_of, make_free, open_books, published
from tasks.adapters.store import Store, open_store
from tasks.mail.steps import Readership
from tasks.night_audit.kinds import BLOCKING, EVENTS
from tasks.night_audit.policy import Policy
from tasks.night_audit.report import FLOW
from tasks.night_audit.steps import Order, concluded
from tasks.night_audit.tables import night_audits
from tasks.register.breaks import Done, explain, listed

FIRST, NIGHTS = dt.date(2015, 7, 1), 793
COMPARED = 100
RARELY = (100_000, 50, 100)
_ONE_DAY = dt.timedelta(days=1)
_COUNTS = ("occupied_paid", "complimentary", "house_use", "arrivals", "departures", "day_use", "no_shows", "released")


@dataclass(frozen=True, slots=True)
class Replayed:
    """One night: its figures, what blocked it before it was mended, how many findings it told, seconds of its audit."""

    date: dt.date
    figures: dict[str, int | str | None]
    blocked: tuple[str, ...]
    findings: int
    seconds: float
    processor: float

    @property
    def in_house(self) -> int:
        """The rooms in use overnight."""
        return sum(int(self.figures[name] or 0) for name in ("occupied_paid", "complimentary", "house_use"))


def order_at(home: Path, url: str, clock: Callable[[], dt.datetime]) -> Order:
    """An order that closes every date there is, and mails nobody."""
    return Order(
        home=home,
        database_url=url,
        policy=Policy(),
        readership=Readership((), "example.com", "en"),
        languages=("en", "zh_CN"),
        approvers=(),
        headings={},
        today=dt.date.max,
        clock=clock,
        mail=False,
    )


def replay(store: Store, order: Order, hotel: Hotel, dates: Sequence[dt.date]) -> Iterator[Replayed]:
    """Every date of `dates`, delivered and closed; a date that nothing mends is the last one.

    What blocks a night for want of a price is mended as a desk would: the stay is free. What happened on a date and is
    told until somebody explains it is explained the morning after.
    """
    with store.writing() as connection:
        open_books(connection, hotel, order.clock())
    before: dt.date | None = None
    for date in dates:
        with store.writing() as connection:
            deliver(connection, hotel, before, date)
        before = date
        blocked: tuple[str, ...] = ()
        night = _closed(store, order, date, blocked)
        if night.blocked:
            with store.writing() as connection:
                for line in night.blocked:
                    kind, _, account = line.partition(" ")
                    if kind == "NO_PRICE":
                        make_free(connection, account)
            blocked = night.blocked
            night = _closed(store, order, date, blocked)
        yield night
        if night.blocked != blocked:
            return
        with store.writing() as connection:
            _explain(connection, order)


def _explain(connection: Connection, order: Order) -> None:
    known = Done("explain", OPERATOR, "known to the desk", order.clock())
    for one in listed(connection, FLOW, ("open", "reopened")):
        if one.kind in EVENTS:
            explain(connection, one.id, known)


def faults(hotel: Hotel, nights: Sequence[Replayed]) -> list[str]:
    """What does not follow from the night before or from the bookings: empty where every night is right."""
    dates = pd.DatetimeIndex([one.date for one in nights]).as_unit("s")
    occupied, held = hotel.occupied(dates), hotel.held(dates)
    told = []
    last: int | None = None
    for place, one in enumerate(nights):
        moved = {name: int(one.figures[name] or 0) for name in _COUNTS}
        overnight = moved["arrivals"] - moved["day_use"]
        if last is not None and one.in_house != last - moved["departures"] + overnight:
            told.append(f"{one.date}: {one.in_house} in house after {last} - {moved['departures']} + {overnight}")
        if one.in_house != occupied.iloc[place]:
            told.append(f"{one.date}: {one.in_house} in house, the bookings say {occupied.iloc[place]}")
        ledger, before, after = (one.figures[name] for name in ("deposit_ledger", "deposits_before", "deposits_after"))
        if not ledger == before == after == f"{held.iloc[place] / 100:.2f}":
            told.append(f"{one.date}: deposits {before}, {after}, {ledger}; the bookings say {held.iloc[place]} cents")
        last = one.in_house
    return told


def _closed(store: Store, order: Order, date: dt.date, blocked: tuple[str, ...]) -> Replayed:
    wall, processor = time.perf_counter(), time.process_time()
    summary = concluded(store, order, date).summary
    spent = time.perf_counter() - wall, time.process_time() - processor
    figures, told = summary["figures"], summary["exceptions"]
    assert isinstance(figures, dict)
    assert isinstance(told, list)
    if summary["status"] != "completed":
        blocked = tuple(f"{one['kind']} {one['item']}" for one in told if one["kind"] in BLOCKING)
        assert blocked, summary["stopping"]
    return Replayed(date, figures, blocked, len(told), *spent)


def hash_of(store: Store) -> str:
    """The hash of the last closed date, which stands for all of them."""
    with store.reading() as connection:
        audits = night_audits.c
        newest = select(audits.hash).where(audits.closed_at.is_not(None)).order_by(audits.business_date.desc())
        return str(connection.execute(newest.limit(1)).scalar())


def _shown(hotel: Hotel, nights: Sequence[Replayed], store: Store) -> list[str]:
    counted = {name: [int(one.figures[name] or 0) for one in nights] for name in _COUNTS}
    inside, findings = [one.in_house for one in nights], [one.findings for one in nights]
    fullest = inside.index(max(inside))
    first, last = nights[:COMPARED], nights[-COMPARED:]
    revenue = sum(Decimal(str(one.figures["room_revenue"])) for one in nights)
    held = max(Decimal(str(one.figures["deposits_after"])) for one in nights)
    blocked = "; ".join(f"{one.date}: {', '.join(one.blocked)}" for one in nights if one.blocked)
    wrong = faults(hotel, nights)
    wall, processor = 1000 * _mean(nights, "seconds"), 1000 * _mean(nights, "processor")
    return [
        f"{hotel.name} | {nights[0].date} to {nights[-1].date}",
        f"nights closed | {len(nights)}",
        f"blocked first, then mended and closed | {blocked or 'none'}",
        f"nights that do not follow | {len(wrong)} {'; '.join(wrong[:3])}",
        f"rooms | {nights[-1].figures['rooms']}",
        f"room nights, complimentary among them | {sum(inside):,}, {sum(counted['complimentary']):,}",
        f"arrivals, day use among them | {sum(counted['arrivals']):,}, {sum(counted['day_use']):,}",
        f"departures | {sum(counted['departures']):,}",
        f"no-shows, releases | {sum(counted['no_shows']):,}, {sum(counted['released']):,}",
        f"rooms revenue | {revenue:,.2f}",
        f"fullest night | {nights[fullest].date}, {inside[fullest]} rooms",
        f"deposits held at most | {held:,.2f}",
        f"findings a night, mean and most | {sum(findings) / len(findings):.0f}, {max(findings)}",
        f"ms a night, wall and processor | {wall:.0f}, {processor:.0f}",
        f"processor ms a night, first {COMPARED} | {1000 * _mean(first, 'processor'):.0f}",
        f"processor ms a night, last {COMPARED} | {1000 * _mean(last, 'processor'):.0f}",
        f"the same a room in house | {_per_room(first):.2f}, {_per_room(last):.2f}",
        f"last hash | {hash_of(store)[:16]}",
    ]


def _mean(nights: Sequence[Replayed], what: str) -> float:
    return sum(float(getattr(one, what)) for one in nights) / len(nights)


def _per_room(nights: Sequence[Replayed]) -> float:
    return 1000 * sum(one.processor for one in nights) / max(1, sum(one.in_house for one in nights))


def main() -> None:
    """Replays both hotels and prints a table for each."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.hotel_replay", description=__doc__)
    asked.add_argument("bookings", type=Path, help="hotel_bookings.csv.zip as published")
    asked.add_argument("--nights", type=int, default=NIGHTS)
    asked.add_argument("--hotel", default="", help="one hotel alone")
    chosen = asked.parse_args()
    # As flows.rubbish has it for every run of the audit.
    gc.set_threshold(*RARELY)
    dates = [FIRST + _ONE_DAY * place for place in range(chosen.nights)]
    for hotel in hotels_of(published(chosen.bookings)):
        if chosen.hotel not in hotel.name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/daybook.db"
            store = open_store(url)
            order = order_at(Path(folder), url, lambda: dt.datetime(2026, 11, 21, 2, tzinfo=dt.UTC))
            nights = []
            for night in replay(store, order, hotel, dates):
                nights.append(night)
                if len(nights) % COMPARED == 0:
                    print(f"{hotel.name}: {len(nights)} nights", file=sys.stderr, flush=True)
                    print("\n".join(_shown(hotel, nights, store)), file=sys.stderr, flush=True)
            print("\n".join(_shown(hotel, nights, store)), end="\n\n", flush=True)
            store.engine.dispose()
    print(f"peak MiB | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


if __name__ == "__main__":
    main()
