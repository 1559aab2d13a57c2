"""A night that is killed at any of its steps ends, done again, as the one that nothing disturbed, byte for byte."""

from __future__ import annotations

import importlib
import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import MetaData, select
from sqlalchemy.sql.sqltypes import DateTime

from tasks.adapters.store import open_store
from tests.beside import beside, exit_status
from tests.night_audit.hotel import B, a_hotel, closed, drop, order_of, take_in

# Everything that a night goes through, in its order; the process dies as it comes to each.
PLACES = (
    ("tasks.night_audit.steps.night", "take_in"),
    ("tasks.night_audit.steps.auditing", "_sealed"),
    ("tasks.night_audit.steps.auditing", "begin_first"),
    ("tasks.night_audit.steps.auditing", "gather"),
    ("tasks.night_audit.steps.auditing", "close_night"),
    ("tasks.night_audit.steps.auditing", "record"),
    ("tasks.night_audit.steps.auditing", "night_report"),
    ("tasks.night_audit.steps.auditing", "seal"),
    ("tasks.night_audit.steps.sealing", "_keep"),
    ("tasks.night_audit.steps.sealing", "_mark"),
    ("tasks.night_audit.steps.sealing", "_present"),
    ("tasks.night_audit.steps.auditing", "record_run"),
    ("tasks.night_audit.steps.auditing", "_with_papers"),
    ("tasks.night_audit.steps.papers", "write_reports"),
    ("tasks.night_audit.steps.papers", "write_copy"),
    ("tasks.night_audit.steps.papers", "_postings"),
    ("tasks.night_audit.steps.papers", "_keep"),
    ("tasks.night_audit.steps.papers", "write_whole"),
)


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


def kept(home: Path) -> dict[str, list[str]]:
    """Every row of every table by its table, but for moments and what a moment's hash covers."""
    tables = MetaData()
    with open_store(order_of(home).database_url).reading() as connection:
        tables.reflect(connection)
        found = {}
        for table in tables.sorted_tables:
            columns = [
                one for one in table.columns if not (isinstance(one.type, DateTime) and one.name.endswith("_at"))
            ]
            found[table.name] = sorted(map(repr, connection.execute(select(*columns)))) if columns else []
        return found


def papers(home: Path) -> dict[str, bytes]:
    """Every file below the reports by its path."""
    folder = home / "reports"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def killed(home: Path, module: str, name: str) -> None:
    """The night until its process comes to the place."""

    def dies(*_given: object, **_named: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    os.environ["DAYBOOK_HOME"] = str(home)
    setattr(importlib.import_module(module), name, dies)
    closed(home)


def run_twice(home: Path, said: Path) -> None:
    """One audit of the date, whose status is written down."""
    os.environ["DAYBOOK_HOME"] = str(home)
    from tasks.night_audit.steps import close

    said.write_text(str(close(order_of(home), B)["status"]), encoding="utf-8")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[str]], dict[str, bytes]]:
    home = the_hotel(tmp_path_factory.mktemp("undisturbed"))
    closed(home)
    return kept(home), papers(home)


@pytest.mark.parametrize(("module", "name"), PLACES, ids=[f"{module.split('.')[-1]}.{name}" for module, name in PLACES])
def test_a_night_after_a_kill_ends_as_if_nothing_had_happened(
    module: str, name: str, home: Path, undisturbed: tuple[dict[str, list[str]], dict[str, bytes]]
) -> None:
    the_hotel(home)
    assert exit_status(beside(killed, home, module, name)) == -signal.SIGKILL

    closed(home)

    rows, files = undisturbed
    assert papers(home) == files
    assert kept(home) == rows


def test_of_two_audits_at_once_one_closes_and_the_other_says_so(home: Path) -> None:
    the_hotel(home)
    take_in(home)
    said = [home / "one", home / "two"]
    both = [beside(run_twice, home, one) for one in said]

    assert [exit_status(one) for one in both] == [0, 0]
    assert sorted(one.read_text(encoding="utf-8") for one in said) == ["already-done", "completed"]
