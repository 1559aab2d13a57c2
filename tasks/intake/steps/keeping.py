"""One wave of read files becomes table rows, quarantined cells and counts, inside the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, String, Table

from config.datasets import load_datasets
from tasks.adapters.store import write_frame, write_rows
from tasks.domain.message import message
from tasks.intake.core import Delivery
from tasks.intake.counts import ACCEPTED, REPEATED, Counted, Fates, Files, counts_of, periods_of
from tasks.intake.hotel_rows import HOTEL_MASTERS
from tasks.intake.keyed import CONFLICT, key_texts
from tasks.intake.keyed import REPEATED as SAME
from tasks.intake.row_keys import INVOICING, KEYS, MANY_TO_A_KEY, RETURNS
from tasks.intake.steps.files import Arrival, Parsed, record_read
from tasks.intake.steps.forms import complete_forms
from tasks.intake.steps.keyed_rows import KEYED, keep_keyed
from tasks.intake.steps.ledgers import keep_ledgers
from tasks.intake.steps.mending import mend
from tasks.intake.survey_rows import OWN_DAY, known_as
from tasks.intake.tables import ROW_KEY_CHARACTERS, ledger_rows, quarantined_cells, returned_sheets, row_counts

MASTERS = ("departments", "sites", "warehouses", "items")
# Rows of these count to no date: they say how things stand, whenever they came.
UNDATED = (*MASTERS, *HOTEL_MASTERS, *RETURNS, *INVOICING)
# An answer is an input of the run that meets it, which alone knows its date: the sheet bears that of an older report.
ANSWERS = "exception_answers"
NUL, SHOWN_NUL = "\x00", "\u2400"
_DAY = "datetime64[s]"
_CELL = ["file", "sheet", "row", "column", "value", "reason", "date", "site", "row_key"]


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
    """One file to keep: its number in this import, what was read from it and how it arrived."""

    number: int
    parsed: Parsed
    delivery: Delivery
    arrival: Arrival


@dataclass(frozen=True, slots=True)
class _Wave:
    """The rows and quarantined cells of one wave, each with its `file`; the stored id of each file; the rows read."""

    dataset: str
    rows: pd.DataFrame
    cells: pd.DataFrame
    ids: dict[int, int]
    read: int


def keep_one(connection: Connection, one: Readable) -> Counts:
    """The counts of a keyed file, now kept: its rows new, updated or repeated, the rest quarantined."""
    dataset = one.parsed.dataset
    kept = KEYED[dataset]
    wave = _checked(connection, [one], kept.table)
    if dataset == "responses":
        complete_forms(connection, one.delivery.layouts, wave.rows, one.arrival.received_at.date())
    outcome = keep_keyed(connection, dataset, wave.rows, wave.ids[one.number], one.arrival.received_at)
    if one.delivery.numbers:
        returned = pd.DataFrame({"number": list(one.delivery.numbers), "file_id": wave.ids[one.number]})
        write_frame(connection, returned_sheets, returned)
    if dataset in KEYS and dataset not in MANY_TO_A_KEY:
        came = wave.rows[outcome != CONFLICT]
        # A row whose own day could not be read is known by its key alone.
        mend(
            connection, dataset, pd.concat([_known_as(dataset, came), came[_key_column(dataset)]]), wave.ids[one.number]
        )
    if (outcome == CONFLICT).any():
        wave = replace(wave, cells=_joined(wave.cells, _contradicting(wave, outcome, kept.shown)))
    return _account(connection, [one], wave, outcome)[0]


def _contradicting(wave: _Wave, outcome: pd.Series[str], shown: Sequence[str]) -> pd.DataFrame:
    """The cells of the rows that contradict an earlier row of their own file."""
    conflicts = wave.rows[outcome == CONFLICT]
    keys = key_texts(conflicts, shown)
    reasons = [message("inbox.key_conflict", key=key).to_json() for key in keys]
    return _cells(wave.dataset, conflicts, _headings(wave.dataset, shown), keys, reasons)


def keep_wave(
    connection: Connection, files: Sequence[Readable], covered: pd.DataFrame, reported: Collection[dt.date]
) -> list[Counts]:
    """The counts of every ledger of one wave, now kept; `covered` has the days that each speaks for."""
    wave = _checked(connection, files, ledger_rows)
    spoken_for = covered[covered["file"].isin(list(wave.ids))]
    outcome = keep_ledgers(connection, wave.rows, spoken_for, wave.ids, reported)
    return _account(connection, files, wave, outcome)


def _account(connection: Connection, files: Sequence[Readable], wave: _Wave, outcome: pd.Series[str]) -> list[Counts]:
    """Keeps the counts and quarantined cells of the wave; every row that was read must be in them once."""
    dated, own_first = wave.dataset not in (*UNDATED, ANSWERS), wave.dataset in OWN_DAY
    listed = Files(
        np.array([one.number for one in files]),
        np.array([one.delivery.stated_date for one in files], dtype=_DAY),
        np.array([one.arrival.received_at.date() for one in files], dtype=_DAY),
    )
    fates = _fates(wave, outcome)
    counted = counts_of(fates, listed, dated=dated, own_first=own_first)
    if sum(one.read for one in counted) != wave.read:
        raise AssertionError(f"{files[0].parsed.name}: rows read and rows accounted for differ")
    ignored = dict.fromkeys(wave.ids, 0) | {one.number: one.delivery.ignored for one in files}
    _write_counts(connection, wave, counted, ignored)
    if len(wave.cells):
        cells = wave.cells.assign(dataset=wave.dataset, file_id=wave.cells["file"].map(wave.ids))
        everything = fates.and_quarantined(cells["file"].to_numpy(), cells["date"].to_numpy(_DAY))
        periods = periods_of(everything, listed, dated=dated, own_first=own_first)
        cells["period"] = periods[len(fates.file) :]
        write_frame(connection, quarantined_cells, cells.drop(columns=["file", "date"]))
    return [_counts([one for one in counted if one.file == file], ignored[file]) for file in listed.number.tolist()]


def _write_counts(connection: Connection, wave: _Wave, counted: Sequence[Counted], ignored: Mapping[int, int]) -> None:
    names = ("file_id", "dataset", "ignored", *Counted._fields[1:])
    # What was ignored is said once, in a file's first line.
    first = {one.file: place for place, one in reversed(list(enumerate(counted)))}
    rows = [
        (wave.ids[one.file], wave.dataset, ignored[one.file] if first[one.file] == place else 0, *one[1:])
        for place, one in enumerate(counted)
    ]
    write_rows(connection, row_counts, names, rows)


def _counts(counted: Sequence[Counted], ignored: int) -> Counts:
    return Counts(
        sum(one.read for one in counted),
        sum(one.accepted for one in counted),
        sum(one.quarantined for one in counted),
        sum(one.repeated for one in counted),
        ignored,
    )


def _fates(wave: _Wave, outcome: pd.Series[str]) -> Fates:
    """What became of each data row: those that stood first, those set aside behind them."""
    stood, same = (outcome != CONFLICT).to_numpy(dtype=bool), (outcome == SAME).to_numpy(dtype=bool)
    bad = wave.cells.drop_duplicates(["file", "sheet", "row"]) if len(wave.cells) else wave.cells
    good = Fates(
        wave.rows["file"].to_numpy()[stood],
        _dates(wave.dataset, wave.rows).to_numpy(_DAY)[stood],
        np.where(same, REPEATED, ACCEPTED)[stood],
    )
    return good.and_quarantined(bad["file"].to_numpy(), bad["date"].to_numpy(_DAY))


def _checked(connection: Connection, files: Sequence[Readable], table: Table) -> _Wave:
    """The files recorded as read, and the rows that fit `table`; a text too long for its column quarantines its row."""
    numbers, dataset = [one.number for one in files], files[0].parsed.dataset
    ids = dict(zip(numbers, record_read(connection, [(f.parsed, f.delivery, f.arrival) for f in files]), strict=True))
    rows = pd.concat([one.delivery.rows for one in files], ignore_index=True)
    rows["file"] = np.repeat(numbers, [len(one.delivery.rows) for one in files])
    filled = [one for one in files if len(one.delivery.quarantined)] or files[:1]
    cells = pd.concat([one.delivery.quarantined.assign(file=one.number) for one in filled], ignore_index=True)[_CELL]
    read = len(rows) + (len(cells[["file", "sheet", "row"]].drop_duplicates()) if len(cells) else 0)
    cells["value"] = _without_nul(cells["value"])
    long = np.zeros(len(rows), dtype=bool)
    found = [cells]
    for column in table.columns:
        if column.name not in rows.columns or not isinstance(column.type, String):
            continue
        rows[column.name] = texts = _without_nul(rows[column.name])
        limit = column.type.length
        if limit and _longest(texts) > limit:
            over = (texts.str.len() > limit).to_numpy(dtype=bool)
            reason = message("inbox.too_long", limit=limit).to_json()
            heading = _headings(dataset, (column.name,))
            found.append(_cells(dataset, rows[over], heading, texts[over], [reason] * int(over.sum())))
            long |= over
    kept = rows[~long].reset_index(drop=True) if long.any() else rows
    return _Wave(dataset, kept, _joined(*found), ids, read)


def _without_nul(texts: pd.Series) -> pd.Series[str]:
    # PostgreSQL keeps no NUL in a text; a sheet may hold one.
    plain = texts if texts.dtype == "str" else texts.astype("str")
    # Asked of Arrow itself: the columns are many, and most files are small.
    if not pc.any(pc.match_substring(pa.array(plain), NUL)).as_py():
        return plain
    return plain.str.replace(NUL, SHOWN_NUL, regex=False)


def _longest(texts: pd.Series[str]) -> int:
    return int(pc.max(pc.utf8_length(pa.array(texts))).as_py() or 0)


def _cells(
    dataset: str, rows: pd.DataFrame, column: str, values: pd.Series[str], reasons: Sequence[str]
) -> pd.DataFrame:
    frame = rows[["file", "sheet", "row"]].assign(column=column, value=values.to_numpy())
    frame["reason"] = pd.Series(list(reasons), index=rows.index, dtype="str")
    frame["date"] = _dates(dataset, rows)
    frame["site"] = rows["site"] if "site" in rows.columns else ""
    frame["row_key"] = _known_as(dataset, rows) if dataset in KEYS else rows.get("number", "")
    return frame


def _headings(dataset: str, names: Sequence[str]) -> str:
    """How the sheet of `dataset` heads the columns, in both languages, as a refusal of a whole file says it."""
    columns = load_datasets()[dataset]
    found = [columns.column(name.removesuffix("_key")) for name in names]
    return " + ".join(f"{one.heading_zh}/{one.heading_en}" for one in found if one)


def _known_as(dataset: str, rows: pd.DataFrame) -> pd.Series[str]:
    """By what a quarantined row is known until it comes again; no longer than its column."""
    keys = rows[_key_column(dataset)]
    if dataset in OWN_DAY:
        days = rows[OWN_DAY[dataset]].dt.date
        known = [known_as(dataset, key, None if pd.isna(day) else day) for key, day in zip(keys, days, strict=True)]
        keys = pd.Series(known, index=rows.index, dtype="str")
    return keys.str.slice(0, ROW_KEY_CHARACTERS)


def _key_column(dataset: str) -> str:
    return next(iter(KEYS[dataset]))


def _dates(dataset: str, rows: pd.DataFrame) -> pd.Series:
    own = OWN_DAY.get(dataset, "date")
    return rows[own] if own in rows.columns else pd.Series(pd.NaT, index=rows.index, dtype=_DAY)


def _joined(*parts: pd.DataFrame) -> pd.DataFrame:
    filled = [part[_CELL] for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0][_CELL].reset_index(drop=True)
