"""What was agreed with the revenue ledger, period by period, and what a later run of a period found otherwise."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterable
from functools import partial

import pandas as pd
from sqlalchemy import Connection, delete, insert, select, update

from tasks.domain.amounts import money_text
from tasks.domain.message import Message, message
from tasks.invoice_check.bridge import Bridge
from tasks.invoice_check.judging import Judged, carried_forward, lines_of
from tasks.invoice_check.tables import invoice_bridge, invoice_period_changes, invoice_periods


def agreed_periods(connection: Connection, as_of: dt.date) -> tuple[dt.date, ...]:
    """The last days of the periods up to `as_of` whose end was run, oldest first."""
    own = invoice_periods.c.period
    return tuple(connection.execute(select(own).where(own <= as_of).order_by(own)).scalars())


def keep_periods(connection: Connection, found: Judged, end: dt.date, now: dt.datetime) -> tuple[Message, ...]:
    """Keeps the agreement of the period that ends on `end`, and anew of those before it that were kept already.

    What is said of every earlier agreement that is another now: late rows changed it, and the change is kept too.
    """
    made, entries = found.bridge, found.known_entries
    if made is None or entries is None:
        return ()
    own = invoice_periods.c.period
    before = list(connection.execute(select(own).where(own < end).order_by(own)).scalars())
    lines_at = partial(lines_of, made, found.known_documents, entries)
    return tuple(note for period in (*before, end) for note in _kept(connection, made, lines_at, period, now))


def _kept(
    connection: Connection, made: Bridge, lines_at: Callable[[dt.date], pd.DataFrame], end: dt.date, now: dt.datetime
) -> Iterable[Message]:
    """Keeps one period; what was agreed before stays as it is as long as its totals are the same."""
    name = f"{end:%Y-%m}"
    opening, closing = carried_forward(made, end)
    totals = {
        "opening": opening,
        "invoiced": made.amount(end, "invoiced"),
        "revenue": made.amount(end, "revenue"),
        "closing": closing,
    }
    known = connection.execute(select(invoice_periods).where(invoice_periods.c.period == end)).mappings().first()
    changed = (
        [] if known is None else [(key, int(known[key]), cents) for key, cents in totals.items() if known[key] != cents]
    )
    if known is not None and not changed:
        return
    if known is None:
        connection.execute(insert(invoice_periods).values(period=end, agreed_at=now, **totals))
    else:
        again = update(invoice_periods).where(invoice_periods.c.period == end)
        connection.execute(again.values(agreed_at=now, **totals))
        connection.execute(delete(invoice_bridge).where(invoice_bridge.c.period == end))
    for key, before, after in changed:
        values = {"period": end, "line": key, "before": before, "after": after, "changed_at": now}
        connection.execute(insert(invoice_period_changes).values(values))
        yield message(
            "invoice_check.note.period_changed",
            period=name,
            line=message(f"invoice_check.total.{key}"),
            before=money_text(before),
            after=money_text(after),
        )
    lines = lines_at(end)
    columns = (lines[column].tolist() for column in ("line", "amount", "refs"))
    connection.execute(
        insert(invoice_bridge),
        [
            {"period": end, "place": place, "line": line, "amount": amount, "refs": refs}
            for place, (line, amount, refs) in enumerate(zip(*columns, strict=True), 1)
        ],
    )


def last_day(month: str) -> dt.date:
    """The last day of a month, `2026-11`."""
    year, number = (int(part) for part in month.split("-"))
    return dt.date(year, number, calendar.monthrange(year, number)[1])
