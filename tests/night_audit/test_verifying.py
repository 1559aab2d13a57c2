"""Verify names the day and the row that raw SQL changed, whichever way the date kept what it sealed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from tasks.adapters.store import Store, connect_engine, open_store
from tasks.night_audit.rows import Balance
from tasks.night_audit.sealing import COVERS, FIRST, LEDGERS, Digest, day_hash
from tasks.night_audit.steps.covered import ONCE_COVERED, present_digests
from tasks.night_audit.steps.reading import read
from tasks.night_audit.steps.sweeping import restore
from tasks.night_audit.tables import ledger_balances, night_audits, sealed_rows
from tests.keeping.test_migrations import migrated_to
from tests.night_audit.hotel import a_hotel, closed, drop, order_of, take_in
from tests.night_audit.raw_sql import let_everything_through
from tests.night_audit.test_late_deliveries import BEFORE, HEADS
from tests.night_audit.test_nights import NEXT, broken, figures, raw

ONE_DAY = dt.timedelta(days=1)
# A reservation that nobody confirmed: the close of its night releases it.
UNCONFIRMED = "R9|散客|赵|大床|1|2026-11-20 14:00|2026-11-23|300.00|否|预订|李|2026-11-01"
CHANGED = "2026-11-20 已关账，{} 被改动过"


def a_closed_hotel(home: Path) -> None:
    """A hotel with a check, a shift and a released reservation on its first date, which is closed."""
    a_hotel(home)
    for name, table in BEFORE.items():
        drop(home, name, f"{HEADS[name]}\n{table}")
    drop(home, "reservations", f"{HEADS['reservations']}\n{UNCONFIRMED}", "b.csv")
    closed(home)


def in_spite_of_triggers(home: Path, statement: str) -> None:
    """Raw SQL by somebody whom no trigger stops; they guard again afterwards on PostgreSQL alone."""
    with open_store(order_of(home).database_url).writing() as connection:
        let_everything_through(connection)
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update shifts set handed_over = 1", [CHANGED.format("shifts S1")]),
        ("update pos_checks set amount = 1", [CHANGED.format("pos_checks C1")]),
        ("update pos_checks set at = '2026-12-01 10:00:00.000000'", ["2026-11-20 已关账，pos_checks C1 不见了"]),
        ("delete from shifts", ["2026-11-20 已关账，shifts S1 不见了"]),
        (
            "update reservation_outcomes set reason = 'x' where reservation = 'R9'",
            [CHANGED.format("reservation_outcomes R9")],
        ),
        ("update standing_balances set balance = 1 where account = 'A1' and ledger = 'guest'",
         [CHANGED.format("standing_balances A1")]),
        ("delete from standing_balances where ledger = 'deposit'", ["2026-11-20 已关账，standing_balances A1 不见了"]),
        (
            "insert into standing_balances values ('corporate', 'x', '某公司', 100, '2026-11-20')",
            ["2026-11-20 已关账，standing_balances 某公司 是后来加上的"],
        ),
        ("update ledger_balances set balance = 1 where ledger = 'guest'",
         [CHANGED.format("ledger_balances A1"), CHANGED.format("standing_balances A1")]),
    ],
)  # fmt: skip
def test_what_raw_sql_changes_is_named(hotel_home: Path, statement: str, said: list[str]) -> None:
    a_closed_hotel(hotel_home)
    assert broken(hotel_home) == []

    in_spite_of_triggers(hotel_home, statement)

    assert broken(hotel_home) == said


@pytest.mark.parametrize(
    ("dataset", "row", "untold"),
    [
        ("pos_checks", "C1 | 中餐 | 2026-11-22 19:00 | 98.00 | 直接付款 | 吴", "outlet = '西餐'"),
        ("pos_checks", "C2 | 中餐 | 2026-11-20 19:00 | 98.00 | 直接付款 | 吴", "operator = 'x' where \"check\" = 'C1'"),
        ("shifts", "S1 | 李 | 2026-11-20 | 2026-11-20 09:00 | | | 现金 | 300.00", "operator = '赵'"),
    ],
)  # fmt: skip
def test_what_a_later_file_changes_is_told_apart_from_what_raw_sql_changes(
    hotel_home: Path, dataset: str, row: str, untold: str
) -> None:
    a_closed_hotel(hotel_home)
    drop(hotel_home, dataset, f"{HEADS[dataset]}\n{row}", "c.csv")
    take_in(hotel_home)
    assert broken(hotel_home) == []

    raw(hotel_home, f"update {dataset} set {untold}")

    assert broken(hotel_home) == [CHANGED.format(f"{dataset} {'S1' if dataset == 'shifts' else 'C1'}")]


def test_a_reservation_taken_back_after_an_early_close_belongs_to_the_open_date(hotel_home: Path) -> None:
    a_closed_hotel(hotel_home)

    restore(order_of(hotel_home), "R9", "李", "客人来了", dt.datetime.combine(NEXT, dt.time(1)))

    assert broken(hotel_home) == []


def test_a_date_whose_text_nobody_can_read_any_more_is_named_alone(hotel_home: Path) -> None:
    a_closed_hotel(hotel_home)

    in_spite_of_triggers(hotel_home, "update night_audits set said = 'x' where closed_at is not null")

    [line] = broken(hotel_home)
    assert "2026-11-20" in line


def open_as_it_is(home: Path) -> Store:
    """The database of the home, not migrated."""
    return Store(connect_engine(order_of(home).database_url))


def carried_on_from_how_it_was_kept_once(home: Path) -> None:
    """The closed dates as they were kept before migration 0014, every balance of every date, and then migrated."""
    with open_store(order_of(home).database_url).writing() as connection:
        let_everything_through(connection)
        previous, standing = FIRST, dict[tuple[str, ...], Balance]()
        audits = night_audits.c
        for row in connection.execute(
            select(night_audits).where(audits.closed_at.is_not(None)).order_by(audits.business_date)
        ).all():
            date = row.business_date
            own = ledger_balances.c.business_date == date
            standing |= {one[:2]: one for one in read(connection, Balance, ledger_balances, own)}
            connection.execute(delete(ledger_balances).where(own))
            whole = [one._asdict() | {"business_date": date} for one in standing.values() if one.balance]
            connection.execute(insert(ledger_balances), whole)
            previous = sealed_as_once(connection, date, previous)
        connection.execute(text("drop table standing_balances"))
        head = connection.execute(text("select version_num from alembic_version")).scalar()
        connection.execute(text("update alembic_version set version_num = '0013'"))
    migrated_to(order_of(home).database_url, "0014").engine.dispose()
    with open_as_it_is(home).writing() as connection:
        # What later migrations made is there already.
        connection.execute(text("update alembic_version set version_num = :head"), {"head": head})


def sealed_as_once(connection: Connection, date: dt.date, previous: str) -> str:
    """Seals the date over what was covered once; the hash."""
    digests = present_digests(connection, date, dt.datetime.combine(date + ONE_DAY, dt.time(2)), ONCE_COVERED, {})
    connection.execute(delete(sealed_rows).where(sealed_rows.c.business_date == date))
    connection.execute(insert(sealed_rows), [one._asdict() | {"business_date": date} for one in digests])
    mine = night_audits.c.business_date == date
    row = connection.execute(select(night_audits).where(mine)).one()
    said = json.dumps({name: one for name, one in json.loads(row.said).items() if name not in (COVERS, LEDGERS)})
    own = day_hash(
        previous, date, map(Digest._make, digests), {"measures": row.measures, "report": row.report, "said": said}
    )
    connection.execute(update(night_audits).where(mine).values(said=said, hash=own, previous_hash=previous))
    return own


def test_books_that_kept_every_balance_of_every_date_are_carried_on(hotel_home: Path) -> None:
    a_closed_hotel(hotel_home)
    # The guest leaves, so that a balance of the first date is nothing at the second.
    drop(
        hotel_home,
        "payments",
        "流水号|账号|营业日|时间|方式|金额|操作员|班次号\nP1|A1|2026-11-21|2026-11-21 09:00|信用卡|900.00|李|S2",
    )
    second = closed(hotel_home, NEXT)
    assert figures(second, "guest_ledger", "deposit_ledger") == ["0.00", "2000.00"]
    carried_on_from_how_it_was_kept_once(hotel_home)

    assert broken(hotel_home) == []
    third = closed(hotel_home, NEXT + ONE_DAY)
    assert figures(third, "guest_ledger", "deposit_ledger") == ["300.00", "2000.00"]
    assert broken(hotel_home) == []
    in_spite_of_triggers(hotel_home, "update ledger_balances set balance = 1 where business_date = '2026-11-20'")
    assert {line[:10] for line in broken(hotel_home)} == {"2026-11-20"}
