"""The database: opened and migrated once, then read and written in transactions.

SQLite by default, PostgreSQL by URL; both hold the same tables and give the same frames.
"""

from __future__ import annotations

import functools
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pandas as pd
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Select,
    Table,
    TypeDecorator,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from config.refusals import refusal
from tasks.adapters.columns import (
    Written,
    copied_into_postgresql,
    frame_of,
    frame_values,
    inserted_into_sqlite,
    row_values,
)
from tasks.adapters.database_refusals import database_refusal, place
from tasks.adapters.speech import spoken
from tasks.adapters.statements import COMPILED
from tasks.domain.message import Message, message

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_SECONDS = 60
CONNECT_SECONDS = 10
LOG_PAGES = 8000
CACHE_KIB = 128 * 1024
WAL_ATTEMPTS = 600
WAL_PAUSE_SECONDS = 0.05
WRITING = "daybook_writing"
ROWS_AT_ONCE = 20_000

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UnableToOpenStore(Exception):
    """The database cannot be used; `.message` is one line without any password, and so is the text."""

    def __init__(self, why: Message) -> None:
        """Keep `why` for the reader's language."""
        super().__init__(why)
        self.message = why

    def __str__(self) -> str:
        """The line in English, as logs have it."""
        return spoken(self.message, "en")


class UnableToNameStore(UnableToOpenStore):
    """The address of the database is none that Daybook knows: settings are wrong, not the database."""


class UnableToFindStore(UnableToOpenStore):
    """No Daybook data are kept at the address."""


class Moment(TypeDecorator[datetime]):
    """A point in time with its zone: kept in UTC and given back in UTC by both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's words
        """The moment in UTC; raises ValueError for a time without a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a moment needs a zone: {value}")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's words
        """The moment in UTC, though SQLite keeps no zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Store:
    """One database, migrated to this program's tables."""

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one unchanging state of the database; whatever it wrote would be rolled back."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in one transaction: all of it is kept when the block ends, none of it when the block raises."""
        with self.engine.connect() as connection:
            connection.execution_options(**{WRITING: True})
            with connection.begin():
                yield connection


def open_store(url: str) -> Store:
    """The database at `url`, its tables made or migrated; any number of processes may do this at once.

    Raises UnableToOpenStore when nothing answers, the URL is of no known database, or a newer Daybook wrote it.
    """
    engine = connect_engine(url)
    try:
        _migrate(engine)
    except DBAPIError as wrong:
        engine.dispose()
        raise UnableToOpenStore(database_refusal(wrong, engine.url)) from None
    except UnableToOpenStore:
        engine.dispose()
        raise
    return Store(engine)


def find_store(url: str) -> Store:
    """The database at `url` where Daybook keeps its data already; nothing is made.

    Raises UnableToFindStore where no data are kept, else as open_store does.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite" and not _is_filled(Path(parsed.database or "")):
        raise UnableToFindStore(message("database.absent", where=place(parsed)))
    engine = connect_engine(url)
    try:
        with engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as wrong:
        raise UnableToOpenStore(database_refusal(wrong, engine.url)) from None
    finally:
        engine.dispose()
    if revision is None:
        raise UnableToFindStore(message("database.absent", where=place(parsed)))
    return open_store(url)


def _is_filled(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def refused(error: BaseException, url: str) -> Message | None:
    """What the database refused in the midst of work, as one line; None for any other error."""
    if not isinstance(error, OperationalError):
        return None
    said = database_refusal(error, make_url(url))
    # What SQLite says beyond these is a fault of ours, such as a table that is not there.
    return None if said.key == "database.refused" and url.startswith("sqlite") else said


def connect_engine(url: str) -> Engine:
    """An engine for a SQLite or PostgreSQL `url`, set up as Daybook needs it; nothing is connected yet."""
    parsed = _parsed(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite_engine(parsed)
    if backend != "postgresql":
        raise UnableToNameStore(message("database.backend", where=place(parsed), backend=backend))
    try:
        return create_engine(
            parsed,
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_SECONDS},
            execution_options={"compiled_cache": COMPILED},
        )
    except (NoSuchModuleError, ImportError):
        raise UnableToNameStore(
            message("database.driver", where=place(parsed), backend=parsed.get_driver_name())
        ) from None


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ValueError, ArgumentError):
        raise UnableToNameStore(message("database.url")) from None
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername in ("postgresql", "postgres") else parsed


def exclusive(connection: Connection, name: str) -> None:
    """Waits until nobody else holds the work called `name`, then holds it to the end of this transaction.

    SQLite needs nothing: a writing transaction has the whole database for itself from its start.
    """
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(number)))


def read_frame(connection: Connection, query: Select[Any]) -> pd.DataFrame:
    """The rows of `query` as a frame in the query's order.

    Dates and times are datetime64[s] (moments datetime64[s, UTC]), whole numbers int64, or Int64 where the column may
    be null, truths bool or boolean likewise, everything else str; never a float or a column of objects.
    """
    result = connection.execute(query)
    # The driver's own rows: what SQLAlchemy would make of each value is made of each column at once.
    cursor = result.cursor
    assert cursor is not None
    frame = frame_of(tuple(query.selected_columns), iter(lambda: cursor.fetchmany(ROWS_AT_ONCE), []))
    result.close()
    return frame


def write_frame(connection: Connection, table: Table, frame: pd.DataFrame) -> None:
    """Adds every row of `frame` to `table`; columns that the frame lacks get their default or null.

    Raises KeyError for a column that the table does not have.
    """
    _check_names(table, frame.columns)
    if len(frame):
        as_text = connection.dialect.name != "postgresql"
        _write(connection, table, frame_values(table, frame, as_text=as_text))


def write_rows(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """Adds every row, its values in the order of the columns `names`, to `table`; others get their default or null.

    Raises KeyError for a column that the table does not have.
    """
    _check_names(table, names)
    if rows:
        _write(connection, table, row_values(table, names, rows, connection.dialect))


def _check_names(table: Table, names: Iterable[str]) -> None:
    unknown = [name for name in names if name not in table.columns]
    if unknown:
        raise KeyError(f"{table.name} has no column {', '.join(map(str, unknown))}")


def _write(connection: Connection, table: Table, written: Written) -> None:
    if connection.dialect.name == "postgresql":
        copied_into_postgresql(connection, table, written)
    else:
        inserted_into_sqlite(connection, table, written)


def _sqlite_engine(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as wrong:
            key, said = refusal(wrong)
            raise UnableToOpenStore(message(key, **said)) from None
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, execution_options={"compiled_cache": COMPILED})

    @event.listens_for(engine, "connect")
    def _set_up(opened: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # sqlite3 must not begin transactions by itself, or BEGIN IMMEDIATE below comes too late.
        opened.isolation_level = None
        cursor = opened.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        # A day's rows and indexes fit: with the small cache of old, pages in use were written out over and over.
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        cursor.execute("PRAGMA temp_store = MEMORY")
        # Pages go from the log into the database rarely: what a day writes again and again goes there once.
        cursor.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        _use_wal(cursor)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _use_wal(cursor: DBAPICursor) -> None:
    cursor.execute("PRAGMA journal_mode")
    mode = cursor.fetchone()
    # Changing the mode does not honour the busy timeout: two processes opening a new home at once must take turns.
    for attempt in range(WAL_ATTEMPTS):
        if mode is not None and mode[0] in ("wal", "memory"):
            return
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            mode = cursor.fetchone()
        except sqlite3.OperationalError:
            if attempt == WAL_ATTEMPTS - 1:
                raise
            time.sleep(WAL_PAUSE_SECONDS)


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@functools.cache
def _migrations() -> ScriptDirectory:
    # Alembic compiles every migration when it looks which there are, and a run opens its store several times.
    return ScriptDirectory.from_config(_alembic())


def _migrate(engine: Engine) -> None:
    script = _migrations()
    head = script.get_current_head()
    with engine.connect() as connection:
        if _known_revision(connection, script) == head:
            return
    with Store(engine).writing() as connection:
        exclusive(connection, "daybook migration")
        if _known_revision(connection, script) != head:
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _known_revision(connection: Connection, script: ScriptDirectory) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and revision not in {one.revision for one in script.walk_revisions()}:
        raise UnableToOpenStore(message("database.newer", where=place(connection.engine.url), revision=revision))
    return revision
