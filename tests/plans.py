"""The plans of what a program asks, by which it shows whether its work is bounded by the day or grows with the years.

The golden stories are played on SQLite, and its plan for every statement is read: "SCAN" is every row of a table,
"SEARCH" is by an index. A table that grows day by day must never be scanned, nor searched by nothing but the flow's
name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

GROW = {
    "ledger_rows", "erp_lines", "on_hand", "files", "row_counts", "quarantined_cells", "changes", "late_notices",
    "exception_answers", "breaks", "break_sightings", "break_events", "outbox", "mail_contents", "mail_attempts",
    "later", "earlier",
}  # fmt: skip
_ASKS = re.compile(r"\s*(SELECT|WITH|UPDATE|DELETE)\b")
_SCANNED = re.compile(rf"SCAN ({'|'.join(sorted(GROW))})\b(?! USING INDEX ix_exception_answers_waiting)")
_BY_FLOW_ALONE = re.compile(rf"SEARCH ({'|'.join(sorted(GROW))}) .*\(flow=\?\)$")
# The first row of a table, or none at all, is found without going on.
_STOPS = re.compile(r"LIMIT \?|WHERE 0 = 1")


@contextmanager
def plans() -> Iterator[dict[str, list[str]]]:
    """SQLite's plan of every question asked within the block, by the question."""
    seen: dict[str, list[str]] = {}

    def asked(connection: Connection, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        if statement in seen or not _ASKS.match(statement):
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        first = parameters[0] if isinstance(parameters, list) else parameters
        seen[statement] = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", first)]

    event.listen(Engine, "before_cursor_execute", asked)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", asked)


def through_history(seen: Mapping[str, list[str]]) -> list[str]:
    """The questions whose plan goes through a table that grows day by day, each with that plan."""
    return [f"{statement}\n  {plan}" for statement, plan in seen.items() if _grows_with_history(statement, plan)]


def _grows_with_history(statement: str, plan: list[str]) -> bool:
    if _STOPS.search(statement):
        return False
    return any(_SCANNED.match(step) or _BY_FLOW_ALONE.match(step) for step in plan)
