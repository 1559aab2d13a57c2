"""A real mail server that does as each recipient's name in a table says, and an office that sends to it."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tasks.adapters.mail import Server
from tasks.adapters.store import Store
from tasks.mail.claiming import ClaimedMail
from tasks.mail.outbox import NewMail
from tasks.mail.steps import PostOffice
from tasks.mail.steps.office import Alert
from tests.mail.nouns import NOW

PASSWORD = "correct horse"  # noqa: S105 - the password of a server that lives for one test
FOREVER_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Received:
    """One message that the server took, or had in hand when it vanished."""

    recipient: str
    message_id: str
    repeat: bool
    line: int
    body: str


@dataclass(slots=True)
class Post:
    """What the server is told to do, and what it saw.

    `does` says for a recipient what each of its mails meets, one after the other, then 250: "<where> <what>", where is
    rcpt, data (the command) or end (after the message), what is a code, `vanish` or `hang`.
    """

    does: dict[str, list[str]] = field(default_factory=dict)
    user: str = ""
    greets: str = ""
    mails_a_line: int = 1000
    lines_max: int = 1000
    open_lines: int = 0
    port: int = 0
    received: list[Received] = field(default_factory=list)
    lines: int = 0
    logins: int = 0

    def times(self) -> Counter[str]:
        """How often each recipient got a mail."""
        return Counter(one.recipient for one in self.received)

    def next_for(self, recipient: str, where: str) -> str:
        """What the recipient's mail meets at this place; "" for nothing unusual."""
        told = self.does.get(recipient, [])
        return told.pop(0).split()[1] if told and told[0].startswith(where) else ""


class _Handler:
    def __init__(self, post: Post) -> None:
        self.post = post

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: _Server, _session: Session, envelope: Envelope, address: str, _options: Sequence[str]
    ) -> str:
        what = self.post.next_for(address, "rcpt")
        said = await server.do(what)
        if not said:
            envelope.rcpt_tos.append(address)
        return said or "250 ok"

    async def handle_DATA(self, server: _Server, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        recipient = envelope.rcpt_tos[0]
        what = self.post.next_for(recipient, "end")
        if what in ("", "vanish", "hang"):
            message = message_from_bytes(envelope.original_content or b"")
            body = str(message.get_payload())
            name, repeat = str(message["Message-ID"]), message["X-Repeat"] is not None
            self.post.received.append(Received(recipient, name, repeat, server.number, body))
        server.carried += 1
        return await server.do(what) or "250 taken"


class _Server(SMTP):
    """The library's server with faults on order."""

    def __init__(self, post: Post, **options: Any) -> None:
        super().__init__(_Handler(post), authenticator=self.judged, **options)
        self.post = post
        self.number = 0
        self.carried = 0

    def judged(self, _server: SMTP, _session: Session, _envelope: Envelope, _method: str, given: Any) -> AuthResult:
        self.post.logins += 1
        known = isinstance(given, LoginPassword) and given == LoginPassword(self.post.user.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=known)

    async def do(self, what: str) -> str:
        """Vanishes, hangs, or gives the line that says the code `what`."""
        if what == "vanish":
            self.hang_up()
        if what == "hang":
            await asyncio.sleep(FOREVER_SECONDS)
        return f"{what} as told" if what.isdigit() else ""

    def hang_up(self) -> None:
        """Breaks the line off."""
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.close()

    async def _handle_client(self) -> None:
        self.post.lines += 1
        self.number = self.post.lines
        greets = self.post.greets or ("421 too many lines" if self.post.open_lines >= self.post.lines_max else "")
        if greets:
            await self.push(greets)
            self.hang_up()
            return
        self.post.open_lines += 1
        try:
            await super()._handle_client()
        finally:
            self.post.open_lines -= 1

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 - the library's name
        if self.carried >= self.post.mails_a_line:
            await self.push("421 enough for one line")
            self.hang_up()
            return
        if self.post.user and not (self.session and self.session.authenticated):
            await self.push("530 log in first")
            return
        await super().smtp_MAIL(arg)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - the library's name
        recipients = self.envelope.rcpt_tos if self.envelope else []
        what = self.post.next_for(recipients[0], "data") if recipients else ""
        if what in ("vanish", "hang"):
            await self.push("354 go on")
        said = await self.do(what)
        if said:
            await self.push(said)
        elif what != "vanish":
            await super().smtp_DATA(arg)


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def serving(
    post: Post, tls: str = "none", shown: ssl.SSLContext | None = None, *, offers_login: bool = True
) -> Iterator[Post]:
    """`post` while its server answers on `post.port`, in a thread of its own; `shown` is its certificate."""
    loop = asyncio.new_event_loop()
    upgraded = shown if tls == "starttls" else None

    def made() -> SMTP:
        return _Server(
            post,
            tls_context=upgraded,
            require_starttls=upgraded is not None,
            auth_require_tls=not offers_login,
            loop=loop,
        )

    listening = loop.run_until_complete(loop.create_server(made, "127.0.0.1", 0, ssl=shown if tls == "tls" else None))
    post.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, name="mail server")
    thread.start()
    try:
        yield post
    finally:
        asyncio.run_coroutine_threadsafe(_ended(listening), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _ended(listening: asyncio.Server) -> None:
    listening.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def server(port: int, **changed: Any) -> Server:
    """The way to a plain server on this machine that is not waited for long."""
    ordinary: dict[str, Any] = {"tls": "none", "answer_seconds": 1, "final_seconds": 1, "connections": 2}
    return Server("127.0.0.1", port, **(ordinary | changed))


def composed(mail: ClaimedMail) -> bytes:
    """A small message whose lines begin with dots, as a quoting fault would show."""
    headers = [f"Message-ID: {mail.message_id}", "From: daybook@daybook.example", f"To: {mail.recipient}", "Subject: s"]
    if mail.repeat:
        headers.append("X-Repeat: possibly-delivered")
    return "\r\n".join(
        [*headers, "", ".", "..two", mail.content.encode("ascii", "xmlcharrefreplace").decode(), ""]
    ).encode()


def nobody(_streaks: object) -> NewMail | None:
    """Nobody is to be told."""
    return None


def office(
    store: Store,
    to: Server | None,
    *,
    home: Path = Path("unused"),
    at: dt.datetime = NOW,
    alert: Alert = nobody,
    sender: str = "daybook@daybook.example",
) -> PostOffice:
    """An office in which it is always `at`."""
    return PostOffice(store, home, to, sender, composed, alert, lambda: at, "test")
