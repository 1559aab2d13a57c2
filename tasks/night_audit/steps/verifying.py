"""What is wrong with the closed nights, in words: rows that raw SQL changed, a chain that breaks (spec 06, step 13)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from tasks.domain.message import Message, message
from tasks.night_audit.steps.sealing import broken_seals


def verify_nights(connection: Connection) -> Iterator[Message]:
    """A line for each closed date that no longer is what was sealed, naming the row."""
    for one in broken_seals(connection):
        yield message(
            f"night_audit.broken.{one.how}", date=one.business_date.isoformat(), dataset=one.kind, number=one.row
        )
