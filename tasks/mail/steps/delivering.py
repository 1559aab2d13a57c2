"""Sends what a run has queued, and says in the run's summary what became of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from tasks.adapters.report_files import write_summary
from tasks.adapters.store import Store
from tasks.desk import step
from tasks.mail.outbox import OutboxMail, named
from tasks.mail.steps.dispatching import Dispatched, dispatch
from tasks.mail.steps.office import PostOffice

Told = dict[str, object]


@step("mail.step.dispatch")
def send_due(post: PostOffice, *, at_once: bool = False) -> Told:
    """What became of the mails that were due: attempts by outcome, and until when nothing more is sent, or None.

    The moment is an ISO text in the zone of the office's clock.
    """
    return _told_of(dispatch(post, at_once=at_once), post.clock().tzinfo)


@step("mail.step.dispatch")
def send_and_tell(post: PostOffice, summary: Mapping[str, object]) -> Told:
    """The object of `--json` (spec 10) of a run, its `mails` as they stand after everything due was sent.

    The `summary.json` beside each report of the run then says the same.
    """
    mails = summary["mails"]
    assert isinstance(mails, list)
    if not mails:
        return dict(summary)
    dispatch(post)
    reports = summary["reports"]
    assert isinstance(reports, list)
    for folder in sorted({post.home / Path(report).parent for report in reports}):
        path = folder / "summary.json"
        if path.is_file():
            kept = json.loads(path.read_text(encoding="utf-8"))
            write_summary(path, kept | {"mails": _as_they_stand(post.store, kept["mails"])})
    return {**summary, "mails": _as_they_stand(post.store, mails)}


def mail_objects(mails: Iterable[OutboxMail]) -> list[Told]:
    """The mails as `--json` shows them (spec 10): to, subject, state (queued, sent or failed), and their fixed name."""
    return [
        {"to": [one.recipient], "subject": one.subject, "state": _state(one), "message_id": one.message_id}
        for one in mails
    ]


def _state(one: OutboxMail) -> str:
    """The three states that other programs know; what may have arrived and is not tried again wants a person."""
    if one.state in ("sent", "filed"):
        return "sent"
    return "queued" if one.next_attempt_at is not None else "failed"


def _as_they_stand(store: Store, mails: list[Told]) -> list[Told]:
    with store.reading() as connection:
        return mail_objects(named(connection, [str(one["message_id"]) for one in mails]))


def _told_of(done: Dispatched, zone: dt.tzinfo | None) -> Told:
    held = done.held_until.astimezone(zone).isoformat(timespec="seconds") if done.held_until else None
    return {"outcomes": dict(done.outcomes), "held_until": held}
