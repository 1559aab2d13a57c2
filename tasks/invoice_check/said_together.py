"""Several things that are wrong with one invoice, said as one: a break is known by its kind and its rows."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.domain.message import Message, message


def said_together(parts: Sequence[Message], key: str = "invoice_register.and") -> Message:
    """The messages as one, each after the other; there is at least one. `key` joins sentences, or parts of one."""
    one, *others = parts
    return message(key, first=one, others=said_together(others, key)) if others else one
