from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from flows.whereabouts import Whereabouts, whereabouts
from tests.databases import Databases
from tests.flows.running import ONE_LANGUAGE, SECONDS, Home
from tests.flows.served import Served, company_of

NewHome = Callable[[], Home]


def _written(folder: Path, database_url: str = "") -> Home:
    home = Home(folder / f"home_{uuid4().hex}", database_url)
    home.folder.mkdir()
    (home.folder / "daybook.toml").write_text(ONE_LANGUAGE, encoding="utf-8")
    return home


@pytest.fixture
def postgres_home(tmp_path: Path, postgres_databases: Databases) -> Iterator[NewHome]:
    """Makes homes that keep their data in a PostgreSQL database each."""
    with ExitStack() as lent:

        def make() -> Home:
            return _written(tmp_path, lent.enter_context(postgres_databases.lent()))

        yield make


@pytest.fixture
def sqlite_home(tmp_path: Path, sqlite_begun: Path) -> NewHome:
    """Makes homes that keep their data in SQLite."""

    def make() -> Home:
        home = _written(tmp_path)
        shutil.copy(sqlite_begun, home.folder)
        return home

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
        f"[serve]\nport = 0\nreports_port = 0\nhealth_seconds = 86400\n"
        f"[night_audit]\n{rarely}[reservation_sweep]\n{rarely}"
        f"[stocktake]\n{rarely}[account_agreement]\n{rarely}"
        f'[caretaker]\n{rarely}[mail]\nowner = "owner@example.test"\n{rarely}',
        encoding="utf-8",
    )
    # A worker asks for work every ten seconds; a run that is started here is waited for.
    eager = {"PYTHONPATH": str(Path(__file__).parents[2]), "PREFECT_WORKER_QUERY_SECONDS": "2"}
    process = subprocess.Popen(
        [sys.executable, "-m", "flows", "serve"],
        env=home.environment | eager,
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
