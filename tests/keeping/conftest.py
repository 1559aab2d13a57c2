"""A fresh store on each database, and the small company taken in on each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tasks.adapters.store import Store, open_store
from tests.databases import Databases
from tests.keeping.company import Company


@contextmanager
def empty_database(kind: str, folder: Path, postgres_url: Callable[[], str]) -> Iterator[str]:
    """The URL of a database without tables: a file below `folder`, or a schema that is dropped afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'daybook.db'}"
        return
    server = postgres_url()
    schema = f"keeping_{uuid4().hex[:12]}"
    with psycopg.connect(server.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(f"create schema {schema}")
        try:
            yield f"{server}?options=-csearch_path%3D{schema}"
        finally:
            connection.execute(f"drop schema {schema} cascade")


@contextmanager
def fresh_store(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A migrated store of its own: a file below `folder`, or a database that is lent."""
    if kind == "sqlite":
        begun: Path = request.getfixturevalue("sqlite_begun")
        with _opened(f"sqlite:///{shutil.copy(begun, folder)}") as store:
            yield store
        return
    databases: Databases = request.getfixturevalue("postgres_databases")
    with databases.lent() as url, _opened(url) as store:
        yield store


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A fresh, migrated store, once on each database."""
    with fresh_store(request.param, tmp_path, request) as opened:
        yield opened


@pytest.fixture(scope="session")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the small company was taken in, its database a file, to be copied."""
    folder = tmp_path_factory.mktemp("company")
    _found(folder, f"sqlite:///{folder / 'daybook.db'}")
    return folder


@pytest.fixture(scope="session")
def company_databases(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Databases in which the small company was taken in."""
    databases = Databases(postgres_url, lambda url: _found(tmp_path_factory.mktemp("company"), url))
    yield databases
    databases.drop()


@pytest.fixture(params=["sqlite", "postgresql"])
def company(request: pytest.FixtureRequest, tmp_path: Path, taken_in: Path) -> Iterator[Company]:
    """Two sites of one department with a good and a damaged store each, taken in on each database."""
    home = Path(shutil.copytree(taken_in, tmp_path / "company"))
    if request.param == "sqlite":
        with _opened(f"sqlite:///{home / 'daybook.db'}") as store:
            yield Company(home, store)
        return
    databases: Databases = request.getfixturevalue("company_databases")
    with databases.lent() as url, _opened(url) as store:
        yield Company(home, store)


@contextmanager
def _opened(url: str) -> Iterator[Store]:
    store = open_store(url)
    yield store
    store.engine.dispose()


def _found(folder: Path, url: str) -> None:
    with _opened(url) as store:
        made = Company(folder, store)
        sites = [["DF01", "大丰一期", "第1业务部"], ["DF02", "大丰二期", "第1业务部"]]
        stores = [
            [f"{site}{mark}", f"{site}{word}品库", site, word]
            for site in ("DF01", "DF02")
            for mark, word in (("A", "完好"), ("B", "损坏"))
        ]
        made.drop("departments", "d.csv", [["业务部", "经理"], ["第1业务部", "王"]])
        made.drop("sites", "s.csv", [["现场编码", "现场名称", "业务部"], *sites])
        made.drop("warehouses", "w.csv", [["仓库编码", "仓库名称", "现场编码", "品质"], *stores])
        made.take_in()
