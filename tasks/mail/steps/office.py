"""What sending needs, and the outbox as a sender uses it: a short transaction for each thing that happens."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tasks.adapters.mail import Server
from tasks.adapters.store import Store
from tasks.mail.claiming import ClaimedMail, Said, begin_sending, claim, release, settle
from tasks.mail.outbox import NewMail
from tasks.mail.outcomes import Outcome
from tasks.mail.steps.keeping import Keeper
from tasks.mail.streaks import Streak

# Gives the finished message, ready for the server: seven-bit, with its fixed Message-ID, marked when `mail.repeat`.
Compose = Callable[[ClaimedMail], bytes]
# Gives the one alert about streaks that have begun, or None when there is no owner to tell.
Alert = Callable[[Sequence[Streak]], NewMail | None]


@dataclass(frozen=True, slots=True)
class PostOffice:
    """Everything that sending needs; without a `server` mails are written as files below `home`/outbox.

    `sender` is the envelope's address; `clock` gives the moment with its zone; `name` says which program sends.
    """

    store: Store
    home: Path
    server: Server | None
    sender: str
    compose: Compose
    alert: Alert
    clock: Callable[[], dt.datetime]
    name: str


class Desk:
    """One sender at work: its name among other senders, and what came of its attempts, by outcome."""

    def __init__(self, post: PostOffice) -> None:
        self.post = post
        # A name that no other sender has, not even a later one of the same process.
        self.name = f"{post.name[:60]} {uuid4().hex[:12]}"
        self.outcomes: Counter[str] = Counter()
        self._keeper = Keeper(post.store, post.clock)
        self.aside = self._keeper.aside
        self.kept = self._keeper.kept
        self.leave = self._keeper.leave

    async def claim(self, limit: int) -> tuple[ClaimedMail, ...]:
        """Up to `limit` mails that are due now."""
        return await self.kept(lambda connection, now: claim(connection, self.name, limit, now))

    async def release(self, mails: Sequence[ClaimedMail]) -> None:
        """Gives back mails that were not tried."""
        if mails:
            await self.kept(lambda connection, now: release(connection, mails, self.name, now))

    async def may_send(self, mail: ClaimedMail) -> bool:
        """Whether the mail is still this sender's; from now on it is in doubt should this sender vanish."""
        return await self.kept(lambda connection, now: begin_sending(connection, mail, self.name, now))

    async def settle(self, mail: ClaimedMail, said: Said, outcome: Outcome) -> None:
        """Keeps how the attempt ended."""
        await self.kept(lambda connection, now: settle(connection, mail, self.name, said, outcome, now))
        self.outcomes[outcome] += 1

    async def composed(self, mail: ClaimedMail) -> bytes | None:
        """The finished message; None when it cannot be written, which fails this mail alone."""
        try:
            return await self.aside(lambda: self.post.compose(mail))
        except Exception as wrong:  # noqa: BLE001 - whatever is wrong with one mail must not hold up the others
            await self.settle(mail, Said("compose", None, f"{type(wrong).__name__}: {wrong}"), "unwritable")
            return None
