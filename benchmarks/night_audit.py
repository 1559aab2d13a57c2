"""How long the close of one night of a large hotel takes: `python -m benchmarks.night_audit [--postgresql URL]`.

A thousand rooms, 900 of them let, 5,000 folio lines of the date with its checks, payments, deposits, shifts and log;
200,000 lines of settled stays and a year of closed nights behind it. The night before is closed for real. Beside it
stand the same night with nothing behind it, the same night with thousands of findings, and the bare reading of the
date's rows with a SHA-256 of each. Without orchestration; every figure comes from a process of its own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

# Whoever starts the processes imports nothing large: a child's peak begins with its parent's.
if TYPE_CHECKING:
    from tasks.night_audit.steps import Order

DATE = dt.date(2026, 11, 20)
BEFORE = DATE - dt.timedelta(days=1)
NOW = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)
NIGHTS_BEHIND = 365
ROUNDS = 3
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Measured:
    """Wall and processor seconds of one piece of work, the peak of its process, and what it said of itself."""

    seconds: float
    processor: float
    peak_mib: float
    said: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where one prepared hotel lies: a SQLite file, or a database of a PostgreSQL `server`."""

    folder: Path
    name: str
    server: str = ""

    @property
    def url(self) -> str:
        """The address of its database."""
        if self.server:
            return f"{self.server}/daybook_bench_{self.name}"
        return f"sqlite:///{self.folder / self.name}.db"

    @contextmanager
    def copied(self, number: int) -> Iterator[Place]:
        """A copy of it that may be closed; gone at the end."""
        copy = Place(self.folder, f"{self.name}_{number}", self.server)
        if self.server:
            _apart(make_database, copy, self.name)
        else:
            shutil.copyfile(self.folder / f"{self.name}.db", self.folder / f"{copy.name}.db")
        try:
            yield copy
        finally:
            if self.server:
                _apart(drop_database, copy)


def make_database(place: Place, template: str = "") -> None:
    """Makes an empty database of PostgreSQL anew, or a copy of another one."""
    import psycopg

    drop_database(place)
    like = f" TEMPLATE daybook_bench_{template}" if template else ""
    with psycopg.connect(f"{_plain(place.server)}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE daybook_bench_{place.name}{like}".encode())


def drop_database(place: Place) -> None:
    """Drops the database of PostgreSQL if it is there."""
    import psycopg

    with psycopg.connect(f"{_plain(place.server)}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS daybook_bench_{place.name} WITH (FORCE)".encode())


def _plain(server: str) -> str:
    return server.replace("postgresql+psycopg://", "postgresql://", 1)


def prepare(place: Place, nights: int, **size: Any) -> None:
    """Fills the hotel of a `size`, closes the night before and sets `nights` closed ones behind it."""
    from benchmarks.big_hotel import BigHotel, Size
    from benchmarks.big_hotel_books import keep, leave, open_files, set_back
    from tasks.adapters.store import open_store
    from tasks.night_audit.steps import concluded

    hotel = BigHotel(Size(**size))
    store = open_store(place.url)
    with store.writing() as connection:
        open_files(connection, [*hotel.before, *hotel.of_day], NOW)
        keep(connection, hotel.before)
    closed = concluded(store, _order(place), BEFORE).summary
    assert closed["status"] == "completed", closed["stopping"]
    with store.writing() as connection:
        set_back(connection, nights)
        keep(connection, hotel.of_day)
        leave(connection, hotel.leaving["account"].tolist(), dt.datetime.combine(DATE, dt.time(11)))
    store.engine.dispose()


def close(place: Place) -> Measured:
    """The close of the date: judged, kept and sealed; says how many findings it tells."""
    from tasks.adapters.store import open_store
    from tasks.night_audit.steps import concluded

    store, order = open_store(place.url), _order(place)
    spent = _Stopwatch()
    summary = concluded(store, order, DATE).summary
    done = spent.measured("")
    assert summary["status"] == "completed", summary["stopping"]
    told = summary["exceptions"]
    assert isinstance(told, list)
    return Measured(done.seconds, done.processor, done.peak_mib, f"{len(told):,} findings")


def print_papers(place: Place) -> Measured:
    """The papers of the closed date, two languages with workbooks: made and kept, or printed again as kept."""
    from tasks.night_audit.steps import printed_again

    order = _order(place)
    spent = _Stopwatch()
    summary = printed_again(order, DATE)
    done = spent.measured("")
    assert summary["status"] == "already-done", summary
    folder = order.home / "reports" / "night-audit" / DATE.isoformat()
    size = {
        one.suffix: one.stat().st_size / 1024 for one in sorted(folder.glob("night-audit*")) if ".en" not in one.name
    }
    said = ", ".join(f"{suffix[1:]} {kib:,.0f} KiB" for suffix, kib in size.items())
    return Measured(done.seconds, done.processor, done.peak_mib, said)


def read_bare(place: Place) -> Measured:
    """The rows that the close needs, read by SQLAlchemy, and the SHA-256 of each."""
    from sqlalchemy import create_engine, or_, select

    from tasks.intake import hotel_tables as own

    since, until = dt.datetime.combine(DATE, dt.time(2)), dt.datetime.combine(DATE + dt.timedelta(days=1), dt.time(2))
    soon = until + dt.timedelta(days=1)
    inside = or_(own.stays.c.departed_at.is_(None), own.stays.c.departed_at > since)
    accounts = select(own.stays.c.account_key).where(inside)
    queries = [
        *(select(one) for one in (own.rooms, own.room_types, own.operators, own.corporate_accounts)),
        *(select(one).where(one.c.date == DATE) for one in (own.folio, own.payments, own.shifts)),
        *(select(one).where(one.c.at > since, one.c.at <= until) for one in (own.pos_checks, own.operation_log)),
        select(own.stays).where(inside),
        select(own.deposits).where(own.deposits.c.account_key.in_(accounts)),
        select(own.deposits).where(own.deposits.c.account_key == ""),
        select(own.reservations).where(own.reservations.c.due_in > since, own.reservations.c.due_in <= soon),
    ]
    engine = create_engine(place.url)
    spent = _Stopwatch()
    with engine.connect() as connection:
        digests = [sha256(repr(tuple(row)).encode()).digest() for one in queries for row in connection.execute(one)]
    return spent.measured(f"{len(digests):,} rows")


class _Stopwatch:
    """Wall and processor time since it was made."""

    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def measured(self, said: str) -> Measured:
        seconds, processor = time.perf_counter() - self._wall, time.process_time() - self._processor
        return Measured(seconds, processor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, said)


def _order(place: Place) -> Order:
    from benchmarks.hotel_replay import order_at

    return order_at(place.folder / place.name, place.url, lambda: NOW)


def _apart(work: Callable[..., T], *arguments: object, **named: object) -> T:
    """What `work` gives, done in another process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments, **named).result()


def _usual(rounds: list[Measured]) -> Measured:
    return sorted(rounds, key=lambda one: one.processor)[len(rounds) // 2]


def _rows(place: Place, what: str, rounds: int) -> Iterator[tuple[str, Measured]]:
    """The close and its papers, each of the usual round, and the bare reading beside them."""
    closed, made, again = [], [], []
    for number in range(rounds):
        with place.copied(number) as copy:
            closed.append(_apart(close, copy))
            made.append(_apart(print_papers, copy))
            again.append(_apart(print_papers, copy))
    yield f"bare reading and SHA-256, {what}", _usual([_apart(read_bare, place) for _ in range(rounds)])
    yield f"the close, {what}", _usual(closed)
    yield "its papers in two languages, made", _usual(made)
    yield "the same printed again", _usual(again)


def main() -> None:
    """Prints the table; what it made is thrown away."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.night_audit", description=__doc__)
    asked.add_argument("--postgresql", default="", metavar="URL", help="a server for the databases, instead of SQLite")
    asked.add_argument("--old-lines", type=int, default=200_000, help="folio lines of settled stays")
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = asked.parse_args()
    server = chosen.postgresql.replace("postgresql://", "postgresql+psycopg://", 1)
    print(f"Load when it began: {os.getloadavg()[0]:.1f}\n", flush=True)
    print("| what | seconds | processor seconds | peak MiB | |\n|---|---:|---:|---:|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, old, nights, faults in (
            ("fresh", 0, 0, False),
            ("behind", chosen.old_lines, NIGHTS_BEHIND, False),
            ("faulty", chosen.old_lines, NIGHTS_BEHIND, True),
        ):
            place = Place(Path(folder), name, server)
            if server:
                _apart(make_database, place)
            _apart(prepare, place, nights, old_lines=old, faults=faults)
            what = f"{old:,} settled lines and {nights} nights behind it" if old else "nothing behind it"
            what += ", everything at fault" if faults else ""
            for label, one in _rows(place, what, chosen.rounds):
                figures = f"{one.seconds:.2f} | {one.processor:.2f} | {one.peak_mib:.0f} | {one.said}"
                print(f"| {label} | {figures} |", flush=True)
            if server:
                _apart(drop_database, place)


if __name__ == "__main__":
    main()
