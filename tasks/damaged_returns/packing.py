"""Which boxes may go, and how much they hold: exact volumes, the rules of packing (spec 03)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasks.damaged_returns.eligibility import ELIGIBLE
from tasks.damaged_returns.shapes import shaped

READY, RULE, DIMENSION, HOLDS_BACK, UNPACKED = "ready", "rule", "dimension", "held", "unpacked"
WOODEN = "wooden_box"
SIDES = ("length", "width", "height")
# Twelve metres, the length of a truck.
SIDE_MAX = 120_000
_BOX = ["site", "box_key"]
_BETWEEN = "、"


def judged_boxes(waiting: pd.DataFrame, boxes: pd.DataFrame | None, side_max: int = SIDE_MAX) -> pd.DataFrame:
    """The frame `packed`: every box that holds waiting parts, and the parts in no box, a row a site.

    Without `boxes` (never delivered) nothing is checked and no volume known: whatever is eligible may go, box by box. A
    box is whole: while one part in it may not go, it stays. Its volume is the product of its sides, exactly. A
    side longer than `side_max` (scaled by 10,000) was not written in metres.
    """
    held = _held(waiting)
    if boxes is None:
        ready = held["eligible"] == held["parts"]
        loose = held["box_key"] == ""
        state = np.where(ready | loose, READY, HOLDS_BACK)
        return shaped("packed", held.assign(state=np.where(held["eligible"] > 0, state, HOLDS_BACK)))
    known = boxes.drop_duplicates(_BOX).set_index(_BOX)
    own = known.reindex(pd.MultiIndex.from_frame(held[_BOX])).reset_index(drop=True)
    own[["packing", "plastic", "separators"]] = own[["packing", "plastic", "separators"]].fillna("")
    registered = pd.MultiIndex.from_frame(held[_BOX]).isin(known.index)
    names = [name for name in own.columns if name not in ("box", "plastic", "separators")]
    found = held.drop(columns=["file", "sheet", "row", "ref"]).assign(**{name: own[name] for name in names})
    found["volume"] = _volume(own, side_max)
    missing = {name: ~_measured(own[name]) for name in SIDES}
    too_long = {f"{name}_beyond": (own[name] > side_max).fillna(value=False) for name in SIDES}
    sides = _faults(missing | too_long)
    sides = sides.mask(~pd.Series(registered), "unregistered")
    rules = _faults(
        {
            "packing": ~own["packing"].isin([WOODEN, ""]),
            "plastic": own["plastic"] == "no",
            "separators": own["separators"] == "no",
            **{f"{name}_unsaid": own[name] == "" for name in ("packing", "plastic", "separators")},
        }
    )
    loose = held["box_key"] == ""
    states = [loose, (sides != ""), (rules != ""), held["eligible"] < held["parts"]]
    found["state"] = np.select(states, [UNPACKED, DIMENSION, RULE, HOLDS_BACK], READY)
    both = (sides + " " + rules.mask(~pd.Series(registered), "")).str.strip()
    found["faults"] = both.mask(loose, "")
    return shaped("packed", found)


def _held(waiting: pd.DataFrame) -> pd.DataFrame:
    """A row a site and box: how many parts wait in it, how many of them may go, when the first was registered."""
    eligible = waiting["state"] == ELIGIBLE
    one = waiting.assign(eligible=eligible, keeping=waiting["serial"].where(~eligible, ""))
    found = one.groupby(_BOX, sort=True).agg(
        department=("department", "first"),
        box=("box", "first"),
        parts=("state", "size"),
        eligible=("eligible", "sum"),
        first_on=("registered_on", "min"),
        because=("keeping", _joined),
        file=("file", "first"),
        sheet=("sheet", "first"),
        row=("row", "first"),
        ref=("ref", "first"),
    )
    return found.reset_index()


def _joined(serials: pd.Series[str]) -> str:
    return _BETWEEN.join(serial for serial in serials if serial)


def _measured(side: pd.Series) -> pd.Series[bool]:
    return (side > 0).fillna(value=False).astype("bool")


def _volume(own: pd.DataFrame, side_max: int) -> pd.Series:
    """The product of the three sides scaled by 10^12; blank where one is missing or too long, never 0."""
    known_sides = own[list(SIDES)].astype("Int64")
    whole = np.logical_and.reduce([_measured(known_sides[name]) for name in SIDES])
    whole &= (known_sides <= side_max).fillna(value=False).all(axis=1).to_numpy(dtype=bool)
    length, width, height = (known_sides[name].clip(upper=side_max) for name in SIDES)
    volume = length * width * height
    known: pd.Series = volume.where(whole)
    return known


def _faults(found: dict[str, pd.Series[bool]]) -> pd.Series[str]:
    """The names of what is wrong with each row, separated by spaces."""
    said = pd.Series("", index=next(iter(found.values())).index, dtype="str")
    for name, wrong in found.items():
        said = said.mask(wrong.astype("bool"), said + " " + name)
    return said.str.strip()
