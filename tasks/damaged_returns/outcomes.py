"""What repairs come to, by item and maker: how many succeed, how long they take, what they cost (spec 03, report)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasks.domain.amounts import QUANTITY_SCALE
from tasks.domain.keys import name_keys

_OUTCOMES = ("repaired", "exchanged", "unrepairable", "scrapped")
_COUNTS = ("repaired", "exchanged", "beyond_repair")


def repair_cycles(events: pd.DataFrame) -> pd.DataFrame:
    """One row a sending with what ended it: serial_key, sent_on, ended_on, event, maker, days, cost (cents, Int64).

    `events` as of `events_until` with maker and cost. A sending ends with the first event after it that is an outcome
    (repaired, exchanged, unrepairable, scrapped); what was never ended stands with event "" and ended_on NaT. The
    maker is the one named at the end, else at the sending. An outcome without a sending is no cycle.
    """
    own = events[events["event"].isin([*_OUTCOMES, "sent"])]
    own = own.sort_values("serial_key", kind="stable").reset_index(drop=True)
    following = own.shift(-1)
    ended = (following["serial_key"] == own["serial_key"]) & following["event"].isin(_OUTCOMES)
    rows = pd.DataFrame(
        {
            "serial_key": own["serial_key"],
            "sent_on": own["date"],
            "ended_on": following["date"].where(ended),
            "event": following["event"].where(ended, "").astype("str"),
            "maker": own["maker"].mask(ended & (following["maker"] != ""), following["maker"]).astype("str"),
            "cost": following["cost"].where(ended).astype("Int64"),
        }
    )[own["event"] == "sent"]
    days = (rows["ended_on"] - rows["sent_on"]).dt.days.astype("Int64")
    return rows.assign(days=days).reset_index(drop=True)


def by_item_and_maker(cycles: pd.DataFrame, serials: pd.DataFrame) -> pd.DataFrame:
    """One row an item and maker, most ended repairs first: how many are repaired, exchanged, beyond_repair and open.

    `cycles` as of `repair_cycles`; `serials`: serial_key, item_key, item, item_name. Other columns: sent, ended, median
    (days from the sending to the end, scaled by 10,000, Int64), longest (days, Int64), cost (cents, Int64). Success is
    repaired over ended, for the caller to divide. Makers are compared as names and shown as first written.
    """
    named = serials.drop_duplicates("serial_key")[["serial_key", "item_key", "item", "item_name"]]
    rows = cycles.merge(named, on="serial_key", how="left")
    rows = rows.fillna({"item_key": "", "item": "", "item_name": ""}).assign(maker_key=name_keys(rows["maker"]))
    rows = rows.assign(
        repaired=rows["event"] == "repaired",
        exchanged=rows["event"] == "exchanged",
        beyond_repair=rows["event"].isin(["unrepairable", "scrapped"]),
        open=rows["event"] == "",
    )
    by = ["item_key", "maker_key"]
    grouped = rows.groupby(by, sort=True)
    table = grouped.agg(
        item=("item", "first"),
        item_name=("item_name", "first"),
        maker=("maker", "first"),
        sent=("event", "size"),
        repaired=("repaired", "sum"),
        exchanged=("exchanged", "sum"),
        beyond_repair=("beyond_repair", "sum"),
        open=("open", "sum"),
        longest=("days", "max"),
    )
    # A cost that nobody named is not a cost of nothing.
    table = table.assign(
        cost=grouped["cost"].sum(min_count=1),
        ended=table["sent"] - table["open"],
        median=_medians(rows, by).reindex(table.index),
    )
    ordered = table.reset_index().sort_values(["ended", "item_key", "maker_key"], ascending=[False, True, True])
    return ordered.reset_index(drop=True)


def _medians(rows: pd.DataFrame, by: list[str]) -> pd.Series[int]:
    """The median of days by group, scaled by 10,000 and exact: the middle, or half of the two in the middle."""
    known = rows[rows["days"].notna()].sort_values([*by, "days"])
    grouped = known.groupby(by, sort=True)
    place, size = grouped.cumcount().to_numpy(), grouped["days"].transform("size").to_numpy(dtype=np.int64)
    middle = (place == (size - 1) // 2) | (place == size // 2)
    chosen = known[middle].assign(twice=lambda one: one["days"].astype("int64"))
    sums = chosen.groupby(by, sort=True)["twice"].agg(["sum", "size"])
    # One in the middle counts whole, two by half each.
    medians: pd.Series[int] = (sums["sum"] * (QUANTITY_SCALE // sums["size"])).astype("Int64")
    return medians
