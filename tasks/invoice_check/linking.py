"""Pairs of positions become links that say what belongs together, what is lacking and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tasks.domain.shaping import shaped
from tasks.domain.texts import Ints
from tasks.invoice_check.causes import causes_of
from tasks.invoice_check.policy import Policy
from tasks.invoice_check.shapes import LINKS
from tasks.invoice_check.sides import HOW, Pairs, Sides


def linked(sides: Sides, pairs: Pairs, policy: Policy, tax: Ints | None = None) -> pd.DataFrame:
    """The pairs as LINKS: grouped by what hangs together, with what each group lacks and why.

    `tax` of every document, in cents, where the pairs are with entries of revenue; else they are with receipts, which
    may pay a part and have no period.
    """
    group = _groups(sides, pairs)
    size = int(group.max(initial=-1)) + 1
    first = np.ones(len(group), dtype=np.bool_)
    order = np.argsort(group, kind="stable")
    first[order] = np.diff(group[order], prepend=-1) != 0
    seen = np.zeros(len(sides.wanted), dtype=np.int64) - 1
    seen[pairs.document] = group
    mine = np.flatnonzero(seen >= 0)
    sums = {name: np.zeros(size, dtype=np.int64) for name in ("wanted", "brought", "tax", "lines", "moved")}
    lines = sides.documents["lines"].to_numpy()
    for name, at, values in (
        ("wanted", seen[mine], sides.wanted[mine]),
        ("tax", seen[mine], np.zeros(len(mine), dtype=np.int64) if tax is None else tax[mine]),
        ("lines", seen[mine], lines[mine]),
        ("brought", group, pairs.amount),
    ):
        np.add.at(sums[name], at, values)
    if tax is not None:
        sums["moved"][group[sides.month[0][pairs.document] != sides.month[1][pairs.other]]] = 1
    lacks = sums["wanted"] - sums["brought"]
    cause = _caused(sums, group, pairs.amount, policy)
    if tax is None:
        part = (sums["brought"] * np.sign(sums["wanted"]) > 0) & (lacks * np.sign(sums["wanted"]) > 0)
        cause[(cause == "amount").to_numpy() & part] = "part"
    columns = {
        "side": _texts(("receipt" if tax is None else "revenue",), np.zeros(len(pairs), dtype=np.int64)),
        "document": sides.documents["document"].take(pairs.document).array,
        "other": sides.others["ref"].take(pairs.other).array,
        "how": _texts(HOW, pairs.how),
        "cause": cause.take(group).array,
        "group": group,
        "amount": pairs.amount,
        "difference": np.where(first, lacks[group], 0),
    }
    return shaped(LINKS, pd.DataFrame(columns, copy=False))


def _caused(sums: dict[str, Ints], group: Ints, amount: Ints, policy: Policy) -> pd.Series[str]:
    """The cause of each group; only those that do not agree, or lie in two months, are asked for it."""
    lacks = sums["wanted"] - sums["brought"]
    odd = np.flatnonzero((lacks != 0) | (sums["moved"] != 0))
    groups = pd.DataFrame({name: values[odd] for name, values in sums.items()}, index=odd)
    groups["moved"] = groups["moved"].astype("bool")
    own = np.isin(group, odd)
    cause = causes_of(groups, pd.DataFrame({"group": group[own], "amount": amount[own]}), policy)
    code, words = pd.factorize(cause)
    at = np.zeros(len(lacks), dtype=np.int64)
    at[odd] = code + 1
    return pd.Series(_texts(("", *words), at))


def _texts(words: Sequence[str], at: Ints) -> pd.api.extensions.ExtensionArray:
    return pd.Series(words, dtype="str").take(at).array


def _groups(sides: Sides, pairs: Pairs) -> Ints:
    """A number for each pair, equal for pairs that share a document or an other."""
    many = np.bincount(pairs.document, minlength=len(sides.wanted))
    paid = np.bincount(pairs.other, minlength=len(sides.brought))
    shared = (many[pairs.document] > 1) | (paid[pairs.other] > 1)
    group = np.arange(len(pairs), dtype=np.int64)
    if shared.any():
        group[shared] = len(pairs) + _components(pairs.document[shared], pairs.other[shared])
        group = np.asarray(pd.factorize(group)[0], dtype=np.int64)
    return group


def _components(document: Ints, other: Ints) -> Ints:
    one, mine = pd.factorize(document)
    two, theirs = pd.factorize(other)
    size = len(mine) + len(theirs)
    ends = (one, two + len(mine))
    graph = coo_array((np.ones(len(one), dtype=np.int8), ends), shape=(size, size))
    _, parts = connected_components(graph, directed=False)
    return np.asarray(parts[one], dtype=np.int64)
