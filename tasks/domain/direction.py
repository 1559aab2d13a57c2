"""Which way a transfer went: a clerk writes one word for both legs, the documents tell them apart.

Source: spec 01, movement categories (a transfer's two legs carry the same item, quality and transfer order).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from tasks.domain.categories import UNDIRECTED
from tasks.domain.texts import Flags

# What a clerk's remark says of the way; a packing list goes out with the goods.
INWARD_WORDS = re.compile("调入|转入|入库|收到|收货|transferred in|received", re.IGNORECASE)
OUTWARD_WORDS = re.compile("调出|转出|出库|发往|发出|装箱|箱单|transferred out|packing", re.IGNORECASE)

Ways = npt.NDArray[np.int8]
_IN, _OUT = 1, -1
_LEG_KEYS = (
    ("site", "transfer", "item", "order"),
    ("site", "transfer", "item", "warehouse", "date", "quantity"),
    ("site", "transfer", "item", "date", "quantity"),
    ("site", "transfer", "item", "warehouse", "date"),
)


def directed(ledger: pd.DataFrame, erp: pd.DataFrame) -> pd.Series[str]:
    """The ledger's category codes with GOOD_TRANSFER and DAMAGED_TRANSFER settled to their _IN or _OUT, index as given.

    In this order: the ERP's legs of the same site, quality and item tell the way, first of the same transfer order,
    then of the same date and quantity; then the words of the remark; of rows that fit both ways as many go in as the
    ERP has legs in; then a named transfer order means in (spec 01: a transfer-in row names it), else out. `erp` has
    its transfers already as legs (`transfer_legs`). Columns of both: site, date, category, item, warehouse, quantity,
    order; ledger: remark, identity.
    """
    category = ledger["category"].astype("str")
    open_rows = category.isin(UNDIRECTED).to_numpy()
    if not open_rows.any():
        return category
    asked = ledger.loc[open_rows].reset_index(drop=True)
    asked["transfer"] = asked["category"]
    legs = _legs(erp)
    way = np.zeros(len(asked), dtype=np.int8)
    for keys in _LEG_KEYS if len(legs) else ():
        if way.all():
            break
        way = np.where(way == 0, _one_way(asked, legs, keys), way)
    way = np.where(way == 0, _by_words(asked), way)
    if len(legs) and not way.all():
        way = np.where(way == 0, _by_count(asked, legs, way == 0), way)
    way = np.where(way == 0, np.where(asked["order"].to_numpy() != "", _IN, _OUT), way)
    settled = asked["category"].to_numpy(dtype=object) + np.where(way == _IN, "_IN", "_OUT").astype(object)
    whole = category.to_numpy(dtype=object).copy()
    whole[open_rows] = settled
    return pd.Series(whole, index=ledger.index, name="category", dtype="str")


def _legs(erp: pd.DataFrame) -> pd.DataFrame:
    """The ERP's directed transfers with `transfer` (the undirected word) and `inward`."""
    parts = erp["category"].astype("str").str.extract("^(?P<transfer>.*_TRANSFER)_(?P<way>IN|OUT)$")
    legs = erp.loc[parts["way"].notna().to_numpy()].reset_index(drop=True)
    parts = parts[parts["way"].notna()].reset_index(drop=True)
    return legs.assign(transfer=parts["transfer"], inward=(parts["way"] == "IN").to_numpy())


def _one_way(asked: pd.DataFrame, legs: pd.DataFrame, keys: Sequence[str]) -> Ways:
    """_IN or _OUT where all legs of the same keys go that way, 0 where they go both ways or there are none."""
    named = legs[(legs["item"] != "") & ((legs["order"] != "") | ("order" not in keys))]
    ways = named.groupby(list(keys))["inward"].agg(["min", "max"]).astype(np.int8) * 2 - 1
    found = asked[list(keys)].merge(ways, how="left", left_on=list(keys), right_index=True)
    return np.asarray(found["min"].where(found["min"] == found["max"], 0).to_numpy(dtype=np.int8))


def _by_words(asked: pd.DataFrame) -> Ways:
    uniques, places = np.unique(asked["remark"].to_numpy(dtype=object), return_inverse=True)
    told = [(INWARD_WORDS.search(text) is not None) - (OUTWARD_WORDS.search(text) is not None) for text in uniques]
    return np.array(told, dtype=np.int8)[places]


def _by_count(asked: pd.DataFrame, legs: pd.DataFrame, unknown: Flags) -> Ways:
    """Rows that fit legs both ways: by identity, as many in as the ERP has legs in, the others out."""
    keys = list(_LEG_KEYS[1])
    inward = legs.groupby(keys)["inward"].agg(["sum", "size"])
    rows = asked[unknown].sort_values("identity", kind="stable")
    place = rows.groupby(keys).cumcount()
    counts = rows[keys].merge(inward, how="left", left_on=keys, right_index=True)
    told = np.zeros(len(asked), dtype=np.int8)
    way = np.where(place < counts["sum"], _IN, _OUT)
    told[rows.index.to_numpy()] = np.where(counts["size"].notna(), way, 0)
    return told
