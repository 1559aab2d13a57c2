"""Tells the owner, once per streak, of flows that fail and of a service that does not keep itself alive."""

from __future__ import annotations

import asyncio
import datetime as dt

from config.settings import Settings
from flows.posting import arranged_post
from tasks.adapters.store import Store, open_store
from tasks.domain.dead_runs import Judged
from tasks.mail.steps import dispatch
from tasks.mail.streaks import failed, succeeded, unalerted, under_way

_SAID_MAX = 400


def tell_of_flow(store: Store, flow: str, found: Judged, at: dt.datetime) -> None:
    """Begins or ends the streak of failures of a flow; the mail goes out with the next ones that are due."""
    if not found.settled:
        return
    if found.failing is None:
        tell_of_success(store, flow, at)
        return
    reason = "flow-given-up" if found.given_up else "flow-failed"
    said = " ".join(f"{found.failing.name}: {found.failing.message}".split())
    tell_of_failure(store, flow, reason, said[:_SAID_MAX], at)


def tell_of_failure(store: Store, subject: str, reason: str, said: str, at: dt.datetime) -> None:
    """Begins the streak of a flow or a part of the service, for one of the reasons of `tasks.mail.streaks`."""
    if not _is_under_way(store, subject):
        with store.writing() as connection:
            if subject not in {one.subject for one in under_way(connection)}:
                failed(connection, subject, reason, said, at)


def tell_of_success(store: Store, subject: str, at: dt.datetime) -> None:
    """Ends the streak of a flow or a part of the service, if there is one."""
    if _is_under_way(store, subject):
        with store.writing() as connection:
            succeeded(connection, (subject,), at)


def send_alerts(settings: Settings) -> bool:
    """Whether there was something to tell the owner, who is told now and not with the next mails that are due.

    For whoever cannot count on the flow that sends mail. It raises what stops the post office.
    """
    store = open_store(settings.database_url)
    with store.writing() as connection:
        waits = bool(unalerted(connection))
    if waits:
        dispatch(asyncio.run(arranged_post()))
    return waits


def _is_under_way(store: Store, subject: str) -> bool:
    with store.reading() as connection:
        return subject in {one.subject for one in under_way(connection)}
