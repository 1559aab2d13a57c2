"""A shortage and a surplus of the same size that look like two similar items mixed up; suggested, never applied."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from tasks.domain.keys import clean, name_key

# Of a hundred signs of two names and specifications so many must agree.
_ALIKE_MIN = 75
# More pairs than this in one warehouse and of one size are not looked through: a difference of 1 is too common there.
_PAIRS_MAX = 40_000
# A number as long as this names one thing, a shorter one is a size: bolts of 120 and 130 mm lie beside each other.
_NAMING = re.compile(r"\d{6,}")
_BY = ["warehouse_key", "by"]
_ROW = ["plus", "at", "item_key", "item_name", "specification"]
_NEEDED = ["warehouse_key", "item_key", "item_name", "specification", "variance"]


def mix_ups(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The pairs of rows that look mixed up, as positions `short` and `over`, and how many warehouses were too crowded.

    `rows`: warehouse_key, item_key, item_name, specification, variance (Int64). Both stand in one warehouse, their
    differences cancel out, and their names with specifications are alike, in whatever writing; those whose long numbers
    differ (SL-000040, SL-000045) never are. Each row is in one pair at most: the most alike first, then by item.
    Source: spec 02, compare.
    """
    off = rows[_NEEDED].assign(at=range(len(rows)))[((rows["variance"] != 0) & rows["variance"].notna()).to_numpy()]
    off = off.assign(by=off["variance"].abs(), plus=off["variance"] > 0)
    both = off.groupby(_BY)["plus"].agg(["sum", "size"])
    both = both[(both["sum"] > 0) & (both["sum"] < both["size"])]
    if both.empty:
        return pd.DataFrame({"short": [], "over": []}, dtype="int64"), 0
    crowded = both["sum"] * (both["size"] - both["sum"]) > _PAIRS_MAX
    judged = off.merge(both[~crowded].reset_index()[_BY], on=_BY).sort_values([*_BY, "item_key"])
    columns = zip(*(judged[name].tolist() for name in [*_BY, *_ROW]), strict=True)
    found: list[tuple[int, int]] = []
    for _, group in groupby(columns, key=lambda row: row[:2]):
        found += _pairs([_Row(*row[2:]) for row in group])
    pairs = pd.DataFrame(sorted(found), columns=["short", "over"], dtype="int64")
    return pairs, len(both.index[crowded].get_level_values(0).unique())


@dataclass(frozen=True, slots=True)
class _Row:
    plus: bool
    at: int
    item: str
    name: str
    specification: str

    @property
    def text(self) -> str:
        """What tells the item from others, in words."""
        return name_key(f"{self.name} {self.specification}")

    @property
    def numbers(self) -> list[str]:
        """The long numbers in these words, by which look-alikes are told apart."""
        return _NAMING.findall(clean(f"{self.name} {self.specification}"))


def _pairs(rows: list[_Row]) -> list[tuple[int, int]]:
    shorts, overs = ([row for row in rows if row.plus is plus and row.text] for plus in (False, True))
    texts = ([one.text for one in side] for side in (shorts, overs))
    numbers = [[one.numbers for one in side] for side in (shorts, overs)]
    alike = process.cdist(*texts, scorer=fuzz.ratio, score_cutoff=_ALIKE_MIN, dtype=np.uint8)
    likely = sorted(
        (-int(alike[one, other]), shorts[one].item, overs[other].item, shorts[one].at, overs[other].at)
        for one, other in np.argwhere(alike)
        if shorts[one].item != overs[other].item and numbers[0][one] == numbers[1][other]
    )
    taken: set[int] = set()
    found = []
    for *_, one_at, other_at in likely:
        if not {one_at, other_at} & taken:
            taken |= {one_at, other_at}
            found.append((one_at, other_at))
    return found
