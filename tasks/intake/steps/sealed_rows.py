"""Deliveries for dates that are closed: kept beside the books, where the audit finds them."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import Connection, select

from tasks.adapters.store import write_frame
from tasks.intake.hotel_rows import KEYS
from tasks.intake.hotel_tables import after_close, closed_books
from tasks.intake.keyed import Comparison
from tasks.intake.sealed import Closed, shut_out, told_lines
from tasks.intake.steps.staging import rows_where


def closed_until(connection: Connection) -> Closed | None:
    """How far the books are closed, or None while no date is."""
    newest = select(closed_books).order_by(closed_books.c.business_date.desc()).limit(1)
    row = connection.execute(newest).first()
    return None if row is None else Closed(row.business_date, row.ends_at)


def keep_apart(
    connection: Connection,
    dataset: str,
    rows: pd.DataFrame,
    stored: pd.DataFrame,
    result: Comparison,
    now: dt.datetime,
) -> pd.Series[bool]:
    """Which rows the seal keeps out of `dataset`, now told in `after_close` once; `rows` bear their `file_id`.

    Whoever closes a date holds the work of intake in the same transaction, so that none is closed meanwhile.
    """
    closed = closed_until(connection)
    nothing = pd.Series(data=False, index=rows.index)
    if closed is None or len(rows) == 0:
        return nothing
    key = next(iter(KEYS[dataset]))
    seals = stored.set_index(key)["sealed_on"]
    sealed_on = pd.Series(seals.reindex(rows[key]).to_numpy(), index=rows.index).astype("datetime64[s]")
    kept_out = shut_out(dataset, rows, sealed_on, result.outcome, closed)
    if not kept_out.any():
        return nothing
    lines = told_lines(rows, sealed_on, result, kept_out, key, closed)
    known = rows_where(connection, after_close, "key", lines["key"])
    told = known[known["dataset"] == dataset].set_index(["key", "field", "digest"]).index
    fresh = lines[~lines.set_index(["key", "field", "digest"]).index.isin(told)]
    found_at = pd.Series(pd.Timestamp(now).tz_convert("UTC"), index=fresh.index)
    file_id = int(rows["file_id"].iloc[0])
    write_frame(connection, after_close, fresh.assign(dataset=dataset, file_id=file_id, found_at=found_at))
    return kept_out
