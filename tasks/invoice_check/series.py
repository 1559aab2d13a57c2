"""Declared series of numbers: which invoices belong to one, and the numbers that are missing in it (spec 04, GAP)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.shaping import each
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.numbers import number_parts, range_text
from tasks.invoice_check.periods import split_periods, stem_of
from tasks.invoice_check.policy import Series
from tasks.invoice_check.runs import missing_ranges


def series_gaps(documents: pd.DataFrame, declared: Sequence[Series]) -> tuple[Finding, ...]:
    """Every range missing in a declared series between its lowest and highest number of a period (spec 04, GAP).

    `documents` as DOCUMENTS. What is void has used its number. A number of a declared kind that fits no declared series
    is told as NUMBER_FORMAT. Fully digital invoices and those with a code are of no declared series.
    """
    found: list[Finding] = []
    left = documents[of_declared(documents, declared)]
    for one in declared:
        rows = members(left, one)
        found += _gaps(rows, one)
        left = left.drop(index=rows.index)
    return (*found, *_strangers(left))


def of_declared(documents: pd.DataFrame, declared: Sequence[Series]) -> pd.Series[bool]:
    """Which documents are of a kind that a declared series counts; one without kinds counts every kind."""
    plain = ~documents["digital"] & (documents["code_key"] == "") & documents["counter"].notna()
    if any(not one.kinds for one in declared):
        return plain
    return plain & documents["kind_key"].isin({kind for one in declared for kind in one.kinds})


def members(documents: pd.DataFrame, series: Series) -> pd.DataFrame:
    """The documents of a declared series with the `period` and `counter` (int64) that it counts them by."""
    rows = documents[of_declared(documents, [series])]
    rows = rows.assign(counter=rows["counter"].astype("int64"))
    number = rows["number"].str.upper()
    for suffix in (one.upper() for one in series.suffixes if any(sign.isdigit() for sign in one)):
        # The digits of such a suffix are not those of the counter.
        ending = number.str.endswith(suffix) & (number != suffix)
        if ending.any():
            parts = number_parts(number[ending].str.slice(0, -len(suffix)))
            rows.loc[ending, ["prefix", "counter", "width"]] = parts[["prefix", "counter", "width"]]
            rows.loc[ending, "suffix"] = suffix
    rows = split_periods(rows, series.resets)
    stems = {one.upper() for one in series.prefixes}
    stems = stems | {stem_of(one) for one in stems} if series.resets else stems
    suffixes = {"", *(one.upper() for one in series.suffixes)}
    return rows[rows["stem"].isin(stems) & rows["suffix"].str.upper().isin(suffixes)]


def _gaps(rows: pd.DataFrame, series: Series) -> Iterator[Finding]:
    periods = pd.factorize(rows["period"], sort=True)[0].astype(np.int64)
    gaps = missing_ranges(periods, rows["counter"].to_numpy(dtype=np.int64))
    beside = rows[["number", "counter", "width", "issued_on", "refs"]]
    before, after = (beside.take(gaps[side].to_numpy()) for side in ("before", "after"))
    # Where several prefixes share the counter nobody knows which one the missing number bore.
    shared = len(series.prefixes) > 1
    for gap, left, right in zip(each(gaps), each(before), each(after), strict=True):
        numbers = range_text("" if shared else _head(left), left.width, gap.first, gap.last)
        told = message(
            "invoice_register.gap.series",
            numbers=numbers,
            count=gap.numbers,
            series=series.name,
            before=f"{left.number} ({left.issued_on.date().isoformat()})",
            after=f"{right.number} ({right.issued_on.date().isoformat()})",
        )
        refs = f"{left.refs} {right.refs}".split()
        yield invoice_finding("GAP", right.issued_on.date(), numbers, refs, told, (numbers, ""))


def _head(row: Any) -> str:
    """What stands before the digits of the counter in the number, its period included."""
    return str(row.number[: row.number.rfind(f"{row.counter:0{row.width}d}")])


def _strangers(left: pd.DataFrame) -> Iterator[Finding]:
    for row in each(left):
        told = message("invoice_register.number_format.series", number=row.number, kind=row.kind)
        yield invoice_finding("NUMBER_FORMAT", row.issued_on.date(), row.number, row.refs.split(), told)
