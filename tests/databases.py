"""PostgreSQL databases for tests, lent as new and taken back: making and dropping one takes longer than most tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import MetaData, create_engine, make_url

# Where a database keeps the rows and the next numbers that it begins with.
_BEGUN = "begun"


class Databases:
    """Databases of one server, each lent to one test at a time and then brought back to how `begin` left it."""

    def __init__(self, server: str, begin: Callable[[str], None]) -> None:
        self._server = make_url(server)
        self._begin = begin
        self._tables: list[str] = []
        # Those that hold rows from the beginning.
        self._begun: frozenset[str] = frozenset()
        self._made: list[str] = []
        self._free: list[str] = []

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The SQLAlchemy URL of a database that nobody else uses within the block."""
        name = self._free.pop() if self._free else self._new()
        try:
            yield self._url(name)
        finally:
            self._restore(name)
            self._free.append(name)

    def _restore(self, name: str) -> None:
        with self._connected(name) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
            there = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
            for (table,) in there:
                if table not in self._tables:
                    connection.execute(sql.SQL("drop table {}").format(sql.Identifier(str(table))))
            # What a test sealed is refused to everybody else.
            found = connection.execute("select distinct tgrelid::regclass::text from pg_trigger where not tgisinternal")
            triggered = {str(table) for (table,) in found.fetchall()}
            filled = _filled(connection, "public", self._tables)
            touched = [table for table in self._tables if table in filled or table in self._begun]
            guarded = [sql.Identifier(table) for table in touched if table in triggered]
            for guard in guarded:
                connection.execute(sql.SQL("alter table {} disable trigger user").format(guard))
            for table in reversed(touched):
                connection.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))
            for table in self._tables:
                if table in self._begun:
                    own, begun = sql.Identifier(table), sql.Identifier(_BEGUN, table)
                    connection.execute(sql.SQL("insert into {} overriding system value table {}").format(own, begun))
            # What is judged at the end of a transaction is judged before its table is altered.
            connection.execute("set constraints all immediate")
            for guard in guarded:
                connection.execute(sql.SQL("alter table {} enable trigger user").format(guard))
            connection.execute("select setval(name, coalesce(last, 1), last is not null) from begun.numbers")

    def drop(self) -> None:
        """Drops every database that was made."""
        with self._administered() as connection:
            for name in self._made:
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    def _new(self) -> str:
        name = f"daybook_test_{uuid4().hex}"
        with self._administered() as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
            # No test pulls the plug of the server: a commit need not wait for the disk.
            connection.execute(sql.SQL("alter database {} set synchronous_commit = off").format(sql.Identifier(name)))
        self._made.append(name)
        self._begin(self._url(name))
        self._tables = self._in_order(name)
        with self._connected(name) as connection:
            connection.execute(f"create schema {_BEGUN}")
            for table in self._tables:
                own, begun = sql.Identifier(table), sql.Identifier(_BEGUN, table)
                connection.execute(sql.SQL("create table {} as table {}").format(begun, own))
            connection.execute(
                "create table begun.numbers as select quote_ident(sequencename) as name, last_value as last"
                " from pg_sequences where schemaname = 'public'"
            )
            self._begun = _filled(connection, _BEGUN, self._tables)
        return name

    def _in_order(self, name: str) -> list[str]:
        """Every table, those that others refer to first."""
        engine = create_engine(self._url(name))
        kept = MetaData()
        kept.reflect(engine)
        engine.dispose()
        return [table.name for table in kept.sorted_tables]

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _administered(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(_plain(self._server.render_as_string(hide_password=False)), autocommit=True)

    def _connected(self, name: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(_plain(self._url(name)))


def _filled(connection: psycopg.Connection[tuple[object, ...]], schema: str, tables: list[str]) -> frozenset[str]:
    """Those of the tables that hold any row, asked for in one question."""
    asked = sql.SQL(" union all ").join(
        sql.SQL("select {} where exists (select from {})").format(table, sql.Identifier(schema, table))
        for table in tables
    )
    return frozenset(str(table) for (table,) in connection.execute(asked).fetchall())


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
