from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, make_url

from tasks.adapters.store import WRITING, Store, open_store


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder: Path = tmp_path_factory.mktemp("register")
    return open_store(f"sqlite:///{folder / 'register.db'}")


@pytest.fixture(scope="session")
def postgres_store(postgres_url: str) -> Iterator[Store]:
    name = f"daybook_register_{uuid4().hex}"
    plain = postgres_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    store = open_store(make_url(postgres_url).set(database=name).render_as_string(hide_password=False))
    yield store
    store.engine.dispose()
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue("sqlite_store" if request.param == "sqlite" else "postgres_store")
    return found


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    """A transaction on an empty register, undone after the test."""
    with store.engine.connect() as opened:
        opened.execution_options(**{WRITING: True})
        transaction = opened.begin()
        yield opened
        transaction.rollback()
