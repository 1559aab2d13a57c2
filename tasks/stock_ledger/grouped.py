"""The second rung: one side has split a quantity over several lines and the sums agree (spec 01, matching 2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.stock_ledger.lines import Ints, codes_of

GROUP_LINES_MIN = 3
SPLIT_LINES_MAX = 12
SPLITS_MAX = 64


@dataclass(frozen=True, slots=True)
class _Line:
    at: int
    tie: int
    quantity: int
    order: int


Split = tuple[int, tuple[int, int], tuple[tuple[int, int], ...]]


def grouped_lines(ledger: pd.DataFrame, erp: pd.DataFrame) -> list[tuple[list[int], list[int]]]:
    """Groups of left-over lines whose sums agree, each as (ledger `at`, ERP `at`), at least three lines together.

    Within site, date, warehouse, item and category, all that is left sums up equally, or one line is the sum of several
    others in exactly one way (equal lines count as one way; searched up to SPLIT_LINES_MAX lines a side). Only
    lines of one sign are added up, and transfer orders never contradict. Frames as of `lines.left_over`.
    """
    found: list[tuple[list[int], list[int]]] = []
    frames = _shared(ledger, erp)
    if not len(frames[0]):
        return found
    for columns in (["bucket", "order"], ["bucket"]):
        groups = _whole_groups(frames[0], frames[1], columns)
        frames = [
            frame[~frame["at"].isin([at for group in groups for at in group[side]])]
            for side, frame in enumerate(frames)
        ]
        found.extend(groups)
    for lines in _small_buckets(frames[0], frames[1]):
        found.extend(_splits(lines))
    return found


def _shared(ledger: pd.DataFrame, erp: pd.DataFrame) -> list[pd.DataFrame]:
    """The lines of both sides whose bucket the other side has too: no others can be of one group."""
    buckets = ledger["bucket"].to_numpy(), erp["bucket"].to_numpy()
    both = np.intersect1d(buckets[0][buckets[0] >= 0], buckets[1])
    return [frame[np.isin(of, both)] for frame, of in zip((ledger, erp), buckets, strict=True)]


def _whole_groups(ledger: pd.DataFrame, erp: pd.DataFrame, columns: Sequence[str]) -> list[tuple[list[int], list[int]]]:
    keys = codes_of(ledger, erp, columns)
    sums = [_sums(frame, key) for frame, key in zip((ledger, erp), keys, strict=True)]
    both = sums[0].join(sums[1], how="inner", lsuffix="_ledger", rsuffix="_erp")
    low, high = both[["low_ledger", "low_erp"]].min(axis=1), both[["high_ledger", "high_erp"]].max(axis=1)
    one_order = (
        (both["orders_ledger"] == 0)
        | (both["orders_erp"] == 0)
        | (
            (both["first_ledger"] == both["last_ledger"])
            & (both["first_erp"] == both["last_erp"])
            & (both["last_ledger"] == both["last_erp"])
        )
    )
    agreed = (both["sum_ledger"] == both["sum_erp"]) & (both["lines_ledger"] + both["lines_erp"] >= GROUP_LINES_MIN)
    chosen = both.index[agreed & one_order & ((low > 0) | (high < 0))].to_numpy()
    parts = [_by_key(frame, key, chosen) for frame, key in zip((ledger, erp), keys, strict=True)]
    return [(parts[0][key], parts[1][key]) for key in chosen.tolist()]


def _sums(frame: pd.DataFrame, key: Ints) -> pd.DataFrame:
    named = frame["order"].where(frame["order"] > 0)
    table = pd.DataFrame({"key": key, "quantity": frame["quantity"].to_numpy(), "order": named.to_numpy()})
    by = table.groupby("key")
    return pd.DataFrame(
        {
            "sum": by["quantity"].sum(),
            "low": by["quantity"].min(),
            "high": by["quantity"].max(),
            "lines": by.size(),
            "orders": by["order"].count(),
            "first": by["order"].min(),
            "last": by["order"].max(),
        }
    )


def _by_key(frame: pd.DataFrame, key: Ints, chosen: Ints) -> dict[int, list[int]]:
    mine = np.isin(key, chosen)
    table = pd.DataFrame({"key": key[mine], "at": frame["at"].to_numpy()[mine], "tie": frame["tie"].to_numpy()[mine]})
    table = table.sort_values(["key", "tie"])
    groups: dict[int, list[int]] = {}
    for one, at in zip(table["key"].tolist(), table["at"].tolist(), strict=True):
        groups.setdefault(one, []).append(at)
    return groups


def _small_buckets(ledger: pd.DataFrame, erp: pd.DataFrame) -> Iterator[tuple[list[_Line], list[_Line]]]:
    counts = [frame["bucket"].value_counts() for frame in (ledger, erp)]
    both = pd.concat(counts, axis=1, join="inner", keys=["ledger", "erp"])
    small = both.index[(both.max(axis=1) <= SPLIT_LINES_MAX) & (both.sum(axis=1) >= GROUP_LINES_MIN)]
    buckets: dict[int, tuple[list[_Line], list[_Line]]] = {}
    for side, frame in enumerate((ledger, erp)):
        mine = frame[frame["bucket"].isin(small)].sort_values(["bucket", "tie"])
        columns = (mine[name].tolist() for name in ("bucket", "at", "tie", "quantity", "order"))
        for bucket, at, tie, quantity, order in zip(*columns, strict=True):
            buckets.setdefault(bucket, ([], []))[side].append(_Line(at, tie, quantity, order))
    yield from buckets.values()


def _splits(lines: tuple[list[_Line], list[_Line]]) -> list[tuple[list[int], list[int]]]:
    """The splits of one bucket that stand in no other's way, taken out of `lines` one after the other."""
    found: list[tuple[list[int], list[int]]] = []
    while True:
        ways = set(_ways(lines, 0)) | set(_ways(lines, 1))
        uses = Counter(used for way in ways for used in _used(way))
        sure = sorted(way for way in ways if len(ways) <= SPLITS_MAX and all(uses[used] == 1 for used in _used(way)))
        if not sure:
            return found
        for side, single, parts in sure:
            whole = [_taken(lines[side], single)]
            several = [_taken(lines[1 - side], part) for part in parts]
            found.append((whole, several) if side == 0 else (several, whole))


def _used(way: Split) -> set[tuple[int, tuple[int, int]]]:
    side, single, parts = way
    return {(side, single), *((1 - side, part) for part in parts)}


def _taken(lines: list[_Line], wanted: tuple[int, int]) -> int:
    line = next(line for line in lines if (line.quantity, line.order) == wanted)
    lines.remove(line)
    return line.at


def _ways(lines: tuple[list[_Line], list[_Line]], side: int) -> Iterator[Split]:
    for quantity, order in {(line.quantity, line.order) for line in lines[side]}:
        parts = [
            line
            for line in lines[1 - side]
            if line.quantity * quantity > 0
            and abs(line.quantity) < abs(quantity)
            and (line.order == order or 0 in (line.order, order))
        ]
        sums = np.zeros(1, dtype=np.int64)
        for part in parts:
            sums = np.concatenate([sums, sums + part.quantity])
        for chosen in np.flatnonzero(sums == quantity).tolist():
            several = [part for place, part in enumerate(parts) if chosen >> place & 1]
            if len({part.order for part in several if part.order}) <= 1 or order == 0:
                yield side, (quantity, order), tuple(sorted((part.quantity, part.order) for part in several))
