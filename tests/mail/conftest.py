"""A fresh store on each database, and mails to put in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import delete

from tasks.adapters.store import Store
from tasks.mail.outbox import NewMail
from tasks.mail.tables import mail_attempts, mail_contents, mail_streaks, outbox
from tests.keeping.conftest import fresh_store

NOW = dt.datetime(2026, 11, 20, 21, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
MINUTE = dt.timedelta(minutes=1)
DOMAIN = "daybook.example"


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


def new_mail(recipient: str = "wang@example.test", **changed: str) -> NewMail:
    """An ordinary mail to `recipient`."""
    ordinary = NewMail(
        flow="stock-ledger",
        period="2026-11-20",
        report="",
        recipient=recipient,
        recipient_name="王",
        language="zh_CN",
        subject="流水账核对",
        content='{"title": "流水账"}',
        lies_at="reports/stock-ledger/2026-11-20",
    )
    return replace(ordinary, **changed)
