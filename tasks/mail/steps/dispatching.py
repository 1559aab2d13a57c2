"""One dispatch: everything that is due goes out, and the owner hears once of what begins to fail."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import Connection

from tasks.mail.identity import domain_of
from tasks.mail.outbox import queue
from tasks.mail.steps.filing import file_due
from tasks.mail.steps.office import Desk, PostOffice
from tasks.mail.steps.sending import hand_over_due
from tasks.mail.streaks import alerted, held_until, unalerted


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What a dispatch did: attempts by outcome, and the moment until which the queue is held, if it is."""

    outcomes: Mapping[str, int]
    held_until: dt.datetime | None


def dispatch(post: PostOffice, *, at_once: bool = False) -> Dispatched:
    """Sends every mail that is due, over several lines; any number of senders may do so at the same time.

    While the server or the login fails the queue is held for growing waits; `at_once` asks again before that is over.
    Raises ValueError when the sender is no mail address.
    """
    work = _dispatched(post, at_once=at_once)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    # A flow's own loop is running in this thread.
    with ThreadPoolExecutor(1, "dispatch") as thread:
        return thread.submit(asyncio.run, work).result()


async def _dispatched(post: PostOffice, *, at_once: bool) -> Dispatched:
    domain_of(post.sender)
    desk = Desk(post)
    try:
        held = None if post.server is None or at_once else await desk.kept(held_until)
        if held is None:
            free = await _tried(desk)
            if await _alert(desk) and free:
                await _tried(desk)
            held = await desk.kept(held_until)
        return Dispatched(dict(sorted(desk.outcomes.items())), held)
    finally:
        desk.leave()


async def _tried(desk: Desk) -> bool:
    server = desk.post.server
    if server is not None:
        return await hand_over_due(desk, server)
    await file_due(desk)
    return True


async def _alert(desk: Desk) -> bool:
    """Whether a mail to the owner was queued: one for all streaks that have begun since the last."""

    def queued(connection: Connection, now: dt.datetime) -> bool:
        streaks = unalerted(connection)
        mail = desk.post.alert(streaks) if streaks else None
        alerted(connection, streaks, now)
        if mail is not None:
            queue(connection, [mail], domain_of(desk.post.sender), now)
        return mail is not None

    return await desk.kept(queued)
