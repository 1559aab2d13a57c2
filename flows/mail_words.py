"""Mails as the command line lists them, and what a dispatch did, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flows.command_line import said
from tasks.adapters.plain_text import laid_out
from tasks.adapters.store import Store
from tasks.mail.outbox import OutboxMail, listed
from tasks.mail.outcomes import State

_REACHED: tuple[State, ...] = ("sent", "filed")
_WAITING: tuple[State, ...] = ("queued", "claimed", "sending", "failed", "possibly-delivered")
# A person may ask for these again without naming them one by one.
_GIVEN_UP: tuple[State, ...] = ("failed", "possibly-delivered")
_SHOWN = ("id", "state", "to", "subject", "attempts", "next_attempt_at", "answer")


def mail_rows(store: Store, flow: str, zone: dt.tzinfo | None, *, everything: bool) -> list[dict[str, object]]:
    """The mails of a flow ("" is all) that have not reached their readers, or every one, as objects, oldest first.

    Their moments are ISO texts in `zone`.
    """
    with store.reading() as connection:
        found = listed(connection, _WAITING + _REACHED if everything else _WAITING, flow)
    return [_object(one, zone) for one in found]


def given_up(store: Store) -> list[int]:
    """The numbers of the mails that are not tried again by themselves although they may not have arrived."""
    with store.reading() as connection:
        return [one.id for one in listed(connection, _GIVEN_UP) if one.next_attempt_at is None]


def mail_table(rows: list[dict[str, object]]) -> str:
    """The mails as a table for a terminal; one sentence when there are none."""
    if not rows:
        return said("cli.mail.none")
    headings = [said(f"cli.mail.heading.{name}") for name in _SHOWN]
    cells = [[_cell(name, row[name]) for name in _SHOWN] for row in rows]
    return laid_out(headings, cells, [name in ("id", "attempts") for name in _SHOWN])


def dispatched_in_words(done: Mapping[str, object]) -> str:
    """What a dispatch did, a line for each outcome, and until when the queue is held."""
    outcomes = done["outcomes"]
    assert isinstance(outcomes, dict)
    lines = [
        said("cli.mail.outcome", mails=count, outcome=said(f"mail.outcome.{name}")) for name, count in outcomes.items()
    ]
    if done["held_until"]:
        lines.append(said("cli.mail.held", until=_minute(done["held_until"])))
    return "\n".join(lines) or said("cli.mail.nothing_due")


def _object(one: OutboxMail, zone: dt.tzinfo | None) -> dict[str, object]:
    moments = {"next_attempt_at": one.next_attempt_at, "created_at": one.created_at, "sent_at": one.sent_at}
    return {
        "id": one.id,
        "flow": one.flow,
        "period": one.period,
        "report": one.report,
        "to": one.recipient,
        "language": one.language,
        "subject": one.subject,
        "state": one.state,
        "attempts": one.attempts,
        "code": one.last_code,
        "answer": one.last_answer,
        "message_id": one.message_id,
        **{name: at.astimezone(zone).isoformat(timespec="seconds") if at else None for name, at in moments.items()},
    }


def _cell(name: str, value: object) -> str:
    if name == "state":
        return said(f"mail.state.{value}")
    if name == "next_attempt_at" and value is not None:
        return _minute(value)
    return "—" if value is None else str(value)


def _minute(moment: object) -> str:
    """A moment as a clock on the wall shows it."""
    return f"{dt.datetime.fromisoformat(str(moment)):%Y-%m-%d %H:%M}"
