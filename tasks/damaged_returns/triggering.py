"""Which sites are due: so many days after the last batch or the first waiting part, or at once by volume (spec 03)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasks.damaged_returns.eligibility import ELIGIBLE
from tasks.damaged_returns.packing import READY
from tasks.damaged_returns.policy import Policy
from tasks.damaged_returns.shapes import shaped

BY_DAYS, BY_VOLUME = "days", "volume"


def judged_sites(
    waiting: pd.DataFrame, packed: pd.DataFrame, last_batches: pd.DataFrame, policy: Policy, as_of: pd.Timestamp
) -> pd.DataFrame:
    """The frame `sites`: every site that has an eligible part, and what makes it due on `as_of`.

    The days count from the site's last batch, else from the day its first eligible part was registered: from 1
    November fifteen days make 16 November. Exactly the volume is enough. What is due and has no box that may go waits
    for one: no batch is made of nothing.
    """
    eligible = waiting[waiting["state"] == ELIGIBLE]
    ready = packed[packed["state"] == READY]
    found = eligible.groupby("site", sort=True).agg(
        department=("department", "first"), eligible=("state", "size"), first_on=("registered_on", "min")
    )
    found["boxes"] = ready.groupby("site").size().reindex(found.index).fillna(0).astype("int64")
    found["volume"] = ready.groupby("site")["volume"].sum(min_count=1).reindex(found.index)
    last = last_batches.groupby("site")["date"].max().reindex(found.index)
    found["due_on"] = last.fillna(found["first_on"]) + pd.Timedelta(days=policy.days)
    full = (found["volume"] >= policy.volume).fillna(value=False)
    over = (found["due_on"] <= as_of).fillna(value=False)
    some = found["boxes"] > 0
    found["cause"] = np.select([some & full, some & over], [BY_VOLUME, BY_DAYS], "")
    return shaped("sites", found.reset_index())
