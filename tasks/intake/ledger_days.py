"""Ledgers sent again: which rows stand already, which are new, which an earlier file had and the later one has no more.

A ledger row is known by site, date, content (without 序号) and its place among equal rows (spec 01: matching).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from tasks.intake.keyed import NEW, REPEATED

RETURNED = "returned"
# A running workbook is monthly: a date far away is a slip of the pen and must not withdraw the months between.
COVERED_DAYS_MAX = 31
_WHOLE = re.compile(r"[1-9]\d{0,8}")
_DAY = ["site", "date"]
_PLACED = ["site", "date", "content_key", "place"]


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """What a wave of ledgers does to the rows that stand.

    `rows`, by the incoming index: outcome (new, returned, repeated), place, number (of new and returned rows, else 0)
    and id (of returned and repeated rows, else -1). `withdrawn`: id, file, amended, heir (incoming index or -1).
    `touched`: site and date of every day that is no longer what it was.
    """

    rows: pd.DataFrame
    withdrawn: pd.DataFrame
    touched: pd.DataFrame


def coverage(incoming: pd.DataFrame, files: pd.DataFrame) -> pd.DataFrame:
    """The days that each ledger speaks for: file, site, date, own; one row each, sorted by file, site and date.

    `incoming` has file, site, date; `files` has file, site ("" where rows name theirs), stated (date or NaT).
    A ledger speaks for all days from its first to its last, or, beyond COVERED_DAYS_MAX, for those it names. `own` is
    its stated date, or the latest day that it names where it has no row of the stated one.
    """
    stated: dict[int, Any] = dict(_tuples(files, "file", "stated"))
    days = incoming[["file", *_DAY]].drop_duplicates().sort_values(["file", *_DAY])
    found: list[tuple[int, str, pd.Timestamp, bool]] = []
    named: dict[tuple[int, str], list[pd.Timestamp]] = {}
    for file, site, date in _tuples(days, "file", "site", "date"):
        named.setdefault((file, site), []).append(date)
    for (file, site), dates in named.items():
        own = stated[file] if stated[file] in dates else dates[-1]
        speaks_for = set(dates)
        if (dates[-1] - dates[0]).days < COVERED_DAYS_MAX:
            speaks_for |= set(pd.date_range(dates[0], dates[-1], unit="s"))
        if not pd.isna(stated[file]):
            speaks_for.add(stated[file])
        found += [(file, site, date, bool(date == own)) for date in sorted(speaks_for)]
    seen = {file for file, _ in named}
    for file, site, date in _tuples(files, "file", "site", "stated"):
        if file not in seen and site and not pd.isna(date):
            found.append((file, site, date, True))
    frame = pd.DataFrame(found, columns=["file", "site", "date", "own"]).sort_values(["file", "site", "date"])
    return frame.astype({"file": "int64", "site": "str", "date": "datetime64[s]", "own": "bool"}).reset_index(drop=True)


def waves(covered: pd.DataFrame, files: Collection[int], most: int) -> Iterator[list[int]]:
    """The files in order, cut so that no two of one wave speak for the same site and day; a wave has `most` at most."""
    days: dict[int, set[tuple[str, pd.Timestamp]]] = {}
    for file, site, date in _tuples(covered, "file", "site", "date"):
        days.setdefault(file, set()).add((site, date))
    wave: list[int] = []
    taken: set[tuple[str, pd.Timestamp]] = set()
    for file in files:
        own = days.get(file, set())
        if wave and (len(wave) >= most or own & taken):
            yield wave
            wave, taken = [], set()
        wave.append(file)
        taken |= own
    if wave:
        yield wave


def take_over(
    incoming: pd.DataFrame, stored: pd.DataFrame, covered: pd.DataFrame, reported: Collection[dt.date]
) -> LedgerChange:
    """What the ledgers of one wave change.

    `incoming`: file, site, date, content_key, sequence, item_key, item_name, in file order with a unique index;
    `stored`: id, site, date, content_key, place, number, sequence, item_key, item_name, withdrawn, of covered days.
    A row withdrawn is `amended` when its day is earlier than its ledger's own, or is one of `reported`.
    """
    rows = incoming[["file", *_DAY, "content_key", "sequence", "item_key", "item_name"]].copy()
    rows["place"] = rows.groupby(["site", "date", "content_key"], sort=False).cumcount() + 1
    beside = rows[_PLACED].merge(stored[[*_PLACED, "id", "withdrawn"]], on=_PLACED, how="left")
    rows["id"] = beside["id"].fillna(-1).to_numpy(dtype=np.int64)
    was_withdrawn = beside["withdrawn"].fillna(value=False).to_numpy(dtype=bool)
    outcome = np.select([rows["id"].to_numpy() < 0, was_withdrawn], [NEW, RETURNED], default=REPEATED)
    rows["outcome"] = pd.Series(outcome, index=rows.index, dtype="str")
    withdrawn = _withdrawn(rows, stored, covered, reported)
    staying = stored[~stored["withdrawn"] & ~stored["id"].isin(withdrawn["id"])]
    withdrawn["heir"] = _heirs(rows, stored, withdrawn)
    rows["number"] = _numbers(rows, staying, stored, withdrawn)
    moved = rows.loc[rows["outcome"] != REPEATED, _DAY]
    left = stored.loc[stored["id"].isin(withdrawn["id"]), _DAY]
    touched = pd.concat([moved, left]).drop_duplicates().reset_index(drop=True)
    return LedgerChange(rows[["outcome", "place", "number", "id"]], withdrawn, touched)


def _withdrawn(
    rows: pd.DataFrame, stored: pd.DataFrame, covered: pd.DataFrame, reported: Collection[dt.date]
) -> pd.DataFrame:
    live = stored[~stored["withdrawn"] & ~stored["id"].isin(rows["id"])]
    gone = live.merge(covered, on=_DAY, how="inner")
    gone = gone[gone["own"] | gone["file"].isin(_restating(rows, stored, covered))]
    of_file = gone["file"].map(covered[covered["own"]].groupby("file")["date"].max())
    already = gone["date"].isin([pd.Timestamp(day) for day in reported])
    return pd.DataFrame(
        {
            "id": gone["id"].astype("int64"),
            "file": gone["file"].astype("int64"),
            "amended": ((gone["date"] < of_file) | already).astype("bool"),
        }
    ).reset_index(drop=True)


def _restating(rows: pd.DataFrame, stored: pd.DataFrame, covered: pd.DataFrame) -> set[int]:
    """The files that say again what an earlier file said of another day than their own.

    A day's ledger with one belated row of yesterday restates nothing and withdraws nothing of yesterday.
    """
    others = rows.merge(covered.loc[~covered["own"], ["file", *_DAY]], on=["file", *_DAY], how="inner")
    again = set(others.loc[others["id"] >= 0, "file"])
    numbered = others[(others["id"] < 0) & (others["sequence"] != "")]
    same_line = ["site", "date", "sequence", "item_key", "item_name"]
    changed = numbered.merge(stored.loc[~stored["withdrawn"], same_line].drop_duplicates(), on=same_line, how="inner")
    return again | set(changed["file"])


def _heirs(rows: pd.DataFrame, stored: pd.DataFrame, withdrawn: pd.DataFrame) -> pd.Series[int]:
    """For each withdrawn row the new row in its stead, of its 序号, else of its item code, in its site and day; or -1.

    A name leads to an heir only where no code is written: two items that bear one name are two items.
    """
    if len(withdrawn) == 0:
        return pd.Series(dtype="int64")
    gone = withdrawn[["id"]].merge(stored, on="id", how="left")
    days = gone[_DAY].drop_duplicates()
    new = rows[rows["outcome"] == NEW].reset_index(names="at").merge(days, on=_DAY, how="inner")
    heirs = pd.Series(-1, index=withdrawn.index, dtype="int64")
    free = set(new["at"])
    for mark in ("sequence", "item_key", "item_name"):
        by_mark: dict[tuple[object, ...], list[int]] = {}
        for site, date, value, at in _tuples(new, "site", "date", mark, "at"):
            if value and at in free:
                by_mark.setdefault((site, date, value), []).append(at)
        for position, (site, date, value, code) in enumerate(_tuples(gone, "site", "date", mark, "item_key")):
            waiting = by_mark.get((site, date, value), [])
            named = mark != "item_name" or not code
            if heirs[position] < 0 and value and waiting and named:
                heirs[position] = waiting.pop(0)
                free.discard(int(heirs[position]))
    return heirs


def _numbers(
    rows: pd.DataFrame, staying: pd.DataFrame, stored: pd.DataFrame, withdrawn: pd.DataFrame
) -> pd.Series[int]:
    """The number of every new or returned row: its own 序号 if that is free, else the inherited, else the next one."""
    needs = rows["outcome"] != REPEATED
    wanted = rows["sequence"].map(_whole).astype("int64")
    numbers = pd.Series(0, index=rows.index, dtype="int64")
    if not needs.any():
        return numbers
    used: dict[tuple[object, object], set[int]] = {}
    for site, date, number in _tuples(staying, "site", "date", "number"):
        used.setdefault((site, date), set()).add(number)
    alone = ~pd.DataFrame({"site": rows["site"], "date": rows["date"], "wanted": wanted}).duplicated(keep=False)
    handed_on = withdrawn[withdrawn["heir"] >= 0].merge(stored[["id", "number"]], on="id", how="left")
    inherited = dict(zip(handed_on["heir"].tolist(), handed_on["number"].tolist(), strict=True))
    waiting: list[tuple[int, tuple[object, object]]] = []
    chosen = rows.loc[needs, _DAY].assign(asked=wanted.where(alone, 0)[needs])
    given: dict[int, int] = {}
    for at, (site, date, number) in zip(chosen.index.tolist(), _tuples(chosen, "site", "date", "asked"), strict=True):
        taken = used.setdefault((site, date), set())
        choice = number or inherited.get(at, 0)
        if choice and choice not in taken:
            taken.add(choice)
            given[at] = choice
        else:
            waiting.append((at, (site, date)))
    following: dict[tuple[object, object], int] = {}
    for at, day in waiting:
        number = following.get(day, 1)
        while number in used[day]:
            number += 1
        used[day].add(number)
        following[day] = number + 1
        given[at] = number
    return pd.Series(given, dtype="int64").reindex(rows.index, fill_value=0)


def _tuples(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    # An arrow column hands out its values one by one slowly, as a whole fast.
    return zip(*(frame[name].astype(object).tolist() for name in columns), strict=True)


@lru_cache(maxsize=10_000)
def _whole(text: str) -> int:
    return int(text) if _WHOLE.fullmatch(text) else 0
