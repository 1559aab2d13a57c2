"""Whether satisfaction changed: two periods side by side, and how likely chance alone would part them so far."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from tasks.domain.shaping import empty, shaped
from tasks.survey.policy import Policy
from tasks.survey.shapes import CHANGES, OVERALL

Floats = npt.NDArray[np.float64]
SIGNIFICANT = 0.05
_KEY = ["dimension", "value", "question"]
_SATISFIED = ["w5", "w4", "w3"]
# As COUNTS scales a weight.
_WEIGHT_SCALE = 10_000
_PLACES = Decimal("0.000001")


def changes_of(counts: pd.DataFrame, period: dt.date, policy: Policy) -> pd.DataFrame:
    """The satisfaction of `period` beside that of the newest period before it, as CHANGES; `name` is left blank.

    One row for what has forms in both, in the order of `counts` (COUNTS of several periods); no row without a period
    before. `p_value` is that of the two-sided two-proportion test. `significant` judges the rows of one table together
    (one dimension; single questions apart from the overall rating) after Holm (1979): 0.05 is how likely a table of
    rows that did not change has a mark at all. Where either period has fewer than `policy.minimum` forms nothing is.
    """
    day = pd.Timestamp(period)
    earlier = counts.loc[counts["period"] < day, "period"]
    if not len(earlier):
        return empty(CHANGES)
    own, old = _shared(counts[counts["period"] == day]), _shared(counts[counts["period"] == earlier.max()])
    both = own.merge(old, on=_KEY, how="inner", suffixes=("_now", "_before"))
    both = both[(both["w_returned_now"] > 0) & (both["w_returned_before"] > 0)].reset_index(drop=True)
    p_values = two_proportions(
        *(both[name].to_numpy(dtype=np.float64) for name in ("part_before", "n_before", "part_now", "n_now"))
    )
    now, before = (
        [Fraction(part, whole) for part, whole in zip(both[f"w_{when}"], both[f"w_returned_{when}"], strict=True)]
        for when in ("now", "before")
    )
    told = both.assign(
        before=pd.Series(before, dtype="object"),
        now=pd.Series(now, dtype="object"),
        change=pd.Series([new - old for new, old in zip(now, before, strict=True)], dtype="object"),
        p_value=pd.Series([Decimal(repr(p)).quantize(_PLACES) for p in p_values.tolist()], dtype="object"),
        n_before=both["forms_before"],
        n_now=both["forms_now"],
        significant=_significant(both, p_values, policy.minimum),
    )
    return shaped(CHANGES, told)


def two_proportions(part: Floats, whole: Floats, other_part: Floats, other_whole: Floats) -> Floats:
    """The two-sided p-value of each pair of shares `part` / `whole`: the z-test with the pooled share.

    1 where both shares are the same, also where both are 0 or both 1. Formula: z = (p1 - p2) / sqrt(p (1 - p)
    (1/n1 + 1/n2)) with p the pooled share; its square is the chi-square of the table of four without correction.
    """
    pooled = (part + other_part) / (whole + other_whole)
    error = np.sqrt(pooled * (1 - pooled) * (1 / whole + 1 / other_whole))
    apart = np.abs(part / whole - other_part / other_whole)
    z = np.divide(apart, error, out=np.zeros_like(apart), where=error > 0)
    return np.asarray(np.minimum(1.0, 2 * ndtr(-z)), dtype=np.float64)


def holm(p_values: Floats) -> Floats:
    """The p-values as they count when all of them are judged together (Holm 1979), in their order."""
    order = np.argsort(p_values, kind="stable")
    times = len(p_values) - np.arange(len(p_values))
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p_values[order] * times))
    return adjusted


def _shared(counts: pd.DataFrame) -> pd.DataFrame:
    """Of each row the weight that is satisfied (`w`) and returned, its forms, and both as forms that count alike.

    `n` is the number of forms that the weights amount to (Kish 1965), `part` the satisfied of them.
    """
    satisfied = counts[_SATISFIED].sum(axis=1)
    forms = counts[["n5", "n4", "n3", "n2", "n1", "blank", "unknown"]].sum(axis=1)
    # A form may lack an overall rating because none applies: it came back all the same.
    forms = forms + counts["not_applicable"].where(counts["question"] == OVERALL, 0)
    weights, squares = (counts[name].to_numpy(dtype=np.float64) for name in ("w_returned", "w2_returned"))
    # The square of a very small weight is rounded to none.
    number = np.divide(weights * weights, squares * _WEIGHT_SCALE, out=np.full_like(weights, np.inf), where=squares > 0)
    number = np.minimum(number, forms.to_numpy(dtype=np.float64))
    share = np.divide(satisfied.to_numpy(dtype=np.float64), weights, out=np.zeros_like(weights), where=weights > 0)
    return counts[[*_KEY, "w_returned"]].assign(w=satisfied, forms=forms, n=number, part=share * number)


def _significant(rows: pd.DataFrame, p_values: Floats, minimum: int) -> pd.Series[bool]:
    enough = (rows[["forms_before", "forms_now"]] >= minimum).all(axis=1).to_numpy()
    tables = rows.groupby(["dimension", rows["question"] == OVERALL], sort=False).ngroup().to_numpy()
    found = np.zeros(len(rows), dtype=np.bool_)
    for table in np.unique(tables):
        mine = enough & (tables == table)
        found[mine] = holm(p_values[mine]) < SIGNIFICANT
    return pd.Series(found, index=rows.index)
