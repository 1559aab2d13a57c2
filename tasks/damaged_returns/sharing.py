"""An amount shared out to the cent by largest remainder, and a batch's freight among its parts (spec 00, 03)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasks.domain.texts import Ints

# A product below this fits into 64 bits; above it the same is reckoned in whole numbers without a bound.
_BOUND = 2**62
_BESIDE = "\x1f"


def shared(amounts: pd.Series[int], groups: pd.Series[str], weights: pd.Series[int]) -> pd.Series[int]:
    """What each row bears of its group's amount, Int64 in the unit of `amounts`; the shares of a group are the whole.

    `amounts` by group; a row whose group has none is blank. `groups` and `weights` (whole numbers from 0, in any unit)
    stand row by row. Largest remainder, ties in the order given. A group with a weight missing, or with none above 0,
    shares in equal parts. An amount below 0 is shared like its size. Source: spec 00 (rounding), 03 (freight).
    """
    keys = amounts.dropna()
    place: Ints = np.asarray(pd.Index(keys.index).get_indexer(pd.Index(groups)), dtype=np.int64)
    share: Ints = np.zeros(len(groups), dtype=np.int64)
    known: Ints = np.flatnonzero(place >= 0).astype(np.int64)
    if known.size:
        share[known] = _shares(np.array(keys, dtype=np.int64), place[known], weights.iloc[known])
    return pd.Series(pd.arrays.IntegerArray(share, place < 0), index=groups.index)


def freight_of_parts(sealed: pd.DataFrame, boxes: pd.DataFrame, freights: pd.Series[int], by: str) -> pd.Series[int]:
    """What each sealed part bears of its batch's freight in cents, Int64; blank where the batch has no freight yet.

    `sealed`: frame; `boxes`: batch, box_key, volume, weight (Int64); `freights`: cents by batch; `by` is volume or
    weight. The boxes of a batch share by it, then the parts of a box share what the box bears by unit volume times
    quantity, by quantity where a part of the box has no unit volume: so the parts of a box add up to the box.
    """
    # Batch and box in one text, for a box's number may come back in another batch.
    own = boxes["batch"] + _BESIDE + boxes["box_key"]
    of_box = shared(freights, boxes["batch"], boxes[by]).set_axis(own)
    box = sealed["batch"] + _BESIDE + sealed["box_key"]
    volume = sealed["unit_volume"] * sealed["quantity"]
    unknown = volume.isna().groupby(box).transform("any")
    return shared(of_box, box, volume.where(~unknown, sealed["quantity"]))


def _shares(amounts: Ints, place: Ints, weights: pd.Series[int]) -> Ints:
    weight = _usable_weights(place, weights, len(amounts))
    most = int(np.abs(amounts).max(initial=0)) * max(int(weight.max(initial=0)), 1)
    size = np.abs(amounts)
    if most >= _BOUND or _sum_bound(weight) >= _BOUND:
        size, weight = size.astype(object), weight.astype(object)
    whole = np.zeros(len(amounts), dtype=weight.dtype)
    np.add.at(whole, place, weight)
    product, divisor = size[place] * weight, whole[place]
    floor, rest = product // divisor, product % divisor
    given = np.zeros(len(amounts), dtype=floor.dtype)
    np.add.at(given, place, floor)
    left = (size - given).astype(np.int64)
    share = floor.astype(np.int64) + (_rank_in_group(place, rest) < left[place])
    return np.asarray(np.sign(amounts)[place] * share, dtype=np.int64)


def _usable_weights(place: Ints, weights: pd.Series[int], groups: int) -> Ints:
    missing = weights.isna().to_numpy(dtype=np.bool_)
    weight = weights.fillna(0).to_numpy(dtype=np.int64)
    some = np.zeros(groups, dtype=np.bool_)
    some[place[weight > 0]] = True
    some[place[missing]] = False
    return np.where(some[place], weight, 1)


def _sum_bound(weight: Ints) -> int:
    return int(weight.max(initial=0)) * len(weight)


def _rank_in_group(place: Ints, rest: Ints) -> Ints:
    """Each row's rank from 0 among its group by the larger rest, then by the order given."""
    if rest.dtype == object:
        order = np.array(sorted(range(len(place)), key=lambda at: (place[at], -rest[at], at)), dtype=np.int64)
    else:
        order = np.lexsort((np.arange(len(place)), -rest, place))
    grouped = place[order]
    first = np.flatnonzero(np.r_[True, grouped[1:] != grouped[:-1]])
    length = np.diff(np.r_[first, len(grouped)])
    rank = np.empty(len(place), dtype=np.int64)
    rank[order] = np.arange(len(place)) - np.repeat(first, length)
    return rank
