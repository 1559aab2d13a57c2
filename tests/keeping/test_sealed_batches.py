"""A sealed batch on both databases: nothing changes, deletes or adds to it, and verify tells whatever does not hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Table, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from config.wording import wording
from tasks.adapters.store import Store
from tasks.damaged_returns.steps import verify_batches
from tasks.damaged_returns.tables import return_batches, return_boxes, return_parts

NUMBER, DAY = "RB-DF01-20261116-01", dt.date(2026, 11, 16)


def part(serial: str, batch: str = NUMBER, line: int = 1) -> dict[str, object]:
    return {
        "serial_key": serial, "serial": serial, "batch": batch, "line": line, "site": "DF01", "box_key": "X1",
        "box": "X1", "item_key": "A1", "item": "A1", "quantity": 10_000, "replaced_on": DAY, "registered_on": DAY,
        "by_person": False, "route": "scrap", "category": "DAMAGED_TRANSFER_OUT",
    }  # fmt: skip


def box(batch: str = NUMBER) -> dict[str, object]:
    return {"batch": batch, "box_key": "X1", "box": "X1", "place": 1, "volume": 10**12}


def batch(number: str = NUMBER, sequence: int = 1, parts: int = 1) -> dict[str, object]:
    return {
        "batch": number, "batch_key": number.replace("-", ""), "site": "DF01", "date": DAY, "sequence": sequence,
        "cause": "days", "boxes": 1, "parts": parts, "volume": 10**12,
        "sealed_at": dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC),
    }  # fmt: skip


@pytest.fixture
def sealed(store: Store) -> Store:
    """A store with one sealed batch of one part."""
    with store.writing() as connection:
        connection.execute(insert(return_boxes), [box()])
        connection.execute(insert(return_parts), [part("S1")])
        connection.execute(insert(return_batches), [batch()])
    return store


def refused(store: Store, does: Callable[[Connection], object]) -> str:
    with pytest.raises(DBAPIError) as raised, store.writing() as connection:
        does(connection)
    return str(raised.value.orig)


@pytest.mark.parametrize(("table", "column"), [(return_batches, "site"), (return_boxes, "box"), (return_parts, "site")])
def test_nothing_of_a_sealed_batch_is_changed_or_deleted(sealed: Store, table: Table, column: str) -> None:
    said = f"{table.name}: a sealed batch can be neither changed nor deleted"
    assert said in refused(sealed, lambda connection: connection.execute(update(table).values({column: "X9"})))
    assert said in refused(sealed, lambda connection: connection.execute(delete(table)))


def test_nothing_is_added_to_a_sealed_batch(sealed: Store) -> None:
    added = refused(sealed, lambda connection: connection.execute(insert(return_parts), [part("S2", line=2)]))
    assert "return_parts: nothing can be added to a sealed batch" in added
    other = {**box(), "box_key": "X2"}
    assert "nothing can be added" in refused(sealed, lambda one: one.execute(insert(return_boxes), [other]))


def test_a_serial_is_in_no_second_batch(sealed: Store) -> None:
    def again(connection: Connection) -> None:
        number = "RB-DF01-20261116-02"
        connection.execute(insert(return_boxes), [box(number)])
        connection.execute(insert(return_parts), [part("S1", number)])
        connection.execute(insert(return_batches), [batch(number, 2)])

    refused(sealed, again)
    with sealed.reading() as connection:
        assert connection.execute(select(return_parts.c.batch)).scalars().all() == [NUMBER]


def test_a_batch_whose_parts_are_not_those_that_were_sealed_is_told(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(insert(return_boxes), [box()])
        connection.execute(insert(return_parts), [part("S1")])
        connection.execute(insert(return_batches), [batch(parts=2)])
    with store.reading() as connection:
        said = [wording("en", one.key, **dict(one.parameters)) for one in verify_batches(connection)]
    assert said[0].startswith(f"Batch {NUMBER} was sealed with 2 parts and holds 1 lines")


def test_parts_without_their_batch_cannot_be_kept(store: Store) -> None:
    refused(store, lambda connection: connection.execute(insert(return_parts), [part("S1")]))
    with store.reading() as connection:
        assert connection.execute(text("select count(*) from return_parts")).scalar() == 0
