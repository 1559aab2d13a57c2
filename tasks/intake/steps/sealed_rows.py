"""Deliveries for dates that are closed: kept beside the books, where the audit finds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, select

from tasks.adapters.store import write_frame
from tasks.intake.hotel_tables import after_close, closed_books
from tasks.intake.keyed import Comparison
from tasks.intake.row_keys import KEYS
from tasks.intake.sealed import SEALED, TOLD, Closed, late_lines, shut_out, told_lines
from tasks.intake.steps.staging import rows_where


def closed_until(connection: Connection) -> Closed | None:
    """How far the books are closed, or None while no date is."""
    newest = select(closed_books).order_by(closed_books.c.business_date.desc()).limit(1)
    row = connection.execute(newest).first()
    return None if row is None else Closed(row.business_date, row.ends_at)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file's rows of `dataset` beside those stored of the same keys; `rows` bear their `file_id`."""

    dataset: str
    key: Sequence[str]
    rows: pd.DataFrame
    stored: pd.DataFrame
    result: Comparison


def keep_apart(connection: Connection, incoming: Incoming, now: dt.datetime) -> pd.Series[bool]:
    """Which of the rows the seal keeps out; they and what is late are told in `after_close`, each line once.

    Whoever closes a date holds the work of intake in the same transaction, so that none is closed meanwhile.
    """
    dataset, rows, result = incoming.dataset, incoming.rows, incoming.result
    closed = closed_until(connection)
    kept_out = pd.Series(data=False, index=rows.index)
    if closed is None or len(rows) == 0:
        return kept_out
    told = []
    if dataset in SEALED:
        first = next(iter(KEYS[dataset]))
        seals = incoming.stored.set_index(first)["sealed_on"]
        sealed_on = pd.Series(seals.reindex(rows[first]).to_numpy(), index=rows.index).astype("datetime64[s]")
        kept_out = shut_out(dataset, rows, sealed_on, result.outcome, closed)
        if kept_out.any():
            told.append(told_lines(rows, sealed_on, result, kept_out, first, closed))
    if dataset in TOLD:
        taken = Comparison(result.outcome.mask(kept_out, ""), result.changes)
        told.append(late_lines(dataset, rows, incoming.stored, taken, incoming.key, closed))
    for lines in told:
        if len(lines):
            _tell(connection, dataset, lines, int(rows["file_id"].iloc[0]), now)
    return kept_out


def _tell(connection: Connection, dataset: str, lines: pd.DataFrame, file_id: int, now: dt.datetime) -> None:
    """Adds the lines to `after_close` that do not stand there."""
    known = rows_where(connection, after_close, "key", lines["key"])
    told = known[known["dataset"] == dataset].set_index(["key", "field", "digest"]).index
    fresh = lines[~lines.set_index(["key", "field", "digest"]).index.isin(told)]
    found_at = pd.Series(pd.Timestamp(now).tz_convert("UTC"), index=fresh.index)
    write_frame(connection, after_close, fresh.assign(dataset=dataset, file_id=file_id, found_at=found_at))
