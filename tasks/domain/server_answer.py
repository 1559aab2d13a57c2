"""What a mail server said to one mail, and at which stage of the talk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# "data" ends before the message's last line has gone out; "after-data" begins with it: from then on a lost connection
# leaves everybody in doubt (RFC 5321, 4.2.5 and 6.1).
Stage = Literal["connect", "login", "sender", "recipient", "data", "after-data"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that decided about a mail; `code` is None where the connection was lost or nothing came in time."""

    stage: Stage
    code: int | None
    text: str
