"""What was delivered for dates that are closed: it changes nothing and is told (spec 06: CHANGED_AFTER_CLOSE)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.night_audit.books import each
from tasks.night_audit.kinds import desk_of, hotel_finding

# The field of a row that bears the number of a night posting which no night made.
NUMBER = "night_posting"


def late_findings(late: pd.DataFrame, as_of: dt.date) -> tuple[Finding, ...]:
    """One CHANGED_AFTER_CLOSE a value that came too late, in the order in which they came.

    `late` has dataset, key, field ("" for a whole new row, NUMBER for a posting that is none of ours), stored,
    delivered, business_date, row.
    """
    told = []
    for row in each(late):
        ref = f"{row.dataset}:{row.key}" + (f":{row.field}" if row.field else "")
        against = (row.stored, row.delivered if row.field else "")
        told.append(hotel_finding("CHANGED_AFTER_CLOSE", as_of, row.key, (ref,), _words(row), against))
    return tuple(told)


def _words(row: Any) -> Message:
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
    return message("night_audit.CHANGED_AFTER_CLOSE", **said, field=field, stored=row.stored, delivered=row.delivered)
