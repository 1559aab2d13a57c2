"""A night that is killed at any of its steps ends, done again, as the one that nothing disturbed, byte for byte."""

from __future__ import annotations

import importlib
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Column, MetaData, Table, select
from sqlalchemy.sql.sqltypes import DateTime

from tasks.adapters.store import open_store
from tests.beside import beside, exit_status
from tests.night_audit.conftest import Begun, NewBegun
from tests.night_audit.hotel import B, a_hotel, closed, drop, order_of, take_in

# Everything that a night goes through, in its order; the process dies as it comes to each.
PLACES = (
    ("tasks.intake.steps.receiving", "take_in"),
    ("tasks.night_audit.steps.auditing", "_sealed"),
    ("tasks.night_audit.steps.auditing", "begin_first"),
    ("tasks.night_audit.steps.auditing", "gather"),
    ("tasks.night_audit.steps.auditing", "close_night"),
    ("tasks.night_audit.steps.auditing", "record"),
    ("tasks.night_audit.steps.auditing", "night_report"),
    ("tasks.night_audit.steps.auditing", "seal"),
    ("tasks.night_audit.steps.sealing", "_keep"),
    ("tasks.night_audit.steps.sealing", "_mark"),
    ("tasks.night_audit.steps.sealing", "_stand"),
    ("tasks.night_audit.steps.sealing", "present_digests"),
    ("tasks.night_audit.steps.auditing", "record_run"),
    ("tasks.night_audit.steps.auditing", "_with_papers"),
    ("tasks.night_audit.steps.papers", "write_reports"),
    ("tasks.night_audit.steps.papers", "write_copy"),
    ("tasks.night_audit.steps.papers", "_postings"),
    ("tasks.night_audit.steps.papers", "_keep"),
    ("tasks.night_audit.steps.papers", "write_whole"),
)


class Undisturbed(NamedTuple):
    """What a night leaves that nothing disturbed: every table, its rows, the papers."""

    tables: Sequence[Table]
    rows: dict[str, list[str]]
    files: dict[str, bytes]


def the_hotel(home: Path) -> Path:
    """The small hotel with a no-show who left a deposit."""
    home.mkdir(exist_ok=True)
    a_hotel(home)
    heads = "预订号|类型|预订人|房型|房数|房号|预抵|预离|房价|状态|录入人|录入时间\n"
    row = "R1|散客|吴磊|大床|1|302|2026-11-20 14:00|2026-11-22|300.00|预订|李|2026-11-10"
    drop(home, "reservations", heads + row)
    drop(
        home, "deposits", "流水号|预订号|日期时间|方式|金额|操作员|班次号\nD9|R1|2026-11-18|现金|300.00|李|S0", "b.csv"
    )
    return home


def tables_of(home: Path) -> list[Table]:
    """Every table that the home's database has."""
    tables = MetaData()
    with open_store(order_of(home).database_url).reading() as connection:
        tables.reflect(connection)
    return tables.sorted_tables


def kept(home: Path, tables: Sequence[Table]) -> dict[str, list[str]]:
    """Every row of the tables by its table, but for moments and what a moment's hash covers."""
    url = order_of(home).database_url
    with open_store(url).reading() as connection:
        found = {}
        for table in tables:
            columns = [one for one in table.columns if _is_compared(one, serial=not url.startswith("sqlite"))]
            found[table.name] = sorted(map(repr, connection.execute(select(*columns)))) if columns else []
        return found


def _is_compared(column: Column[Any], *, serial: bool) -> bool:
    """Whether two nights agree in a column; PostgreSQL gives a `serial` number away also where nothing was kept."""
    numbers = {column, *(one.column for one in column.foreign_keys)}
    if serial and any(one.name == "id" for one in numbers):
        return False
    return not (isinstance(column.type, DateTime) and column.name.endswith("_at"))


def papers(home: Path) -> dict[str, bytes]:
    """Every file below the reports by its path."""
    folder = home / "reports"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def settle(home: Path, url: str) -> None:
    """Leads this process to the home and its database."""
    os.environ |= {"DAYBOOK_HOME": str(home), "DAYBOOK_DATABASE_URL": url}


def killed(home: Path, url: str, module: str, name: str) -> None:
    """The night until its process comes to the place."""

    def dies(*_given: object, **_named: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    settle(home, url)
    setattr(importlib.import_module(module), name, dies)
    closed(home)


def run_twice(home: Path, url: str, said: Path) -> None:
    """One audit of the date, whose status is written down."""
    settle(home, url)
    from tasks.night_audit.steps import close

    said.write_text(str(close(order_of(home), B)["status"]), encoding="utf-8")


# On a server it takes another minute; every run shows it in a file.
ON_SERVER = pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.proof])


@pytest.fixture(scope="module", params=["sqlite", ON_SERVER])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def delivered(new_begun: NewBegun) -> Begun:
    """The hotel whose files wait in the inbox."""
    # The database is made before it is lent: what is lent is brought back to how it began.
    return new_begun(lambda home: open_store(order_of(the_hotel(home)).database_url).engine.dispose())


@pytest.fixture(scope="module")
def taken_in(new_begun: NewBegun) -> Begun:
    """The hotel whose files were taken in, so that only the night is left."""
    return new_begun(lambda home: take_in(the_hotel(home)))


@pytest.fixture(scope="module")
def undisturbed(kind: str, taken_in: Begun, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    with taken_in.lent(kind, tmp_path_factory.mktemp("undisturbed")) as home:
        closed(home)
        tables = tables_of(home)
        return Undisturbed(tables, kept(home, tables), papers(home))


@pytest.mark.parametrize(("module", "name"), PLACES, ids=[f"{module.split('.')[-1]}.{name}" for module, name in PLACES])
def test_a_night_after_a_kill_ends_as_if_nothing_had_happened(
    module: str, name: str, kind: str, home: Path, delivered: Begun, taken_in: Begun, undisturbed: Undisturbed
) -> None:
    with (delivered if name == "take_in" else taken_in).lent(kind, home):
        url = order_of(home).database_url
        assert exit_status(beside(killed, home, url, module, name)) == -signal.SIGKILL

        closed(home)

        assert papers(home) == undisturbed.files
        assert kept(home, undisturbed.tables) == undisturbed.rows
    assert (home / "daybook.db").exists() == (kind == "sqlite"), "a process worked on another database"


def test_of_two_audits_at_once_one_closes_and_the_other_says_so(kind: str, home: Path, taken_in: Begun) -> None:
    with taken_in.lent(kind, home):
        said = [home / "one", home / "two"]
        both = [beside(run_twice, home, order_of(home).database_url, one) for one in said]

        assert [exit_status(one) for one in both] == [0, 0]
        assert sorted(one.read_text(encoding="utf-8") for one in said) == ["already-done", "completed"]
