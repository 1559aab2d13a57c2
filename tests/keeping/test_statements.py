"""A statement is compiled once in a process whichever database is asked, and for each software in its own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, bindparam, select

from tasks.adapters.statements import COMPILED
from tasks.adapters.store import connect_engine


def _asked(engine: Engine, text: str, label: str) -> object:
    with engine.connect() as connection:
        return connection.execute(select(bindparam("given", text).label(label))).mappings().one()[label]


def test_it_is_compiled_once_for_all_databases_of_a_software(tmp_path: Path) -> None:
    first, second = (connect_engine(f"sqlite:///{tmp_path / name}") for name in ("first.db", "second.db"))
    assert [_asked(first, "铁", "compiled_once"), _asked(second, "铜", "compiled_once")] == ["铁", "铜"]
    assert sum("compiled_once" in str(one) for one in COMPILED.values()) == 1


@pytest.mark.postgres
def test_each_software_is_asked_in_its_own_words(tmp_path: Path, postgres_url: str) -> None:
    engines = [connect_engine(f"sqlite:///{tmp_path / 'one.db'}"), connect_engine(postgres_url)]
    for engine in (*engines, *reversed(engines)):
        assert _asked(engine, "铝", "compiled_for_each") == "铝"
