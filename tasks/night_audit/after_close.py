"""What was delivered for dates that are closed: it changes nothing and is told (spec 06: CHANGED_AFTER_CLOSE)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.night_audit.kinds import desk_of, hotel_finding

# The field of a row that bears the number of a night posting which no night made.
NUMBER = "night_posting"
# What is taken in although its date is closed, with the field that a row which came whole too late bears.
_TAKEN = {"stays": "arrived_at", "pos_checks": "at", "shifts": "date", "reservations": "due_in"}


class Late(NamedTuple):
    """What came for a closed date; `field` is "" for a whole new row, NUMBER for a posting that is none of ours.

    Rows of stays, checks, shifts and reservations are taken in all the same: a new one stands here with its moment.

    `key` is the number of the row as people know it, `stored` and `delivered` are texts as people read them.
    """

    dataset: str
    key: str
    field: str
    stored: str
    delivered: str
    business_date: dt.date
    row: int


def late_findings(late: Iterable[Late], as_of: dt.date) -> tuple[Finding, ...]:
    """One CHANGED_AFTER_CLOSE a value that came too late, in the order in which they came."""
    told = []
    for row in late:
        ref = f"{row.dataset}:{row.key}" + (f":{row.field}" if row.field else "")
        against = (row.stored, row.delivered if row.field else "")
        told.append(hotel_finding("CHANGED_AFTER_CLOSE", as_of, row.key, (ref,), _words(row), against))
    return tuple(told)


def _words(row: Late) -> Message:
    """What happened to the row, in words: a value that differs, a posting that is none of ours, a row too late."""
    said: dict[str, str | Message] = {
        "dataset": message(f"night_audit.dataset.{row.dataset}"),
        "number": row.key,
        "date": f"{row.business_date:%Y-%m-%d}",
        "owner": desk_of("CHANGED_AFTER_CLOSE"),
    }
    if not row.field:
        return message("night_audit.CHANGED_AFTER_CLOSE_NEW", **said)
    if row.field == NUMBER:
        return message("night_audit.RETURNED_UNKNOWN", **said, posting=row.delivered)
    field = message(f"night_audit.field.{row.field}")
    key = "CHANGED_AFTER_CLOSE"
    if row.dataset in _TAKEN:
        key += "_LATE" if row.field == _TAKEN[row.dataset] and not row.stored else "_TAKEN"
    return message(f"night_audit.{key}", **said, field=field, stored=row.stored or "—", delivered=row.delivered or "—")
