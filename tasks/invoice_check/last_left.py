"""What names no number and whose amount is off, when nothing else can be meant (spec 04: likely causes)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasks.domain.texts import Flags, Ints
from tasks.invoice_check.causes import causes_of
from tasks.invoice_check.policy import Policy
from tasks.invoice_check.sides import AMOUNT, Pairs, Sides, allowed, no_pairs, pairs_of


def last_left(sides: Sides, left: Ints, free: Flags, tax: pd.Series[int], policy: Policy) -> Pairs:
    """The only invoice and the only entry that are left of a customer in a month, where their difference has a name.

    The name is rounding, sign, tax or transposed digits; a difference without one is no sign that they belong together.
    """
    one = _alone(sides, 0, left != 0)
    other = _alone(sides, 1, free)
    both = one.merge(other, on=["party", "month"])
    if both.empty:
        return no_pairs()
    document, entry = both["at_x"].to_numpy(), both["at_y"].to_numpy()
    groups = pd.DataFrame(
        {
            "wanted": left[document],
            "brought": sides.brought[entry],
            "tax": tax.to_numpy()[document],
            "lines": sides.documents["lines"].to_numpy()[document],
            "moved": False,
        }
    )
    none = pd.DataFrame({"group": [], "amount": []}, dtype="int64")
    sure = (causes_of(groups, none, policy) != "amount").to_numpy() & allowed(sides, document, entry)
    return pairs_of(document[sure], entry[sure], sides.brought[entry[sure]], AMOUNT)


def repeated(sides: Sides, free: Flags) -> Pairs:
    """Entries without a number that book an invoice once more: by customer, month and amount, if only one has them."""
    theirs = np.flatnonzero(free & (sides.party[1] > 0))
    if not len(theirs):
        return no_pairs()
    mine = np.flatnonzero(sides.counts & np.isin(sides.party[0], sides.party[1][theirs]))
    columns = ["party", "month", "amount"]
    wanted = pd.DataFrame(
        {"party": sides.party[0][mine], "month": sides.month[0][mine], "amount": sides.wanted[mine], "document": mine}
    )
    wanted = wanted[~wanted.duplicated(columns, keep=False)]
    brought = pd.DataFrame(
        {
            "party": sides.party[1][theirs],
            "month": sides.month[1][theirs],
            "amount": sides.brought[theirs],
            "at": theirs,
        }
    )
    both = brought.merge(wanted, on=columns)
    document, other = both["document"].to_numpy(), both["at"].to_numpy()
    kept = allowed(sides, document, other)
    return pairs_of(document[kept], other[kept], sides.brought[other[kept]], AMOUNT)


def part_payments(sides: Sides, left: Ints, free: Flags) -> Pairs:
    """Money without a purpose of a customer who owes for one invoice only, as far as it is less than what is owed."""
    mine = np.flatnonzero((left != 0) & (sides.party[0] > 0))
    owing = pd.DataFrame({"party": sides.party[0][mine], "document": mine, "open": left[mine]})
    owing = owing[~owing["party"].duplicated(keep=False) & (owing["open"] > 0)]
    theirs = np.flatnonzero(free & (sides.party[1] > 0))
    come = pd.DataFrame({"party": sides.party[1][theirs], "at": theirs, "amount": sides.brought[theirs]})
    both = come.merge(owing, on="party")
    by = both.groupby("party")["amount"]
    both = both[(by.transform("min") > 0) & (by.transform("sum") < both["open"])]
    document, other = both["document"].to_numpy(), both["at"].to_numpy()
    kept = allowed(sides, document, other)
    return pairs_of(document[kept], other[kept], sides.brought[other[kept]], AMOUNT)


def _alone(sides: Sides, side: int, wanted: Flags) -> pd.DataFrame:
    at = np.flatnonzero(wanted & (sides.party[side] > 0))
    rows = pd.DataFrame({"party": sides.party[side][at], "month": sides.month[side][at], "at": at})
    return rows[~rows.duplicated(["party", "month"], keep=False)]
