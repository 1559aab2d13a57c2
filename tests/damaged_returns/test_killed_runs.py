"""A run that is killed at any step, or done twice at the same moment, leaves what one undisturbed run leaves."""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import DateTime, Integer, MetaData, select

from tasks.adapters.store import open_store
from tests.beside import beside, exit_status
from tests.databases import Databases
from tests.golden import CASES

DAY = dt.date(2025, 11, 16)
# What a run goes through, in its order; the process dies as it comes to each.
PLACES = (
    ("tasks.damaged_returns.steps.sealing", "due_batches"),
    ("tasks.damaged_returns.steps.sealing", "update_by_key"),
    ("tasks.damaged_returns.steps.carrying", "untold_batches"),
    ("tasks.damaged_returns.steps.papers", "write_whole"),
    ("tasks.damaged_returns.steps.carrying", "follow"),
    ("tasks.damaged_returns.steps.carrying", "queue_report"),
    ("tasks.damaged_returns.steps.carrying", "record_run"),
    ("tasks.damaged_returns.steps.carrying", "write_day"),
    ("flows.damaged_returns_day", "send_and_tell"),
)

WITHIN_TRANSACTIONS = ("update_by_key", "record_run")


def the_sites(home: Path) -> Path:
    """Two sites of which one is due: the first day of the story `by_days` with its files in the inbox."""
    process = CASES / "damaged_returns"
    home.mkdir(exist_ok=True)
    for path in (process / "_company" / "wind_sites").glob("*.csv"):
        _deliver(path, home / "inbox" / path.stem)
    for path in (process / "by_days" / "inbox" / "2025-11-15").rglob("*.csv"):
        _deliver(path, home / "inbox" / path.parent.name)
    (home / "daybook.toml").write_text('report_languages = ["zh_CN"]\n', encoding="utf-8")
    return home


def _deliver(path: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, folder / path.name)


def returned(home: Path, url: str) -> None:
    """One run of the date in this process."""
    os.environ |= {"DAYBOOK_HOME": str(home), "DAYBOOK_DATABASE_URL": url}
    from flows.damaged_returns_day import carried_out

    asyncio.run(carried_out(DAY, ""))


def killed(home: Path, url: str, module: str, name: str) -> None:
    """The run until its process comes to the place."""

    def dies(*_given: object, **_named: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(importlib.import_module(module), name, dies)
    returned(home, url)


def kept(url: str) -> dict[str, list[str]]:
    """Every row of what the returns keep and mail, but for moments and numbers given away."""
    tables, found = MetaData(), {}
    with open_store(url).reading() as connection:
        tables.reflect(connection)
        for name in ("return_batches", "return_boxes", "return_parts", "return_papers", "breaks", "outbox"):
            columns = [
                one
                for one in tables.tables[name].columns
                if not isinstance(one.type, DateTime) and one.name not in ("id", "content_id", "attempts", "content")
                and not (isinstance(one.type, Integer) and one.foreign_keys) and one.name != "claimed_by"
            ]  # fmt: skip
            found[name] = sorted(map(repr, connection.execute(select(*columns))))
    return found


def papers(home: Path) -> dict[str, bytes]:
    """Every file below the reports by its path, and every mail by its name."""
    files = {str(path.relative_to(home)): path for path in (home / "reports").rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items()} | dict.fromkeys(
        (path.name for path in (home / "outbox").iterdir()), b""
    )


@contextmanager
def lent(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database of that kind, its tables made: a file in the folder, or one that is lent."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_begun"), folder / "daybook.db")
        yield f"sqlite:///{folder / 'daybook.db'}"
        return
    databases: Databases = request.getfixturevalue("postgres_databases")
    with databases.lent() as url:
        yield url


@pytest.fixture(scope="module")
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database that a test asks for."""
    return str(request.param)


@pytest.fixture(scope="module")
def undisturbed(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, list[str]], dict[str, bytes]]:
    home = tmp_path_factory.mktemp("undisturbed")
    with lent(kind, home, request) as url:
        assert exit_status(beside(returned, the_sites(home), url)) == 0
        return kept(url), papers(home)


@pytest.fixture
def url(kind: str, home: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of the home's database."""
    with lent(kind, home, request) as url:
        yield url


def killed_at() -> Iterator[object]:
    """Every place on SQLite; on PostgreSQL one within each of the two transactions, the others in the long proofs."""
    for module, name in PLACES:
        place = f"{module.split('.')[-1]}.{name}"
        yield pytest.param("sqlite", module, name, id=f"sqlite-{place}")
        long = [] if name in WITHIN_TRANSACTIONS else [pytest.mark.proof]
        yield pytest.param("postgresql", module, name, id=f"postgresql-{place}", marks=[pytest.mark.postgres, *long])


@pytest.mark.parametrize(("kind", "module", "name"), [*killed_at()], indirect=["kind"])
def test_a_run_after_a_kill_ends_as_if_nothing_had_happened(
    module: str, name: str, home: Path, url: str, undisturbed: tuple[dict[str, list[str]], dict[str, bytes]]
) -> None:
    assert exit_status(beside(killed, the_sites(home), url, module, name)) == -signal.SIGKILL

    assert exit_status(beside(returned, home, url)) == 0

    rows, files = undisturbed
    assert [len(rows["return_batches"]), len(rows["return_parts"]), len(rows["outbox"])] == [1, 3, 3]
    assert kept(url) == rows
    assert papers(home) == files


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_two_triggers_at_the_same_moment_make_one_batch(
    home: Path, url: str, undisturbed: tuple[dict[str, list[str]], dict[str, bytes]]
) -> None:
    the_sites(home)
    both = [beside(returned, home, url) for _ in range(2)]

    assert [exit_status(one) for one in both] == [0, 0]

    rows, files = undisturbed
    assert kept(url) == rows
    assert papers(home).keys() == files.keys()
