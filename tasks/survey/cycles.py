"""The cycles by which forms are counted together: calendar months, quarters and years, known by their last day."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Literal

import numpy as np
import pandas as pd

Cycle = Literal["month", "quarter", "year"]
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def cycle_end(day: dt.date, cycle: Cycle) -> dt.date:
    """The last day of the cycle in which `day` lies."""
    months = MONTHS[cycle]
    month = -(-day.month // months) * months
    return dt.date(day.year, month, calendar.monthrange(day.year, month)[1])


def cycle_ends(days: pd.Series, cycle: Cycle) -> pd.Series:
    """The same of every day of a column of days, as datetime64[s]."""
    months = MONTHS[cycle]
    at = days.to_numpy(dtype="datetime64[M]").astype(np.int64)
    after = (at // months + 1) * months
    last = after.astype("datetime64[M]").astype("datetime64[D]") - np.timedelta64(1, "D")
    return pd.Series(last.astype("datetime64[s]"), index=days.index, name=days.name)


def cycle_start(period: dt.date, cycle: Cycle) -> dt.date:
    """The first day of the cycle that ends on `period`."""
    return dt.date(period.year, period.month - MONTHS[cycle] + 1, 1)


def cycle_before(period: dt.date, cycle: Cycle, back: int = 1) -> dt.date:
    """The last day of the cycle so many cycles before the one that ends on `period`."""
    months = period.year * 12 + period.month - 1 - MONTHS[cycle] * back
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, calendar.monthrange(year, month + 1)[1])
