"""What damages parts most: causes by how many parts they took, with what they add up to (Pareto; spec 03, report)."""

from __future__ import annotations

import pandas as pd

from tasks.domain.keys import name_keys


def pareto(damages: pd.DataFrame) -> pd.DataFrame:
    """One row a cause, most parts first: cause, parts, quantity, until (the parts of it and all before it), of.

    `damages`: cause, parts and quantity (scaled by 10,000), one row or more a cause. Causes are compared as names and
    shown as most often written; a blank one is a row of its own with cause "". `of` is how many parts there are.
    """
    rows = damages.assign(cause_key=name_keys(damages["cause"]))
    written = rows.groupby(["cause_key", "cause"], sort=True)["parts"].sum().rename("times").reset_index()
    shown = written.sort_values(["times", "cause"], ascending=[False, True]).drop_duplicates("cause_key")
    sums = rows.groupby("cause_key", sort=True).agg(parts=("parts", "sum"), quantity=("quantity", "sum")).reset_index()
    table = sums.merge(shown[["cause_key", "cause"]], on="cause_key")
    table = table.sort_values(["parts", "cause_key"], ascending=[False, True]).reset_index(drop=True)
    return table.assign(until=table["parts"].cumsum(), of=int(table["parts"].sum()))[
        ["cause", "parts", "quantity", "until", "of"]
    ]
