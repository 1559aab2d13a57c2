"""Both sides of a reconciliation as whole numbers: compared quickly, and equal exactly where the texts are equal.

Code 0 always means blank, and a blank is equal to nothing (spec 01: blank = blank is no match).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from tasks.domain.keys import name_keys

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_CODES_MAX = 2**62
QUALITIES = ("", "good", "damaged")


@dataclass(frozen=True, slots=True)
class Side:
    """The lines of one side in the order given; texts as codes shared with the other side, dates as days.

    `bucket` is one code for site, date, warehouse, item and category together, `key` for these and the quantity;
    both are -1 where the site, warehouse or item is blank, for such a line equals no other.
    """

    site: Ints
    date: Ints
    warehouse: Ints
    item: Ints
    category: Ints
    quantity: Ints
    order: Ints
    bucket: Ints
    key: Ints


def shared_codes(left: pd.Series[str], right: pd.Series[str]) -> tuple[Ints, Ints, list[str]]:
    """Codes of two text columns over one common list of texts, which stands third; blank and missing texts are 0."""
    blank = pd.Series([""], dtype="str")
    codes, uniques = pd.factorize(pd.concat([blank, left.astype("str"), right.astype("str")], ignore_index=True))
    codes = np.maximum(np.asarray(codes, dtype=np.int64), 0)[1:]
    return codes[: len(left)], codes[len(left) :], [str(text) for text in uniques]


def combined(parts: Iterable[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """One non-negative code per line for several columns together, equal exactly where all columns are.

    `parts` are pairs of columns (one side, other side). Whatever does not fit into 62 bits is numbered anew.
    """
    left, right = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    size = 0
    for part in parts:
        one, other, width = _from_zero(*part)
        if size == 0:
            left, right, size = one, other, width
            continue
        if width * size >= _CODES_MAX:
            one, other, width = _renumbered(*part)
        if width * size >= _CODES_MAX:
            left, right, size = _renumbered(left, right)
        left, right, size = left * width + one, right * width + other, size * width
    return left, right


def _from_zero(left: Ints, right: Ints) -> tuple[Ints, Ints, int]:
    low = int(min(left.min(initial=0), right.min(initial=0)))
    high = int(max(left.max(initial=0), right.max(initial=0)))
    # Without this a difference of two large quantities would run over 64 bits.
    return _renumbered(left, right) if high - low >= _CODES_MAX else (left - low, right - low, high - low + 1)


def _renumbered(left: Ints, right: Ints) -> tuple[Ints, Ints, int]:
    codes, uniques = pd.factorize(np.concatenate([left, right]))
    whole = np.asarray(codes, dtype=np.int64)
    return whole[: len(left)], whole[len(left) :], max(len(uniques), 1)


def days(dates: pd.Series[pd.Timestamp]) -> Ints:
    """Dates as whole days since 1970-01-01."""
    return dates.to_numpy().astype("datetime64[D]").astype(np.int64)


def coded(ledger: pd.DataFrame, erp: pd.DataFrame) -> tuple[Side, Side, list[str]]:
    """Both frames of lines as codes, and the list of category codes that `category` points into.

    Both frames have site, date, warehouse, item, category, order (text, date datetime64) and quantity (scaled int).
    """
    pairs: dict[str, tuple[Ints, Ints]] = {}
    categories: list[str] = []
    for name in ("site", "warehouse", "item", "category", "order"):
        one, other, texts = shared_codes(ledger[name], erp[name])
        pairs[name] = one, other
        categories = texts if name == "category" else categories
    pairs["date"] = days(ledger["date"]), days(erp["date"])
    pairs["quantity"] = ledger["quantity"].to_numpy(dtype=np.int64), erp["quantity"].to_numpy(dtype=np.int64)
    bucket = combined(pairs[name] for name in ("site", "date", "warehouse", "item", "category"))
    key = combined([bucket, pairs["quantity"]])
    sides: list[Side] = []
    for at in (0, 1):
        columns = {name: both[at] for name, both in pairs.items()}
        blank = (columns["site"] == 0) | (columns["warehouse"] == 0) | (columns["item"] == 0)
        sides.append(Side(bucket=np.where(blank, -1, bucket[at]), key=np.where(blank, -1, key[at]), **columns))
    return sides[0], sides[1], categories


def text_order(texts: pd.Series[str]) -> Ints:
    """The place of every text in the sorted column, equal texts in the order given."""
    places = np.empty(len(texts), dtype=np.int64)
    places[np.asarray(texts.array.argsort(kind="stable"))] = np.arange(len(texts), dtype=np.int64)
    return places


def ties(frame: pd.DataFrame, at: Ints) -> Ints:
    """Who comes first among equal lines: first rows before their repeats, then by identity, never by row order.

    Without this a file in another order would leave another one of two equal rows unmatched.
    """
    places = text_order(frame["identity"].iloc[at].astype("str"))
    return np.asarray(_repeats(frame)[at] * (len(at) + 1) + places, dtype=np.int64)


def counted_off(left: tuple[Ints, Ints], right: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Positions of pairs with equal keys: the first of a key with the first, the second with the second, and so on.

    Each side is (key, tie); the tie orders the lines of one key.
    """
    orders = [np.lexsort((tie, key)) for key, tie in (left, right)]
    mine, theirs = left[0][orders[0]], right[0][orders[1]]
    start = np.searchsorted(mine, mine, side="left")
    at = np.searchsorted(theirs, mine, side="left") + np.arange(len(mine)) - start
    found = at < len(theirs)
    found[found] = theirs[at[found]] == mine[found]
    return orders[0][found], orders[1][at[found]]


def agreeing_orders(one: Ints, other: Ints) -> Flags:
    """Where two transfer orders do not contradict: equal, or one of the lines names none."""
    return np.asarray((one == other) | (one == 0) | (other == 0), dtype=np.bool_)


def left_over(
    sides: tuple[Side, Side], frames: tuple[pd.DataFrame, pd.DataFrame], at: tuple[Ints, Ints]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lines at the given positions of both sides with everything that the later stages compare, as integers.

    Columns: at (position in the input), tie, site, date, warehouse, item, category, quantity, order, bucket, key,
    name and specification (codes of the normalised texts), quality (0 unknown, 1 good, 2 damaged), proven (flag),
    repeat (equal whole rows above it in its file; 0 for ERP lines).
    """
    texts = [
        shared_codes(
            *(name_keys(frame[column].iloc[place].astype("str")) for frame, place in zip(frames, at, strict=True))
        )
        for column in ("item_name", "specification")
    ]
    taken: list[pd.DataFrame] = []
    for one, (side, frame, place) in enumerate(zip(sides, frames, at, strict=True)):
        columns = {name: getattr(side, name)[place] for name in Side.__slots__}
        columns |= {"name": texts[0][one], "specification": texts[1][one]}
        quality = pd.Categorical(frame["quality"].iloc[place], categories=list(QUALITIES)).codes
        columns |= {"quality": np.maximum(quality.astype(np.int64), 0), "at": place, "tie": ties(frame, place)}
        columns |= {"proven": proven(frame)[place], "repeat": _repeats(frame)[place]}
        taken.append(pd.DataFrame(columns))
    return taken[0], taken[1]


def proven(frame: pd.DataFrame) -> Flags:
    """Whether the other side was delivered for the site and day of each line: its column `proven`, or all are."""
    if "proven" not in frame.columns:
        return np.ones(len(frame), dtype=np.bool_)
    return np.asarray(frame["proven"].to_numpy(), dtype=np.bool_)


def _repeats(frame: pd.DataFrame) -> Ints:
    if "repeat" not in frame.columns:
        return np.zeros(len(frame), dtype=np.int64)
    return frame["repeat"].to_numpy(dtype=np.int64)


def codes_of(left: pd.DataFrame, right: pd.DataFrame, columns: Sequence[str]) -> tuple[Ints, Ints]:
    """One code per line of two integer frames over the named columns together."""
    return combined((left[name].to_numpy(), right[name].to_numpy()) for name in columns)
