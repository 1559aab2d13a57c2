"""A finding: wrong data as a value that is collected, carried and reported, never raised."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from tasks.domain.message import Message

Severity = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not agree: what, where, how much, on which rows it stands, and why in words.

    `refs` names every row (`ledger:DF01:2026-11-20:4`, `erp:QTR-0012:1`); `stands_on` are the content identities
    that make the finding the same one in every run and every home (spec 01: life of a break); it is empty or holds
    only a transfer order for states, which are known without rows. `difference` is a quantity scaled by 10,000.
    """

    kind: str
    site: str
    warehouse: str
    item: str
    date: dt.date
    refs: tuple[str, ...]
    stands_on: tuple[str, ...]
    expected: str
    found: str
    difference: int
    message: Message

    @property
    def id(self) -> str:
        """16 hexadecimal digits, equal in every home for the same kind, site, warehouse, item and rows."""
        return break_id(self.kind, self.site, self.warehouse, self.item, self.stands_on)


def break_id(kind: str, site: str, warehouse: str, item: str, stands_on: tuple[str, ...]) -> str:
    """The id of the break that is known by these (spec 01: life of a break); the order of `stands_on` has no effect."""
    known_by = "\x1f".join((kind, site, warehouse, item, *sorted(stands_on)))
    return blake2b(known_by.encode(), digest_size=8).hexdigest()
