"""What the audit of a date is given to read: everybody whom the date's money, clock and log name, however far away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from sqlalchemy import Table, insert

from tasks.adapters.store import open_store
from tasks.intake import hotel_tables
from tasks.night_audit.books import Books
from tasks.night_audit.closing import Evidence
from tasks.night_audit.steps.gathering import DATASETS, gather
from tasks.night_audit.tables import reservation_outcomes
from tests.night_audit.conftest import Begun, NewBegun
from tests.night_audit.drawing import NOUNS, rows
from tests.night_audit.hotel import B, a_hotel, closed, drop, order_of, take_in

RESERVATIONS = "预订号|类型|预订人|房型|房数|预抵|预离|房价|状态|录入人|录入时间\n"
DEPOSITS = "流水号|预订号|账号|日期时间|方式|金额|类型|操作员|班次号\n"
STAYS = "账号|预订号|房号|客人|入住类型|抵店|预离|离店|门市价|折扣|房价|操作员\n"


def reserved(number: str, due: str, state: str = "预订", kind: str = "散客") -> str:
    """A line of RESERVATIONS due at six in the evening for one night."""
    left = dt.date.fromisoformat(due) + dt.timedelta(days=1)
    return f"{number}|{kind}|王|大床|1|{due} 18:00|{left} 12:00|300.00|{state}|李|2026-01-01 10:00\n"


def gathered(home: Path, date: dt.date = B) -> Evidence:
    """The evidence of the date after what waited was taken in."""
    take_in(home)
    order = order_of(home)
    with open_store(order.database_url).reading() as connection:
        return gather(connection, date, order.policy)


def recorded(home: Path, reservation: str, outcomes: Iterable[tuple[str, int]]) -> None:
    """Outcomes of a reservation, each with its day of November, in the order in which they were recorded."""
    order = order_of(home)
    common = {"reservation_key": reservation, "reservation": reservation, "who": "夜审", "recorded_at": order.clock()}
    days = [(outcome, dt.date(2026, 11, day)) for outcome, day in outcomes]
    rows = [
        {**common, "outcome": outcome, "business_date": day, "at": dt.datetime.combine(day, dt.time(23))}
        for outcome, day in days
    ]
    with open_store(order.database_url).writing() as connection:
        connection.execute(insert(reservation_outcomes), rows)


def known(books: Books) -> list[str]:
    """The reservations of the books, in their order."""
    return rows(books.reservations, "reservation")


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_row_may_be_blank_where_its_table_may_and_nowhere_else(dataset: str) -> None:
    table: Table = getattr(hotel_tables, dataset)

    blanks = {name: type(None) in get_args(hint) for name, hint in get_type_hints(NOUNS[dataset]).items()}

    assert blanks == {name: bool(table.c[name].nullable) for name in blanks}


def test_a_deposit_of_the_date_brings_its_reservation_however_late_it_is_due(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    drop(hotel_home, "reservations", RESERVATIONS + reserved("R1", "2027-05-01") + reserved("R2", "2027-05-02"))
    drop(hotel_home, "deposits", DEPOSITS + "D9|R1||2026-11-20 10:00|现金|500.00|收取|李|S0\n", "b.csv")

    assert known(gathered(hotel_home).books) == ["R1"]
    told = closed(hotel_home)["exceptions"]
    assert isinstance(told, list)
    assert not [one for one in told if one["kind"] == "DEPOSIT_UNDECIDED"]


def test_a_line_of_the_log_brings_the_reservation_that_it_names(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    drop(hotel_home, "reservations", RESERVATIONS + reserved("R1", "2027-05-01") + reserved("R2", "2027-05-02"))
    drop(hotel_home, "operation_log", "时间|操作员|动作|对象\n2026-11-20 20:00|李|删除预订|r2\n")

    assert known(gathered(hotel_home).books) == ["R2"]


def test_what_is_to_be_decided_stays_here_until_somebody_decides(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    drop(
        hotel_home,
        "reservations",
        RESERVATIONS
        + reserved("R1", "2026-11-10", kind="团体")
        + reserved("R2", "2026-11-10", kind="团体")
        + reserved("R3", "2026-11-10", kind="团体")
        + reserved("R4", "2026-11-10", "取消", "团体")
        + reserved("R5", "2026-11-10"),
    )
    take_in(hotel_home)
    recorded(hotel_home, "R1", [("undecided", 10)])
    recorded(hotel_home, "R2", [("undecided", 10), ("released", 12)])
    recorded(hotel_home, "R3", [("undecided", 10), ("restored", 12)])
    recorded(hotel_home, "R4", [("undecided", 10)])
    recorded(hotel_home, "R5", [("no_show", 10)])

    books = gathered(hotel_home).books

    assert known(books) == ["R1", "R3"]
    assert rows(books.outcomes, "outcome") == ["undecided", "undecided", "restored"]


def test_outcomes_come_in_the_order_in_which_they_were_recorded(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    drop(hotel_home, "reservations", RESERVATIONS + reserved("R1", "2026-11-20") + reserved("R2", "2026-11-20"))
    take_in(hotel_home)
    recorded(hotel_home, "R2", [("no_show", 20)])
    recorded(hotel_home, "R1", [("released", 20)])
    recorded(hotel_home, "R2", [("restored", 19)])

    outcomes = gathered(hotel_home).books.outcomes

    assert rows(outcomes, "reservation_key outcome") == ["R2 no_show", "R1 released", "R2 restored"]


def test_a_deposit_used_up_long_ago_is_whole_while_its_guest_stays(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    drop(hotel_home, "reservations", RESERVATIONS + reserved("R1", "2026-11-05", "入住"))
    drop(
        hotel_home,
        "stays",
        STAYS + "A2|R1|302|赵|正常|2026-11-05 15:00|2026-11-25 12:00||300.00|1|300.00|李\n",
        "b.csv",
    )
    drop(
        hotel_home,
        "deposits",
        DEPOSITS
        + "D8|R1||2026-11-01 10:00|现金|500.00|收取|李|S0\n"
        + "D9|R1|A2|2026-11-05 16:00|现金|500.00|转入账户|李|\n",
        "b.csv",
    )

    evidence = gathered(hotel_home)

    assert known(evidence.books) == ["R1"]
    assert rows(evidence.books.deposits, "number") == ["D1", "D8", "D9"]
    assert closed(hotel_home)["status"] == "completed"


def test_a_deposit_kept_by_the_account_alone_is_whole_too(hotel_home: Path) -> None:
    a_hotel(hotel_home)
    closed(hotel_home)
    drop(
        hotel_home,
        "deposits",
        DEPOSITS + "D2||A1|2026-11-21 15:00|现金|-2000.00|退还|李|S0\n",
        "b.csv",
    )
    following = B + dt.timedelta(days=1)

    summary = closed(hotel_home, following)

    assert summary["status"] == "completed"
    assert rows(gathered(hotel_home, following + dt.timedelta(days=1)).books.deposits, "number") == ["D1", "D2"]


def awaited(home: Path) -> None:
    """Two reservations of next year, money held on both and taken before the hotel's first date, which is closed."""
    a_hotel(home)
    drop(home, "reservations", RESERVATIONS + reserved("R1", "2027-05-01") + reserved("R2", "2027-05-02"))
    moved = (
        "D7|R1||2026-11-01 10:00|现金|500.00|收取|李|S0\n"
        "D8|R1||2026-11-02 10:00|现金|200.00|退还|李|S0\n"
        "D9|R2||2026-11-03 10:00|现金|-80.00|收取|李|S0\n"
    )
    drop(home, "deposits", DEPOSITS + moved, "b.csv")
    closed(home)


@pytest.fixture(scope="module")
def waiting(new_begun: NewBegun) -> Begun:
    return new_begun(awaited)


@pytest.fixture(params=["sqlite", "postgresql"])
def awaited_home(request: pytest.FixtureRequest, home: Path, waiting: Begun) -> Iterator[Path]:
    """The hotel of `awaited`, once on each database."""
    with waiting.lent(request.param, home) as lent:
        yield lent


def held_anew(evidence: Evidence) -> dict[str, int]:
    """What the evidence says is held on each holder, summed up from all of its rows."""
    return {row.account_key: row.balance for row in evidence.folios if row.ledger == "deposit"}


def test_a_deposit_that_only_waits_is_proved_without_being_judged(awaited_home: Path) -> None:
    evidence = gathered(awaited_home, B + dt.timedelta(days=1))

    assert known(evidence.books) == []
    assert rows(evidence.books.deposits, "number") == ["D1"]
    assert held_anew(evidence) == {"reservations:R1": 30000, "reservations:R2": -8000, "stays:A1": 200000}
    assert closed(awaited_home, B + dt.timedelta(days=1))["status"] == "completed"


@pytest.mark.parametrize(
    ("dataset", "row"),
    [
        ("reservations", RESERVATIONS + reserved("R1", "2027-05-01", "取消")),
        ("reservations", RESERVATIONS + reserved("R1", "2027-05-01", "未到")),
        ("reservations", RESERVATIONS + reserved("R1", "2026-11-22")),
        ("deposits", DEPOSITS + "D5|R1||2026-11-21 10:00|现金|5.00|收取|李|S0\n"),
        ("deposits", DEPOSITS + "D5|R1|A1|2026-11-21 10:00|现金|5.00|转入账户|李|\n"),
        ("operation_log", "时间|操作员|动作|对象\n2026-11-21 20:00|李|删除预订|r1\n"),
        ("stays", STAYS + "A2|R1|302|赵|正常|2026-11-21 15:00|2026-11-25 12:00||300.00|1|300.00|李\n"),
    ],
)
def test_a_reservation_waits_no_longer_once_anything_is_said_of_it(awaited_home: Path, dataset: str, row: str) -> None:
    drop(awaited_home, dataset, row, "c.csv")

    evidence = gathered(awaited_home, B + dt.timedelta(days=1))

    assert known(evidence.books) == ["R1"]
    assert {"D7", "D8"} <= set(rows(evidence.books.deposits, "number"))
    assert held_anew(evidence)["reservations:R2"] == -8000
