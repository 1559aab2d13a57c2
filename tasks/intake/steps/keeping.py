"""One wave of read files becomes table rows, quarantined cells and counts, inside the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection, String, Table

from tasks.domain.message import message
from tasks.intake.core import Delivery
from tasks.intake.counts import ACCEPTED, QUARANTINED, REPEATED, counts_by_period
from tasks.intake.keyed import CONFLICT, key_texts
from tasks.intake.keyed import REPEATED as SAME
from tasks.intake.steps.files import Arrival, Parsed, record_counts, record_quarantine, record_read
from tasks.intake.steps.keyed_rows import KEYED, keep_keyed
from tasks.intake.steps.ledgers import keep_ledgers
from tasks.intake.tables import ledger_rows

MASTERS = ("departments", "sites", "warehouses", "items")
NUL, SHOWN_NUL = "\x00", "\u2400"
_CELL = ["sheet", "row", "column", "value", "reason", "date", "site"]


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of one file: read = accepted + quarantined + repeated; ignored ones are no data rows."""

    read: int
    accepted: int
    quarantined: int
    repeated: int
    ignored: int


@dataclass(frozen=True, slots=True)
class Readable:
    """One file to keep: what was read from it and how it arrived."""

    parsed: Parsed
    delivery: Delivery
    arrival: Arrival


@dataclass(frozen=True, slots=True)
class _Checked:
    """The rows of a delivery that fit their table, and the cells of those that do not."""

    rows: pd.DataFrame
    cells: pd.DataFrame


def keep_one(connection: Connection, one: Readable) -> Counts:
    """The counts of a keyed file, now kept: its rows new, updated or repeated, the rest quarantined."""
    dataset = one.parsed.dataset
    kept = KEYED[dataset]
    file_id = record_read(connection, one.parsed, one.delivery, one.arrival)
    checked = _checked(one.delivery, kept.table)
    outcome = keep_keyed(connection, dataset, checked.rows, file_id, one.arrival.received_at)
    conflicts = checked.rows[outcome == CONFLICT]
    keys = key_texts(conflicts, kept.key) if len(conflicts) else pd.Series(dtype="str")
    reasons = [message("inbox.key_conflict", key=key).to_json() for key in keys]
    contradicting = _cells(conflicts, " + ".join(kept.key), keys, reasons)
    return _account(connection, one, file_id, checked.rows, outcome, _joined(checked.cells, contradicting))


def keep_wave(
    connection: Connection,
    wave: Sequence[Readable],
    covered: pd.DataFrame,
    positions: Sequence[int],
    reported: Collection[dt.date],
) -> list[Counts]:
    """The counts of every ledger of one wave, now kept; `positions` are their numbers in `covered`."""
    ids = [record_read(connection, one.parsed, one.delivery, one.arrival) for one in wave]
    checked = [_checked(one.delivery, ledger_rows) for one in wave]
    parts = [part.rows.assign(file=position) for position, part in zip(positions, checked, strict=True)]
    rows = pd.concat(parts, ignore_index=True)
    file_ids: Mapping[int, int] = dict(zip(positions, ids, strict=True))
    outcome = keep_ledgers(connection, rows, covered[covered["file"].isin(positions)], file_ids, reported)
    ends = np.cumsum([len(part.rows) for part in checked])
    counts = []
    for one, file_id, part, end in zip(wave, ids, checked, ends.tolist(), strict=True):
        own = slice(end - len(part.rows), end)
        counts.append(_account(connection, one, file_id, rows.iloc[own], outcome.iloc[own], part.cells))
    return counts


def _account(  # noqa: PLR0913
    connection: Connection,
    one: Readable,
    file_id: int,
    rows: pd.DataFrame,
    outcome: pd.Series[str],
    cells: pd.DataFrame,
) -> Counts:
    dataset = one.parsed.dataset
    dated = dataset not in MASTERS
    period = _counted_period(one)
    bad = cells.drop_duplicates(["sheet", "row"])
    stood = rows[(outcome != CONFLICT).to_numpy()]
    fate = np.where((outcome[outcome != CONFLICT] == SAME).to_numpy(), REPEATED, ACCEPTED)
    dates = stood["date"] if "date" in stood.columns else pd.Series(pd.NaT, index=stood.index, dtype="datetime64[s]")
    fates = pd.DataFrame(
        {
            "date": pd.concat([dates, bad["date"]], ignore_index=True).astype("datetime64[s]"),
            "fate": [*fate.tolist(), *[QUARANTINED] * len(bad)],
        }
    )
    if dated and period is None and not fates["date"].notna().any():
        period = one.arrival.received_at.date()
    table = counts_by_period(fates, period, dated=dated)
    record_counts(connection, file_id, one.parsed, table, one.delivery.ignored)
    record_quarantine(connection, file_id, one.parsed, cells.assign(period=_periods(cells, fates, period, dated=dated)))
    total = table[["read", "accepted", "quarantined", "repeated"]].sum()
    if int(total["read"]) != len(rows) - int((outcome == CONFLICT).sum()) + len(bad):
        raise AssertionError(f"{one.parsed.name}: rows read and rows accounted for differ")
    return Counts(*(int(total[name]) for name in ("read", "accepted", "quarantined", "repeated")), one.delivery.ignored)


def _counted_period(one: Readable) -> dt.date | None:
    # An answer is an input of the day on which it is given: its sheet bears the date of an older report.
    if one.parsed.dataset == "exception_answers":
        return one.arrival.received_at.date()
    return one.delivery.stated_date


def _periods(cells: pd.DataFrame, fates: pd.DataFrame, period: dt.date | None, *, dated: bool) -> pd.Series:
    if not dated:
        return pd.Series(pd.NaT, index=cells.index, dtype="datetime64[s]")
    if period is not None:
        return pd.Series(pd.Timestamp(period), index=cells.index, dtype="datetime64[s]")
    return cells["date"].fillna(fates["date"].max()).astype("datetime64[s]")


def _checked(delivery: Delivery, table: Table) -> _Checked:
    """The delivery's rows that fit `table`; a text longer than its column quarantines its row, named by the limit."""
    rows = delivery.rows.reset_index(drop=True)
    long = np.zeros(len(rows), dtype=bool)
    found = []
    for column in table.columns:
        if column.name not in rows.columns or not isinstance(column.type, String):
            continue
        texts = _without_nul(rows[column.name])
        rows[column.name] = texts
        limit = column.type.length
        over = (texts.str.len() > limit).to_numpy(dtype=bool) if limit else np.zeros(len(rows), dtype=bool)
        if over.any():
            reason = message("inbox.too_long", limit=int(limit or 0)).to_json()
            found.append(_cells(rows[over], column.name, texts[over], [reason] * int(over.sum())))
            long |= over
    cells = delivery.quarantined[_CELL].assign(value=_without_nul(delivery.quarantined["value"]))
    return _Checked(rows[~long].reset_index(drop=True), _joined(cells, *found))


def _without_nul(texts: pd.Series) -> pd.Series[str]:
    # PostgreSQL keeps no NUL in a text; a sheet may hold one.
    plain = texts.astype("str")
    return plain.str.replace(NUL, SHOWN_NUL, regex=False) if NUL in "".join(plain.dropna()) else plain


def _cells(rows: pd.DataFrame, column: str, values: pd.Series[str], reasons: Sequence[str]) -> pd.DataFrame:
    missing = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]")
    frame = pd.DataFrame({"sheet": rows["sheet"], "row": rows["row"], "column": column, "value": values.to_numpy()})
    frame["reason"] = pd.Series(list(reasons), index=rows.index, dtype="str")
    frame["date"] = rows["date"] if "date" in rows.columns else missing
    frame["site"] = rows["site"] if "site" in rows.columns else ""
    return frame


def _joined(*parts: pd.DataFrame) -> pd.DataFrame:
    filled = [part[_CELL] for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0][_CELL].reset_index(drop=True)
