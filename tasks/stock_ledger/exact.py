"""The first rung of the ladder: lines that agree one to one (spec 01, matching 1)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasks.stock_ledger.lines import Flags, Ints, Side, agreeing_orders, combined, counted_off, ties


def exact_pairs(sides: tuple[Side, Side], frames: tuple[pd.DataFrame, pd.DataFrame]) -> tuple[Ints, Ints]:
    """Positions of ledger and ERP lines that agree in site, date, warehouse, item, category and quantity.

    Equal lines are matched by count. Transfer orders must be equal where both lines name one; lines that name the
    same order, or both none, come first. A line without an order takes one with an order only if no choice between
    different orders is left to chance. Source: spec 01, matching 1.
    """
    ledger, erp = sides
    by_key = tuple(np.argsort(side.key, kind="stable") for side in sides)
    keys = tuple(side.key[order] for side, order in zip(sides, by_key, strict=True))
    alone = tuple(_alone(key) for key in keys)
    at = np.searchsorted(keys[1], keys[0], side="left")
    hit = (keys[0] >= 0) & (at < len(keys[1]))
    hit[hit] = keys[1][at[hit]] == keys[0][hit]
    lone = hit & alone[0]
    lone[lone] = alone[1][at[lone]]
    one, other = by_key[0][lone], by_key[1][at[lone]]
    agreed = agreeing_orders(ledger.order[one], erp.order[other])
    crowd = by_key[0][hit & ~lone]
    wanted = np.zeros(len(keys[1]), dtype=np.bool_)
    wanted[at[hit & ~lone]] = True
    starts = np.searchsorted(keys[1], keys[1], side="left") if wanted.any() else at[:0]
    others = by_key[1][wanted[starts]] if wanted.any() else by_key[1][:0]
    first, second = _crowd_pairs(sides, frames, (crowd, others))
    return np.concatenate([one[agreed], first]), np.concatenate([other[agreed], second])


def _alone(keys: Ints) -> Flags:
    changes = np.ones(len(keys) + 1, dtype=np.bool_)
    changes[1:-1] = keys[1:] != keys[:-1]
    return np.asarray(changes[1:] & changes[:-1], dtype=np.bool_)


def _crowd_pairs(
    sides: tuple[Side, Side], frames: tuple[pd.DataFrame, pd.DataFrame], at: tuple[Ints, Ints]
) -> tuple[Ints, Ints]:
    if not len(at[0]) or not len(at[1]):
        return at[0][:0], at[1][:0]
    tie = tuple(ties(frame, place) for frame, place in zip(frames, at, strict=True))
    keys = combined([(sides[0].key[at[0]], sides[1].key[at[1]])])
    orders = sides[0].order[at[0]], sides[1].order[at[1]]
    full = combined([keys, orders])
    one, other = counted_off((full[0], tie[0]), (full[1], tie[1]))
    pairs = [(at[0][one], at[1][other])]
    free = tuple(np.setdiff1d(np.arange(len(place)), used) for place, used in zip(at, (one, other), strict=True))
    for blank in (0, 1):
        named = 1 - blank
        asking = free[blank][orders[blank][free[blank]] == 0]
        giving = free[named][orders[named][free[named]] > 0]
        asking_at, giving_at = _without_choice(
            (keys[blank][asking], tie[blank][asking]), (keys[named][giving], tie[named][giving]), orders[named][giving]
        )
        found = at[blank][asking[asking_at]], at[named][giving[giving_at]]
        pairs.append(found if blank == 0 else (found[1], found[0]))
    return np.concatenate([pair[0] for pair in pairs]), np.concatenate([pair[1] for pair in pairs])


def _without_choice(asking: tuple[Ints, Ints], giving: tuple[Ints, Ints], orders: Ints) -> tuple[Ints, Ints]:
    """Pairs of lines without an order and lines with one, left out where the choice of order would be a guess."""
    one, other = counted_off(asking, giving)
    if not len(one):
        return one, other
    table = pd.DataFrame({"key": giving[0], "order": orders})
    kinds = table.groupby("key")["order"].agg(["size", "nunique"])
    wanted = pd.Series(asking[0]).value_counts().reindex(kinds.index, fill_value=0)
    sure = kinds.index[(kinds["nunique"] == 1) | (wanted >= kinds["size"])]
    kept = np.isin(asking[0][one], sure.to_numpy())
    return one[kept], other[kept]
