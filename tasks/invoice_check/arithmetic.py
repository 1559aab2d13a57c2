"""What an invoice computes: net × rate = tax, net + tax = total, at a rate that was allowed (spec 04, ARITHMETIC)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.domain.shaping import each
from tasks.domain.texts import Ints
from tasks.invoice_check.kinds import invoice_finding
from tasks.invoice_check.policy import Policy, Rate
from tasks.invoice_check.said_together import said_together

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
    rates = _wrong_rates(lines, policy.rates)
    rows = documents.assign(
        tax_due=_per_document(tax, places, len(documents)),
        total_due=_per_document(sums, places, len(documents)),
        tax_wrong=off_tax > allowance,
        total_wrong=off_total > allowance,
    )
    wrong = rows[rows["tax_wrong"] | rows["total_wrong"] | rows["document"].isin(rates)]
    return tuple(_finding(row, rates.get(row.document, [])) for row in each(wrong))


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


def _finding(row: Any, rates: list[tuple[Message, tuple[str, str]]]) -> Finding:
    """All that is wrong with one invoice; its figures are those of the tax, else of the total, else its rate."""
    said: list[Message] = []
    against: tuple[int, int] | tuple[str, str] | None = None
    for name in ("tax", "total"):
        expected, found = int(getattr(row, f"{name}_due")), int(getattr(row, name))
        if getattr(row, f"{name}_wrong"):
            words = {"expected": money_text(expected), "found": money_text(found)}
            said.append(message(f"invoice_register.arithmetic.{name}", number=row.number, lines=row.lines, **words))
            against = against or (expected, found)
    said += [told for told, _ in rates]
    against = against or rates[0][1]
    told = said_together(said)
    return invoice_finding("ARITHMETIC", row.issued_on.date(), row.number, row.refs.split(), told, against)


def _wrong_rates(lines: pd.DataFrame, rates: Sequence[Rate]) -> dict[str, list[tuple[Message, tuple[str, str]]]]:
    """By document, what is said of each line at a rate that was not allowed on the day of issue, allowed and found.

    A red letter may bear a rate that was allowed before.
    """
    keys = ["rate", "issued_on", "state"]
    kinds = lines.loc[lines["rate"].notna(), keys].drop_duplicates()
    wrong = kinds[[not _allowed(one, rates) for one in each(kinds)]] if rates else kinds[:0]
    found: dict[str, list[tuple[Message, tuple[str, str]]]] = {}
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
        found.setdefault(row.document, []).append((told, (now, rate_text(int(row.rate)))))
    return found


def _allowed(line: Any, rates: Sequence[Rate]) -> bool:
    return any(one.rate == line.rate and _counts(one, line.issued_on, later=line.state == "red") for one in rates)


def _counts(rate: Rate, issued_on: pd.Timestamp, *, later: bool = False) -> bool:
    return rate.first <= issued_on.date() and (later or issued_on.date() <= rate.last)
