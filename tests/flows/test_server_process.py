"""What the server's own process mends: a failed statement does not keep the thread of all requests waiting."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from pathlib import Path

import aiosqlite
import pytest

from flows.server_process import _carried_out

# Whoever waits for the lock in vain gives up after this.
_PATIENCE = 5.0


async def _let_go_while_another_waits(path: Path) -> None:
    async with (
        aiosqlite.connect(path, isolation_level=None, timeout=_PATIENCE) as first,
        aiosqlite.connect(path, isolation_level=None, timeout=_PATIENCE) as second,
    ):
        await first.execute("PRAGMA journal_mode = WAL")
        await first.execute("CREATE TABLE runs (state TEXT)")
        await second.execute("BEGIN")
        await (await second.execute("SELECT count(*) FROM runs")).fetchall()
        await first.execute("INSERT INTO runs VALUES ('first')")
        failing = await second.cursor()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await failing.execute("INSERT INTO runs VALUES ('second')")
        await second.execute("ROLLBACK")
        await first.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(second.execute("BEGIN IMMEDIATE"))
        await asyncio.sleep(0.3)
        # Were this thread kept here, nobody could end what the other waits for.
        del failing
        gc.collect()
        await first.execute("COMMIT")
        await waiting


def test_a_failed_statement_lets_go_of_its_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aiosqlite.Cursor, "_execute", _carried_out)
    asyncio.run(_let_go_while_another_waits(tmp_path / "server.db"))
