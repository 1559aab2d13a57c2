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
from tasks.domain.keys import code_keys
from tasks.stock_ledger.lines import Flags

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


def transfer_legs(erp: pd.DataFrame, warehouses: pd.DataFrame | None = None) -> pd.DataFrame:
    """The ERP's lines with every transfer order as its two legs: out of from_warehouse, into to_warehouse.

    A leg keeps line, ref and identity of its order; its order is the document's own number where none is written. It
    is left out where its warehouse is blank, or where the ERP has the order's own receipt or issue of the same item,
    quality and direction. Columns: document, document_type, category, item, order, warehouse, from_warehouse,
    to_warehouse and any others; `warehouses` (warehouse_key, site, department, quality) gives each leg those of its
    own warehouse. Index from 0.
    """
    moved = (erp["document_type"] == "transfer_order").to_numpy()
    others = erp[~moved]
    if not moved.any():
        return others.reset_index(drop=True)
    orders = erp[moved].copy()
    number = code_keys(orders["document"].astype("str"))
    orders["order"] = orders["order"].where(orders["order"] != "", number)
    origin = orders["from_warehouse"].where(orders["from_warehouse"] != "", orders["warehouse"])
    origin = origin.where((orders["from_warehouse"] != "") | (origin != orders["to_warehouse"]), "")
    bare = orders["category"].astype("str").str.replace("_(?:IN|OUT)$", "", regex=True)
    legs = pd.concat(
        [
            orders.assign(category=bare + "_OUT", warehouse=origin),
            orders.assign(category=bare + "_IN", warehouse=orders["to_warehouse"]),
        ],
        ignore_index=True,
    )
    kept = ~_known(legs, others, ("order", "item", "category")) & (legs["warehouse"] != "").to_numpy()
    legs = legs[kept]
    if warehouses is not None:
        masters = warehouses.drop_duplicates("warehouse_key").set_index("warehouse_key")
        for name in ("site", "department", "quality"):
            if name in legs.columns:
                legs[name] = legs["warehouse"].map(masters[name]).fillna("")
    return pd.concat([others, legs], ignore_index=True)


def _known(asked: pd.DataFrame, given: pd.DataFrame, keys: Sequence[str]) -> Flags:
    index = pd.MultiIndex.from_frame(given[list(keys)])
    return np.asarray(pd.MultiIndex.from_frame(asked[list(keys)]).isin(index), dtype=np.bool_)


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
