"""What was delivered for dates that are closed: it changes nothing and is told (spec 06: CHANGED_AFTER_CLOSE)."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.night_audit.books import each
from tasks.night_audit.kinds import desk_of, hotel_finding


def late_findings(late: pd.DataFrame, as_of: dt.date) -> tuple[Finding, ...]:
    """One CHANGED_AFTER_CLOSE a value that came too late, in the order in which they came.

    `late` has dataset, key, field ("" for a whole new row), stored, delivered, business_date, row.
    """
    told = []
    for row in each(late):
        closed = f"{row.business_date:%Y-%m-%d}"
        owner = desk_of("CHANGED_AFTER_CLOSE")
        words = (
            message(
                "night_audit.CHANGED_AFTER_CLOSE",
                dataset=row.dataset,
                number=row.key,
                field=row.field,
                date=closed,
                stored=row.stored,
                delivered=row.delivered,
                owner=owner,
            )
            if row.field
            else message(
                "night_audit.CHANGED_AFTER_CLOSE_NEW", dataset=row.dataset, number=row.key, date=closed, owner=owner
            )
        )
        refs = (f"{row.dataset}:{row.key}", f"{row.dataset}:{row.key}:{row.field}")[bool(row.field) :]
        told.append(
            hotel_finding(
                "CHANGED_AFTER_CLOSE", as_of, row.key, refs, words, (row.stored, row.delivered if row.field else "")
            )
        )
    return tuple(told)
