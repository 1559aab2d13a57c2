"""Nothing is lost: rows read = accepted + quarantined + exact repeats, for every file and period (spec 00)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

ACCEPTED, QUARANTINED, REPEATED = "accepted", "quarantined", "repeated"
_COUNTED = (ACCEPTED, QUARANTINED, REPEATED)
_NONE = np.datetime64("NaT", "s")
Array = np.ndarray[tuple[int], np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of each data row, three arrays of one length.

    `file` is its file's number, `date` its own as datetime64[s] (NaT where unreadable), `fate` accepted, quarantined or
    repeated.
    """

    file: Array
    date: Array
    fate: Array

    def and_quarantined(self, file: Array, date: Array) -> Fates:
        """These, and behind them quarantined rows of those files and dates."""
        more = np.full(len(file), QUARANTINED)
        parts = ((self.file, file), (self.date, date), (self.fate, more))
        return Fates(*(np.concatenate(part) for part in parts))


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one dataset: each one's number, the date that it states (NaT: none) and the day it came."""

    number: Array
    stated: Array
    arrived: Array


class Counted(NamedTuple):
    """How many rows of one file count to one period (None: to none)."""

    file: int
    period: dt.date | None
    read: int
    accepted: int
    quarantined: int
    repeated: int


def periods_of(fates: Fates, files: Files, *, dated: bool, own_first: bool = False) -> Array:
    """The period to which each row of `fates` counts, as datetime64[s].

    A row counts to the date that its file states; without one to its own date, where that is unreadable to the file's
    latest, else to the day the file came. A quarantined row counts to its own date where the file is wrong about it:
    where it states a day before the row's date, or after the day it came. Rows of files that are not `dated` count to
    no period: NaT. Where it is `own_first`, a row counts to its own date, whatever its file states.
    """
    if not dated:
        return np.full(len(fates.file), _NONE)
    place = _places(fates, files)
    own, stated, arrived = fates.date, files.stated[place], files.arrived[place]
    latest = np.full(len(files.number), _NONE)
    np.fmax.at(latest, place, own)
    # A date still to come is no better than the file's: nobody would ever read the row in that day's report.
    believed = (fates.fate == QUARANTINED) & (own <= arrived)
    by_file = np.where(believed & ((own > stated) | (stated > arrived)), own, stated)
    chosen, *others = (own, stated) if own_first else (by_file, own)
    for other in (*others, latest[place], arrived):
        chosen = np.where(np.isnat(chosen), other, chosen)
    return chosen


def counts_of(fates: Fates, files: Files, *, dated: bool, own_first: bool = False) -> list[Counted]:
    """How many rows of each file count to each period, in the order of the files and the periods.

    A file without data rows has one line of zeros.
    """
    silent = np.setdiff1d(np.arange(len(files.number)), _places(fates, files))
    nothing = Fates(files.number[silent], np.full(len(silent), _NONE), np.full(len(silent), ""))
    place = np.concatenate([_places(fates, files), silent])
    parts = [periods_of(some, files, dated=dated, own_first=own_first) for some in (fates, nothing)]
    periods = np.concatenate(parts)
    days, day = np.unique(periods.astype("datetime64[D]"), return_inverse=True)
    pairs, own = np.unique(place * len(days) + day, return_inverse=True)
    fate = np.concatenate([fates.fate, nothing.fate])
    numbers = [np.bincount(own[fate == name], minlength=len(pairs)).tolist() for name in _COUNTED]
    listed = zip(files.number[pairs // len(days)].tolist(), days[pairs % len(days)].tolist(), *numbers, strict=True)
    return [Counted(file, period, sum(counts), *counts) for file, period, *counts in listed]


def _places(fates: Fates, files: Files) -> Array:
    """The place of each row's file among the files."""
    order = np.argsort(files.number)
    return np.asarray(order[np.searchsorted(files.number, fates.file, sorter=order)])
