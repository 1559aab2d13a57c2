"""Hands claimed mails to the server over several lines at once, until nothing is due or the server stops it."""

from __future__ import annotations

import asyncio
from collections import deque

from tasks.adapters.mail import Line, Parcel, Server, UnableToAddress
from tasks.domain.server_answer import Answer
from tasks.mail.claiming import ClaimedMail, Said, said_by
from tasks.mail.outcomes import STOPPING, outcome_of
from tasks.mail.steps.office import Desk
from tasks.mail.streaks import LOGIN, SERVER, succeeded

CLAIMED_PER_LINE = 4
_CLOSING = 421


async def hand_over_due(desk: Desk, server: Server) -> bool:
    """Whether everything due was tried; False when no connection or a refused login stopped the queue."""
    sending = _Sending(desk, server)
    try:
        # A line that the server had no room for leaves its mail behind when the others have just finished.
        while await sending.over_lines():
            pass
    finally:
        await desk.release(tuple(sending.waiting))
    return not sending.stopped


class _Sending:
    """What the lines of one sender share: the mails claimed, and whether the server still takes any."""

    def __init__(self, desk: Desk, server: Server) -> None:
        self.desk = desk
        self.server = server
        self.waiting: deque[ClaimedMail] = deque()
        self.stopped = False
        self._answers = False
        self._lines: list[Line] = []
        self._claiming = asyncio.Lock()
        self._opening = asyncio.Lock()

    async def over_lines(self) -> bool:
        """Sends over as many lines as the server's settings allow; whether claimed mails are left over."""
        self._lines = [Line(self.server) for _ in range(self.server.connections)]
        try:
            async with asyncio.TaskGroup() as lines:
                for line in self._lines:
                    lines.create_task(self._work(line))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None
        return bool(self.waiting) and not self.stopped

    async def _work(self, line: Line) -> None:
        """One line's work: mail after mail, until none is due or the line cannot be opened."""
        try:
            while mail := await self._next():
                message = await self.desk.composed(mail)
                if message is not None and not await self._deliver(line, mail, message):
                    return
        finally:
            await line.close()

    async def _next(self) -> ClaimedMail | None:
        async with self._claiming:
            if not self.waiting and not self.stopped:
                self.waiting.extend(await self.desk.claim(CLAIMED_PER_LINE * self.server.connections))
            return self.waiting.popleft() if self.waiting and not self.stopped else None

    async def _deliver(self, line: Line, mail: ClaimedMail, message: bytes) -> bool:
        """Whether the line may go on with another mail."""

        async def may_send() -> bool:
            return await self.desk.may_send(mail)

        parcel = Parcel(self.desk.post.sender, mail.recipient, message)
        answer: Answer | None = None
        for _ in range(2):
            if not line.is_open and not await self._opened(line, mail):
                return False
            kept = line.carried > 0
            try:
                answer = await line.hand_over(parcel, may_send)
            except UnableToAddress as wrong:
                await self.desk.settle(mail, Said("compose", None, f"{type(wrong).__name__}: {wrong}"), "unwritable")
                return True
            # Servers close lines that were idle or carried enough mails; that says nothing about this one.
            if not (kept and answer and answer.stage == "sender" and answer.code in (None, _CLOSING)):
                break
        if answer is not None:
            await self._settled(mail, answer)
        return not self.stopped

    async def _opened(self, line: Line, mail: ClaimedMail) -> bool:
        """Whether `line` is open; where it cannot be, `mail` goes back or, with no other line open, stops the queue."""
        # One line at a time, so that a silent server or a wrong password is met once and not on every line.
        async with self._opening:
            refused = None if self.stopped else await line.open()
            if refused is None and not self.stopped:
                await self._answered()
                return True
            if refused is not None and not any(other.is_open for other in self._lines):
                await self._settled(mail, refused)
                return False
        # Servers allow only so many lines; those that are open go on.
        self.waiting.appendleft(mail)
        return False

    async def _answered(self) -> None:
        if not self._answers:
            self._answers = True
            await self.desk.kept(lambda connection, now: succeeded(connection, (SERVER, LOGIN), now))

    async def _settled(self, mail: ClaimedMail, answer: Answer) -> None:
        outcome = outcome_of(answer)
        self.stopped = self.stopped or outcome in STOPPING
        await self.desk.settle(mail, said_by(answer), outcome)
