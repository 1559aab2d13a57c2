"""A fresh store on each database, and the small company taken in on each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from tasks.adapters.store import Store, open_store
from tests.keeping.company import Company

TEMPLATES: list[tuple[str, str]] = []


@dataclass(frozen=True, slots=True)
class Prepared:
    """The small company once taken in: its folder, and its database's name."""

    folder: Path
    database: str


@contextmanager
def empty_database(kind: str, folder: Path, postgres_url: Callable[[], str]) -> Iterator[str]:
    """The URL of a database without tables: a file below `folder`, or a schema that is dropped afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'daybook.db'}"
        return
    server = postgres_url()
    schema = f"keeping_{uuid4().hex[:12]}"
    with psycopg.connect(_plain_url(server), autocommit=True) as connection:
        connection.execute(f"create schema {schema}")
        try:
            yield f"{server}?options=-csearch_path%3D{schema}"
        finally:
            connection.execute(f"drop schema {schema} cascade")


@contextmanager
def fresh_store(kind: str, folder: Path, postgres_url: Callable[[], str]) -> Iterator[Store]:
    """A migrated store of its own, in a database that is gone afterwards."""
    with empty_database(kind, folder, postgres_url) as url:
        store = open_store(url)
        try:
            yield store
        finally:
            store.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A fresh, migrated store, once on each database."""
    with fresh_store(request.param, tmp_path, lambda: request.getfixturevalue("postgres_url")) as opened:
        yield opened


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[], str]], Prepared]:
    """The small company, taken in once for each database and then copied for every test."""
    made: dict[str, Prepared] = {}

    def prepare(kind: str, postgres_url: Callable[[], str]) -> Prepared:
        if kind not in made:
            folder = tmp_path_factory.mktemp(kind)
            url = f"sqlite:///{folder / 'daybook.db'}"
            if kind == "postgresql":
                url = _database(postgres_url(), "")
            opened = open_store(url)
            _found(Company(folder / "company", opened))
            opened.engine.dispose()
            made[kind] = Prepared(folder, opened.engine.url.database or "")
        return made[kind]

    return prepare


@pytest.fixture(params=["sqlite", "postgresql"])
def company(
    request: pytest.FixtureRequest, tmp_path: Path, prepared: Callable[[str, Callable[[], str]], Prepared]
) -> Iterator[Company]:
    """Two sites of one department with a good and a damaged store each, taken in on each database."""

    def postgres_url() -> str:
        return str(request.getfixturevalue("postgres_url"))

    first = prepared(request.param, postgres_url)
    folder = tmp_path / "copy"
    shutil.copytree(first.folder, folder)
    url = f"sqlite:///{folder / 'daybook.db'}"
    if request.param == "postgresql":
        url = _database(postgres_url(), first.database)
    opened = open_store(url)
    yield Company(folder / "company", opened)
    opened.engine.dispose()
    if request.param == "postgresql":
        _drop(postgres_url(), opened.engine.url.database or "")


@pytest.fixture(scope="session", autouse=True)
def _no_database_stays() -> Iterator[None]:
    yield
    for server, name in TEMPLATES:
        _drop(server, name)


def _database(server: str, template: str) -> str:
    name = f"keeping_{uuid4().hex[:12]}"
    with psycopg.connect(_plain_url(server), autocommit=True) as connection:
        if template:
            connection.execute(f"create database {name} template {template}")
        else:
            connection.execute(f"create database {name}")
            TEMPLATES.append((server, name))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _drop(server: str, name: str) -> None:
    with psycopg.connect(_plain_url(server), autocommit=True) as connection:
        connection.execute(f"drop database {name}")


def _plain_url(server: str) -> str:
    return server.replace("postgresql+psycopg://", "postgresql://", 1)


def _found(made: Company) -> None:
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
