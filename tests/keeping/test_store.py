"""The store: the same tables and the same values on SQLite and PostgreSQL, migrated by itself."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    text,
)

import tasks.damaged_returns.tables
import tasks.invoice_check.tables
import tasks.mail.tables
import tasks.night_audit.tables
import tasks.register.tables
import tasks.stock_ledger.tables
import tasks.stocktake.tables
import tasks.survey.tables  # noqa: F401 - all tables are compared
from tasks.adapters.store import (
    METADATA,
    Moment,
    Store,
    UnableToOpenStore,
    exclusive,
    open_store,
    read_frame,
    write_frame,
)
from tasks.intake.tables import departments, files
from tests.beside import beside, exit_status
from tests.keeping.company import NOW

THINGS = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("code", String(20), nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("day", Date),
    Column("made_at", DateTime),
    Column("moment", Moment),
    Column("count", Integer, nullable=False),
    Column("balance", Integer),
    Column("red", Boolean),
    Column("sure", Boolean, nullable=False, default=False),
)


def test_the_migrated_tables_are_those_that_the_program_knows(store: Store) -> None:
    with store.reading() as connection:
        difference = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA)
    assert difference == []


def test_what_is_written_comes_back_with_the_same_types_and_values(store: Store) -> None:
    frame = pd.DataFrame(
        {
            "code": pd.Series(["007", "九号", 'a\tb\\N\n"c'], dtype="str"),
            "day": pd.Series(["2026-11-20", None, "1999-01-02"], dtype="datetime64[s]"),
            "made_at": pd.Series(["2026-11-20 20:10:05", None, "2026-01-01"], dtype="datetime64[s]"),
            "moment": pd.Series([pd.Timestamp(NOW), pd.NaT, pd.Timestamp(NOW)]).dt.as_unit("s"),
            "count": pd.Series([1, 2, -3], dtype="int64"),
            "balance": pd.Series([10**9, None, 0], dtype="Int64"),
            "red": pd.Series([True, None, False], dtype="boolean"),
        }
    )
    with store.writing() as connection:
        THINGS.create(connection)
        write_frame(connection, THINGS, frame)
    with store.reading() as connection:
        back = read_frame(connection, select(THINGS).order_by(THINGS.c.id))
    expected = frame.assign(id=range(1, 4), note=pd.Series([""] * 3, dtype="str"), sure=False)
    expected["moment"] = expected["moment"].dt.tz_convert("UTC")
    pd.testing.assert_frame_equal(back, expected[list(back.columns)].astype({"id": "int64"}))


def test_an_empty_answer_has_the_same_types_as_a_full_one(store: Store) -> None:
    with store.writing() as connection:
        THINGS.create(connection)
        write_frame(connection, THINGS, pd.DataFrame({"code": ["a"], "count": [1]}))
        full = read_frame(connection, select(THINGS))
        connection.execute(delete(THINGS))
        empty = read_frame(connection, select(THINGS))
    assert [str(kind) for kind in empty.dtypes] == [str(kind) for kind in full.dtypes]
    assert "float64" not in {str(kind) for kind in empty.dtypes}
    assert "object" not in {str(kind) for kind in empty.dtypes}


def test_a_column_that_the_table_lacks_is_an_error_that_names_it(store: Store) -> None:
    with store.writing() as connection, pytest.raises(KeyError, match="colour"):
        write_frame(connection, departments, pd.DataFrame({"department": ["x"], "colour": ["red"]}))


def _add_and_fail(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(
            insert(files).values(dataset="x", sha256="1", name="x", size=1, received_at=NOW, state="read")
        )
        raise ZeroDivisionError


def test_a_block_that_raises_keeps_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        _add_and_fail(store)
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(files)).scalar() == 0


def test_a_database_of_a_newer_program_is_refused_in_one_line(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'newer.db'}"
    store = open_store(url)
    with store.writing() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    store.engine.dispose()
    with pytest.raises(UnableToOpenStore, match=r"newer Daybook.*9999") as said:
        open_store(url)
    assert "\n" not in str(said.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://clerk:geheim@127.0.0.1:1/daybook",
        "postgresql+psycopg://clerk:geheim@127.0.0.1:1/daybook",
        "mysql://clerk:geheim@127.0.0.1/daybook",
        "not a url geheim",
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_without_its_password(url: str) -> None:
    with pytest.raises(UnableToOpenStore) as said:
        open_store(url)
    assert "geheim" not in str(said.value)
    assert "\n" not in str(said.value)


def _open_and_add(url: str, times: int) -> None:
    store = open_store(url)
    for _ in range(times):
        with store.writing() as connection:
            exclusive(connection, "counting")
            count = connection.execute(select(func.count()).select_from(departments)).scalar()
            source = {"file_id": 1, "sheet": "", "row": 1}
            connection.execute(text("select 1"))
            connection.execute(insert(departments).values(department=f"d{count}", **source))


def test_processes_that_open_and_write_at_once_take_turns(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(
            insert(files).values(id=1, dataset="x", sha256="1", name="x", size=1, received_at=NOW, state="read")
        )
    url = store.engine.url.render_as_string(hide_password=False)
    writers = [beside(_open_and_add, url, 10) for _ in range(2)]
    assert [exit_status(one) for one in writers] == [0, 0]
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(departments)).scalar() == 20


def _open(url: str) -> None:
    open_store(url).engine.dispose()


def test_processes_that_make_a_new_home_at_once_all_find_it_ready(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'daybook.db'}"
    openers = [beside(_open, url) for _ in range(3)]
    assert [exit_status(one) for one in openers] == [0, 0, 0]
