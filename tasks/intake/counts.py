"""Nothing is lost: rows read = accepted + quarantined + exact repeats, for every file and period (spec 00)."""

from __future__ import annotations

import pandas as pd

ACCEPTED, QUARANTINED, REPEATED = "accepted", "quarantined", "repeated"
_COUNTED = [ACCEPTED, QUARANTINED, REPEATED]


def periods_of(dates: pd.DataFrame, files: pd.DataFrame, *, dated: bool) -> pd.Series:
    """The period to which each row of `dates` (file, date, fate) counts, as datetime64[s] with the index of `dates`.

    `files` has one row a file: file, period (the stated date or NaT), arrived (the day it came). A row counts to its
    file's period; without one to its own date, where that is unreadable to the file's latest, else to the day the file
    came. A quarantined row counts to its own date where the file's period is wrong about it: where it lies before the
    row's date, or after the day the file came. Rows of files that are not `dated` count to no period: NaT.
    """
    if not dated:
        return pd.Series(pd.NaT, index=dates.index, dtype="datetime64[s]")
    by_file = files.set_index("file")
    latest = dates.groupby("file")["date"].max()
    stated, arrived = (dates["file"].map(by_file[name]) for name in ("period", "arrived"))
    # A date still to come is no better than the file's: nobody would ever read the row in that day's report.
    believed = (dates["fate"] == QUARANTINED).to_numpy(dtype=bool) & (dates["date"] <= arrived)
    chosen = stated.mask(believed & ((dates["date"] > stated) | (stated > arrived)), dates["date"])
    for other in (dates["date"], dates["file"].map(latest), arrived):
        chosen = chosen.fillna(other)
    return chosen.astype("datetime64[s]")


def counts_of(fates: pd.DataFrame, files: pd.DataFrame, *, dated: bool) -> pd.DataFrame:
    """How many rows of each file count to each period: file, period, read, accepted, quarantined, repeated, in order.

    `fates` has one row a data row: file, date (NaT where unreadable), fate (accepted, quarantined, repeated); `files`
    is as for periods_of. A file without data rows has one line of zeros.
    """
    silent = files.loc[~files["file"].isin(fates["file"]), ["file"]]
    listed = pd.concat([fates, silent], ignore_index=True).astype({"date": "datetime64[s]"})
    listed["period"] = periods_of(listed, files, dated=dated)
    for name in _COUNTED:
        listed[name] = (listed["fate"] == name).fillna(value=False).astype("int64")
    counted = listed.groupby(["file", "period"], dropna=False, sort=True)[_COUNTED].sum().reset_index()
    counted["read"] = counted[_COUNTED].sum(axis=1)
    return counted[["file", "period", "read", *_COUNTED]]
