"""How a book was used: at two places at once, and with dates that do not follow its numbers (spec 04, rules)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.keys import name_keys
from tasks.domain.message import message
from tasks.domain.shaping import each
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.runs import out_of_order

# One invoice with a wrong date or department is another break; two of each are a second place.
_BOTH_LEAST = 2
_SEPARATOR = "\x1f"


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
    rows = rows.assign(group=_own_order(rows, split))
    rows = rows.sort_values(["group", "counter"], kind="stable", ignore_index=True) if split else rows
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


def _own_order(rows: pd.DataFrame, split: set[int]) -> pd.Series[int]:
    """What has an order of its own: each book, and of those that were split each place."""
    if not split:
        return rows["book_at"]
    places = pd.factorize(rows["holder"] + _SEPARATOR + rows["person"])[0]
    apart = pd.Series(places, index=rows.index).where(rows["book_at"].isin(split), 0)
    return rows.groupby([rows["book_at"], apart], sort=True).ngroup()


def _by_place(used: pd.DataFrame) -> pd.DataFrame:
    """The numbers in their order, with `holder` and `person`, the keys of the department and who issued each."""
    rows = used.assign(holder=name_keys(used["department"]), person=name_keys(used["drawer"]))
    return rows.sort_values(["book_at", "counter"], kind="stable", ignore_index=True)


def _splits(rows: pd.DataFrame) -> list[tuple[int, pd.DataFrame, pd.DataFrame]]:
    """(book, numbers of one place, numbers of another) of all that were used at once; the first has the lowest."""
    return [*_of_departments(rows[rows["holder"] != ""]), *_of_persons(rows[rows["person"] != ""])]


def _of_departments(rows: pd.DataFrame) -> Iterator[tuple[int, pd.DataFrame, pd.DataFrame]]:
    """Two departments in the same days, wherever in the book."""
    pairs = _pairs(rows, ["book_at"], "holder")
    begun, ended = pairs[["begun", "begun_2"]].max(axis=1), pairs[["ended", "ended_2"]].min(axis=1)
    places = rows.groupby(["book_at", "holder"]).indices if len(pairs) else {}
    for pair in each(pairs[begun < ended]):
        yield pair.book_at, *(rows.iloc[places[pair.book_at, one]] for one in (pair.holder, pair.holder_2))


def _of_persons(rows: pd.DataFrame) -> Iterator[tuple[int, pd.DataFrame, pd.DataFrame]]:
    """Two people of one department, in parts of the book that do not touch, in the same days; reliefs are none."""
    pairs = _pairs(rows, ["book_at", "holder"], "person")
    pairs = pairs[(pairs["highest"] < pairs["lowest_2"]) & (pairs["begun_2"] < pairs["ended"])]
    places = rows.groupby(["book_at", "holder", "person"]).indices if len(pairs) else {}
    for pair in each(pairs):
        first, second = (rows.iloc[places[pair.book_at, pair.holder, one]] for one in (pair.person, pair.person_2))
        lagging = (first["issued_on"] > pair.begun_2).sum(), (second["issued_on"] < pair.ended).sum()
        if min(lagging) >= _BOTH_LEAST:
            yield pair.book_at, first, second


def _pairs(rows: pd.DataFrame, within: list[str], place: str) -> pd.DataFrame:
    """Every two places of a book with their lowest and highest numbers, first and last days; `_2` is the other one."""
    spans = rows.groupby([*within, place], sort=True).agg(
        numbers=("counter", "size"),
        lowest=("counter", "min"),
        highest=("counter", "max"),
        begun=("issued_on", "min"),
        ended=("issued_on", "max"),
    )
    spans = spans[spans["numbers"] >= _BOTH_LEAST].reset_index()
    # Most books have one place only.
    spans = spans[spans.duplicated(within, keep=False)]
    pairs = spans.merge(spans, on=within, suffixes=("", "_2"))
    return pairs[pairs["lowest"] < pairs["lowest_2"]]


def _place(part: pd.DataFrame) -> str:
    one = part.iloc[0]
    return " ".join(name for name in (one["department"], one["drawer"]) if name)


def _mark(part: pd.DataFrame) -> str:
    return str(part["refs"].iloc[0]).split()[0]


def _date(at: pd.Timestamp) -> str:
    return at.date().isoformat()
