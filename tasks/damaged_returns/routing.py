"""What becomes of a damaged part, by the class of its item, its warranty and who damaged it (spec 03)."""

from __future__ import annotations

import numpy as np
import pandas as pd

APPLICATION, SCRAP, UNCLASSED = "application", "scrap", "unclassed"
BY_PERSON, OUT_OF_WARRANTY, TOO_OFTEN = "by_person", "out_of_warranty", "too_often"
REPAIR_OUT, DAMAGED_TRANSFER_OUT = "REPAIR_OUT", "DAMAGED_TRANSFER_OUT"
FIRST, SECOND, TOOL = "I", "II", "tool"
_OF_ITEM = ["unit", "item_class", "sort", "unit_volume", "warranty_until"]


def routed(parts: pd.DataFrame, items: pd.DataFrame, as_of: pd.Timestamp, scrap_limit: int) -> pd.DataFrame:
    """The parts with what the master says of their items, and where each one goes.

    Adds unit, item_class, sort, unit_volume, warranty_until, in_warranty, route, flag and category. A part is within
    warranty up to the day 质保期至 itself, seen from the day it was taken off (else registered, else `as_of`); a class
    II tool within warranty that nobody damaged is its maker's. Class I goes to central scrap, class II with the
    department's repair application; an item whose class nobody knows is moved as damaged stock and said so. Of several
    flags the weightiest stands: a class II serial that was repaired `scrap_limit` times is proposed for scrap.
    """
    known = items.drop_duplicates("item_key").set_index("item_key")
    own = known[_OF_ITEM].reindex(parts["item_key"]).set_axis(parts.index)
    for name in ("unit", "item_class", "sort"):
        own[name] = own[name].fillna("").astype("str")
    damaged_on = parts["replaced_on"].fillna(parts["registered_on"]).fillna(as_of)
    in_warranty = own["warranty_until"].notna() & (damaged_on <= own["warranty_until"])
    second, tool = own["item_class"] == SECOND, own["sort"] == TOOL
    # A tool without a date has no warranty that anybody could call on; of other parts only a date that is over says so.
    out = second & ~in_warranty & (tool | own["warranty_until"].notna())
    by_person = second & parts["by_person"]
    often = second & (parts["repaired"] >= scrap_limit)
    return parts.assign(
        **{name: own[name] for name in _OF_ITEM},
        in_warranty=in_warranty,
        route=np.select([second, own["item_class"] == FIRST], [APPLICATION, SCRAP], UNCLASSED),
        flag=np.select([often, by_person, out], [TOO_OFTEN, BY_PERSON, OUT_OF_WARRANTY], ""),
        category=np.where(second, REPAIR_OUT, DAMAGED_TRANSFER_OUT),
    ).astype({"route": "str", "flag": "str", "category": "str"})


def left_to_maker(parts: pd.DataFrame) -> pd.Series[bool]:
    """Which of the routed parts are tools that their maker repairs free of charge at the site."""
    tool = (parts["item_class"] == SECOND) & (parts["sort"] == TOOL)
    return (tool & parts["in_warranty"] & ~parts["by_person"]).astype("bool")
