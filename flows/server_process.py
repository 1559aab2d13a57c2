"""The command `prefect`, with one fault of Python before 3.12 kept from a server on SQLite (docs/decisions/0022).

There a cursor whose statement failed still holds it; whoever drops the cursor waits for its connection. Prefect's
server drops it in the thread of all requests while the connection waits for the database's lock: nothing answers for a
minute. So the cursor lets go of the statement where it failed, in the connection's own thread.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import aiosqlite

FIRST_WITHOUT_FAULT = (3, 12)


async def _carried_out(self: aiosqlite.Cursor, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
    def released_on_failure() -> Any:
        try:
            return work(*given, **named)
        except BaseException:
            self._cursor.close()
            raise

    return await self._conn._execute(released_on_failure)  # type: ignore[no-untyped-call] # noqa: SLF001 - it has no public way


def main() -> None:
    """Carries out the words on the command line as `prefect` does."""
    if sys.version_info < FIRST_WITHOUT_FAULT:
        aiosqlite.Cursor._execute = _carried_out  # type: ignore[method-assign, assignment] # noqa: SLF001 - as above
    from prefect.cli import app

    app()


if __name__ == "__main__":
    main()
