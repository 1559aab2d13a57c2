"""What an invoice computes: net × rate = tax, net + tax = total, at a rate that was allowed (spec 04, ARITHMETIC)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.shaping import each
from tasks.domain.texts import Ints
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.policy import Policy, Rate

RATE_SCALE = 10_000
_PERCENT = 100


def arithmetic_findings(invoices: pd.DataFrame, documents: pd.DataFrame, policy: Policy) -> tuple[Finding, ...]:
    """Every invoice whose tax or total is not what its lines compute, and every line at a rate not allowed on its day.

    `invoices` as INVOICES, `documents` as DOCUMENTS of them. Tax is rounded half up once a line. An invoice of one line
    may be off by `line_tolerance` cents, one of several lines by `invoice_tolerance` in sum. A line without a rate is
    exempt and has no tax. A red letter has the rate of its original, however old. What is void is not judged.
    """
    lines = invoices[invoices["state"] != "void"]
    places = pd.Index(documents["document"]).get_indexer(pd.Index(lines["document"]))
    allowance = np.where(documents["lines"] > 1, policy.invoice_tolerance, policy.line_tolerance)
    tax = line_tax(lines)
    sums = lines["net"] + lines["tax"]
    off_tax = _per_document((tax - lines["tax"]).abs(), places, len(documents))
    off_total = _per_document((sums - lines["total"]).abs(), places, len(documents))
    told = documents.assign(
        tax_due=_per_document(tax, places, len(documents)), sum_due=_per_document(sums, places, len(documents))
    )
    return (
        *_wrong_sums(told[off_tax > allowance], "tax", "tax_due"),
        *_wrong_sums(told[off_total > allowance], "total", "sum_due"),
        *_wrong_rates(lines, policy.rates),
    )


def line_tax(lines: pd.DataFrame) -> pd.Series[int]:
    """The tax of each line in cents, net × rate rounded half up away from zero; a line without a rate has none."""
    product = lines["net"] * lines["rate"].fillna(0).astype("int64")
    rounded = (product.abs() + RATE_SCALE // 2) // RATE_SCALE
    return rounded.where(product >= 0, -rounded)


def rate_text(rate: int) -> str:
    """A rate as people write it: 1300 is `13%`, 150 is `1.5%`."""
    whole, rest = divmod(rate, _PERCENT)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def _per_document(cents: pd.Series[int], places: Ints, count: int) -> Ints:
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, places, cents.to_numpy(dtype=np.int64))
    return total


def _wrong_sums(wrong: pd.DataFrame, column: str, due: str) -> Iterator[Finding]:
    for row in each(wrong):
        expected, found = int(getattr(row, due)), int(getattr(row, column))
        told = message(
            f"invoice_register.arithmetic.{column}",
            number=row.number,
            expected=money_text(expected),
            found=money_text(found),
            lines=row.lines,
        )
        against = (expected, found)
        yield invoice_finding("ARITHMETIC", row.issued_on.date(), row.number, row.refs.split(), told, against)


def _wrong_rates(lines: pd.DataFrame, rates: Sequence[Rate]) -> Iterator[Finding]:
    """Lines at a rate that was not allowed on the day of issue; a red letter may bear one that was allowed before."""
    keys = ["rate", "issued_on", "state"]
    kinds = lines.loc[lines["rate"].notna(), keys].drop_duplicates()
    wrong = kinds[[not _allowed(one, rates) for one in each(kinds)]] if rates else kinds[:0]
    for row in each(lines.merge(wrong, on=keys)) if len(wrong) else ():
        now = " ".join(rate_text(one.rate) for one in rates if _counts(one, row.issued_on))
        once = any(one.rate == row.rate for one in rates)
        told = message(
            "invoice_register.arithmetic.rate_of_another_time" if once else "invoice_register.arithmetic.rate_unknown",
            number=row.number,
            rate=rate_text(int(row.rate)),
            date=row.issued_on.date().isoformat(),
            allowed=now,
        )
        against = (now, rate_text(int(row.rate)))
        yield invoice_finding("ARITHMETIC", row.issued_on.date(), row.number, [row.ref], told, against)


def _allowed(line: Any, rates: Sequence[Rate]) -> bool:
    return any(one.rate == line.rate and _counts(one, line.issued_on, later=line.state == "red") for one in rates)


def _counts(rate: Rate, issued_on: pd.Timestamp, *, later: bool = False) -> bool:
    return rate.first <= issued_on.date() and (later or issued_on.date() <= rate.last)
