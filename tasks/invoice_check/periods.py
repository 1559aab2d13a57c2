"""The year or month within an invoice number, where a series begins anew with it (spec 04: series, resets)."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from tasks.domain.texts import Flags, distinct

MONTHLY, YEARLY, NEVER = "month", "year", ""
# 2026, 2026-11 or 202611 among letters and signs.
_WRITTEN = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-/.年]?(0[1-9]|1[0-2])月?)?(?!\d)")
_SEPARATORS = re.compile(r"(?:[-/._ 年月])+$")
# Numbers of another form now and then do not hide what nearly all of them say.
_NEARLY_ALL = 0.9


def split_periods(rows: pd.DataFrame, resets: str) -> pd.DataFrame:
    """`rows` with `stem` (the prefix without its year or month), `period` ("" where none) and `counter` within it.

    `rows`: prefix, counter (int64), width, issued_on. The period stands in the prefix (`INV-2026-00012`), or begins the
    digits (`202600012`), or is the day's, when a series resets by `resets` and no number says so.
    """
    rows = rows.assign(stem=rows["prefix"].str.upper(), period="", written=NEVER)
    if resets == NEVER:
        return rows
    said = distinct(rows["stem"])
    found = [_WRITTEN.search(text) for text in said.texts]
    stems = [stem_of(text) for text in said.texts]
    periods = [f"{one[1]}{one[2] or ''}" if one else "" for one in found]
    rows = rows.assign(stem=said.each(stems), period=said.each(periods)).astype({"stem": "str", "period": "str"})
    bare = rows["period"] == ""
    if bare.any():
        rows = _led(rows, bare.to_numpy(dtype=np.bool_), resets)
    return rows


def stem_of(prefix: str) -> str:
    """The prefix without the year or month in it and the signs around that: `INV-2026-` is `INV`."""
    found = _WRITTEN.search(prefix)
    bare = prefix if found is None else _SEPARATORS.sub("", prefix[: found.start()]) + prefix[found.end() :]
    return _SEPARATORS.sub("", bare).upper()


def _led(rows: pd.DataFrame, bare: Flags, resets: str) -> pd.DataFrame:
    """`rows` of which those without a period have the one that begins their digits, or else that of their day."""
    days = rows["issued_on"].dt
    year, month = days.year, days.month
    heads = {
        (MONTHLY, 6): year * 100 + month,
        (YEARLY, 4): year,
        (MONTHLY, 4): year % 100 * 100 + month,
        (YEARLY, 2): year % 100,
    }
    for (kind, length), head in heads.items():
        if kind != resets:
            continue
        power = 10 ** (rows["width"] - length).clip(lower=0)
        led = (rows["width"] > length + 1) & (rows["counter"] // power == head)
        if led[bare].mean() >= _NEARLY_ALL:
            at = led & bare
            period = (rows["counter"] // power).astype("str")
            return rows.assign(
                period=rows["period"].mask(at, period),
                counter=rows["counter"].mask(at, rows["counter"] % power),
                width=rows["width"].mask(at, rows["width"] - length),
            )
    day = year.astype("str") if resets == YEARLY else (year * 100 + month).astype("str")
    return rows.assign(period=rows["period"].mask(bare, day))


def resets_of(rows: pd.DataFrame) -> str:
    """When the counter of `rows` (columns as `split_periods`) begins anew: MONTHLY, YEARLY or NEVER, as the data show.

    A year or month in the prefix or at the head of the digits says so, or the counter falls back whenever one ends.
    """
    written = [_WRITTEN.search(text) for text in distinct(rows["prefix"]).texts if text]
    if any(written):
        return MONTHLY if any(one[2] for one in written if one) else YEARLY
    monthly, yearly = split_periods(rows, MONTHLY), split_periods(rows, YEARLY)
    for resets, led in ((MONTHLY, monthly), (YEARLY, yearly)):
        if not led["width"].equals(rows["width"]):
            return resets
    # Where no year has two months nothing tells them apart.
    if monthly["period"].nunique() > yearly["period"].nunique() and _falls_back(monthly):
        return MONTHLY
    return YEARLY if _falls_back(yearly) else NEVER


def _falls_back(rows: pd.DataFrame) -> bool:
    """Whether the counter begins lower in every further period and rises by day within each."""
    spans = rows.groupby("period")["counter"].agg(["min", "max"])
    if len(spans) < 2:  # noqa: PLR2004 - one period has nothing to fall back from
        return False
    falls = spans["min"].to_numpy()[1:] < spans["max"].to_numpy()[:-1]
    ordered = rows.sort_values(["period", "counter"], kind="stable")
    same = ordered["period"].eq(ordered["period"].shift())
    rises = ordered["issued_on"].diff().dt.days[same] >= 0
    return bool(falls.all() and (rises.empty or rises.mean() >= _NEARLY_ALL))
