"""What the ERP's documents do to on-hand: signed quantities, a transfer order as the two legs that it moves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tasks.domain.categories import CATEGORIES
from tasks.domain.keys import code_keys
from tasks.domain.texts import Flags

# A return to stock is added as it stands; a transfer whose direction is unsettled moves nothing that could be proven.
_SIGN_OF = {code: one.sign or 1 for code, one in CATEGORIES.items()}


def signed_movements(lines: pd.DataFrame) -> pd.Series[int]:
    """What every line (category, quantity) does to on-hand, with the index of `lines`, scaled by 10,000.

    Sign of the category times the quantity as written, so a red issue of -2 raises on-hand by 2 and a RETURN_TO_STOCK
    of -2 lowers it by 2. An undirected transfer gives 0.
    """
    sign = lines["category"].map(_SIGN_OF).fillna(0).astype("int64")
    return (sign * lines["quantity"].astype("int64")).rename("movement")


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
