"""The fixed name of a logical mail: flow, period, report, recipient and content give one Message-ID (spec 10, Mail)."""

from __future__ import annotations

import json
import re
from hashlib import sha256

# RFC 5322, 3.2.3 and 3.6.4: a dot-atom on each side of the sign.
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?)*")


def domain_of(address: str) -> str:
    """The domain of the sender's `address` in ASCII and lower case; raises ValueError where there is none."""
    _, at, domain = address.strip().rpartition("@")
    try:
        plain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        plain = ""
    if not at or not _DOMAIN.fullmatch(plain):
        raise ValueError(f"{address!r} is no mail address")
    return plain


def content_digest(content: str) -> str:
    """The SHA-256 of a mail's content, as 64 hexadecimal digits."""
    return sha256(content.encode("utf-8")).hexdigest()


def message_id(parts: tuple[str, ...], domain: str) -> str:
    """The Message-ID of the logical mail that `parts` name, with its angle brackets; equal parts give an equal one."""
    # JSON keeps ("a", "bc") and ("ab", "c") apart.
    canonical = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return f"<daybook.{sha256(canonical.encode('utf-8')).hexdigest()[:40]}@{domain}>"
