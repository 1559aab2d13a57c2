"""Nothing is lost: rows read = rows accepted + rows quarantined + exact repeats, for every file and period (spec 00)."""

from __future__ import annotations

import datetime as dt

import pandas as pd

ACCEPTED, QUARANTINED, REPEATED = "accepted", "quarantined", "repeated"


def counts_by_period(fates: pd.DataFrame, period: dt.date | None, *, dated: bool) -> pd.DataFrame:
    """How many rows of one file counts to each period: period, read, accepted, quarantined, repeated; period in order.

    `fates` has one row a data row of the file: date (NaT where unreadable) and fate (accepted, quarantined, repeated).
    All rows count to `period` where it is given; else each counts to its own date, or, without one, to the file's latest.
    Rows of a file that is not `dated` (master data) count to no period. A file without rows counts zero rows.
    """
    known = fates["date"].dropna()
    if not dated:
        periods = pd.Series(pd.NaT, index=fates.index, dtype="datetime64[s]")
    elif period is not None:
        periods = pd.Series(pd.Timestamp(period), index=fates.index, dtype="datetime64[s]")
    else:
        periods = fates["date"].fillna(known.max()) if len(known) else fates["date"]
    counted = pd.DataFrame({"period": periods.astype("datetime64[s]"), "fate": fates["fate"]})
    if len(counted) == 0:
        alone = pd.Timestamp(period) if dated and period is not None else pd.NaT
        return _conserved(
            pd.DataFrame({"period": pd.Series([alone], dtype="datetime64[s]"), **dict.fromkeys(_COUNTED, 0)})
        )
    table = pd.DataFrame(
        {name: (counted["fate"] == name).groupby(counted["period"], dropna=False).sum() for name in _COUNTED}
    ).reset_index()
    return _conserved(table)


_COUNTED = (ACCEPTED, QUARANTINED, REPEATED)


def _conserved(table: pd.DataFrame) -> pd.DataFrame:
    counted = table.astype(dict.fromkeys(_COUNTED, "int64"))
    counted["read"] = counted["accepted"] + counted["quarantined"] + counted["repeated"]
    return counted[["period", "read", *_COUNTED]]
