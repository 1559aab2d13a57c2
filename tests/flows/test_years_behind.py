"""A day's work is bounded by the day: no question that a run asks goes through all that the years have left behind.

The stories are played on SQLite, and its plan for every statement is read: "SCAN" is every row of a table, "SEARCH" is
by an index. A table that grows day by day must never be scanned, nor searched by nothing but the flow's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from tests.golden import Story, begun, stories, told_by

GROW = {
    "ledger_rows", "erp_lines", "on_hand", "files", "row_counts", "quarantined_cells", "changes", "late_notices",
    "exception_answers", "breaks", "break_sightings", "break_events", "outbox", "mail_contents", "mail_attempts",
    "later", "earlier",
}  # fmt: skip
# Between them they ask every question of the flow: carried and returned breaks of every kind, amended rows, answers,
# notices, quarantined cells, a month's end.
TOLD = {
    "agreed_transfers_at_month_end", "amended", "answered_by_workbook", "balance", "late_run", "ledger_late_by_notice",
    "open_transfer", "quarantined_rows", "stated_balance", "swap_incomplete", "unaudited", "written_off",
}  # fmt: skip
STORIES = [story for story in stories() if story.name in TOLD]
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


def grows_with_history(statement: str, plan: list[str]) -> bool:
    """Whether the plan goes through a table that grows day by day."""
    if _STOPS.search(statement):
        return False
    return any(_SCANNED.match(step) or _BY_FLOW_ALONE.match(step) for step in plan)


@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_no_question_of_a_run_goes_through_all_that_ever_was(story: Story, tmp_path: Path) -> None:
    # Made beforehand: a migration may well go through everything.
    begun(story.folder.parent / "_company" / story.company)
    with plans() as seen:
        told_by(story, tmp_path)
    assert len(seen) > 30, "the run asked nothing"
    slow = [f"{statement}\n  {plan}" for statement, plan in seen.items() if grows_with_history(statement, plan)]
    assert not slow, "\n\n".join(slow)
