"""Which left-over lines could be the same movement with exactly one thing written differently, and what that costs.

Costs only rank; an unpaired line costs UNPAIRED, more than any pair, so that pairing comes first and then the
likelier slip: a date costs 10 and 5 more a day, a warehouse 15 (20 across qualities), a category 20 (25 with its
warehouse, 60 if the sign on hand turns), an item code 25 (not written, same name), 30 (same name and specification),
40 (same name) or 60 (same specification), a quantity 100 to 900 by its relative difference. One unwritten transfer
order costs 5 more, and 500 more a partner on a day whose other side never came: it may yet find its own. A quantity
that differs costs 900 more where the row only repeats others that have found theirs: it is likelier a duplicate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from tasks.domain.categories import CATEGORIES
from tasks.stock_ledger.lines import QUALITIES, Flags, Ints, agreeing_orders, combined

KINDS = ("CATEGORY", "WAREHOUSE", "DATE", "QUANTITY", "ITEM")
UNPAIRED = 1000
FINE = 1024
FAN_MAX = 250_000
COMPARED = ("site", "date", "warehouse", "item", "category", "quantity", "order", "name", "specification", "quality")
_LARGE = 2**50
_REPEATED = 900

# One side's classes by column; pairs of classes as ledger class, ERP class, kind and cost.
Columns = Mapping[str, Ints]
Pairs = tuple[Ints, Ints, Ints, Ints]


@dataclass(frozen=True, slots=True)
class _Pair:
    """One side of all pairs that are looked at: its classes, and for every pair the place of its class among them."""

    classes: Columns
    at: Ints

    def __getitem__(self, name: str) -> Ints:
        return np.asarray(self.classes[name][self.at])


Costs = Callable[[_Pair, _Pair], tuple[Flags, Ints]]


def classes(lines: pd.DataFrame) -> tuple[pd.DataFrame, Ints]:
    """The classes of lines identical in all compared, and the class of each line.

    With `size`, and the lowest `tie` and `repeat` of its lines.
    """
    by = lines.groupby(list(COMPARED), sort=False)
    found = by.agg(
        size=("at", "size"),
        tie=("tie", "min"),
        bucket=("bucket", "first"),
        proven=("proven", "all"),
        repeat=("repeat", "min"),
    ).reset_index()
    return found, np.asarray(by.ngroup().to_numpy(), dtype=np.int64)


def candidates(
    ledger: pd.DataFrame, erp: pd.DataFrame, near_days: int, categories: Sequence[str]
) -> tuple[pd.DataFrame, tuple[Flags, Flags]]:
    """Every pair of classes in which one thing differs: columns ledger, erp (class numbers), kind (in KINDS), cost.

    Transfer orders never contradict; blanks are equal to nothing. Source: spec 01, matching 3. Second stand flags of
    the ledger's and the ERP's classes that have more than FAN_MAX partners in common: they are given none at all.
    """
    demands = _Demands(categories)
    crowded = np.zeros(len(ledger), dtype=np.bool_), np.zeros(len(erp), dtype=np.bool_)
    one, other = _columns(ledger), _columns(erp)
    pairs = partial(_pairs_of, crowded)
    found = [
        *_dates(one, other, near_days, pairs),
        pairs(one, other, ("site", "date", "item", "category", "quantity"), _warehouses, "WAREHOUSE"),
        pairs(one, other, ("site", "date", "item", "quantity"), demands.categories, "CATEGORY"),
        pairs(one, other, ("site", "date", "warehouse", "item", "category"), _quantities, "QUANTITY"),
        pairs(one, other, ("site", "date", "warehouse", "category", "quantity", "name"), _items, "ITEM"),
        pairs(one, other, ("site", "date", "warehouse", "category", "quantity", "specification"), _items, "ITEM"),
    ]
    edges = _with_costs(_edges(found, len(erp)), one, other, crowded)
    return _with_fine_ranks(edges, ledger, erp), crowded


def _columns(lines: pd.DataFrame) -> Columns:
    return {name: lines[name].to_numpy() for name in (*COMPARED, "proven", "repeat")}


def _edges(found: Sequence[Pairs], width: int) -> Pairs:
    """All pairs found, each with the kind and cost by which it was found first; `width` is how many ERP classes are."""
    ledger, erp, kind, cost = (np.concatenate(column) for column in zip(*found, strict=True))
    first = np.sort(np.unique(ledger * width + erp, return_index=True)[1])
    return ledger[first], erp[first], kind[first], cost[first]


def _with_costs(edges: Pairs, ledger: Columns, erp: Columns, crowded: tuple[Flags, Flags]) -> pd.DataFrame:
    """The pairs that may stand, with what unwritten orders, unproven lines and mere repeats cost beside."""
    one, other, kind, cost = edges
    orders = ledger["order"][one], erp["order"][other]
    proofs = ledger["proven"][one], erp["proven"][other]
    kept = agreeing_orders(*orders) & (proofs[0] | proofs[1]) & ~crowded[0][one] & ~crowded[1][other]
    cost = cost + np.where(orders[0] == orders[1], 0, 5) + np.where(proofs[0] & proofs[1], 0, 500)
    cost += np.where((ledger["repeat"][one] > 0) & (kind == KINDS.index("QUANTITY")), _REPEATED, 0)
    return pd.DataFrame({"ledger": one[kept], "erp": other[kept], "kind": kind[kept], "cost": cost[kept] * FINE})


def _joined(left: Ints, right: Ints, crowded: tuple[Flags, Flags]) -> tuple[Ints, Ints]:
    """All positions with equal codes of two columns, codes below zero equal to nothing.

    Positions of a code with more than FAN_MAX pairs are left out and marked in `crowded`.
    """
    by_left, by_right = np.flatnonzero(left >= 0), np.argsort(right, kind="stable")
    sorted_right = right[by_right]
    start = np.searchsorted(sorted_right, left[by_left], side="left")
    fan = np.searchsorted(sorted_right, left[by_left], side="right") - start
    if fan.max(initial=0) * len(fan) > FAN_MAX:
        sizes = pd.Series(left[by_left]).map(pd.Series(left[by_left]).value_counts()).to_numpy()
        many = fan * sizes > FAN_MAX
        crowded[0][by_left[many]] = True
        crowded[1][np.isin(right, left[by_left[many]])] = True
        fan = np.where(many, 0, fan)
    one = np.repeat(by_left, fan)
    within = np.arange(len(one)) - np.repeat(np.cumsum(fan) - fan, fan)
    return one, by_right[np.repeat(start, fan) + within]


def _pairs_of(
    crowded: tuple[Flags, Flags], ledger: Columns, erp: Columns, equal: Sequence[str], costs: Costs, kind: str
) -> Pairs:
    keys = list(combined((ledger[name], erp[name]) for name in equal))
    for side, columns in enumerate((ledger, erp)):
        blank = np.zeros(len(keys[side]), dtype=np.bool_)
        for name in {"site", "warehouse", "item", "name", "specification"} & set(equal):
            blank |= columns[name] == 0
        keys[side] = np.where(blank, -1, keys[side])
    one, other = _joined(keys[0], keys[1], crowded)
    kept, cost = costs(_Pair(ledger, one), _Pair(erp, other))
    one, other = one[kept], other[kept]
    return one, other, np.full(len(one), KINDS.index(kind), dtype=np.int64), cost[kept]


def _dates(ledger: Columns, erp: Columns, near_days: int, pairs: Callable[..., Pairs]) -> list[Pairs]:
    found: list[Pairs] = []
    equal = ("site", "warehouse", "item", "category", "quantity", "date")
    for later in (*range(-near_days, 0), *range(1, near_days + 1)):
        moved = dict(ledger) | {"date": ledger["date"] + later}
        found.append(pairs(moved, erp, equal, partial(_all, cost=10 + 5 * abs(later)), "DATE"))
    return found


def _all(lines: _Pair, _: _Pair, *, cost: int) -> tuple[Flags, Ints]:
    return np.ones(len(lines.at), dtype=np.bool_), np.full(len(lines.at), cost, dtype=np.int64)


def _warehouses(ledger: _Pair, erp: _Pair) -> tuple[Flags, Ints]:
    differ = ledger["warehouse"] != erp["warehouse"]
    return differ, np.where(ledger["quality"] == erp["quality"], 15, 20)


def _quantities(ledger: _Pair, erp: _Pair) -> tuple[Flags, Ints]:
    one, other = ledger["quantity"], erp["quantity"]
    gap, most = np.abs(one - other), np.maximum(np.abs(one), np.abs(other))
    shift = np.where(np.maximum(gap, most) > _LARGE, 13, 0)
    cost = 100 + np.minimum((gap >> shift) * 800 // np.maximum(most >> shift, 1), 800)
    return one != other, np.where((one < 0) != (other < 0), 900, cost)


def _items(ledger: _Pair, erp: _Pair) -> tuple[Flags, Ints]:
    one, other = ledger["item"], erp["item"]
    names = (ledger["name"] == erp["name"]) & (ledger["name"] > 0)
    sizes = (ledger["specification"] == erp["specification"]) & (ledger["specification"] > 0)
    blank = (one == 0) | (other == 0)
    cost = np.select([names & blank, names & sizes, names], [25, 30, 40], 60)
    return (one != other) | blank, cost.astype(np.int64)


class _Demands:
    """What every category demands of its warehouse and does to the stock, by category code."""

    def __init__(self, categories: Sequence[str]) -> None:
        known = [CATEGORIES.get(code) for code in categories]
        self._quality = np.array([QUALITIES.index(one.quality) if one and one.quality else 0 for one in known])
        self._sign = np.array([one.sign if one else 0 for one in known])

    def categories(self, ledger: _Pair, erp: _Pair) -> tuple[Flags, Ints]:
        one, other = ledger["category"], erp["category"]
        needs = self._quality[one], self._quality[other]
        fits = (needs[0] == ledger["quality"]) & (needs[1] == erp["quality"])
        implied = fits & (needs[0] != needs[1]) & (needs[0] > 0) & (needs[1] > 0)
        same = (ledger["warehouse"] == erp["warehouse"]) & (ledger["warehouse"] > 0)
        cost = np.where(self._sign[one] * self._sign[other] < 0, 60, np.where(same, 20, 25))
        return (one != other) & (same | implied), cost


def _with_fine_ranks(edges: pd.DataFrame, ledger: pd.DataFrame, erp: pd.DataFrame) -> pd.DataFrame:
    """`edges` with the lines of a quantity that one side holds alone ranked, since they all end in the same break.

    Without the rank 500 against 400 and 625 (equally far off) would be a guess, and the whole break would fall apart.
    """
    table = edges[edges["kind"] == KINDS.index("QUANTITY")]
    if not len(table):
        return edges
    sizes = [frame.groupby("bucket")["size"].sum() for frame in (ledger, erp)]
    gap = np.abs(ledger["quantity"].to_numpy()[table["ledger"]] - erp["quantity"].to_numpy()[table["erp"]])
    tie = ledger["tie"].to_numpy()[table["ledger"]] + erp["tie"].to_numpy()[table["erp"]]
    bucket = ledger["bucket"].to_numpy()[table["ledger"]]
    ranked = pd.DataFrame({"bucket": bucket, "gap": gap, "tie": tie, "edge": table.index}).sort_values(
        ["bucket", "gap", "tie"]
    )
    alone = (ranked["bucket"].map(sizes[0]) == 1) | (ranked["bucket"].map(sizes[1]) == 1)
    ranked = ranked[alone]
    rank = np.minimum(ranked.groupby("bucket").cumcount().to_numpy(), FINE - 1)
    edges.loc[ranked["edge"].to_numpy(), "cost"] += rank
    return edges
