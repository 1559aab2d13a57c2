"""No question of a day goes through all the rows that ever lived: each finds an index of the two large books."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

from tasks.adapters.store import open_store
from tasks.domain.breaks import Break
from tasks.domain.message import message
from tasks.stock_ledger import tables
from tasks.stock_ledger.steps.sourcing import sources_of

DAY = dt.date(2026, 11, 20)
BEFORE = dt.date(2026, 10, 20)


def _asked(connection: Connection) -> None:
    """Everything that a day with open breaks, stale counts and stated balances asks of the two books."""
    rows, lines = tables.open_ledger_rows(connection, DAY), tables.open_erp_lines(connection, DAY)
    tables.unaudited_lines(connection, DAY, BEFORE, lines)
    tables.transfer_lines(connection, DAY, BEFORE, (rows, lines))
    tables.swap_lines(connection, DAY, BEFORE, (rows, lines))
    tables.stated_rows(connection, DAY, BEFORE, ["A1"])
    tables.amended_rows(connection, DAY, BEFORE)
    tables.ledger_rows_by_id(connection, [1, 2])
    tables.received(connection, [DAY, BEFORE])
    tables.erp_delivered(connection, [DAY, BEFORE])
    tables.erp_since(connection, {"DF01A": DAY, "DF01B": BEFORE}, DAY)
    tables.erp_of_items(connection, [("DF01A", "A1"), ("DF01B", "A2")], BEFORE, DAY)
    refs = ("ledger:DF01:2026-11-20:4", "ledger:DF02:2026-11-19:1", "erp:Q-1:1", "erp:Q-2:1")
    sources_of(connection, [_break(refs)])


def test_every_question_of_a_day_finds_an_index(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'daybook.db'}")
    asked: list[tuple[str, Any]] = []
    with store.reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
        _asked(connection)
        plans = {text: _plan(connection, text, values) for text, values in asked if "FROM" in text}
    store.engine.dispose()
    assert sum("SEARCH ledger_rows" in plan or "SEARCH erp_lines" in plan for plan in plans.values()) > len(plans) / 2
    whole = ("SCAN ledger_rows", "SCAN erp_lines")
    assert [text for text, plan in plans.items() if any(word in plan for word in whole)] == []


def _plan(connection: Connection, text: str, values: Any) -> str:
    cursor = connection.connection.cursor()
    return "\n".join(str(row[3]) for row in cursor.execute(f"EXPLAIN QUERY PLAN {text}", values))


def _break(refs: tuple[str, ...]) -> Break:
    return Break(
        id="b", kind="QUANTITY", severity="low", state="open", site="", department="", warehouse="", item="", date=DAY,
        refs=refs, expected="", found="", difference=0, value=None, opened_on=DAY, since=DAY, owner="",
        message=message("report.plain", text=""),
    )  # fmt: skip
