"""What every test may ask for: a home folder, a PostgreSQL server, the same examples each time, no outside network."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from tasks.adapters.store import open_store
from tests.databases import Databases

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
POSTGRES_AT = os.environ.get("DAYBOOK_TEST_POSTGRES_URL", "")
POSTGRES_TRIED = tuple(f"postgresql+psycopg://{role}@127.0.0.1:5432/postgres" for role in ("postgres", "root"))

# Deadlines would make a busy machine fail what is right; under CI the examples are the same on every run.
settings.register_profile("daybook", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=IN_CI)
settings.load_profile("daybook")

_connect = socket.socket.connect


def _is_outside(address: object) -> bool:
    if not isinstance(address, tuple) or not address:
        return False
    host = str(address[0])
    if host in {"", "localhost"}:
        return False
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return True


def _connect_inside(connection: socket.socket, address: tuple[object, ...] | str) -> None:
    if _is_outside(address):
        message = f"a test reached for the network: {address!r}"
        raise AssertionError(message)
    _connect(connection, address)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for a Prefect server comes first, so that another worker has work meanwhile until the end."""
    items.sort(key=lambda item: item.get_closest_marker("server") is None)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector of garbage need not look through it again and again."""
    gc.freeze()


def pytest_configure() -> None:
    """Nothing in a test leaves the machine, and no setting of the caller's shell reaches a test."""
    socket.socket.connect = _connect_inside  # type: ignore[method-assign, assignment] # a method of its own
    for name in [name for name in os.environ if name.startswith("DAYBOOK_") and name != "DAYBOOK_TEST_POSTGRES_URL"]:
        del os.environ[name]


def _answers(url: str) -> str:
    """Empty when the server behind `url` answers, else its one-line reason."""
    try:
        with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1), connect_timeout=3) as connection:
            connection.execute("select 1")
    except psycopg.Error as wrong:
        return str(wrong).strip().splitlines()[0]
    return ""


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The SQLAlchemy URL of a PostgreSQL server where tests may make databases and schemas of their own.

    DAYBOOK_TEST_POSTGRES_URL, else the role postgres or root on 127.0.0.1:5432. Without one the test is skipped,
    saying so; under CI it fails.
    """
    named = POSTGRES_AT.replace("postgresql://", "postgresql+psycopg://", 1)
    reasons = []
    for url in (named,) if named else POSTGRES_TRIED:
        reason = _answers(url)
        if not reason:
            return url
        reasons.append(reason)
    said = f"no PostgreSQL server answers (DAYBOOK_TEST_POSTGRES_URL names another): {reasons[-1]}"
    if IN_CI:
        pytest.fail(said)
    pytest.skip(said)


@pytest.fixture(scope="session")
def sqlite_begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in a file, new and ready, to be copied: making one takes longer than most of what is tested."""
    file = tmp_path_factory.mktemp("begun") / "daybook.db"
    open_store(f"sqlite:///{file}").engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgres_databases(postgres_url: str) -> Iterator[Databases]:
    """Databases in which Daybook has made its tables."""
    databases = Databases(postgres_url, lambda url: open_store(url).engine.dispose())
    yield databases
    databases.drop()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty DAYBOOK_HOME of this test alone; its database is SQLite inside it."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("DAYBOOK_HOME", str(folder))
    monkeypatch.delenv("DAYBOOK_DATABASE_URL", raising=False)
    return folder
