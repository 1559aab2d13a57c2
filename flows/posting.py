"""Puts settings, recipients and the mail server together into the work of the post office."""

from __future__ import annotations

import functools
import os
import socket
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from config.settings import Settings, home_folder, load_settings
from flows.arranging import UnableToArrange
from flows.command_line import said
from tasks.adapters.clock import now
from tasks.adapters.letter import Envelope, letter
from tasks.adapters.mail import Server
from tasks.adapters.store import open_store
from tasks.domain.report import Report
from tasks.domain.report_json import report_from_json
from tasks.mail.claiming import ClaimedMail
from tasks.mail.steps import Owner, PostOffice

PASSWORD = "DAYBOOK_SMTP_PASSWORD"  # noqa: S105 - the name of the variable, not what it holds


async def arranged_post() -> PostOffice:
    """The post office of the home that DAYBOOK_HOME names; without a mail server it writes files.

    Raises UnableToArrange where the server wants a login and no password is to be had.
    """
    settings = load_settings(home_folder())
    own = settings.mail
    server = None
    if own.host:
        server = Server(
            host=own.host,
            port=own.port,
            tls=own.tls,
            user=own.user,
            password=await _password(settings) if own.user else "",
            answer_seconds=own.timeout_seconds,
            connections=own.connections,
        )
    return PostOffice(
        store=open_store(settings.database_url),
        home=settings.home,
        server=server,
        sender=own.sender,
        compose=functools.partial(_composed, settings),
        alert=Owner(own.owner, settings.language, ZoneInfo(settings.timezone)).told_of,
        clock=functools.partial(now, settings.timezone),
        name=f"{socket.gethostname()}:{os.getpid()}"[:80],
    )


def _composed(settings: Settings, mail: ClaimedMail) -> bytes:
    own = settings.mail
    report = _report(mail.content)
    envelope = Envelope(
        message_id=mail.message_id,
        sender=own.sender,
        sender_name=own.sender_name,
        recipient=mail.recipient,
        recipient_name=mail.recipient_name,
        subject=mail.subject,
        date=mail.created_at,
        lies_at=str(Path(mail.lies_at)) if mail.lies_at else "",
        repeat=mail.repeat,
        enclosed=(settings.home / report.enclosed).read_bytes() if report.enclosed else b"",
    )
    return letter(report, mail.language, envelope, attachment_mib_max=own.attachment_mib_max)


# Many mails tell the same report.
@lru_cache(maxsize=8)
def _report(content: str) -> Report:
    return report_from_json(content)


async def _password(settings: Settings) -> str:
    """The password of the mail server: from the environment, else from the Secret block of a configured Prefect."""
    given = os.environ.get(PASSWORD, "")
    if given:
        return given
    block = settings.mail.password_block
    if os.environ.get("PREFECT_API_URL") and block:
        from prefect.blocks.system import Secret

        with suppress(ValueError):
            secret: Secret[str] = await Secret.aload(block)
            return str(secret.get())
    raise UnableToArrange(said("cli.error.no_password", variable=PASSWORD, block=block))
