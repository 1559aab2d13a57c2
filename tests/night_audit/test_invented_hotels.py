"""Hotels with invented nights, closed by the real steps: whatever people did, every night follows from what they did.

Deliveries come through the inbox; nights with troubles are mended or passed by somebody with the right.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, MetaData, Table, select, text, update

from config.settings import load_settings
from flows.arranging import arranged_receiving
from flows.hotel import arranged_order
from tasks.adapters.speech import spoken
from tasks.adapters.store import Store, open_store
from tasks.domain.breaks import ALIVE
from tasks.intake.hotel_tables import closed_books
from tasks.night_audit.kinds import BLOCKING
from tasks.night_audit.ledgers import CORPORATE, DEPOSIT, LEDGERS
from tasks.night_audit.steps import (
    Order,
    close,
    concluded,
    deposits_held,
    printed_again,
    receive,
    restore,
    swept,
    verify_nights,
)
from tasks.register.approvals import answer, waiting
from tasks.register.breaks import Done
from tests.databases import Databases
from tests.night_audit.invented_hotel import FIRST, InventedHotel
from tests.night_audit.invented_people import Command, do
from tests.night_audit.invented_reckoning import blocked_by, deposits_left_over, figures_of
from tests.night_audit.raw_sql import let_everything_through

WHAT = (
    "book", "book", "cancel", "deposit", "deposit", "give_back", "arrive", "arrive", "walk_in", "walk_in", "share",
    "day_use", "leave", "leave", "extend", "move", "charge", "charge", "reverse", "pay", "settle", "check", "trouble",
    "sweep", "bring_back", "belated",
)  # fmt: skip
COMMANDS = st.tuples(st.sampled_from(WHAT), st.integers(0, 11), st.integers(1, 20_000))
# What people do on a day, by how much the cash is off, whether troubles are mended, which reservation is taken back.
NIGHTS = st.tuples(
    st.lists(COMMANDS, min_size=4, max_size=12), st.sampled_from((0, 5, -700)), st.booleans(), st.integers(0, 3)
)
Night = tuple[list[Command], int, bool, int]
# The first day is before there was an audit.
SHORT, LONG = st.lists(NIGHTS, min_size=4, max_size=4), st.lists(NIGHTS, min_size=4, max_size=7)
PLACES = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), min_size=3, max_size=3)
# What a seal covers.
SEALED = (
    "folio", "payments", "deposits", "stays", "night_postings", "ledger_balances", "commission_accruals",
    "points_earned", "night_audits", "standing_balances", "reservation_outcomes", "shifts", "pos_checks",
)  # fmt: skip
# Those of them that are covered once their date is closed: by which column they belong to it.
DATED = {"reservation_outcomes": "business_date", "shifts": "date", "pos_checks": "at"}
# Making a failing hotel smaller takes minutes, and what failed is told by its night already.
QUICK = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# Where a row came from and when a date was opened and closed is no content of it.
NOT_SEALED = {"file_id", "sheet", "row", "opened_at", "closed_at", "id", "recorded_at"}
OUTCOMES = ("released", "no_show", "undecided", "restored")


class Audit:
    """One hotel in a home and a database of its own."""

    def __init__(self, home: Path, url: str) -> None:
        home.mkdir(exist_ok=True)
        settings = load_settings(home)
        arranged = replace(arranged_order(settings, mail=False), database_url=url, first_date=FIRST)
        self.order: Order = replace(arranged, today=dt.date(2026, 12, 31), languages=("zh_CN",))
        self.receiving = arranged_receiving(settings)
        self.store: Store = open_store(url)
        with self.store.reading() as connection:
            tables = MetaData()
            tables.reflect(connection)
        self.tables = tables.sorted_tables

    def take_in(self, hotel: InventedHotel) -> None:
        """Delivers what is new."""
        hotel.deliver(self.order.home)
        receive(self.order, self.receiving, hotel.date)

    def closed(self, date: dt.date) -> dict[str, Any]:
        """What the audit of the date came to."""
        return dict(concluded(self.store, self.order, date).summary)

    def pass_everything(self) -> None:
        """Somebody with the right passes what stops the night."""
        with self.store.writing() as connection:
            [asked] = waiting(connection)
            answer(connection, asked.id, "approved", Done("approved", "陈", "客人已说明", self.order.clock()), ())

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table."""
        with self.store.reading() as connection:
            return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in self.tables}

    def broken(self) -> list[str]:
        """What verify says, in English."""
        with self.store.reading() as connection:
            return [spoken(one, "en") for one in verify_nights(connection)]


def a_day(audit: Audit, hotel: InventedHotel, night: Night) -> None:
    """What people do on a date, delivered at its end and whenever a sweep is made."""
    commands, hotel.off, _, _ = night
    for command in commands:
        if command[0] != "sweep":
            do(hotel, command)
        elif hotel.date >= FIRST:
            audit.take_in(hotel)
            swept(audit.order, dt.datetime.combine(hotel.date, dt.time(18, 30)))
            hotel.sweep()
    hotel.end_the_day()


def a_night(audit: Audit, hotel: InventedHotel, *, mended: bool) -> dict[str, Any]:
    """The close of the date; what stops it is mended, or passed where somebody may."""
    audit.take_in(hotel)
    troubles = blocked_by(hotel)
    summary = audit.closed(hotel.date)
    assert stopped_by(summary) == troubles
    if troubles:
        assert summary["status"] == "blocked"
        # Whoever stays on an hourly price is either gone by now or stays overnight at another one.
        if mended or any(one.startswith("HOURLY_OVERSTAY") for one in troubles):
            hotel.mend()
            audit.take_in(hotel)
        else:
            audit.pass_everything()
        summary = audit.closed(hotel.date)
    assert summary["status"] == "completed", summary["stopping"]
    return summary


def stopped_by(summary: dict[str, Any]) -> set[str]:
    alive = (one for one in summary["exceptions"] if one["kind"] in BLOCKING and one["state"] in ALIVE)
    return {f"{one['kind']} {one['item']}" for one in alive}


def take_back(audit: Audit, hotel: InventedHotel, choice: int) -> None:
    """On some mornings a reservation that was given up is taken back."""
    given_up = [one for one in hotel.bookings if one.outcome and not (one.arrived or one.cancelled)]
    if choice % 2 or not given_up:
        return
    one = given_up[choice % len(given_up)]
    restore(audit.order, one.number, "陈", "客人来电", dt.datetime.combine(hotel.date, dt.time(9)))
    one.outcome, one.counts_on, one.restored = "", None, True


def assert_it_follows(audit: Audit, hotel: InventedHotel, summary: dict[str, Any], before: int) -> int:
    """The figures are those of the hotel's own books; returns how many stays are in the house."""
    figures = summary["figures"]
    expected = figures_of(hotel)
    assert {name: figures[name] for name in expected} == expected
    staying = figures["stayovers"] + figures["arrivals"] - figures["day_use"]
    assert figures["stayovers"] == before - figures["departures"]
    sold, available, revenue = figures["occupied_paid"], figures["available"], Fraction(figures["room_revenue"])
    assert Fraction(figures["occupancy"]) == rounded(Fraction(sold, available), 6)
    assert Fraction(figures["revpar"]) == rounded(revenue / available, 2)
    assert figures["adr"] is None if not sold else Fraction(figures["adr"]) == rounded(revenue / sold, 2)
    told = {
        one["item"] for one in summary["exceptions"] if one["kind"] == "DEPOSIT_UNDECIDED" and one["state"] in ALIVE
    }
    assert told == deposits_left_over(hotel)
    at = dt.datetime.combine(hotel.date + dt.timedelta(days=1), dt.time(2))
    with audit.store.reading() as connection:
        held = {one.holder: one.balance for one in deposits_held(connection, audit.order.policy, at)}
        posted = connection.execute(
            text("select account, item, amount from night_postings where business_date = :date"), {"date": hotel.date}
        ).all()
    holders = {holder for holder, *_ in hotel.deposits}
    assert held == {holder: hotel.held(holder) for holder in holders if hotel.held(holder)}
    due = [(account, item, cents) for account, own in hotel.night_charges().items() for item, cents in own.items()]
    assert sorted(posted) == sorted(due)
    return int(staying)


def rounded(exact: Fraction, places: int) -> Fraction:
    """Half up, away from nothing."""
    scaled = abs(exact) * 10**places
    whole = (scaled + Fraction(1, 2)).__floor__()
    return Fraction(whole if exact >= 0 else -whole, 10**places)


def assert_any_change_is_named(audit: Audit, place: tuple[int, int]) -> None:
    """One cell of one sealed row, changed by raw SQL that no trigger refuses, is named by verify."""
    with audit.store.engine.connect() as connection, connection.begin() as changing:
        let_everything_through(connection)
        table, row = a_sealed_row(audit, connection, place[0])
        columns = [column for column in table.columns if column.name not in NOT_SEALED]
        column = columns[place[1] % len(columns)]
        which = [one == row[one.name] for one in table.primary_key.columns]
        connection.execute(
            update(table).where(*which).values({column.name: another(row[column.name], column.type.python_type)})
        )
        told = [spoken(one, "en") for one in verify_nights(connection)]
        changing.rollback()
    names = ("number", "account", "reservation", "shift", "check", "business_date")
    named = next(str(row[name]) for name in names if name in row)
    assert told, f"{table.name}.{column.name} of {named}"
    # A night that has another date is told by the chain alone.
    assert column.name == "business_date" or any(named in one for one in told), (table.name, column.name, told)


def a_sealed_row(audit: Audit, connection: Connection, choice: int) -> tuple[Table, dict[str, Any]]:
    found = []
    dates = set(connection.execute(select(closed_books.c.business_date)).scalars())
    for table in (one for one in audit.tables if one.name in SEALED):
        sealed = "sealed_on" if "sealed_on" in table.columns else "closed_at" if "closed_at" in table.columns else ""
        query = select(table).where(table.c[sealed].is_not(None)) if sealed else select(table)
        rows = (dict(row) for row in connection.execute(query).mappings())
        found += [(table, row) for row in rows if table.name not in DATED or day_of(row[DATED[table.name]]) in dates]
    return found[choice % len(found)]


def day_of(value: dt.date) -> dt.date:
    """The business date of a moment; a day is its own."""
    if isinstance(value, dt.datetime):
        return (value - dt.timedelta(hours=2, microseconds=1)).date()
    return value


def another(value: Any, kind: type[Any]) -> Any:
    """A value of a column of that kind that is not the one that stands there."""
    if value is None:
        return {dt.date: FIRST, dt.datetime: dt.datetime.combine(FIRST, dt.time()), int: 1}.get(kind, "x")
    if isinstance(value, bool):
        return not value
    if isinstance(value, (dt.date, dt.datetime)):
        # A day that no other row has, so that no key stands twice.
        return value - dt.timedelta(days=4000)
    if isinstance(value, int):
        return value + 1
    if value in OUTCOMES:
        return OUTCOMES[(OUTCOMES.index(value) + 1) % len(OUTCOMES)]
    if value in LEDGERS:
        # A reservation may stand among deposits and guests, but among companies it does not.
        return DEPOSIT if value == CORPORATE else CORPORATE
    return f"{value}x" if not value.startswith("{") else json.dumps([value])


def every_night_follows(audit: Audit, nights: list[Night], places: list[tuple[int, int]]) -> None:
    hotel = InventedHotel()
    hotel.open_the_house()
    a_day(audit, hotel, nights[0])
    hotel.mend()
    hotel.post_the_rooms()
    before = sum(one.departed is None for one in hotel.stays)
    hotel.roll()
    summary: dict[str, Any] = {}
    for night in nights[1:]:
        a_day(audit, hotel, night)
        summary = a_night(audit, hotel, mended=night[2])
        before = assert_it_follows(audit, hotel, summary, before)
        hotel.close()
        take_back(audit, hotel, night[3])
    last = hotel.date - dt.timedelta(days=1)
    first_print = papers(audit, close(audit.order, last))
    rows = audit.rows()
    again = close(audit.order, last)
    assert again["status"] == "already-done"
    assert again["figures"] == summary["figures"]
    assert papers(audit, printed_again(audit.order, last)) == first_print
    assert audit.rows() == rows
    assert audit.broken() == []
    for place in places:
        assert_any_change_is_named(audit, place)
    assert audit.rows() == rows


def papers(audit: Audit, summary: dict[str, Any]) -> dict[str, bytes]:
    folder = audit.order.home / "reports" / "night-audit" / summary["period"]
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@contextmanager
def a_hotel_on_sqlite(begun: Path) -> Iterator[Audit]:
    with tempfile.TemporaryDirectory() as folder:
        audit = Audit(Path(folder), f"sqlite:///{shutil.copy(begun, folder)}")
        yield audit
        audit.store.engine.dispose()


@settings(QUICK, max_examples=3)
@given(nights=SHORT, places=PLACES)
def test_every_invented_night_follows(sqlite_begun: Path, nights: list[Night], places: list[tuple[int, int]]) -> None:
    with a_hotel_on_sqlite(sqlite_begun) as audit:
        every_night_follows(audit, nights, places)


@settings(QUICK, max_examples=1)
@given(nights=SHORT, places=PLACES)
def test_every_invented_night_follows_on_postgresql(
    postgres_databases: Databases, nights: list[Night], places: list[tuple[int, int]]
) -> None:
    with postgres_databases.lent() as url, tempfile.TemporaryDirectory() as folder:
        audit = Audit(Path(folder), url)
        every_night_follows(audit, nights, places)
        audit.store.engine.dispose()


@pytest.mark.proof
@settings(QUICK, max_examples=60)
@given(nights=LONG, places=PLACES)
def test_every_night_of_many_invented_hotels_follows(
    sqlite_begun: Path, nights: list[Night], places: list[tuple[int, int]]
) -> None:
    with a_hotel_on_sqlite(sqlite_begun) as audit:
        every_night_follows(audit, nights, places)
