"""Migrations: what an older Daybook kept is still there, known by what the newer one knows it by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Table, insert, inspect, select

from tasks.adapters.store import MIGRATIONS, Store, connect_engine, open_store
from tasks.intake.return_tables import shipments
from tasks.intake.tables import changes, erp_lines, ledger_rows
from tasks.register.tables import break_sightings
from tasks.register.verifying import verify_register
from tests.keeping.company import NOW
from tests.keeping.conftest import empty_database

DAY, OTHER = dt.date(2026, 11, 20), dt.date(2026, 11, 19)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables, once of each kind."""
    with empty_database(request.param, tmp_path, lambda: str(request.getfixturevalue("postgres_url"))) as made:
        yield made


def migrated_to(url: str, revision: str) -> Store:
    """The database at `url` as the program of that revision made it."""
    store = Store(connect_engine(url))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return store


def put(connection: Connection, name: str, *rows: dict[str, object]) -> None:
    """Rows in a table as it is at this revision; what is not given is null, or blank or 0 where it may not be."""
    table = Table(name, MetaData(), autoload_with=connection)
    blank = {
        column.name: None if column.nullable else "" if column.type.python_type is str else 0
        for column in table.columns
        if column.name != "id"
    }
    connection.execute(insert(table), [blank | row for row in rows])


def erp_line(file: int, document: str, line: str, **more: object) -> dict[str, object]:
    """A settled line as it was kept before lines had keys."""
    more = {"quantity": 20_000, "date": DAY} | more
    return {"file_id": file, "document": document, "line": line, "matched_by": "exact", **more}


def test_erp_lines_in_two_spellings_become_one_and_what_was_before_is_kept(url: str) -> None:
    store = migrated_to(url, "0005")
    with store.writing() as connection:
        known = {
            "dataset": "erp_documents",
            "received_at": NOW.astimezone(dt.UTC),
            "state": "read",
            "no_movement": False,
        }
        put(connection, "files", *({**known, "sha256": str(at), "name": f"{at}.csv"} for at in (1, 2)))
        put(
            connection,
            "erp_lines",
            erp_line(1, "PAD/01", "1", transfer_order="db 7"),
            erp_line(1, "QTR-0040", "1", date=OTHER),
            erp_line(1, "QTR-0045", "1", date=OTHER),
            erp_line(2, "pad/01", "01", quantity=25_000, transfer_order="DB-7", audited_on=DAY, row=9),
        )
        row = {"file_id": 1, "site": "DF01", "amended": False, "matched_by": "exact"}
        put(connection, "ledger_rows", *({**row, "date": on, "content_key": str(on)} for on in (DAY, OTHER)))
    store.engine.dispose()
    store = open_store(url)
    with store.reading() as connection:
        names = "document", "line", "document_key", "line_key", "transfer_order_key", "quantity", "file_id", "row"
        lines = select(*(erp_lines.c[name] for name in names)).order_by(erp_lines.c.document)
        assert list(map(tuple, connection.execute(lines))) == [
            ("PAD/01", "1", "PAD/01", "1", "DB7", 25_000, 2, 9),
            ("QTR-0040", "1", "QTR0040", "1", "", 20_000, 1, 0),
            ("QTR-0045", "1", "QTR0045", "1", "", 20_000, 1, 0),
        ]
        noted = select(changes.c.key, changes.c.field, changes.c.before, changes.c.after, changes.c.file_id)
        assert list(map(tuple, connection.execute(noted.order_by(changes.c.field)))) == [
            ("PAD/01:1", "audited_on", "", "2026-11-20", 2),
            ("PAD/01:1", "quantity", "2", "2.5", 2),
            ("PAD/01:1", "transfer_order", "db 7", "DB-7", 2),
        ]
        assert connection.execute(select(changes.c.changed_at)).scalars().first() == NOW
        for table in (erp_lines, ledger_rows):
            settled = select(table.c.date).where(table.c.matched_by.is_not(None)).distinct()
            assert connection.execute(settled).scalars().all() == [OTHER]
    store.engine.dispose()


def test_the_indexes_of_open_and_unaudited_lines_stay_small(url: str) -> None:
    store = open_store(url)
    kind = f"{store.engine.dialect.name}_where"
    with store.reading() as connection:
        found = {one["name"]: one.get("dialect_options", {}) for one in inspect(connection).get_indexes("erp_lines")}
    store.engine.dispose()
    assert {name for name, options in found.items() if options.get(kind) is not None} == {
        "ix_erp_lines_open",
        "ix_erp_lines_unaudited",
    }


def test_a_sighting_that_was_told_before_stands_under_the_date_of_its_break(url: str) -> None:
    store = migrated_to(url, "0016")
    with store.writing() as connection:
        own = {"flow": "night-audit", "state": "open", "opened_on": OTHER, "last_period": DAY}
        put(connection, "breaks", *({**own, "id": name, "date": date} for name, date in (("b", OTHER), ("a", DAY))))
        told = {"flow": "night-audit", "state": "open", "since": OTHER}
        put(connection, "break_sightings", {**told, "break_id": "b", "period": OTHER})
        put(connection, "break_sightings", *({**told, "break_id": name, "period": DAY} for name in "ab"))
    store.engine.dispose()
    store = open_store(url)
    with store.reading() as connection:
        kept = select(break_sightings.c.date, break_sightings.c.break_id, break_sightings.c.period)
        assert list(map(tuple, connection.execute(kept.order_by(*break_sightings.primary_key.columns)))) == [
            (OTHER, "b", OTHER), (OTHER, "b", DAY), (DAY, "a", DAY),
        ]  # fmt: skip
        assert verify_register(connection) == []
        columns = inspect(connection).get_pk_constraint("break_sightings")["constrained_columns"]
    store.engine.dispose()
    assert columns == [column.name for column in break_sightings.primary_key.columns]


def test_a_freight_that_was_an_amount_is_kept_as_what_was_written(url: str) -> None:
    store = migrated_to(url, "0015")
    with store.writing() as connection:
        file = {"dataset": "shipments", "received_at": NOW.astimezone(dt.UTC), "state": "read", "no_movement": False}
        put(connection, "files", file)
        sent = {"file_id": 1, "date": DAY}
        put(connection, "shipments", *({**sent, "number_key": str(cost), "cost": cost} for cost in (5, 110_005)))
    store.engine.dispose()
    store = open_store(url)
    with store.reading() as connection:
        kept = select(shipments.c.freight, shipments.c.cost).order_by(shipments.c.cost)
        assert list(map(tuple, connection.execute(kept))) == [("0.05", 5), ("1100.05", 110_005)]
    store.engine.dispose()
