"""One thread that talks to the database for a sender, several things that wait together in one transaction."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection

from tasks.adapters.store import Store

T = TypeVar("T")
Work = Callable[[Connection, dt.datetime], T]


class Keeper:
    """Keeps what happens to mails, so that a slow disk or a large workbook holds up no answer of the server.

    A transaction waits for the disk, so all that came meanwhile shares the next one: kept together or not at all.
    """

    def __init__(self, store: Store, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "outbox")
        self._waiting: list[tuple[Work[Any], asyncio.Future[Any]]] = []
        self._keeping: asyncio.Task[None] | None = None

    async def aside(self, work: Callable[[], T]) -> T:
        """What `work` gives, done in the keeper's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def kept(self, work: Work[T]) -> T:
        """What `work` gives, once it is kept for good; it is told the moment at which its transaction began."""
        kept: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, kept))
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep_waiting())
        return await kept

    def leave(self) -> None:
        """Ends the thread."""
        self._thread.shutdown()

    async def _keep_waiting(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting, []
            works = [work for work, _ in together]
            try:
                results = await self.aside(partial(self._in_transaction, works))
            except Exception as wrong:  # noqa: BLE001 - each of those who wait raises it in its own place
                for _, kept in together:
                    if not kept.done():
                        kept.set_exception(wrong)
            else:
                for (_, kept), result in zip(together, results, strict=True):
                    if not kept.done():
                        kept.set_result(result)

    def _in_transaction(self, works: list[Work[Any]]) -> list[Any]:
        with self._store.writing() as connection:
            now = self._clock()
            return [work(connection, now) for work in works]
