from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from flows.whereabouts import Whereabouts, whereabouts
from tasks.adapters.store import open_store
from tests.flows.running import ONE_LANGUAGE, SECONDS, Home
from tests.flows.served import Served, company_of

NewHome = Callable[[], Home]


def _administered(url: str, statement: str, *names: str) -> None:
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _at(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def sqlite_begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose database is new and ready, to be copied: making one takes longer than most of what is tested."""
    folder = tmp_path_factory.mktemp("begun")
    (folder / "daybook.toml").write_text(ONE_LANGUAGE, encoding="utf-8")
    open_store(Home(folder).url).engine.dispose()
    return folder


@pytest.fixture(scope="session")
def postgres_begun(postgres_url: str) -> Iterator[str]:
    """The name of a database that is new and ready, to be copied."""
    name = f"daybook_proof_{uuid4().hex}"
    _administered(postgres_url, "create database {}", name)
    open_store(_at(postgres_url, name)).engine.dispose()
    yield name
    _administered(postgres_url, "drop database if exists {} with (force)", name)


@pytest.fixture
def postgres_home(tmp_path: Path, postgres_url: str, postgres_begun: str) -> Iterator[NewHome]:
    """Makes homes that keep their data in a PostgreSQL database each, dropped afterwards."""
    made: list[str] = []

    def make() -> Home:
        name = f"daybook_proof_{uuid4().hex}"
        _administered(postgres_url, "create database {} template {}", name, postgres_begun)
        made.append(name)
        folder = tmp_path / name
        folder.mkdir()
        (folder / "daybook.toml").write_text(ONE_LANGUAGE, encoding="utf-8")
        return Home(folder, _at(postgres_url, name))

    yield make
    for name in made:
        _administered(postgres_url, "drop database if exists {} with (force)", name)


@pytest.fixture
def sqlite_home(tmp_path: Path, sqlite_begun: Path) -> NewHome:
    """Makes homes that keep their data in SQLite."""

    def make() -> Home:
        return Home(Path(shutil.copytree(sqlite_begun, tmp_path / f"home_{uuid4().hex}")))

    return make


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def new_home(request: pytest.FixtureRequest) -> NewHome:
    """Makes homes on either database."""
    name = "sqlite_home" if request.param == "sqlite" else "postgres_home"
    maker: NewHome = request.getfixturevalue(name)
    return maker


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """What `daybook serve` starts: a server, the deployments and a worker."""
    home = company_of(Home(tmp_path_factory.mktemp("served")))
    # What runs every few minutes would take the processors from the tests.
    rarely = 'schedules = ["0 3 1 1 *"]\n'
    (home.folder / "daybook.toml").write_text(
        f"[serve]\nport = 0\nreports_port = 0\n[caretaker]\n{rarely}[mail]\n{rarely}", encoding="utf-8"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "flows", "serve"],
        env=home.environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found, line
    served = whereabouts(home.folder)
    assert served.api == f"{found[0]}/api"
    yield Served(home, served.api)
    process.send_signal(signal.SIGTERM)
    assert process.wait(SECONDS) == 0
    for address in (f"{served.api}/health", served.reports):
        with pytest.raises(OSError, match="refused"):
            urllib.request.urlopen(address, timeout=5)  # noqa: S310 - our own servers
    assert whereabouts(home.folder) == Whereabouts()
