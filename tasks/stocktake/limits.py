"""What a variance is worth and whether it is inside the limits of its class (spec 02, compare).

Limits decide who counts again and who approves, never whether: every adjustment is approved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
import pandas as pd

from tasks.domain.amounts import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, SHARE_SCALE
from tasks.domain.keys import code_key
from tasks.domain.texts import Flags, Ints, distinct
from tasks.stocktake.policy import CountLimits, Policy

# Quantity times price over this is cents.
_CENT = QUANTITY_SCALE * PRICE_SCALE // MONEY_SCALE
_UNBOUND = np.iinfo(np.int64).max


def values_of(quantities: pd.Series[int], prices: pd.Series[int]) -> pd.Series[int]:
    """The worth of every quantity in cents with its sign, half up (away from zero), Int64; blank where either is.

    Quantities and prices are scaled by 10,000. Source: spec 00 (rounding: once per line).
    """
    blank = (quantities.isna() | prices.isna()).to_numpy()
    quantity = quantities.fillna(0).to_numpy(dtype=np.int64)
    price = prices.fillna(0).to_numpy(dtype=np.int64)
    # In two parts, for the product of a large quantity and a high price runs over 64 bits.
    whole, rest = np.divmod(np.abs(quantity), _CENT)
    worth = np.sign(quantity) * (whole * price + (rest * price + _CENT // 2) // _CENT)
    return pd.Series(pd.array(worth, dtype="Int64"), index=quantities.index).mask(blank)


def within_limits(rows: pd.DataFrame, policy: Policy) -> Flags:
    """Whether each row (abc, book, variance, value) is inside every limit of its class; a row not counted is not.

    Exactly on a limit is inside. A book of 0 has no share, so any difference from it is beyond; of a book below zero
    the share is that of its size. A value that nobody knows breaks no limit.
    """
    counted = rows["variance"].notna().to_numpy()
    variance = rows["variance"].fillna(0).to_numpy(dtype=np.int64)
    book = np.abs(rows["book"].to_numpy(dtype=np.int64))
    value = np.abs(rows["value"].fillna(0).to_numpy(dtype=np.int64))
    of = _limits_of(rows["abc"], policy)
    size, plus = np.abs(variance), variance > 0
    share = np.where(plus, of["plus_share"], of["minus_share"])
    quantity = np.where(plus, of["plus_quantity"], of["minus_quantity"])
    # |variance| > share of the book, in whole numbers: the share of what is left after whole units comes last.
    most = book // SHARE_SCALE * np.where(share == _UNBOUND, 0, share)
    most += book % SHARE_SCALE * np.where(share == _UNBOUND, 0, share) // SHARE_SCALE
    beyond = (size > most) & (share != _UNBOUND)
    beyond |= (size > quantity) | (value > of["value"]) | (book == 0)
    return np.asarray(counted & ((variance == 0) | ~beyond), dtype=np.bool_)


def class_of(abc: str, policy: Policy) -> str:
    """The class whose limits hold for an item of the class `abc` as the master writes it."""
    key = code_key(abc)
    return key if key in policy.limits else policy.unclassified


def _limits_of(abc: pd.Series[str], policy: Policy) -> Mapping[str, Ints]:
    said = distinct(abc)
    limits = [policy.limits[class_of(text, policy)] for text in said.texts]
    return {
        name: np.array([_bound(one, name) for one in limits], dtype=np.int64)[said.codes]
        for name in ("plus_share", "minus_share", "plus_quantity", "minus_quantity", "value")
    }


def _bound(limits: CountLimits, name: str) -> int:
    bound = cast("int | None", getattr(limits, name))
    return _UNBOUND if bound is None else bound
