"""How long invoices and revenue take to match beside a bare merge: `python -m benchmarks.invoice_matching`.

As many entries as invoices (`--invoices 1000000`), texts, cents and days: half of the numbers have 20 digits, half are
of 200 books and written with or without their zeros and codes, one entry in ten names none, one invoice in fifty is
booked in two parts and one entry in fifty books two invoices, one in a hundred is at fault. The merge gets the same
frames with the number already as its key, which the matching has to find out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.yardstick import compare
from tasks.domain.shaping import empty, shaped
from tasks.invoice_check.booking import booking_findings
from tasks.invoice_check.bridge import bridge
from tasks.invoice_check.matching import match_revenue
from tasks.invoice_check.policy import Policy
from tasks.invoice_check.shapes import DECISIONS, DOCUMENTS, ENTRIES

Ints = npt.NDArray[np.int64]
POLICY = Policy(rates=())
BUYERS, BOOKS, DAYS = 20_000, 200, 360
FIRST_DAY = np.datetime64("2026-01-01", "s")
DAY = np.timedelta64(86_400, "s")
WITHOUT_NUMBER, SHORT, CODED, SEVERAL, FAULTS = 0.10, 0.30, 0.05, 0.02, 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """Both sides; `keyed` are the entries with the key of the first number that they name, for the merge."""

    documents: pd.DataFrame
    entries: pd.DataFrame
    keyed: pd.DataFrame


def documents_of(count: int, random: np.random.Generator) -> pd.DataFrame:
    """Invoices with 13 % tax, every second one fully digital."""
    at = np.arange(count)
    # Invoices that are booked two by two are of one customer and day.
    first = np.where(at < 2 * int(count * SEVERAL), at // 2 * 2, at)
    buyer = random.integers(0, BUYERS, count)[first]
    digital = at % 2 == 0
    paper = _padded(at // 2, 8)
    number = _padded(at, 13, "2611700").where(digital, paper)
    code = _padded(at // 2 % BOOKS, 4, "11002241").where(~digital, "")
    net = random.integers(1_000, 5_000_000, count)
    tax = (net * 13 + 50) // 100
    frame = pd.DataFrame(
        {
            "document": _padded(at, 8, "invoice"),
            "number": number,
            "number_key": number.str.lstrip("0").where(number.str.strip("0") != "", "0"),
            "code": code,
            "code_key": code,
            "buyer": _padded(buyer, 5, "客户"),
            "buyer_key": _padded(buyer, 5, "客户"),
            "state": "valid",
            "refs": _padded(at, 8, "invoices:"),
            "issued_on": FIRST_DAY + random.integers(0, DAYS, count)[first] * DAY,
            "lines": 1,
            "net": net,
            "tax": tax,
            "total": net + tax,
        }
    )
    return shaped(DOCUMENTS, frame)


def entries_of(documents: pd.DataFrame, random: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The entries of these invoices in another order, and the same with the key of their first number."""
    count = len(documents)
    several = int(count * SEVERAL)
    whole = np.arange(2 * several, count)
    # The first invoices are booked two by two, the next each in two parts: as many entries as invoices.
    pairs, parts = np.arange(0, 2 * several, 2), whole[:several]
    at = np.concatenate([pairs, whole, parts])
    net, number = documents["net"].to_numpy(), documents["number"]
    amount = net[at].copy()
    amount[: len(pairs)] += net[pairs + 1]
    half = net[parts] // 2
    amount[len(pairs) : len(pairs) + several] -= half
    amount[len(at) - several :] = half
    text = number.take(at).reset_index(drop=True)
    short = random.random(len(at)) < SHORT
    text = text.where(~short, documents["number_key"].take(at).reset_index(drop=True))
    coded = (random.random(len(at)) < CODED) & (documents["code"].to_numpy()[at] != "")
    text = text.where(~coded, documents["code"].take(at).reset_index(drop=True) + " " + text)
    text.iloc[: len(pairs)] = text.iloc[: len(pairs)] + "、" + number.take(pairs + 1).reset_index(drop=True)
    silent = (np.arange(len(at)) >= len(pairs) + several) & (np.arange(len(at)) < len(at) - several)
    silent &= random.random(len(at)) < WITHOUT_NUMBER
    days = documents["issued_on"].to_numpy()[at].copy()
    _spoil(amount, days, random)
    frame = pd.DataFrame(
        {
            "voucher": _padded(np.arange(len(at)), 7, "记-"),
            "account": "6001",
            "customer": documents["buyer"].take(at).to_numpy(),
            "customer_key": documents["buyer_key"].take(at).to_numpy(),
            "invoice": text.where(~silent, ""),
            "date": days,
            "amount": amount,
            "revenue": True,
            "ref": _padded(np.arange(len(at)), 8, "revenue_entries:"),
        }
    )
    entries = shaped(ENTRIES, frame)
    order = random.permutation(len(at))
    key = documents["number_key"].take(at).reset_index(drop=True).where(~silent, "")
    keyed = entries.assign(number_key=key)
    return entries.take(order).reset_index(drop=True), keyed.take(order).reset_index(drop=True)


def _spoil(amount: Ints, days: npt.NDArray[np.datetime64], random: np.random.Generator) -> None:
    """One entry in a hundred at fault: another amount, the wrong sign, tax included, or the next month."""
    bad = np.array_split(random.permutation(len(amount))[: int(len(amount) * FAULTS)], 4)
    amount[bad[0]] += 10_00
    amount[bad[1]] *= -1
    amount[bad[2]] += (amount[bad[2]] * 13 + 50) // 100
    days[bad[3]] += 31 * DAY


def _padded(numbers: Ints, width: int, before: str = "") -> pd.Series[str]:
    return before + pd.Series(numbers).astype("str").str.zfill(width)


def merge(given: Given) -> int:
    """The bare outer merge of pandas: it finds what names the same number, and says nothing of amounts and days."""
    left = given.documents[["number_key", "document", "buyer_key", "net", "tax", "issued_on", "lines"]]
    right = given.keyed[["number_key", "ref", "customer_key", "amount", "date"]]
    return len(left.merge(right, on="number_key", how="outer", indicator=True))


def matching(given: Given) -> int:
    """All links with their causes."""
    return len(match_revenue(given.documents, given.entries, empty(DECISIONS), POLICY))


def findings(given: Given) -> int:
    """The links, every finding in words, and the bridge of every month."""
    links = match_revenue(given.documents, given.entries, empty(DECISIONS), POLICY)
    made = bridge(given.documents, given.entries, links)
    return len(booking_findings(given.documents, given.entries, links)) + len(made.items) * 0


WAYS: dict[str, Callable[[Given], int]] = {
    "pandas outer merge": merge,
    "matching": matching,
    "matching, findings and bridge": findings,
}


def prepared(_way: str, invoices: int) -> Given:
    """The same frames for every way."""
    random = np.random.default_rng(7)
    documents = documents_of(invoices, random)
    return Given(documents, *entries_of(documents, random))


if __name__ == "__main__":
    compare(WAYS, prepared, "invoices", str(__doc__))
