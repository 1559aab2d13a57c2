"""Which of several rows of one key a delivered row is: the second of two is neither lost nor taken for the first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

OCCURRENCE = "occurrence"


def occurrences(
    incoming: pd.DataFrame, stored: pd.DataFrame, key: Sequence[str], fields: Sequence[str], *, repeats_count: bool
) -> pd.Series[int]:
    """The number from 1 of each incoming row among those of its `key`, by its index.

    A row that says the same in all `fields` as a stored one of its key is that one, wherever it stands in the file; the
    others take the free numbers of their key in the order of the file. Rows of one file that say the same share a
    number, or where `repeats_count` each has its own. Incoming has the dtypes of `stored`, which numbers each key's
    rows apart.
    """
    names = list(key)
    groups = pd.concat([incoming[names], stored[names]], ignore_index=True)
    found = groups.groupby(names, sort=False, dropna=False).ngroup().to_numpy()
    mine, theirs = found[: len(incoming)], found[len(incoming) :]
    number = np.ones(len(incoming), dtype=np.int64)
    alone = (np.bincount(mine, minlength=found.max(initial=-1) + 1) == 1)[mine]
    several = set(theirs[(stored[OCCURRENCE] != 1).to_numpy(dtype=bool)].tolist())
    hard = ~alone | np.isin(mine, list(several))
    if hard.any():
        beside = np.isin(theirs, mine[hard])
        number[hard] = _told_apart(
            incoming[hard].assign(_group=mine[hard]),
            stored[beside].assign(_group=theirs[beside]),
            fields,
            repeats_count=repeats_count,
        )
    return pd.Series(number, index=incoming.index)


def _told_apart(
    incoming: pd.DataFrame, stored: pd.DataFrame, fields: Sequence[str], *, repeats_count: bool
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    both = pd.concat([incoming[["_group", *fields]], stored[["_group", *fields]]], ignore_index=True)
    content = both.groupby(["_group", *fields], sort=False, dropna=False).ngroup()
    ours = pd.DataFrame({"group": incoming["_group"].to_numpy(), "content": content[: len(incoming)].to_numpy()})
    known = pd.DataFrame({"group": stored["_group"].to_numpy(), "content": content[len(incoming) :].to_numpy()})
    known["number"] = stored[OCCURRENCE].to_numpy()
    known = known.sort_values(["content", "number"], kind="stable")
    turn = "turn"
    ours[turn] = ours.groupby("content").cumcount() if repeats_count else 0
    known[turn] = known.groupby("content").cumcount()
    ours = ours.merge(known[["content", turn, "number"]], on=["content", turn], how="left")
    fresh = ours[ours["number"].isna()].drop_duplicates(["content", turn])
    if len(fresh):
        given = _free_numbers(fresh, ours.dropna(subset="number"))
        filled = ours[["content", turn]].merge(given, on=["content", turn], how="left")["given"]
        ours["number"] = ours["number"].fillna(filled)
    return ours["number"].to_numpy(dtype=np.int64)


def _free_numbers(fresh: pd.DataFrame, taken: pd.DataFrame) -> pd.DataFrame:
    """For every fresh row, `given`: the numbers that no taken row of its group bears, the lowest first."""
    held = taken[["group", "number"]].drop_duplicates().astype({"number": "int64"})
    needed = fresh.groupby("group").size().add(held.groupby("group").size(), fill_value=0)
    needed = needed[needed.index.isin(fresh["group"])].astype("int64")
    slots = pd.DataFrame({"group": np.repeat(needed.index.to_numpy(), needed.to_numpy())})
    slots["number"] = slots.groupby("group").cumcount() + 1
    free = slots.merge(held, on=["group", "number"], how="left", indicator=True)
    free = free[free["_merge"] == "left_only"][["group", "number"]]
    free["place"] = free.groupby("group").cumcount()
    asked = fresh.assign(place=fresh.groupby("group").cumcount())
    found = asked.merge(free, on=["group", "place"], how="left", suffixes=("", "_free"))
    return found[["content", "turn"]].assign(given=found["number_free"].to_numpy())
