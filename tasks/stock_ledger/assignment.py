"""The pairing of least total cost, and which of its pairs are certain because every pairing of that cost has them.

Lines that are identical in everything compared form a class; a class may be paired as often as it has lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.stock_ledger.lines import Ints

COMPONENT_LINES_MAX = 400


@dataclass(frozen=True, slots=True)
class _Part:
    """One connected part of the candidates: sizes of its classes, and the gain of each candidate (least is best)."""

    sizes: tuple[list[int], list[int]]
    gains: dict[tuple[int, int], int]


def certain_pairs(edges: pd.DataFrame, sizes: tuple[Ints, Ints], unpaired: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The certain pairs of classes at the least total cost: columns ledger, erp, kind, count, in order of ledger, erp.

    `edges` has ledger, erp (class numbers), kind and cost; a line left alone costs `unpaired`. A pair is certain if
    every solution of that least cost has it equally often. Parts of more than COMPONENT_LINES_MAX lines are not
    solved; their edges stand second.
    """
    skipped = np.zeros(len(edges), dtype=np.bool_)
    solved = [pd.DataFrame({"edge": np.zeros(0, dtype=np.int64), "count": np.zeros(0, dtype=np.int64)})]
    if len(edges):
        part = _parts(edges, sizes)
        single = ~pd.Series(part).duplicated(keep=False).to_numpy()
        alone = np.flatnonzero(single)
        least = np.minimum(sizes[0][edges["ledger"].to_numpy()[alone]], sizes[1][edges["erp"].to_numpy()[alone]])
        solved.append(pd.DataFrame({"edge": alone, "count": least}))
        skipped = ~single & (_lines_of_parts(edges, part, sizes)[part] > COMPONENT_LINES_MAX)
        small = ~single & ~skipped
        solved.extend(_solved(edges.iloc[small], part[small], sizes, unpaired))
    pairs = pd.concat(solved, ignore_index=True)
    chosen = edges.iloc[pairs["edge"].to_numpy()][["ledger", "erp", "kind"]].reset_index(drop=True)
    chosen = chosen.assign(count=pairs["count"].to_numpy()).sort_values(["ledger", "erp"], ignore_index=True)
    return chosen, edges.iloc[skipped]


def _lines_of_parts(edges: pd.DataFrame, part: Ints, sizes: tuple[Ints, Ints]) -> Ints:
    """How many lines each part has, by its number."""
    lines = np.zeros(int(part.max(initial=0)) + 1, dtype=np.int64)
    for side, size in zip(("ledger", "erp"), sizes, strict=True):
        members = pd.DataFrame({"part": part, "member": edges[side].to_numpy()}).drop_duplicates()
        np.add.at(lines, members["part"].to_numpy(), size[members["member"].to_numpy()])
    return lines


def _parts(edges: pd.DataFrame, sizes: tuple[Ints, Ints]) -> Ints:
    # Imported where it is needed: most days pair nothing that is worth half a second of loading.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    nodes = len(sizes[0]) + len(sizes[1])
    one, other = edges["ledger"].to_numpy(), edges["erp"].to_numpy() + len(sizes[0])
    graph = coo_array((np.ones(len(edges), dtype=np.int8), (one, other)), shape=(nodes, nodes))
    _, labels = connected_components(graph, directed=False)
    return np.asarray(labels[one], dtype=np.int64)


def _solved(edges: pd.DataFrame, part: Ints, sizes: tuple[Ints, Ints], unpaired: int) -> Iterator[pd.DataFrame]:
    order = np.argsort(part, kind="stable")
    bounds = np.flatnonzero(np.diff(part[order], prepend=-1, append=-1))
    places = edges.index.to_numpy()[order]
    ledger, erp = edges["ledger"].to_numpy()[order], edges["erp"].to_numpy()[order]
    gain = edges["cost"].to_numpy()[order] - 2 * unpaired
    for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        classes = [np.unique(side[start:end], return_inverse=True) for side in (ledger, erp)]
        lines = [sizes[side][classes[side][0]].tolist() for side in (0, 1)]
        ends = list(zip(classes[0][1].tolist(), classes[1][1].tolist(), strict=True))
        one = _Part((lines[0], lines[1]), dict(zip(ends, gain[start:end].tolist(), strict=True)))
        flow = _least(one)
        sure = _certain(one, flow)
        found = [(places[start + at], flow[pair]) for at, pair in enumerate(ends) if pair in sure]
        yield pd.DataFrame(found, columns=["edge", "count"], dtype=np.int64)


def _least(part: _Part) -> dict[tuple[int, int], int]:
    """How often each pair of classes is paired in one solution of least total gain."""
    gains = np.zeros((len(part.sizes[0]), len(part.sizes[1])), dtype=np.int64)
    for (one, other), gain in part.gains.items():
        gains[one, other] = gain
    rows, columns = (np.repeat(np.arange(len(sizes)), sizes) for sizes in part.sizes)
    from scipy.optimize import linear_sum_assignment

    chosen = linear_sum_assignment(gains[np.ix_(rows, columns)])
    flow: dict[tuple[int, int], int] = {}
    for row, column in zip(rows[chosen[0]].tolist(), columns[chosen[1]].tolist(), strict=True):
        if (row, column) in part.gains:
            flow[row, column] = flow.get((row, column), 0) + 1
    return flow


def _certain(part: _Part, flow: dict[tuple[int, int], int]) -> set[tuple[int, int]]:
    """The pairs of `flow` whose count is the same in every solution of least total gain.

    Another such solution exists exactly if the rest graph has a circle of no cost; its arcs are tight under the
    shortest distances. Node numbers: ledger classes, then ERP classes, then one node that stands for being left
    alone.
    """
    shift, void = len(part.sizes[0]), len(part.sizes[0]) + len(part.sizes[1])
    used = [0] * void
    arcs: list[tuple[int, int, int]] = []
    for (one, other), gain in part.gains.items():
        arcs.append((one, shift + other, gain))
        if count := flow.get((one, other), 0):
            arcs.append((shift + other, one, -gain))
            used[one] += count
            used[shift + other] += count
    for node, size in enumerate([*part.sizes[0], *part.sizes[1]]):
        spare = used[node] < size
        arcs.extend([(node, void, 0)] if node < shift or spare else [])
        arcs.extend([(void, node, 0)] if node >= shift or spare else [])
    tight = _tight(arcs, void + 1)
    return {
        pair
        for pair in flow
        if not _reaches(tight, pair[0], shift + pair[1]) and not _reaches(tight, shift + pair[1], pair[0])
    }


def _tight(arcs: list[tuple[int, int, int]], nodes: int) -> list[list[int]]:
    distance = [0] * nodes
    changed = True
    while changed:
        changed = False
        for one, other, cost in arcs:
            if distance[one] + cost < distance[other]:
                distance[other] = distance[one] + cost
                changed = True
    following: list[list[int]] = [[] for _ in range(nodes)]
    for one, other, cost in arcs:
        if distance[one] + cost == distance[other]:
            following[one].append(other)
    return following


def _reaches(following: list[list[int]], start: int, end: int) -> bool:
    """Whether a way of at least two arcs leads from `start` to `end`."""
    seen = {start}
    waiting = [node for node in following[start] if node != end]
    while waiting:
        node = waiting.pop()
        if node == end:
            return True
        if node not in seen:
            seen.add(node)
            waiting.extend(following[node])
    return False
