"""The way to the mail server: the only door to aiosmtplib.

One recipient a transaction, each command alone, so that every answer is known and belongs to one mail.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from aiosmtplib import SMTP, SMTPException, SMTPResponseException
from aiosmtplib.response import SMTPResponse

from tasks.domain.server_answer import Answer, Stage

# Names this program to the server; the name of the machine is nobody's business.
GREETED_AS = "localhost"
QUIT_SECONDS = 2
# One part of a message is handed to the network before the next, so that a stuck server is seen before the end.
PART_BYTES = 64 * 1024
_OK, _FORWARDED, _GO_ON, _CLOSING = 250, 251, 354, 421
_ADDRESS = re.compile(r"[!-~]+@[!-~]+")
_SPECIAL = re.compile(r'[<>()\[\]\\,;:"]')


class UnableToAddress(Exception):
    """An address cannot stand on an envelope; the text is the address."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over and how; waits are in whole seconds.

    `answer_seconds` is the wait for each answer, `final_seconds` that for the last one, when servers look through the
    message (RFC 5321, 4.5.3.2.6). `authority` names a file of certificates to trust beside the system's.
    """

    host: str
    port: int
    tls: Literal["none", "starttls", "tls"]
    user: str = ""
    password: str = field(default="", repr=False)
    answer_seconds: int = 30
    final_seconds: int = 120
    connections: int = 4
    authority: Path | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message for one recipient: the envelope's addresses and the bytes between."""

    sender: str
    recipient: str
    message: bytes


class Line:
    """One connection to the server, kept from mail to mail."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp = SMTP()
        self._writer: asyncio.StreamWriter | None = None
        self._unfinished = False
        self.carried = 0

    @property
    def is_open(self) -> bool:
        """Whether the connection stands, as far as is known."""
        return self._smtp.is_connected

    async def open(self) -> Answer | None:
        """None once the line is open and logged in; else the answer that forbids it."""
        if self.is_open:
            return None
        server = self._server
        try:
            self._smtp = SMTP(
                hostname=server.host,
                port=server.port,
                local_hostname=GREETED_AS,
                timeout=server.answer_seconds,
                use_tls=server.tls == "tls",
                start_tls=server.tls == "starttls",
                tls_context=None if server.tls == "none" else _trust(server.authority),
            )
            await self._smtp.connect()
        # A host that cannot be a name ("smtp..company.cn") is refused by the codec of names.
        except (SMTPException, OSError, UnicodeError) as wrong:
            self._hang_up()
            return _failure("connect", wrong)
        refused = await self._log_in() if server.user else None
        if refused is not None:
            self._hang_up()
            return refused
        self._watch_writing()
        self._unfinished = False
        self.carried = 0
        return None

    async def hand_over(self, parcel: Parcel, may_send: Callable[[], Awaitable[bool]]) -> Answer | None:
        """The answer that decided about `parcel`; None when `may_send`, asked just before the message goes, says no.

        The line must be open; `carried` counts the parcels it was asked to carry since then. Raises UnableToAddress for
        an address that cannot stand on an envelope.
        """
        for address in (parcel.sender, parcel.recipient):
            if not _ADDRESS.fullmatch(address) or _SPECIAL.search(address):
                raise UnableToAddress(address)
        self.carried += 1
        answer = await self._begin(parcel)
        if answer.code != _OK:
            return answer
        self._unfinished = True
        answer = await self._asked("recipient", self._smtp.rcpt(parcel.recipient))
        if answer.code not in (_OK, _FORWARDED):
            return answer
        if not await may_send():
            return None
        answer = await self._asked("data", self._smtp.execute_command(b"DATA"))
        if answer.code != _GO_ON:
            return answer
        answer = await self._write(parcel.message)
        self._unfinished = False
        return answer

    async def close(self) -> None:
        """Takes leave of the server where there is one; never raises."""
        if self.is_open:
            await self._asked("connect", self._smtp.quit(timeout=QUIT_SECONDS))
        self._hang_up()

    async def _log_in(self) -> Answer | None:
        smtp = self._smtp
        if smtp.is_ehlo_or_helo_needed:
            greeted = await self._asked("connect", smtp.ehlo())
            if greeted.code != _OK:
                return greeted
        methods = {"plain": smtp.auth_plain, "login": smtp.auth_login, "cram-md5": smtp.auth_crammd5}
        # One method only: each refusal counts against the account, and some servers lock it.
        chosen = next((name for name in methods if name in smtp.server_auth_methods), None)
        if chosen is None:
            return Answer("login", None, "no known AUTH method is offered")
        answer = await self._asked("login", methods[chosen](self._server.user, self._server.password))
        if answer.code is None:
            return Answer("connect", None, answer.text)
        return None if answer.code // 100 == _OK // 100 else answer

    def _watch_writing(self) -> None:
        transport, protocol = self._smtp.transport, self._smtp.protocol
        assert isinstance(transport, asyncio.WriteTransport)
        assert protocol is not None
        # Waiting for the network then means until nothing is left here.
        transport.set_write_buffer_limits(high=1, low=0)
        self._writer = asyncio.StreamWriter(transport, protocol, None, asyncio.get_running_loop())

    async def _begin(self, parcel: Parcel) -> Answer:
        smtp = self._smtp
        if self._unfinished:
            answer = await self._asked("sender", smtp.rset())
            if answer.code != _OK:
                self._hang_up()
                return Answer("sender", None, answer.text)
            self._unfinished = False
        if smtp.is_ehlo_or_helo_needed:
            # A server that knows no EHLO gets HELO from the library.
            await self._asked("sender", smtp.ehlo())
        options = [f"SIZE={len(parcel.message)}"] if smtp.supports_extension("size") else []
        return await self._asked("sender", smtp.mail(parcel.sender, options=options))

    async def _write(self, message: bytes) -> Answer:
        """The answer to the message; lost before its last line it is certain that nobody took it."""
        assert self._writer is not None
        quoted = _quoted(message)
        try:
            async with asyncio.timeout(self._server.final_seconds):
                for start in range(0, len(quoted), PART_BYTES):
                    self._writer.write(quoted[start : start + PART_BYTES])
                    await self._writer.drain()
        except OSError as wrong:
            self._hang_up()
            return _failure("data", wrong)
        if not self.is_open:
            return Answer("data", None, "connection lost")
        last_line = self._smtp.execute_command(b".", timeout=self._server.final_seconds)
        return await self._asked("after-data", last_line)

    async def _asked(self, stage: Stage, command: Awaitable[SMTPResponse]) -> Answer:
        """The answer to one command; the line is given up when there is none, or none that can be understood."""
        try:
            response = await command
        except (SMTPException, OSError) as wrong:
            answer = _failure(stage, wrong)
        else:
            answer = Answer(stage, response.code, response.message)
        if answer.code in (None, _CLOSING):
            self._hang_up()
        return answer

    def _hang_up(self) -> None:
        self._smtp.close()
        self._writer = None


def _failure(stage: Stage, wrong: SMTPException | OSError | UnicodeError) -> Answer:
    if isinstance(wrong, SMTPResponseException) and wrong.code > 0:
        return Answer(stage, wrong.code, wrong.message)
    return Answer(stage, None, str(wrong) or type(wrong).__name__)


def _quoted(message: bytes) -> bytes:
    """The message as DATA takes it: lines ended by CRLF, a dot doubled where it begins a line (RFC 5321, 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    whole = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", whole)


@cache
def _trust(authority: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if authority is not None:
        context.load_verify_locations(cafile=authority)
    return context
