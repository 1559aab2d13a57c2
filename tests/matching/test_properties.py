"""What may never change the result, and what must always hold (spec 01: matching is safe)."""

from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.stock_ledger.assignment import certain_pairs
from tasks.stock_ledger.matching import Matching, match_lines
from tests.matching.drawing import lines

Drawn = tuple[int, str, str, str, int, str, str]
CATEGORIES = ("OWN_USE_OUT", "SCRAP_OUT", "PURCHASE_IN", "RETURN_TO_STOCK")
ROWS = st.tuples(
    st.integers(18, 24),
    st.sampled_from(CATEGORIES),
    st.sampled_from(("SL10040", "SL10045", "XX7", "-")),
    st.sampled_from(("bolt", "nut", "-")),
    st.sampled_from((1, 2, 3, 5, -2)),
    st.sampled_from(("DF01A", "DF01B", "DF02A")),
    st.sampled_from(("", "order=T1", "order=T2")),
)
TABLES = st.lists(ROWS, max_size=20)


def frame(rows: list[Drawn], side: str) -> pd.DataFrame:
    return lines("\n".join(f"{at} " + " ".join(str(cell) for cell in row) for at, row in enumerate(rows)), side)


def told(matching: Matching, ledger: pd.DataFrame, erp: pd.DataFrame) -> tuple[object, ...]:
    """The result without row order: pairs and stages by identity."""
    names = [dict(zip(side["line"], side["identity"], strict=True)) for side in (ledger, erp)]
    pairs = zip(
        matching.pairs["ledger_line"].map(names[0]),
        matching.pairs["erp_line"].map(names[1]),
        matching.pairs["stage"],
        strict=True,
    )
    stages = [
        sorted(zip(judged["line"].map(known), judged["stage"], strict=True))
        for judged, known in zip((matching.ledger, matching.erp), names, strict=True)
    ]
    return sorted(pairs), stages


@settings(max_examples=15, deadline=None)
@given(TABLES, TABLES, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(left: list[Drawn], right: list[Drawn], random: Random) -> None:
    ledger, erp = frame(left, "ledger"), frame(right, "erp")
    first = match_lines(ledger, erp, 3)
    orders = [random.sample(range(len(side)), len(side)) for side in (ledger, erp)]
    shuffled = ledger.iloc[orders[0]], erp.iloc[orders[1]]
    second = match_lines(*shuffled, 3)
    assert told(first, ledger, erp) == told(second, ledger, erp)
    assert first.findings == second.findings


@settings(max_examples=15, deadline=None)
@given(TABLES, TABLES)
def test_every_line_is_judged_once_and_quantities_are_conserved(left: list[Drawn], right: list[Drawn]) -> None:
    ledger, erp = frame(left, "ledger"), frame(right, "erp")
    matching = match_lines(ledger, erp, 3)
    for side, judged, name in ((ledger, matching.ledger, "ledger"), (erp, matching.erp, "erp")):
        assert judged["line"].tolist() == side["line"].tolist()
        stage = dict(zip(judged["line"], judged["stage"], strict=True))
        paired = set(matching.pairs[f"{name}_line"])
        assert paired == {line for line, known in stage.items() if known}
        refs = [ref for found in matching.findings for ref in found.refs if ref.startswith(name)]
        assert sorted(refs) == sorted(
            ref for ref, line in zip(side["ref"], side["line"], strict=True) if stage[line] in ("", "near")
        )
    assert len({found.id for found in matching.findings}) == len(matching.findings)
    assert_quantities_are_conserved(matching, ledger, erp)


def assert_quantities_are_conserved(matching: Matching, ledger: pd.DataFrame, erp: pd.DataFrame) -> None:
    open_difference = sum(
        found.difference
        for found in matching.findings
        if found.kind in ("QUANTITY", "MISSING_IN_ERP", "MISSING_IN_LEDGER")
    )
    assert ledger["quantity"].sum() - erp["quantity"].sum() == open_difference
    whole = matching.pairs[matching.pairs["stage"] != "near"]
    for _, group in whole.groupby("group"):
        sums = [
            side.set_index("line").loc[group[name].unique(), "quantity"].sum()
            for side, name in ((ledger, "ledger_line"), (erp, "erp_line"))
        ]
        assert sums[0] == sums[1]


@settings(max_examples=8, deadline=None)
@given(st.lists(ROWS.filter(lambda row: row[2] != "-"), max_size=20))
def test_what_agrees_gives_no_findings(rows: list[Drawn]) -> None:
    matching = match_lines(frame(rows, "ledger"), frame(rows[::-1], "erp"), 3)
    assert matching.findings == []
    assert set(matching.ledger["stage"]) <= {"exact"}


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(1, 2), min_size=1, max_size=3),
    st.lists(st.integers(1, 2), min_size=1, max_size=3),
    st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 2)), st.integers(1, 3), min_size=1),
)
def test_certain_pairs_are_those_of_every_cheapest_pairing(
    left: list[int], right: list[int], costs: dict[tuple[int, int], int]
) -> None:
    """Beside all pairings of a small case, counted out one by one."""
    costs = {(one, other): cost for (one, other), cost in costs.items() if one < len(left) and other < len(right)}
    ends = sorted(costs)
    best: list[tuple[int, ...]] = []
    least = 0
    for flow in product(range(3), repeat=len(ends)):
        used = [
            [sum(count for count, end in zip(flow, ends, strict=True) if end[side] == at) for at in range(3)]
            for side in (0, 1)
        ]
        if any(
            count > size
            for side, sizes in enumerate((left, right))
            for count, size in zip(used[side], sizes, strict=False)
        ):
            continue
        gain = sum(count * (costs[end] - 20) for count, end in zip(flow, ends, strict=True))
        if gain < least:
            best, least = [], gain
        if gain == least:
            best.append(flow)
    wanted = {
        end: best[0][at]
        for at, end in enumerate(ends)
        if best and best[0][at] and all(flow[at] == best[0][at] for flow in best)
    }
    edges = pd.DataFrame(
        [(*end, 0, costs[end]) for end in ends], columns=["ledger", "erp", "kind", "cost"], dtype="int64"
    )
    pairs, _ = certain_pairs(edges, (np.array(left), np.array(right)), 10)
    found = {
        (one, other): count for one, other, count in zip(pairs["ledger"], pairs["erp"], pairs["count"], strict=True)
    }
    assert found == wanted
