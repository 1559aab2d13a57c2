"""Runs of counters: the ranges that are missing between used ones, and the dates that do not follow the numbers."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
import pandas as pd

from tasks.domain.texts import Flags, Ints


def missing_ranges(groups: Ints, counters: Ints) -> pd.DataFrame:
    """One row a range that nobody used between the lowest and the highest counter of its group, in their order.

    Columns, int64: group, first, last, numbers (how many), and before and after, the places in the arrays of the
    counters beside it.
    """
    order = np.lexsort((counters, groups))
    group, counter = groups[order], counters[order]
    ends = np.flatnonzero((np.diff(counter) > 1) & (np.diff(group) == 0))
    first, last = counter[ends] + 1, counter[ends + 1] - 1
    return pd.DataFrame(
        {
            "group": group[ends],
            "first": first,
            "last": last,
            "numbers": last - first + 1,
            "before": order[ends],
            "after": order[ends + 1],
        }
    )


def runs_of(groups: Ints, counters: Ints) -> Ints:
    """A number for each place, equal where the counters of a group follow one another without a break."""
    order = np.lexsort((counters, groups))
    breaks = (np.diff(counters[order], prepend=0) > 1) | (np.diff(groups[order], prepend=-1) != 0)
    runs = np.empty(len(order), dtype=np.int64)
    runs[order] = np.cumsum(breaks)
    return runs


def out_of_order(groups: Ints, counters: Ints, days: Ints) -> Flags:
    """Which places must go so that within each group no later number has an earlier day: as few as can be.

    Of two that contradict one another, the later number goes.
    """
    order = np.lexsort((counters, groups))
    group, day = groups[order], days[order]
    falls = np.flatnonzero((np.diff(day) < 0) & (np.diff(group) == 0))
    wrong = np.zeros(len(order), dtype=np.bool_)
    for one in np.unique(group[falls]):
        start, end = np.searchsorted(group, [one, one + 1])
        wrong[start:end] = ~_longest_rise(day[start:end])
    found = np.empty(len(order), dtype=np.bool_)
    found[order] = wrong
    return found


def _longest_rise(days: Ints) -> Flags:
    """Which of `days` form the longest run that never falls; of several, the one that ends with the lowest numbers."""
    tops: list[int] = []
    places: list[int] = []
    before: list[int] = []
    # From the end and negated, so that of two contradicting numbers the lower one stays.
    turned = [-int(day) for day in days[::-1]]
    for place, value in enumerate(turned):
        at = bisect_right(tops, value)
        before.append(places[at - 1] if at else -1)
        tops[at : at + 1] = [value]
        places[at : at + 1] = [place]
    kept = np.zeros(len(turned), dtype=np.bool_)
    place = places[-1] if places else -1
    while place >= 0:
        kept[len(turned) - 1 - place] = True
        place = before[place]
    return kept
