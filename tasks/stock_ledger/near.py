"""The third rung: left-over lines in which one thing differs, and quantities posted in parts (spec 01, matching 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tasks.stock_ledger.assignment import certain_pairs
from tasks.stock_ledger.candidates import FINE, KINDS, UNPAIRED, candidates, classes
from tasks.stock_ledger.lines import Flags, Ints, codes_of

PARTED_COLUMNS = ("site", "warehouse", "item", "category")


@dataclass(frozen=True, slots=True)
class Near:
    """One near match: places of its lines in the two left-over frames; `anchor` is the side the break stands on."""

    kind: str
    ledger: tuple[int, ...]
    erp: tuple[int, ...]
    anchor: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    place: int
    tie: int
    date: int
    quantity: int
    order: int
    repeat: int


def near_matches(
    ledger: pd.DataFrame, erp: pd.DataFrame, near_days: int, categories: Sequence[str]
) -> tuple[list[Near], tuple[Flags, Flags]]:
    """The certain near matches among left-over lines (frames of `lines.left_over`, any order, index from 0).

    One line is paired with one at the least total cost; what one side holds alone and the other posted in several
    lines is one QUANTITY match; parts of up to `near_days` later join it, and if they complete it, it is one DATE
    match. Second stand flags of the lines of each side that had too many possible partners to be judged.
    """
    if not len(ledger) or not len(erp):
        return [], (np.zeros(len(ledger), dtype=np.bool_), np.zeros(len(erp), dtype=np.bool_))
    of_class = [classes(frame) for frame in (ledger, erp)]
    edges, crowded = candidates(of_class[0][0], of_class[1][0], near_days, categories)
    sizes = tuple(np.asarray(found["size"].to_numpy(), dtype=np.int64) for found, _ in of_class)
    pairs, skipped = certain_pairs(edges, (sizes[0], sizes[1]), UNPAIRED * FINE)
    matches = _line_pairs(pairs, (ledger, erp), (of_class[0], of_class[1]))
    matches = _same_day_parts(matches, ledger, erp)
    for side, flags in zip(("ledger", "erp"), crowded, strict=True):
        flags[skipped[side].to_numpy()] = True
    return _later_parts(matches, ledger, erp, near_days), (crowded[0][of_class[0][1]], crowded[1][of_class[1][1]])


def _line_pairs(
    pairs: pd.DataFrame,
    frames: tuple[pd.DataFrame, pd.DataFrame],
    of_class: tuple[tuple[pd.DataFrame, Ints], tuple[pd.DataFrame, Ints]],
) -> list[Near]:
    """The pairs of classes as pairs of lines: the first lines of a class with the first of the other."""
    places: list[list[int]] = []
    ties = [
        found["tie"].to_numpy()[pairs[side].to_numpy()]
        for (found, _), side in zip(of_class, ("ledger", "erp"), strict=True)
    ]
    for one, side in enumerate(("ledger", "erp")):
        number = of_class[one][1]
        lines = np.lexsort((frames[one]["tie"].to_numpy(), number))
        start = np.searchsorted(number[lines], np.arange(len(of_class[one][0])), side="left")
        own, other = pairs[side].to_numpy(), ties[1 - one]
        order = np.lexsort((other, own))
        count = pairs["count"].to_numpy()[order]
        before = np.cumsum(count) - count
        first = np.searchsorted(own[order], own[order], side="left")
        offset = np.empty(len(order), dtype=np.int64)
        offset[order] = start[own[order]] + before - before[first]
        many = pairs["count"].to_numpy()
        within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        places.append(lines[np.repeat(offset, many) + within].tolist())
    kinds = np.repeat(pairs["kind"].to_numpy(), pairs["count"].to_numpy()).tolist()
    return [Near(KINDS[kind], (one,), (other,)) for kind, one, other in zip(kinds, *places, strict=True)]


def _open_lines(frame: pd.DataFrame, taken: Iterable[int], key: Ints, wanted: set[int]) -> dict[int, list[_Line]]:
    """The lines of a frame that no match has taken, by the keys wanted, in the order of date and tie."""
    free = np.isin(key, np.fromiter(wanted, dtype=np.int64))
    free[np.fromiter(taken, dtype=np.int64)] = False
    table = frame[["tie", "date", "quantity", "order", "repeat"]][free].assign(
        place=np.flatnonzero(free), key=key[free]
    )
    found: dict[int, list[_Line]] = {}
    columns = (
        table.sort_values(["key", "date", "tie"])[name].tolist()
        for name in ("key", "place", "tie", "date", "quantity", "order", "repeat")
    )
    for one, *line in zip(*columns, strict=True):
        found.setdefault(one, []).append(_Line(*line))
    return found


def _same_day_parts(matches: list[Near], ledger: pd.DataFrame, erp: pd.DataFrame) -> list[Near]:
    """`matches` with each QUANTITY joined by all open lines of its key, if one side has no other line left there.

    A row that only repeats one above it joins where that brings the sums nearer; else it is a duplicate, not a part.
    """
    keys = ledger["bucket"].to_numpy(), erp["bucket"].to_numpy()
    orders = ledger["order"].to_numpy(), erp["order"].to_numpy()
    amounts = ledger["quantity"].to_numpy(), erp["quantity"].to_numpy()
    wanted = {int(keys[0][match.ledger[0]]) for match in matches if match.kind == "QUANTITY"}
    taken = [one for match in matches for one in match.ledger], [one for match in matches for one in match.erp]
    free = _open_lines(ledger, taken[0], keys[0], wanted), _open_lines(erp, taken[1], keys[1], wanted)
    pairs: dict[int, int] = {}
    for match in matches:
        if match.kind == "QUANTITY":
            pairs[int(keys[0][match.ledger[0]])] = pairs.get(int(keys[0][match.ledger[0]]), 0) + 1
    found: list[Near] = []
    for match in matches:
        key = int(keys[0][match.ledger[0]])
        mine, theirs = free[0].get(key, []), free[1].get(key, [])
        if match.kind != "QUANTITY" or pairs[key] > 1 or bool(mine) == bool(theirs):
            found.append(match)
        elif theirs:
            more = [line.place for line in _agreeing(theirs, orders[0][match.ledger[0]])]
            found.append(replace(match, erp=(*match.erp, *more)))
        else:
            more = _parts(_agreeing(mine, orders[1][match.erp[0]]), _rest(match, amounts))
            found.append(replace(match, ledger=(*match.ledger, *more), anchor=1 if more else 0))
    return found


def _agreeing(lines: list[_Line], order: int) -> list[_Line]:
    return [line for line in lines if line.order == order or 0 in (line.order, order)]


def _parts(lines: list[_Line], rest: int) -> list[int]:
    """The places of the ledger's lines that are parts, where the ledger's sum exceeds the ERP's by `rest` so far."""
    rest += sum(line.quantity for line in lines if line.repeat == 0)
    taken = {line.place for line in lines if line.repeat == 0}
    for line in lines:
        if line.repeat and abs(rest + line.quantity) < abs(rest):
            rest += line.quantity
            taken.add(line.place)
    return [line.place for line in lines if line.place in taken]


def _later_parts(matches: list[Near], ledger: pd.DataFrame, erp: pd.DataFrame, near_days: int) -> list[Near]:
    """`matches` with each QUANTITY that the ERP has under-posted joined by later ERP lines of its key until full.

    The last part may post too much, but no part more than the whole. A later line that two breaks could claim joins
    neither. A quantity that is complete in the end differs in date only.
    """
    keys = codes_of(ledger, erp, PARTED_COLUMNS)
    amounts = ledger["quantity"].to_numpy(), erp["quantity"].to_numpy()
    short: dict[int, list[Near]] = {}
    for match in matches:
        if (
            match.kind == "QUANTITY"
            and len(match.ledger) == 1
            and _rest(match, amounts) * amounts[0][match.ledger[0]] > 0
        ):
            short.setdefault(int(keys[0][match.ledger[0]]), []).append(match)
    free = _open_lines(erp, [one for match in matches for one in match.erp], keys[1], set(short))
    joined: dict[Near, Near] = {}
    dates, orders = ledger["date"].to_numpy(), ledger["order"].to_numpy()
    for key, waiting in short.items():
        for line in free.get(key, []):
            claims = [
                match
                for match in waiting
                if 0 < line.date - dates[match.ledger[0]] <= near_days
                and (line.order == orders[match.ledger[0]] or 0 in (line.order, orders[match.ledger[0]]))
            ]
            if len(claims) != 1:
                continue
            now = joined.get(claims[0], claims[0])
            rest = _rest(now, amounts)
            whole = amounts[0][claims[0].ledger[0]]
            if line.quantity * rest > 0 and abs(line.quantity) <= abs(whole):
                kind = "DATE" if line.quantity == rest else "QUANTITY"
                joined[claims[0]] = replace(now, kind=kind, erp=(*now.erp, line.place))
    return [joined.get(match, match) for match in matches]


def _rest(match: Near, amounts: tuple[Ints, Ints]) -> int:
    return int(amounts[0][list(match.ledger)].sum() - amounts[1][list(match.erp)].sum())
