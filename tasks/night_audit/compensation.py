"""What guests paid for broken things against the hotel's price list (spec 06, step 14)."""

from __future__ import annotations

import re

import pandas as pd

from tasks.domain.keys import name_key
from tasks.night_audit.books import Books
from tasks.night_audit.policy import Policy

ITEM = "damage"
_COLUMNS = ["account_key", "account", "number", "operator", "remark", "expected", "amount", "ref"]


def odd_compensation(books: Books, policy: Policy) -> pd.DataFrame:
    """The compensation of the date that differs from the price list, by account and number.

    Columns: account_key, account, number, operator, remark, expected (Int64 cents, blank where the remark names nothing
    of the list), amount (cents), ref. The remark names the things, each with its number where there are several (`杯子
    ×2`). Reversed rows and their reversals are left out; without a price list nothing is compared.
    """
    folio = books.folio[(books.folio["date"] == pd.Timestamp(books.as_of)) & (books.folio["night_posting"] == "")]
    rows = folio[folio["item"] == ITEM]
    rows = rows[(rows["original_key"] == "") & ~rows["number_key"].isin(folio["original_key"])]
    if not policy.damage_prices:
        rows = rows.head(0)
    worth = {remark: _worth(remark, policy) for remark in rows["remark"].unique()}
    rows = rows.assign(expected=rows["remark"].map(worth).astype("Int64"))
    odd = rows[(rows["expected"] != rows["amount"]).fillna(value=True)]
    return odd.sort_values(["account_key", "number_key"])[_COLUMNS].reset_index(drop=True)


def _worth(remark: str, policy: Policy) -> int | None:
    """What the things that the remark names cost together; None where it names none. Longer names are read first."""
    rest, total = name_key(remark), None
    for name in sorted(policy.damage_prices, key=lambda one: (-len(one), one)):
        for found in re.finditer(rf"{re.escape(name)}(?:x?([0-9]+))?", rest):
            total = (total or 0) + policy.damage_prices[name] * int(found[1] or 1)
        rest = re.sub(rf"{re.escape(name)}(?:x?[0-9]+)?", " ", rest)
    return total
