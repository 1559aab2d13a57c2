"""Both sides of a matching as whole numbers: invoices and what they want, receipts or entries and what they bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.domain.texts import Flags, Ints

HOW = ("number", "amount", "sum", "manual")
NUMBER, AMOUNT, SUM, MANUAL = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Documents and others by their positions; `party` and `month` are codes shared by both sides, party 0 is blank.

    `wanted` and `brought` are cents; `counts` says which documents may be matched (void and ignored ones may not),
    `free` which others. `tie` orders each side wholly, whatever the order of its rows, and is made when it is needed.
    """

    documents: pd.DataFrame
    others: pd.DataFrame
    party: tuple[Ints, Ints]
    month: tuple[Ints, Ints]
    wanted: Ints
    brought: Ints
    counts: Flags
    free: Flags
    forbidden: frozenset[tuple[int, int]] = frozenset()

    def tie(self, side: int, at: Ints) -> Ints:
        """The places of these rows among themselves by day and name: 0 is the oldest."""
        frame, day, name = (self.documents, "issued_on", "document") if side == 0 else (self.others, "date", "ref")
        rows = pd.DataFrame({"day": frame[day].to_numpy()[at], "name": frame[name].take(at).to_numpy()})
        places = np.empty(len(at), dtype=np.int64)
        places[rows.sort_values(["day", "name"], kind="stable").index.to_numpy()] = np.arange(len(at))
        return places


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of positions and how they were found; `amount` is what of the other is the document's."""

    document: Ints
    other: Ints
    amount: Ints
    how: Ints

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.document)


def no_pairs() -> Pairs:
    """Nothing paired."""
    none = np.zeros(0, dtype=np.int64)
    return Pairs(none, none, none, none)


def joined(*parts: Pairs) -> Pairs:
    """The pairs of all parts, one part after the other."""
    return Pairs(*(np.concatenate([getattr(part, name) for part in parts]) for name in Pairs.__slots__))


def pairs_of(document: Ints, other: Ints, amount: Ints, how: int) -> Pairs:
    """Pairs that were all found in one way."""
    return Pairs(document, other, amount, np.full(len(document), how, dtype=np.int64))


def allowed(sides: Sides, document: Ints, other: Ints) -> Flags:
    """Which of the pairs nobody has forbidden."""
    if not sides.forbidden:
        return np.ones(len(document), dtype=np.bool_)
    pairs = zip(document.tolist(), other.tolist(), strict=True)
    return np.fromiter((pair not in sides.forbidden for pair in pairs), dtype=np.bool_, count=len(document))


def open_of(sides: Sides, pairs: Pairs) -> Ints:
    """What every document still wants after these pairs, in cents; 0 of those that may not be matched."""
    left = np.where(sides.counts, sides.wanted, 0)
    np.subtract.at(left, pairs.document, pairs.amount)
    left[~sides.counts] = 0
    return left


def free_of(sides: Sides, pairs: Pairs) -> Flags:
    """Which others are still in no pair."""
    free = sides.free.copy()
    free[pairs.other] = False
    return free


def months(days: pd.Series[pd.Timestamp]) -> Ints:
    """The month of every day, counted from January 1970."""
    return days.to_numpy().astype("datetime64[M]").astype(np.int64)


def codes(left: pd.Series[str], right: pd.Series[str]) -> tuple[Ints, Ints]:
    """Codes of two text columns that are equal exactly where the texts are; a blank text is 0."""
    blank = pd.Series([""], dtype="str")
    both, _ = pd.factorize(pd.concat([blank, left, right], ignore_index=True))
    both = np.maximum(np.asarray(both, dtype=np.int64), 0)[1:]
    return both[: len(left)], both[len(left) :]


def combined(columns: Sequence[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """One code for several columns together on both sides, equal exactly where all are."""
    one, other = columns[0]
    for mine, theirs in columns[1:]:
        codes, _ = pd.factorize(np.concatenate([mine, theirs]))
        width = int(codes.max(initial=0)) + 1
        both, _ = pd.factorize(np.concatenate([one, other]).astype(np.int64) * width + codes)
        one, other = both[: len(one)], both[len(one) :]
    return one.astype(np.int64), other.astype(np.int64)
