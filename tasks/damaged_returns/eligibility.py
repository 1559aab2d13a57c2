"""Which listed parts may be returned: complete, in the damaged store, in no batch yet (spec 03)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.damaged_returns.routing import left_to_maker, routed
from tasks.damaged_returns.shapes import shaped
from tasks.domain.amounts import QUANTITY_SCALE
from tasks.domain.keys import code_key

ELIGIBLE, HELD, WARRANTY, ABSENT = "eligible", "held", "warranty_tool", "not_on_hand"
# What a record needs beside site, item and serial, in the order of the list (spec 03: starred fields).
NEEDED = (
    "registered_on", "item_name", "specification", "quantity", "turbine", "replaced_by", "replaced_on", "new_serial",
    "cause",
)  # fmt: skip
# What a record is held for whose quantity is below 0.
BELOW_NOTHING = "quantity_below"
_PLACE = ["site", "item_key"]


@dataclass(frozen=True, slots=True)
class Stores:
    """What lies in the damaged stores: the frame `stock`, and of what lies there the sealed parts (frame `leaving`).

    `unposted` is the same of what the ERP still has, also where the parts have left: it is posted days later.

    `known` are the sites whose damaged store anything is known of; the parts of others are not checked (spec 00).
    `store_of` is the key of each site's damaged store.
    """

    stock: pd.DataFrame
    leaving: pd.DataFrame
    unposted: pd.DataFrame
    known: frozenset[str]
    store_of: Mapping[str, str]


def judged_parts(
    listed: pd.DataFrame, items: pd.DataFrame, stores: Stores, as_of: pd.Timestamp, scrap_limit: int
) -> pd.DataFrame:
    """The frame `waiting`: every listed part that waits, with its verdict.

    A record whose quantity is 0 was withdrawn and waits no more. What the record lacks comes before anything else; then
    a tool that is its maker's, then a part that nothing on hand stands for.
    """
    parts = listed[listed["quantity"].isna() | (listed["quantity"] != 0)].reset_index(drop=True)
    parts = routed(parts, items, as_of, scrap_limit)
    parts["missing"] = _missing(parts)
    parts["on_hand"] = _on_hand(parts, stores)
    parts["warehouse_key"] = parts["site"].map(dict(stores.store_of)).fillna("").astype("str")
    parts["state"] = np.select(
        [parts["missing"] != "", left_to_maker(parts), ~parts["on_hand"]], [HELD, WARRANTY, ABSENT], ELIGIBLE
    )
    return shaped("waiting", parts)


def _missing(parts: pd.DataFrame) -> pd.Series[str]:
    """The names of the needed columns that each record lacks, separated by spaces."""
    lacking = pd.Series("", index=parts.index, dtype="str")
    for name in NEEDED:
        column = parts[name]
        blank = column.isna() if name in ("registered_on", "replaced_on", "quantity") else column == ""
        lacking = lacking.mask(blank.astype("bool"), lacking + " " + name)
    below = (parts["quantity"] < 0).fillna(value=False).astype("bool")
    return lacking.mask(below, lacking + " " + BELOW_NOTHING).str.strip()


def quantities(parts: pd.DataFrame) -> pd.Series[int]:
    """The quantity of every part; a record that does not say stands for one piece."""
    return parts["quantity"].where(parts["quantity"] > 0, QUANTITY_SCALE).fillna(QUANTITY_SCALE).astype("int64")


def _on_hand(parts: pd.DataFrame, stores: Stores) -> pd.Series[bool]:
    """Which parts something on hand stands for.

    Where the ERP lists serials these decide; else the quantity does, the parts registered first before the others, less
    what is sealed and has not left.
    """
    if parts.empty:
        return pd.Series(dtype="bool")
    named = _listed_serials(stores.stock)
    with_serials = parts["site"].isin(stores.known) & _at(parts, named.index.unique())
    by_serial = pd.MultiIndex.from_arrays([parts["site"], parts["item_key"], parts["serial_key"]]).isin(
        named.set_index("serial_key", append=True).index
    )
    free = stores.stock.set_index(_PLACE)["most"].groupby(level=_PLACE).sum()
    free = free.sub(stores.leaving.groupby(_PLACE)["quantity"].sum(), fill_value=0)
    # What lies there is there for a complete record first: an incomplete one cannot go anyway.
    lacking = parts["missing"] != ""
    order = parts.assign(size=quantities(parts), lacking=lacking).sort_values(
        ["lacking", "registered_on", "serial_key"], kind="stable"
    )
    taken = order.groupby(_PLACE)["size"].cumsum().reindex(parts.index)
    there = free.reindex(pd.MultiIndex.from_frame(parts[_PLACE])).fillna(0).astype("int64").to_numpy()
    by_quantity = taken.to_numpy() <= there
    verdict = np.where(with_serials, by_serial, by_quantity)
    return pd.Series(~parts["site"].isin(stores.known).to_numpy() | verdict, index=parts.index)


def _at(parts: pd.DataFrame, places: pd.Index) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray(pd.MultiIndex.from_frame(parts[_PLACE]).isin(places))


def _listed_serials(stock: pd.DataFrame) -> pd.DataFrame:
    """One row a serial that the ERP lists, by site and item; only of items whose every piece has one."""
    listed = stock[stock["serials"] != ""]
    one = listed.assign(serial_key=listed["serials"].str.split("\n")).explode("serial_key")
    one["serial_key"] = one["serial_key"].astype("str").map(code_key).astype("str")
    one = one[one["serial_key"] != ""]
    whole = one.groupby(_PLACE)["serial_key"].transform("nunique") * QUANTITY_SCALE >= one["most"]
    return pd.DataFrame(one.loc[whole, [*_PLACE, "serial_key"]]).set_index(_PLACE)


def unlisted(waiting: pd.DataFrame, stores: Stores) -> pd.DataFrame:
    """What lies in the damaged stores and stands on no list: the frame `stock` with `over`, its pieces.

    The least that ERP and ledger say counts, less what is sealed and has not left.
    """
    there = stores.stock.groupby(_PLACE)["least"].sum()
    listed = waiting.assign(size=quantities(waiting)).groupby(_PLACE)["size"].sum()
    over = there.sub(listed, fill_value=0).sub(stores.unposted.groupby(_PLACE)["quantity"].sum(), fill_value=0)
    first = stores.stock.drop_duplicates(_PLACE)
    own = over.reindex(pd.MultiIndex.from_frame(first[_PLACE])).fillna(0).astype("int64").to_numpy()
    found = first.assign(over=own)
    return found[found["over"] > 0].sort_values(_PLACE, ignore_index=True)
