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
    with fresh_store(request.param, folder, lambda: request.getfixturevalue("postgres_url")) as opened:
        yield opened


@pytest.fixture
def store(migrated: Store) -> Store:
    """A store whose outbox is empty."""
    with migrated.writing() as connection:
        for table in (mail_streaks, mail_attempts, outbox, mail_contents):
            connection.execute(delete(table))
    return migrated
