"""The book at the moment of counting: frozen, moved until the count's day, corrected by late documents (spec 02)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

from tasks.domain.texts import Flags, Ints
from tasks.stocktake.shapes import PAIR, Count


def rolled_forward(count: Count, rows: pd.DataFrame, movements: pd.DataFrame) -> pd.DataFrame:
    """`rows` with moved, late, book, book_before (quantities) and late_refs (rows of the late documents, one a line).

    `rows`: warehouse_key, item_key (a pair stands once), frozen, audited_before (Int64, blank where it was not listed),
    counted_on, received_at (of the sheet, blank for none). `movements` (frame), of the window of days of the opening.
    book = frozen + moved + late. moved: the movements after the cut-off up to the day of the count, or the other way
    round for a count before the cut-off. late: what the movements up to the cut-off have become since the opening.
    book_before leaves out whatever was not known: late, and what came after the sheet itself.
    """
    place = _places(rows, movements)
    moves = movements[place >= 0]
    at = place[place >= 0]
    date, received = moves["date"].to_numpy(), _in_utc(moves["received_at"])
    counted_on = rows["counted_on"].to_numpy()[at]
    before = date <= np.datetime64(count.cut_off)
    between, undone = ~before & (date <= counted_on), before & (date > counted_on)
    since_opening = received > np.datetime64(count.opened_at.astimezone(dt.UTC).replace(tzinfo=None))
    since_sheet = received > _in_utc(rows["received_at"])[at]
    sums = _Sums(len(rows), at, moves["quantity"].to_numpy(dtype=np.int64))
    moved = sums.of(between) - sums.of(undone)
    known = rows["audited_before"].notna().to_numpy()
    audited = rows["audited_before"].fillna(0).to_numpy(dtype=np.int64)
    late = np.where(known, sums.of(before) - audited, sums.of(before & since_opening))
    unknown = sums.of(between & since_sheet) - sums.of(undone & since_opening)
    frozen = rows["frozen"].to_numpy(dtype=np.int64)
    book, book_before = frozen + moved + late, frozen + moved - unknown
    unseen = ((before & since_opening) | (between & since_sheet)) & (book != book_before)[at]
    refs = moves["ref"].set_axis(at)[unseen].sort_values().groupby(level=0).agg("\n".join)
    late_refs = pd.Series("", index=range(len(rows)), dtype="str")
    late_refs.loc[refs.index] = refs
    return rows.assign(moved=moved, late=late, book=book, book_before=book_before, late_refs=late_refs.to_numpy())


class _Sums:
    """Sums of the movements' quantities by the row that they belong to."""

    def __init__(self, rows: int, at: Ints, quantity: Ints) -> None:
        self._rows, self._at, self._quantity = rows, at, quantity

    def of(self, chosen: Flags) -> Ints:
        """The sum of the chosen movements for every row."""
        sums = np.zeros(self._rows, dtype=np.int64)
        np.add.at(sums, self._at[chosen], self._quantity[chosen])
        return sums


def _in_utc(moments: pd.Series[pd.Timestamp]) -> npt.NDArray[np.datetime64]:
    bare: npt.NDArray[np.datetime64] = moments.dt.tz_localize(None).to_numpy()
    return bare


def _places(rows: pd.DataFrame, movements: pd.DataFrame) -> Ints:
    """Which row each movement belongs to, -1 for none."""
    index = pd.MultiIndex.from_frame(rows[PAIR])
    return np.asarray(index.get_indexer(pd.MultiIndex.from_frame(movements[PAIR])), dtype=np.int64)
