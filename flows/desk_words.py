"""Breaks as the command line lists them."""

from __future__ import annotations

import datetime as dt

from flows.command_line import language, said
from flows.listing import listing
from flows.running import FLOWS
from tasks.adapters.store import Store
from tasks.domain.breaks import ALIVE, State
from tasks.domain.report import area_of
from tasks.register.approvals import asked_write_offs
from tasks.register.breaks import explanations, listed
from tasks.register.exceptions import exception_of

_STATES: dict[str, tuple[State, ...]] = {
    "open": tuple(sorted(ALIVE)),
    "resolved": ("resolved", "written-off"),
    "all": (*sorted(ALIVE), "resolved", "written-off"),
}
_SHOWN = (
    "id",
    "kind",
    "state",
    "site",
    "item",
    "date",
    "expected",
    "found",
    "value",
    "age_working_days",
    "owner",
    "message",
    "refs",
)


def listed_breaks(store: Store, flow: str, which: str, today: dt.date) -> list[dict[str, object]]:
    """The breaks of a flow ("" is all) that are `open`, `resolved` or `all`, as objects of spec 10, oldest first."""
    with store.reading() as connection:
        found = [
            (one, name) for name in ([flow] if flow else FLOWS) for one in listed(connection, name, _STATES[which])
        ]
        asked, why = asked_write_offs(connection), explanations(connection)
    found.sort(key=lambda pair: (pair[0].opened_on, pair[0].id))
    return [
        exception_of(one, today, language())
        | {
            "flow": name,
            "department": one.department,
            "approval": asked.get(one.id),
            "explanation": _why(why.get(one.id)),
        }
        for one, name in found
    ]


def _why(given: tuple[str, str, dt.date | None] | None) -> dict[str, str | None] | None:
    if given is None:
        return None
    return {"who": given[0], "reason": given[1], "until": given[2].isoformat() if given[2] else None}


def table_of(rows: list[dict[str, object]], *, whole: bool) -> str:
    """The rows as a table for a terminal, all or the first (`listing`); one sentence when there are none."""
    if not rows:
        return said("stock_ledger.empty.breaks")
    headings = [said(f"cli.heading.{name}") for name in _SHOWN]
    cells = [[_cell(name, row) for name in _SHOWN] for row in rows]
    return listing(headings, cells, [name in ("value", "age_working_days") for name in _SHOWN], whole=whole)


def _cell(name: str, row: dict[str, object]) -> str:
    value = row[name]
    if name == "kind":
        return said(f"{area_of(str(row['flow']))}.kind.{value}")
    if name == "state":
        state = said(f"register.state.{value}")
        why = row["explanation"]
        if isinstance(why, dict):
            until = f"{'_until' if why['until'] else ''}"
            state = said(f"cli.explained{until}", state=state, **why)
        waits = row["approval"]
        return state if waits is None else said("cli.waits", state=state, id=waits)
    if name == "site" and not value:
        return str(row["department"]) or "—"
    if isinstance(value, list):
        return " ".join(map(str, value))
    return "—" if value is None else str(value)
