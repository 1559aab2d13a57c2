"""Why a group of invoices and what was paid or booked for them does not agree (spec 04: likely causes are named)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasks.domain.texts import Flags, Ints
from tasks.invoice_check.policy import Policy

# A difference of two amounts whose digits stand in another order can always be divided by it.
_NINE = 9


def causes_of(groups: pd.DataFrame, links: pd.DataFrame, policy: Policy) -> pd.Series[str]:
    """The likely cause of each group, "" where it agrees; by the index of `groups`.

    `groups`: wanted, brought, tax (of the documents together, cents), lines, moved (a pair lies in two months);
    `links`: group (the index of `groups`), amount.
    """
    wanted, brought, tax = (groups[name].to_numpy() for name in ("wanted", "brought", "tax"))
    lacks = wanted - brought
    near = np.where(groups["lines"].to_numpy() > 1, policy.invoice_tolerance, policy.line_tolerance)
    off = np.abs(lacks) > near
    cause = np.full(len(groups), "amount", dtype=object)
    taxed = (tax != 0) & ((np.abs(lacks + tax) <= near) | (np.abs(brought - tax) <= near))
    suspect = off & (lacks % _NINE == 0)
    cause[suspect] = np.where(_transposed(wanted[suspect], brought[suspect]), "transposed", "amount")
    cause[off & taxed] = "tax"
    cause[off & _twice(groups, links, lacks, off)] = "twice"
    cause[off & (wanted == -brought)] = "sign"
    cause[~off & (lacks != 0)] = "rounding"
    cause[lacks == 0] = ""
    cause[~off & groups["moved"].to_numpy()] = "other_period"
    return pd.Series(cause, index=groups.index, dtype="str")


def _twice(groups: pd.DataFrame, links: pd.DataFrame, lacks: Ints, off: Flags) -> Flags:
    """Whether what is too much is one of the amounts of the group, which it holds more than once."""
    own = links[links["group"].isin(groups.index[off])]
    equal = own.groupby(["group", "amount"]).size().rename("times").reset_index()
    equal = equal[(equal["times"] > 1) & (equal["amount"] != 0)]
    much = -pd.Series(lacks, index=groups.index).loc[equal["group"]].to_numpy()
    amount, times = equal["amount"].to_numpy(), equal["times"].to_numpy()
    repeated = (much % amount == 0) & (much // amount >= 1) & (much // amount < times)
    flags: Flags = groups.index.isin(equal.loc[repeated, "group"])
    return flags


def _transposed(wanted: Ints, brought: Ints) -> Flags:
    pairs = zip(wanted.tolist(), brought.tolist(), strict=True)
    return np.fromiter((transposed(*pair) for pair in pairs), dtype=np.bool_, count=len(wanted))


def transposed(one: int, other: int) -> bool:
    """Whether two amounts of one sign differ by two digits that have changed their places, and by nothing else."""
    if one * other <= 0:
        return False
    left, right = (str(abs(amount)) for amount in (one, other))
    if len(left) != len(right):
        return False
    changed = [pair for pair in zip(left, right, strict=True) if pair[0] != pair[1]]
    return len(changed) == len(("first", "second")) and changed[0] == changed[1][::-1]
