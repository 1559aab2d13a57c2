from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from tests.flows.running import Home

NewHome = Callable[[], Home]


def _administered(url: str, statement: str, name: str) -> None:
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


@pytest.fixture
def postgres_home(tmp_path: Path, postgres_url: str) -> Iterator[NewHome]:
    """Makes homes that keep their data in a PostgreSQL database each, dropped afterwards."""
    made: list[str] = []

    def make() -> Home:
        name = f"daybook_proof_{uuid4().hex}"
        _administered(postgres_url, "create database {}", name)
        made.append(name)
        folder = tmp_path / name
        folder.mkdir()
        return Home(folder, make_url(postgres_url).set(database=name).render_as_string(hide_password=False))

    yield make
    for name in made:
        _administered(postgres_url, "drop database if exists {} with (force)", name)


@pytest.fixture
def sqlite_home(tmp_path: Path) -> NewHome:
    """Makes homes that keep their data in SQLite."""

    def make() -> Home:
        folder = tmp_path / f"home_{uuid4().hex}"
        folder.mkdir()
        return Home(folder)

    return make


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def new_home(request: pytest.FixtureRequest) -> NewHome:
    """Makes homes on either database."""
    name = "sqlite_home" if request.param == "sqlite" else "postgres_home"
    maker: NewHome = request.getfixturevalue(name)
    return maker
