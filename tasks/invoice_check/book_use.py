"""How a book was used: at two places at once, and with dates that do not follow its numbers (spec 04, rules)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.keys import name_key, name_keys
from tasks.domain.message import message
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.runs import out_of_order

# One invoice with a wrong date or department is another break; two of each are a second place.
_BOTH_LEAST = 2


def use_findings(used: pd.DataFrame, books: pd.DataFrame) -> tuple[Finding, ...]:
    """Every book in use at two places at once, and every date that does not follow the numbers of its book.

    `used`: documents with `book_at`. A book is split (BOOK_SPLIT, one finding a pair of places) when two departments
    write into it in the same days, or two people of one department work in parts of it that do not touch, in the same
    days; who relieve one another do not. Of dates that contradict one another (OUT_OF_ORDER) as few as can be are
    named, so that one wrong date is one finding; in a book that was split each place has its own order (spec 04).
    """
    rows = _by_place(used)
    splits = _splits(rows)
    return (
        *(_split_finding(books.iloc[book_at], first, second) for book_at, first, second in splits),
        *_order_findings(rows, {book_at for book_at, _, _ in splits}, books),
    )


def _split_finding(book: pd.Series, first: pd.DataFrame, second: pd.DataFrame) -> Finding:
    since = max(first["issued_on"].min(), second["issued_on"].min())
    told = message(
        "invoice_register.book_split.places",
        book=book["book"],
        first=_place(first),
        second=_place(second),
        first_numbers=f"{first['number'].iloc[0]}–{first['number'].iloc[-1]}",
        second_numbers=f"{second['number'].iloc[0]}–{second['number'].iloc[-1]}",
        since=_date(since),
    )
    return invoice_finding("BOOK_SPLIT", since.date(), book["book"], [book["ref"], _mark(first), _mark(second)], told)


def _order_findings(rows: pd.DataFrame, split: set[int], books: pd.DataFrame) -> Iterator[Finding]:
    parts = rows["place_at"].where(rows["book_at"].isin(split), 0)
    rows = rows.assign(group=rows.groupby([rows["book_at"], parts], sort=True).ngroup())
    rows = rows.sort_values(["group", "counter"], kind="stable", ignore_index=True)
    groups, counters, days = (np.asarray(rows[name], dtype=np.int64) for name in ("group", "counter", "issued_on"))
    wrong = out_of_order(groups, counters, days)
    for at in np.flatnonzero(wrong):
        one = rows.iloc[at]
        start, end = np.searchsorted(groups, [groups[at], groups[at] + 1])
        right = start + np.flatnonzero(~wrong[start:end])
        lower, higher = right[counters[right] < counters[at]], right[counters[right] > counters[at]]
        early = len(lower) > 0 and one["issued_on"] < rows["issued_on"].iloc[lower[-1]]
        other = rows.iloc[lower[-1] if early else higher[0]]
        words = {
            "number": one["number"],
            "date": _date(one["issued_on"]),
            "other": other["number"],
            "other_date": _date(other["issued_on"]),
            "book": books["book"].iloc[one["book_at"]],
        }
        way = "early" if early else "late"
        told = message(f"invoice_register.out_of_order.{way}", **words)
        refs = [*one["refs"].split(), *other["refs"].split()]
        yield invoice_finding(
            "OUT_OF_ORDER", one["issued_on"].date(), one["number"], refs, told, (words["other_date"], words["date"])
        )


def _by_place(used: pd.DataFrame) -> pd.DataFrame:
    """The numbers in their order, with `place_at`, a number for the department and person that issued each."""
    place = name_keys(used["department"]) + "\x1f" + name_keys(used["drawer"])
    rows = used.assign(place=place, place_at=pd.factorize(place)[0])
    return rows.sort_values(["book_at", "counter"], kind="stable", ignore_index=True)


def _splits(rows: pd.DataFrame) -> list[tuple[int, pd.DataFrame, pd.DataFrame]]:
    """(book, numbers of one place, numbers of another) of all that were used at once."""
    rows = rows[rows["place"] != "\x1f"]
    places = rows.groupby("book_at")["place_at"].transform("nunique")
    found = []
    for book_at, book in rows[places > 1].groupby("book_at"):
        parts = [part for _, part in book.groupby("place_at", sort=False) if len(part) >= _BOTH_LEAST]
        found += [(int(str(book_at)), *pair) for pair in combinations(parts, 2) if _at_once(*pair)]
    return found


def _at_once(first: pd.DataFrame, second: pd.DataFrame) -> bool:
    """Whether both were used in the same days, as two places and not as reliefs; `first` has the lowest number."""
    begun, ended = second["issued_on"].min(), first["issued_on"].max()
    departments = [name_key(part["department"].iloc[0]) for part in (first, second)]
    if all(departments) and departments[0] != departments[1]:
        return bool(max(begun, first["issued_on"].min()) < min(ended, second["issued_on"].max()))
    apart = first["counter"].max() < second["counter"].min()
    lagging = (first["issued_on"] > begun).sum(), (second["issued_on"] < ended).sum()
    return bool(apart and min(lagging) >= _BOTH_LEAST)


def _place(part: pd.DataFrame) -> str:
    one = part.iloc[0]
    return " ".join(name for name in (one["department"], one["drawer"]) if name)


def _mark(part: pd.DataFrame) -> str:
    return str(part["refs"].iloc[0]).split()[0]


def _date(at: pd.Timestamp) -> str:
    return at.date().isoformat()
