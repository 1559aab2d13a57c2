"""Somebody with a database tool, whom no trigger stops."""

from __future__ import annotations

from sqlalchemy import Connection, text


def let_everything_through(connection: Connection) -> None:
    """Nothing that is kept is guarded any more: on SQLite for ever, on PostgreSQL to the end of the session."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("set session_replication_role = replica"))
        return
    for name in connection.execute(text("select name from sqlite_master where type = 'trigger'")).scalars().all():
        connection.execute(text(f"drop trigger {name}"))
    connection.execute(text("pragma defer_foreign_keys = on"))
