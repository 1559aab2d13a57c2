"""A store with an empty outbox, on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from tasks.adapters.store import Store
from tasks.mail.tables import mail_attempts, mail_contents, mail_streaks, outbox
from tests.keeping.conftest import fresh_store


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A migrated store for all tests of a module, once on each database."""
    folder = tmp_path_factory.mktemp(request.param)
    with fresh_store(request.param, folder, request) as opened:
        yield opened


@pytest.fixture(scope="module")
def kept_in_a_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A migrated store in a file, where what is tested does not depend on the database."""
    with fresh_store("sqlite", tmp_path_factory.mktemp("file"), request) as opened:
        yield opened


@pytest.fixture
def store(migrated: Store) -> Store:
    """A store whose outbox is empty, once on each database."""
    return _emptied(migrated)


@pytest.fixture
def outbox_in_a_file(kept_in_a_file: Store) -> Store:
    """A store in a file whose outbox is empty."""
    return _emptied(kept_in_a_file)


def _emptied(store: Store) -> Store:
    with store.writing() as connection:
        for table in (mail_streaks, mail_attempts, outbox, mail_contents):
            connection.execute(delete(table))
    return store
