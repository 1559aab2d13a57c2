"""Parts scrapped at a site without an approval, or before they were beyond repair (spec 03, rules)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tasks.damaged_returns.repairs import repaired_times
from tasks.domain.agreeing import manager_agreed
from tasks.domain.amounts import QUANTITY_SCALE, quantity_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.texts import distinct

_HOMES = ("ledger", "erp")
_BY = ["site", "warehouse", "item_key", "date"]


def scrap_findings(
    scraps: pd.DataFrame, events: pd.DataFrame | None, serials: pd.DataFrame, limit: int
) -> tuple[Finding, ...]:
    """Every scrapping at a site that lacks its approval or, of class II, its reason; by site, item and day.

    `scraps`: frame `scrapped`. What ledger and ERP both write is one scrapping: the larger quantity counts. It is
    approved where the remark of a row in either home says who agreed. `events` as of `events_until`, `serials` as of
    `all_serials`. A class II piece may be scrapped when a serial of its item and site cannot be repaired or was
    repaired `limit` times; each such serial stands for one piece, the earliest scrapping first. With `events` None
    (none were ever delivered) the approval alone is asked after.
    """
    if scraps.empty:
        return ()
    said = distinct(scraps["remark"])
    agreed = said.flags(manager_agreed(text) for text in said.texts)
    rows = scraps.assign(approved=scraps["quantity"].where(agreed, 0), size=scraps["quantity"].abs())
    homes = rows.groupby([*_BY, "home"], sort=True)[["size", "approved"]].sum().reset_index()
    whole = homes.groupby(_BY, sort=True)[["size", "approved"]].max().reset_index()
    whole = whole.assign(unapproved=(whole["size"] - whole["approved"].abs()).clip(lower=0))
    classes = rows.drop_duplicates("item_key").set_index("item_key")["item_class"]
    whole = whole.assign(item_class=whole["item_key"].map(classes))
    unfounded = 0 if events is None else _unfounded(whole, _usable(events, serials, limit))
    whole = whole.assign(unfounded=unfounded)
    refs = rows.sort_values(["home", "ref"], ascending=[False, True]).groupby(_BY, sort=True)["ref"].agg(tuple)
    wrong = whole[(whole["unapproved"] > 0) | (whole["unfounded"] > 0)]
    return tuple(_finding(row, refs[tuple(row[name] for name in _BY)], limit) for row in _records(wrong))


def scrap_event_findings(events: pd.DataFrame, serials: pd.DataFrame, limit: int) -> tuple[Finding, ...]:
    """Every class II serial that was scrapped although nobody said that it cannot be repaired, by serial.

    `events` as of `events_until`, `serials` as of `all_serials`. One that was repaired `limit` times may be scrapped.
    """
    times = repaired_times(events)
    founded = {*times.index[times >= limit], *events.loc[events["event"] == "unrepairable", "serial_key"]}
    gone = events[(events["event"] == "scrapped") & ~events["serial_key"].isin(founded)]
    second = serials.loc[serials["item_class"] == "II", ["serial_key", "site", "item_key", "quantity"]]
    rows = gone.drop_duplicates("serial_key").merge(second.drop_duplicates("serial_key"), on="serial_key")
    return tuple(_of_serial(row, int(times.get(row["serial_key"], 0)), limit) for row in _records(rows))


def _of_serial(row: dict[str, Any], times: int, limit: int) -> Finding:
    told = message("returning.SCRAP_UNAPPROVED.serial", serial=row["serial"], times=times, limit=limit)
    return Finding(
        kind="SCRAP_UNAPPROVED",
        site=row["site"],
        warehouse="",
        item=row["item_key"],
        date=row["date"].date(),
        refs=(row["ref"],),
        stands_on=(row["serial_key"],),
        expected=str(limit),
        found=str(times),
        difference=row["quantity"],
        message=told,
    )


def _usable(events: pd.DataFrame, serials: pd.DataFrame, limit: int) -> pd.Series[int]:
    """How many pieces may be scrapped by now, by site and item, scaled by 10,000."""
    times = repaired_times(events)
    often = times.index[times >= limit]
    beyond = events.loc[events["event"] == "unrepairable", "serial_key"]
    own = serials.drop_duplicates("serial_key")
    own = own[own["serial_key"].isin([*often, *beyond])]
    usable: pd.Series[int] = own.groupby(["site", "item_key"]).size() * QUANTITY_SCALE
    return usable


def _unfounded(whole: pd.DataFrame, usable: pd.Series[int]) -> pd.Series[int]:
    """What of each class II scrapping no serial stands for: those of one site and item use up the serials by day."""
    second = whole["item_class"] == "II"
    sizes = whole["size"].where(second, 0)
    ordered = whole.assign(sizes=sizes).sort_values("date", kind="stable")
    until = ordered.groupby(["site", "item_key"])["sizes"].cumsum().sort_index()
    there = usable.reindex(pd.MultiIndex.from_frame(whole[["site", "item_key"]])).fillna(0).to_numpy(dtype=np.int64)
    return (until - there).clip(lower=0).clip(upper=sizes)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _finding(row: dict[str, Any], refs: tuple[str, ...], limit: int) -> Finding:
    scrapped = quantity_text(row["size"])
    if row["unapproved"] > 0 and row["unfounded"] > 0:
        told = message("returning.SCRAP_UNAPPROVED.both", scrapped=scrapped, limit=limit)
    elif row["unapproved"] > 0:
        told = message("returning.SCRAP_UNAPPROVED", scrapped=scrapped, unapproved=quantity_text(row["unapproved"]))
    else:
        told = message(
            "returning.SCRAP_UNAPPROVED.repairable",
            scrapped=scrapped,
            unfounded=quantity_text(row["unfounded"]),
            limit=limit,
        )
    wrong = max(row["unapproved"], row["unfounded"])
    return Finding(
        kind="SCRAP_UNAPPROVED",
        site=row["site"],
        warehouse=row["warehouse"],
        item=row["item_key"],
        date=row["date"].date(),
        refs=refs,
        stands_on=(row["date"].date().isoformat(),),
        expected=quantity_text(row["size"] - wrong),
        found=scrapped,
        difference=wrong,
        message=told,
    )
