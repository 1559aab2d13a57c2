from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tasks.adapters.store import WRITING, Store, open_store
from tests.databases import Databases


@pytest.fixture(scope="session")
def sqlite_store(sqlite_begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return open_store(f"sqlite:///{shutil.copy(sqlite_begun, tmp_path_factory.mktemp('register'))}")


@pytest.fixture(scope="session")
def postgres_store(postgres_databases: Databases) -> Iterator[Store]:
    with postgres_databases.lent() as url:
        store = open_store(url)
        yield store
        store.engine.dispose()


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
