"""What the desk of the invoices does, for its commands and its form: a decision kept, taken back, shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flows.command_line import said
from flows.desk_options import opened
from flows.invoice_check_day import arranged_policy
from flows.listing import listing
from tasks.domain.message import Message, message
from tasks.invoice_check.steps import Decision, decide, listed_decisions, withdraw

_SHOWN = ("decision", "act", "names", "state", "owner", "decided_on", "until", "reason")


def decided(wanted: Decision, at: dt.datetime) -> Message:
    """What is said of a decision that is kept now; raises UnableToDecide for one that cannot be."""
    store, settings, _ = opened()
    with store.writing() as connection:
        number = decide(connection, wanted, arranged_policy(settings), settings.invoice_check.revenue_accounts, at)
    return message("invoice_check.decide.done", decision=number, act=message(f"invoice_check.act.{wanted.act}"))


def withdrawn(decision: int, who: str, reason: str, at: dt.datetime) -> Message:
    """What is said of a decision that is taken back; raises UnableToDecide where none of that number stands."""
    store, _, _ = opened()
    with store.writing() as connection:
        withdraw(connection, decision, who, reason, at)
    return message("invoice_check.decide.withdrawn", decision=decision)


def decision_rows() -> list[dict[str, object]]:
    """Every decision as an object, the newest first, with its state today."""
    store, settings, now = opened()
    with store.reading() as connection:
        accounts = settings.invoice_check.revenue_accounts
        return listed_decisions(connection, arranged_policy(settings), accounts, now.date())


def decisions_in_words(rows: Sequence[dict[str, object]], *, whole: bool) -> str:
    """The decisions as a table for a terminal, all or the first; one sentence when there are none."""
    if not rows:
        return said("invoice_check.empty.decisions")
    headings = [said(f"invoice_check.heading.{name}") for name in _SHOWN]
    cells = [[_cell(name, row[name]) for name in _SHOWN] for row in rows]
    return listing(headings, cells, [name == "decision" for name in _SHOWN], whole=whole)


def _cell(name: str, value: object) -> str:
    if name == "act":
        return said(f"invoice_check.act.{value}")
    if name == "state":
        return said(f"invoice_check.decision.{value}")
    if isinstance(value, list):
        return "、".join(map(str, value))
    return str(value) if value else "—"
