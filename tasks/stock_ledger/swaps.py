"""Spares issued for a turbine whose damaged part never came in (spec 01: SWAP_INCOMPLETE).

Signatures: swap_checks(ledger, erp, items, as_of, swap_days) -> list[Finding].
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

from tasks.domain.amounts import quantity_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.texts import distinct
from tasks.stock_ledger.cases import places_by, refs_in_order

_PLACE = ["site", "item"]


def swap_checks(
    ledger: pd.DataFrame, erp: pd.DataFrame, items: pd.DataFrame, as_of: dt.date, swap_days: int
) -> list[Finding]:
    """One SWAP_INCOMPLETE for every warehouse and item with a spare issued for a turbine and no damaged part since.

    `ledger` holds every issue that may still be open and every DAMAGED_IN since (site, warehouse, item, category,
    turbine, quantity, date, ref), `erp` the DAMAGED_IN of the same time (site, item, category, quantity, date);
    `items` says which are spares (item_key, sort). An issue becomes a break at the end of its `swap_days`-th calendar
    day; any DAMAGED_IN of the same site and item from its date on and up to `as_of`, in time or late, cures it. The
    finding is a state: it stands on no rows and names those still open, dated by the first; sorted by date and place.
    """
    today = pd.Timestamp(as_of)
    due = ledger["date"] + pd.Timedelta(days=swap_days) <= today
    names = ["date", "ref", "site", "warehouse", "item", "quantity", "turbine"]
    issued = ledger.loc[due & (ledger["category"] == "OWN_USE_OUT") & (ledger["turbine"] != ""), names]
    spare = distinct(issued["item"]).within(items.loc[items["sort"] == "spare", "item_key"].tolist())
    issued = issued[(issued["quantity"] > 0) & spare]
    if issued.empty:
        return []
    uncured = issued[~_cured(issued, ledger, erp, today)].sort_values(["date", "ref"])
    of = {name: uncured[name].tolist() for name in names}
    findings = []
    for (site, warehouse, item), places in places_by(uncured, ["site", "warehouse", "item"]).items():
        first = of["date"][places[0]].date()
        until = str(first + dt.timedelta(days=swap_days))
        turbines = ", ".join(sorted({of["turbine"][place] for place in places}))
        findings.append(
            Finding(
                kind="SWAP_INCOMPLETE",
                site=site,
                warehouse=warehouse,
                item=item,
                date=first,
                refs=refs_in_order({of["ref"][place] for place in places}),
                stands_on=(),
                expected=quantity_text(sum(of["quantity"][place] for place in places)),
                found="0",
                difference=0,
                message=message("checks.SWAP_INCOMPLETE", turbines=turbines, date=str(first), due=until),
            )
        )
    return sorted(findings, key=lambda one: (one.date, one.site, one.warehouse, one.item))


def _cured(issued: pd.DataFrame, ledger: pd.DataFrame, erp: pd.DataFrame, today: pd.Timestamp) -> npt.NDArray[np.bool_]:
    """Per issue whether its site took in a damaged part of the item on its date or later, up to `today`."""
    damaged = pd.concat(
        [side.loc[side["category"] == "DAMAGED_IN", [*_PLACE, "date", "quantity"]] for side in (ledger, erp)]
    )
    damaged = damaged[(damaged["date"] <= today) & (damaged["quantity"] > 0)]
    last = damaged.groupby(_PLACE)["date"].max().rename("last").reset_index()
    cured = issued[["date", *_PLACE]].merge(last, on=_PLACE, how="left")
    return (cured["last"] >= cured["date"]).to_numpy(dtype=np.bool_)
