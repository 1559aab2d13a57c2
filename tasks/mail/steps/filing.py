"""Where no mail server is configured, mails are files that a mail program opens (spec 10, Home folder)."""

from __future__ import annotations

import re
from functools import partial
from hashlib import sha256
from pathlib import Path

from tasks.adapters.whole_files import write_whole
from tasks.mail.claiming import ClaimedMail, Said
from tasks.mail.steps.office import Desk

FOLDER = "outbox"
FILED_AT_ONCE = 20
_NAME_CHARACTERS_MAX = 60


async def file_due(desk: Desk) -> None:
    """Writes everything that is due as `.eml` below home; a mail written again replaces its own file."""
    folder = desk.post.home / FOLDER
    await desk.aside(lambda: folder.mkdir(parents=True, exist_ok=True))
    while mails := await desk.claim(FILED_AT_ONCE):
        for mail in mails:
            message = await desk.composed(mail)
            if message is not None:
                path = await desk.aside(partial(write_whole, folder / file_name(mail), message))
                await desk.settle(mail, Said("file", None, Path(FOLDER, path.name).as_posix()), "filed")


def file_name(mail: ClaimedMail) -> str:
    """A name that people read and that no other mail has: period, flow, report, recipient and a short mark."""
    words = "_".join(part for part in (mail.period, mail.flow, mail.report, mail.recipient) if part)
    plain = re.sub(r"[^\w.@+\-]+", "-", words)[:_NAME_CHARACTERS_MAX]
    return f"{plain}_{sha256(mail.message_id.encode()).hexdigest()[:8]}.eml"
