"""For every line that stayed open: which line of the other side came nearest, and why it did not count.

The search is bounded: in each ordering below, a line looks only at its next neighbours, so it never costs lines times
lines.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tasks.stock_ledger.lines import Flags, Ints, codes_of, combined, text_order

# The columns that must be equal, and the one by which the nearest is looked up.
_ORDERINGS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("site", "item", "warehouse", "category", "quantity"), "date"),
    (("site", "item", "warehouse", "category"), "date"),
    (("site", "item", "date"), "quantity"),
    (("site", "item"), "date"),
    (("site", "date", "category", "quantity"), "item_order"),
    (("site", "date", "name"), "quantity"),
    (("site", "name"), "date"),
    (("site", "date", "specification"), "quantity"),
)
DIFFERENCES = ("date", "warehouse", "category", "quantity", "item", "order")
LOOK_ALIKE_LENGTH_MIN = 4


def nearest(
    asking: pd.DataFrame, pool: pd.DataFrame, item_texts: tuple[pd.Series[str], pd.Series[str]], near_days: int
) -> pd.DataFrame:
    """For each line of `asking` the nearest of `pool`: other (its place, -1 for none), differs_<what>, days, alike.

    Both are frames as of `lines.left_over`, with the item codes as text beside them in `item_texts`; `alike` marks
    codes that merely look alike, `same_words` items of one name or specification. A line is near only if item, name
    or specification are the same, the codes look alike, or nothing but the item differs.
    """
    texts = pd.concat([texts.reset_index(drop=True) for texts in item_texts], ignore_index=True)
    order = text_order(texts)
    asking, pool = asking.assign(item_order=order[: len(asking)]), pool.assign(item_order=order[len(asking) :])
    pairs = [_neighbours(asking, pool, equal, by) for equal, by in _ORDERINGS]
    one, other = (np.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    table = _compared(asking, pool, one, other)
    table["alike"] = _look_alike(table, item_texts)
    others = table[[f"differs_{name}" for name in DIFFERENCES if name != "item"]].any(axis=1)
    known = ~table["differs_item"] | table["same_words"] | table["alike"]
    table = table.assign(unlike=~known & ~others)[known | ~others].assign(score=lambda kept: _score(kept, near_days))
    table = table.sort_values(["asking", "score", "tie"], kind="stable").drop_duplicates("asking").set_index("asking")
    whole = table.reindex(pd.RangeIndex(len(asking)))
    whole["other"] = whole["other"].fillna(-1)
    return whole.fillna(0).astype(np.int64)


def _neighbours(asking: pd.DataFrame, pool: pd.DataFrame, equal: Sequence[str], by: str) -> tuple[Ints, Ints]:
    keys = codes_of(asking, pool, equal)
    blank = [np.zeros(len(frame), dtype=np.bool_) for frame in (asking, pool)]
    for name in {"site", "item", "name", "specification"} & set(equal):
        blank = [one | (frame[name].to_numpy() == 0) for one, frame in zip(blank, (asking, pool), strict=True)]
    full = combined([keys, (asking[by].to_numpy(), pool[by].to_numpy())])
    order = np.lexsort((pool["tie"].to_numpy(), full[1]))
    order = order[~blank[1][order]]
    if not len(order):
        return order, order
    low = np.searchsorted(full[1][order], full[0], side="left")
    high = np.searchsorted(full[1][order], full[0], side="right")
    found: list[tuple[Ints, Ints]] = []
    # The last below, the first equal, the first above: no other line of the key is nearer.
    for place in (low - 1, low, high):
        inside = (place >= 0) & (place < len(order)) & ~blank[0]
        one = np.flatnonzero(inside)
        other = order[place[inside]]
        same = keys[0][one] == keys[1][other]
        found.append((one[same], other[same]))
    return np.concatenate([pair[0] for pair in found]), np.concatenate([pair[1] for pair in found])


def _compared(asking: pd.DataFrame, pool: pd.DataFrame, one: Ints, other: Ints) -> pd.DataFrame:
    mine = {name: asking[name].to_numpy()[one] for name in (*DIFFERENCES, "name", "specification")}
    theirs = {name: pool[name].to_numpy()[other] for name in (*DIFFERENCES, "name", "specification")}
    table = {"asking": one, "other": other, "tie": pool["tie"].to_numpy()[other]}
    differs = {name: np.asarray(mine[name] != theirs[name], dtype=np.bool_) for name in DIFFERENCES}
    differs["item"] |= (mine["item"] == 0) | (theirs["item"] == 0)
    differs["order"] &= (mine["order"] > 0) & (theirs["order"] > 0)
    words = ((mine["name"] == theirs["name"]) & (mine["name"] > 0)) | (
        (mine["specification"] == theirs["specification"]) & (mine["specification"] > 0)
    )
    return pd.DataFrame(
        {
            **table,
            **{f"differs_{name}": flags for name, flags in differs.items()},
            "same_words": words,
            "days": np.abs(theirs["date"] - mine["date"]),
            "gap": np.abs(theirs["quantity"] - mine["quantity"]).astype(np.float64),
            "taken": pool["taken"].to_numpy()[other],
        }
    )


def _score(table: pd.DataFrame, near_days: int) -> pd.Series[float]:
    """How far off a line is: each difference counts 10, a far date twice, another code more; then days and quantity.

    Another item altogether comes after two differences of the same item, and before three.
    """
    points = sum(table[f"differs_{name}"].astype(np.int64) for name in DIFFERENCES) * 10
    points = (
        points
        + (table["days"] > near_days) * 10
        + table["alike"] * 5
        + table["unlike"] * 12
        + (table["differs_item"] & ~table["same_words"]) * 5
    )
    return (
        points + np.minimum(table["days"], 999) / 1000 + 4 * table["gap"] / (table["gap"] + 1e6) + table["taken"] * 1e-6
    )


def _look_alike(table: pd.DataFrame, item_texts: tuple[pd.Series[str], pd.Series[str]]) -> Flags:
    """Where two item codes have one length and differ in one sign, or in two neighbours that changed places."""
    asked = np.flatnonzero((table["differs_item"] & ~table["same_words"]).to_numpy())
    sides = (("asking", item_texts[0]), ("other", item_texts[1]))
    codes = [texts.iloc[table[name].to_numpy()[asked]].tolist() for name, texts in sides]
    found = np.zeros(len(table), dtype=np.bool_)
    found[asked] = [look_alike(one, other) for one, other in zip(*codes, strict=True)]
    return found


def look_alike(one: str, other: str) -> bool:
    """Whether two codes could be taken for each other: one sign differs, or two neighbouring signs changed places."""
    if len(one) != len(other) or len(one) < LOOK_ALIKE_LENGTH_MIN or one == other:
        return False
    differ = [place for place, (mine, theirs) in enumerate(zip(one, other, strict=True)) if mine != theirs]
    if len(differ) == 1:
        return True
    first, last = differ[0], differ[-1]
    return differ == [first, first + 1] and one[first] == other[last] and one[last] == other[first]
