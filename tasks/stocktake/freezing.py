"""What the books held at the cut-off, frozen line by line, and which lines another open count already has (spec 02)."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.stocktake.shapes import PAIR, Count, shaped

# Documents come late by weeks, not by years; the window is the same at the opening and whenever it is compared.
_LATE_MAX = dt.timedelta(days=62)


def frozen_stock(on_hand: pd.DataFrame, movements: pd.DataFrame, cut_off: dt.date) -> pd.DataFrame:
    """The frame `stock`: the on-hand of every warehouse and item at the close of `cut_off`, by warehouse and item.

    `on_hand`: warehouse_key, item_key, date, quantity, serials, of each warehouse all rows of its newest snapshot dated
    up to `cut_off`. `movements` (frame) of these warehouses from the day `audited_since` on. frozen = the snapshot plus
    the movements dated after it up to `cut_off`; a warehouse without snapshot has all its movements. Every row of a
    snapshot is listed, zero ones too, and every other item of which something should be there.
    """
    known = movements[movements["date"] <= pd.Timestamp(cut_off)]
    snapshots = on_hand.astype({"date": "datetime64[s]"}).groupby("warehouse_key")["date"].max()
    snapshot = snapshots.reindex(known["warehouse_key"]).set_axis(known.index)
    after = known["quantity"].where(snapshot.isna() | (known["date"] > snapshot), 0)
    parts = [
        on_hand[[*PAIR, "quantity", "serials"]].rename(columns={"quantity": "frozen"}).assign(audited_before=0),
        known[PAIR].assign(frozen=after, serials="", audited_before=known["quantity"]),
    ]
    rows = pd.concat(parts, ignore_index=True).astype({"frozen": "int64", "audited_before": "int64"})
    sums = rows.groupby(PAIR)[["frozen", "audited_before"]].sum().reset_index()
    named = on_hand.drop_duplicates(PAIR)[[*PAIR, "serials"]]
    listed = sums.merge(named, on=PAIR, how="left")
    return shaped("stock", listed[listed["serials"].notna() | (listed["frozen"] != 0)])


def audited_since(on_hand: pd.DataFrame, cut_off: dt.date) -> dt.date:
    """From which date on movements are gathered: 62 days before the oldest snapshot of `on_hand`, or the cut-off."""
    oldest = cut_off if on_hand.empty else min(on_hand["date"].min().date(), cut_off)
    return oldest - _LATE_MAX


def open_count_conflicts(lines: pd.DataFrame, others: pd.DataFrame, count: Count) -> list[Finding]:
    """One OPEN_COUNT_CONFLICT for each line (frame `lines`) whose item another open count counts at that site.

    `others`: site, warehouse_key, item_key, stocktake of the lines of open counts. Stores without a site stand each for
    itself. Sorted by site, warehouse and item. Source: spec 02, compare (two open counts of one item at one site).
    """
    foreign = others[others["stocktake"] != count.number].rename(columns={"stocktake": "other"})
    foreign = _at_place(foreign).drop_duplicates(["place", "item_key"])
    both = _at_place(lines).merge(foreign[["place", "item_key", "other"]], on=["place", "item_key"])
    both = both.sort_values(["site", *PAIR])
    return [
        Finding(
            kind="OPEN_COUNT_CONFLICT",
            site=site,
            warehouse=warehouse,
            item=item,
            date=count.cut_off,
            refs=(),
            stands_on=(count.number, other),
            expected=count.number,
            found=other,
            difference=0,
            message=message("counting.OPEN_COUNT_CONFLICT", count=count.number, other=other),
        )
        for site, warehouse, item, other in zip(
            *(both[name].tolist() for name in ("site", *PAIR, "other")), strict=True
        )
    ]


def _at_place(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines with `place`: the site of each, or where it has none its warehouse."""
    # A site's code and a warehouse's may be the same text.
    return lines.assign(place=("s " + lines["site"]).where(lines["site"] != "", "w " + lines["warehouse_key"]))
