"""Sends what is due: claim, compose, hand over, settle, until nothing is left or the server stops it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tasks.adapters.mail import Server
from tasks.adapters.store import Store
from tasks.mail.claiming import ClaimedMail
from tasks.mail.outbox import NewMail
from tasks.mail.streaks import Streak

# Gives the finished message, ready for the server: seven-bit, with its fixed Message-ID, marked when `mail.repeat`.
Compose = Callable[[ClaimedMail], bytes]
# Gives the one alert about streaks that have begun, or None when there is no owner to tell.
Alert = Callable[[Sequence[Streak]], NewMail | None]


@dataclass(frozen=True, slots=True)
class PostOffice:
    """Everything that sending needs; without a `server` mails are written as files below `home`/outbox.

    `sender` is the envelope's sender; `name` tells this sender from others that work at the same time.
    """

    store: Store
    home: Path
    server: Server | None
    sender: str
    compose: Compose
    alert: Alert
    clock: Callable[[], dt.datetime]
    name: str


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What a dispatch did: attempts by outcome, and the moment until which the queue is held, if it is."""

    outcomes: Mapping[str, int]
    held_until: dt.datetime | None


def dispatch(post: PostOffice, *, at_once: bool = False) -> Dispatched:
    """Sends every mail that is due; `at_once` also asks a server or login that failed before its wait is over."""
    raise NotImplementedError
