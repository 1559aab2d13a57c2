"""The series that the data themselves show, for kinds of which nobody declared one (spec 04: the flow proposes one)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tasks.domain.shaping import shaped
from tasks.domain.texts import Ints
from tasks.invoice_check.periods import NEVER, resets_of, split_periods
from tasks.invoice_check.policy import Series
from tasks.invoice_check.runs import missing_ranges
from tasks.invoice_check.series import of_declared
from tasks.invoice_check.shapes import PROPOSALS

# Each run of a kind and prefix is held against each counter found so far; further ones stand for themselves.
RUNS_MAX = 60
# Beyond this no two periods fit into one number of 18 digits.
_COUNTER_MAX = 10**14
_FITTING = 0.9
_SHARE_SCALE = 10_000
_NONE = "-"


@dataclass
class _Counter:
    """Numbers that share one counter, in their order, and where they come from."""

    rows: list[pd.DataFrame]
    places: Ints
    days: npt.NDArray[np.datetime64]


def proposed_series(documents: pd.DataFrame, declared: Sequence[Series], book_kinds: Iterable[str]) -> pd.DataFrame:
    """One row a series that the numbers of undeclared kinds show, as PROPOSALS, the largest first.

    `documents` as DOCUMENTS; fully digital invoices, those with a code and those of `book_kinds` have no series. Kinds
    and prefixes share one counter when their numbers interleave, none collides, and their days rise together. Nothing
    is called missing by a proposal: it says how dense its numbers are and how many gaps it would have (docs/decisions).
    """
    rows = documents[~documents["digital"] & (documents["code_key"] == "") & documents["counter"].notna()]
    rows = rows[~rows["kind_key"].isin([*book_kinds]) & ~of_declared(rows, declared)]
    rows = rows.assign(counter=rows["counter"].astype("int64"))
    counters: list[_Counter] = []
    for number, run in enumerate(_runs(rows)):
        held = _counted(run)
        shared = next((one for one in counters if number < RUNS_MAX and _share(one, held)), None)
        if shared is None:
            counters.append(held)
        else:
            _join(shared, held)
    return shaped(PROPOSALS, pd.DataFrame([_proposal(one) for one in counters], columns=list(PROPOSALS)))


def _runs(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """The numbers of each kind and prefix, their periods split off, the largest run first."""
    runs = []
    for _, kind in rows.groupby("kind_key", sort=True):
        # The stem of every prefix that bears a year is that without it; most bear none.
        stems = split_periods(kind, "year")["stem"]
        for stem, run in kind.groupby(stems, sort=True):
            resets = resets_of(run)
            runs.append(split_periods(run, resets).assign(stem=stem, resets=resets))
    return sorted(runs, key=len, reverse=True)


def _counted(run: pd.DataFrame) -> _Counter:
    period = pd.to_numeric(run["period"].where(run["period"] != "", "0")).astype("int64")
    order = np.lexsort((run["counter"], period))
    # Years and months are below a million: 2026, 202611 and 2611.
    fits = run["counter"].max() < _COUNTER_MAX // 10**6
    places = run["counter"] + (period * (_COUNTER_MAX // 10**6) if fits else 0)
    return _Counter([run], places.to_numpy(dtype=np.int64)[order], run["issued_on"].to_numpy()[order])


def _share(one: _Counter, other: _Counter) -> bool:
    """Whether the numbers of `other` lie among those of `one`, on none of them, and their days between theirs."""
    inside = (other.places > one.places[0]) & (other.places < one.places[-1])
    if not inside.any() or one.rows[0]["resets"].iloc[0] != other.rows[0]["resets"].iloc[0]:
        return False
    after = np.searchsorted(one.places, other.places[inside])
    if (one.places[after] == other.places[inside]).any():
        return False
    days = other.days[inside]
    fitting = (one.days[after - 1] <= days) & (days <= one.days[after])
    return bool(fitting.mean() >= _FITTING and not np.isin(other.places, one.places).any())


def _join(one: _Counter, other: _Counter) -> None:
    places = np.concatenate([one.places, other.places])
    order = np.argsort(places, kind="stable")
    one.rows += other.rows
    one.places, one.days = places[order], np.concatenate([one.days, other.days])[order]


def _proposal(counter: _Counter) -> dict[str, Any]:
    rows = pd.concat(counter.rows).sort_values(["period", "counter"], kind="stable")
    periods = pd.factorize(rows["period"])[0].astype(np.int64)
    gaps = missing_ranges(periods, rows["counter"].to_numpy(dtype=np.int64))
    used = len(rows.drop_duplicates(["period", "counter"]))
    missing = int(gaps["numbers"].sum())
    kinds = sorted(set(rows["kind"]))
    prefixes = sorted(set(rows["stem"]))
    said = [one or _NONE for one in prefixes]
    return {
        "name": " ".join([*kinds, *(one for one in prefixes if one)]),
        "kinds": " ".join(kinds),
        "prefixes": " ".join(said),
        "suffixes": " ".join(sorted(set(rows["suffix"]) - {""})),
        "resets": rows["resets"].iloc[0] or NEVER,
        "width": int(rows["width"].max()),
        "first": rows["number"].iloc[0],
        "last": rows["number"].iloc[-1],
        "numbers": used,
        "density": used * _SHARE_SCALE // (used + missing),
        "gaps": len(gaps),
        "missing": missing,
    }
