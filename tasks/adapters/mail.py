"""The way to the mail server: the only door to aiosmtplib."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


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
