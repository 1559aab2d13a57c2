"""What customers still owe, and for how long (spec 04: receivables ageing)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from tasks.domain.shaping import shaped
from tasks.invoice_check.payments import balances
from tasks.invoice_check.shapes import OPEN_ITEMS

BUCKETS = ("not_due", "1_30", "31_60", "61_90", "over_90")
"""The ages of receivables, by calendar days past the agreed day; what is due today is not due yet."""
_LAST_DAYS = (0, 30, 60, 90)


def open_items(documents: pd.DataFrame, receipts: pd.DataFrame, links: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """The invoices of which something is owed on `as_of`, as OPEN_ITEMS, the oldest due first.

    0.01 is open too. Void invoices and credit notes never owe anything. `links` as of `match_receipts`.
    """
    rows = balances(documents, receipts, links, as_of).rename(columns={"balance": "open"})
    rows = rows[(rows["state"] == "valid") & (rows["total"] > 0) & (rows["open"] > 0)]
    days = (pd.Timestamp(as_of) - rows["due_on"]).dt.days.to_numpy(dtype=np.int64)
    bucket = pd.Series(BUCKETS, dtype="str").take(np.searchsorted(_LAST_DAYS, days, side="left")).array
    return shaped(OPEN_ITEMS, rows.assign(days=days, bucket=bucket).sort_values(["due_on", "document"]))


def ageing(items: pd.DataFrame) -> dict[str, int]:
    """The cents owed by age, every one of BUCKETS in its order; `items` as OPEN_ITEMS."""
    sums = items.groupby("bucket")["open"].sum()
    return {bucket: int(sums.get(bucket, 0)) for bucket in BUCKETS}
