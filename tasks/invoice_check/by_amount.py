"""What names no invoice finds it by customer and amount, or as sums of one customer (spec 04: 1:1, 1:N, N:1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.domain.texts import Flags, Ints
from tasks.invoice_check.sides import AMOUNT, SUM, Pairs, Sides, allowed, combined, no_pairs, pairs_of

# A customer with more open lines than this on one side is only compared as a whole.
SPLIT_LINES_MAX = 12
WAYS_MAX = 64


def equal_amounts(sides: Sides, left: Ints, free: Flags, *, by_month: bool, first_due: bool) -> Pairs:
    """Pairs of one customer whose amounts are equal: `left` is what documents still want, `free` who may pay it.

    Where several are equal they are told apart by nothing, so the oldest goes with the oldest: within a month (of
    `by_month`) while there are documents enough; else when both sides are equally many, or, `first_due`, also when
    fewer have come than are wanted, for money without a purpose pays what was due first.
    """
    mine = np.flatnonzero((left != 0) & (sides.party[0] > 0))
    theirs = np.flatnonzero(free & (sides.party[1] > 0) & (sides.brought != 0))
    if not len(mine) or not len(theirs):
        return no_pairs()
    columns = [(sides.party[0][mine], sides.party[1][theirs]), (left[mine], sides.brought[theirs])]
    if by_month:
        columns.append((sides.month[0][mine], sides.month[1][theirs]))
    one, other = combined(columns)
    shared = np.intersect1d(one, other)
    keep = np.isin(one, shared), np.isin(other, shared)
    mine, theirs, one, other = mine[keep[0]], theirs[keep[1]], one[keep[0]], other[keep[1]]
    size = int(max(one.max(initial=0), other.max(initial=0))) + 1
    many = np.bincount(one, minlength=size), np.bincount(other, minlength=size)
    sure = many[1] <= many[0] if by_month or first_due else many[1] == many[0]
    mine, one = mine[sure[one]], one[sure[one]]
    theirs, other = theirs[sure[other]], other[sure[other]]
    first, second = _counted_off((one, sides.tie(0, mine)), (other, sides.tie(1, theirs)))
    document, paid = mine[first], theirs[second]
    kept = allowed(sides, document, paid)
    return pairs_of(document[kept], paid[kept], sides.brought[paid[kept]], AMOUNT)


def whole_sums(sides: Sides, left: Ints, free: Flags, *, by_month: bool) -> Pairs:
    """All that is left of a customer (in a month) on both sides, where the sums are equal."""
    tables = _left_over(sides, left, free, by_month=by_month)
    if tables is None:
        return no_pairs()
    sums = [table.groupby("bucket")["amount"].agg(["sum", "size"]) for table in tables]
    both = sums[0].join(sums[1], how="inner", lsuffix="_wanted", rsuffix="_brought")
    agreed = both.index[(both["sum_wanted"] == both["sum_brought"]) & (both["sum_wanted"] != 0)]
    groups = [
        {bucket: own["at"].tolist() for bucket, own in table[table["bucket"].isin(agreed)].groupby("bucket")}
        for table in tables
    ]
    return _shared_out(sides, left, [(groups[0][bucket], groups[1][bucket]) for bucket in agreed])


def split_sums(sides: Sides, left: Ints, free: Flags, *, by_month: bool) -> Pairs:
    """One invoice that is the sum of several payments of its customer, or the other way round, in exactly one way.

    Searched exactly, for customers with up to SPLIT_LINES_MAX lines on each side; equal lines count as one way.
    """
    tables = _left_over(sides, left, free, by_month=by_month)
    if tables is None:
        return no_pairs()
    counts = [table["bucket"].value_counts() for table in tables]
    both = pd.concat(counts, axis=1, join="inner", keys=["wanted", "brought"])
    small = both.index[(both.max(axis=1) <= SPLIT_LINES_MAX) & (both.sum(axis=1) > len(both.columns))]
    found: list[tuple[list[int], list[int]]] = []
    groups = [table[table["bucket"].isin(small)].groupby("bucket") for table in tables]
    second = dict(iter(groups[1]))
    for bucket, own in groups[0]:
        found += _splits((_lines(own), _lines(second[bucket])))
    return _shared_out(sides, left, found)


def _left_over(sides: Sides, left: Ints, free: Flags, *, by_month: bool) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """The lines that sums may take: bucket, at, amount, oldest first; None where no customer has lines on both sides.

    Whoever decided that two do not belong together gets them in no sum either.
    """
    barred = [np.array([pair[side] for pair in sorted(sides.forbidden)], dtype=np.int64) for side in (0, 1)]
    amounts = left, np.where(free, sides.brought, 0)
    at = [np.flatnonzero((amounts[side] != 0) & (sides.party[side] > 0)) for side in (0, 1)]
    at = [np.setdiff1d(places, none) for places, none in zip(at, barred, strict=True)]
    columns = [(sides.party[0][at[0]], sides.party[1][at[1]])]
    if by_month:
        columns.append((sides.month[0][at[0]], sides.month[1][at[1]]))
    keys = combined(columns)
    shared = np.intersect1d(*keys)
    if not len(shared):
        return None
    tables = []
    for side in (0, 1):
        keep = np.isin(keys[side], shared)
        own = at[side][keep]
        table = pd.DataFrame({"bucket": keys[side][keep], "at": own, "amount": amounts[side][own]})
        tables.append(table.iloc[np.argsort(sides.tie(side, own))])
    return tables[0], tables[1]


def _counted_off(left: tuple[Ints, Ints], right: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Positions of pairs with equal keys: the first of a key with the first, the second with the second."""
    orders = [np.lexsort((tie, key)) for key, tie in (left, right)]
    mine, theirs = left[0][orders[0]], right[0][orders[1]]
    step = np.arange(len(mine)) - np.searchsorted(mine, mine, side="left")
    at = np.searchsorted(theirs, mine, side="left") + step
    found = at < len(theirs)
    found[found] = theirs[at[found]] == mine[found]
    return orders[0][found].astype(np.int64), orders[1][at[found]].astype(np.int64)


def _shared_out(sides: Sides, left: Ints, groups: Sequence[tuple[list[int], list[int]]]) -> Pairs:
    rows = [row for group in groups for row in filled(left, sides.brought, *group)]
    document, other, amount = (
        (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
        if rows
        else (np.zeros((3, 0), dtype=np.int64))
    )
    return pairs_of(document, other, amount, SUM)


def filled(left: Ints, brought: Ints, documents: list[int], others: list[int]) -> Iterator[tuple[int, int, int]]:
    """What of each other goes to each document, both in the order given, as (document, other, cents); all of it goes.

    What has the other's sign is filled up one after the other; what has the opposite sign is taken first, for a credit
    note makes a payment cover more. The last document takes what is left over.
    """
    wants = {at: int(left[at]) for at in documents}
    for other in others:
        rest = int(brought[other])
        if len(documents) == 1:
            yield documents[0], other, rest
            continue
        sign = 1 if rest > 0 else -1
        shares: dict[int, int] = {}
        for at in sorted(documents, key=lambda one: wants[one] * sign > 0):
            along = wants[at] * sign > 0
            shares[at] = sign * max(min(rest * sign, wants[at] * sign), 0) if along else wants[at]
            wants[at] -= shares[at]
            rest -= shares[at]
        shares[documents[-1]] += rest
        wants[documents[-1]] -= rest
        for at in documents:
            if shares[at] or not int(brought[other]):
                yield at, other, shares[at]


@dataclass(frozen=True, slots=True)
class _Line:
    at: int
    amount: int


_Way = tuple[int, int, tuple[int, ...]]


def _lines(own: pd.DataFrame) -> list[_Line]:
    return [_Line(at, amount) for at, amount in zip(own["at"].tolist(), own["amount"].tolist(), strict=True)]


def _splits(lines: tuple[list[_Line], list[_Line]]) -> list[tuple[list[int], list[int]]]:
    """The splits of one customer that stand in no other's way, taken out of `lines` one after the other."""
    found: list[tuple[list[int], list[int]]] = []
    while True:
        ways = set(_ways(lines, 0)) | set(_ways(lines, 1))
        uses = Counter(used for way in ways for used in _used(way))
        sure = sorted(way for way in ways if len(ways) <= WAYS_MAX and all(uses[used] == 1 for used in _used(way)))
        if not sure:
            return found
        for side, single, parts in sure:
            whole = [_taken(lines[side], single)]
            several = [_taken(lines[1 - side], part) for part in parts]
            found.append((whole, several) if side == 0 else (several, whole))


def _used(way: _Way) -> set[tuple[int, int]]:
    side, single, parts = way
    return {(side, single), *((1 - side, part) for part in parts)}


def _taken(lines: list[_Line], amount: int) -> int:
    line = next(line for line in lines if line.amount == amount)
    lines.remove(line)
    return line.at


def _ways(lines: tuple[list[_Line], list[_Line]], side: int) -> Iterator[_Way]:
    for sign in (1, -1):
        singles = sorted({line.amount for line in lines[side] if line.amount * sign > 0})
        parts = [line.amount for line in lines[1 - side] if line.amount * sign > 0]
        # The sums of all choices among the parts are made once, however many singles ask for one.
        sums = np.zeros(1, dtype=np.int64)
        for part in parts if singles else []:
            sums = np.concatenate([sums, sums + part])
        for at in np.flatnonzero(np.isin(sums, singles)).tolist():
            several = sorted(part for place, part in enumerate(parts) if at >> place & 1)
            if len(several) > 1:
                yield side, int(sums[at]), tuple(several)
