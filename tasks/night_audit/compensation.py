"""What guests paid for broken things against the hotel's price list (spec 06, step 14)."""

from __future__ import annotations

import re
from typing import NamedTuple

from tasks.domain.keys import name_key
from tasks.night_audit.books import Books
from tasks.night_audit.policy import Policy

ITEM = "damage"


class Compensation(NamedTuple):
    """What a guest paid in cents, and what the list says of it: None where the remark names nothing of the list."""

    account: str
    number: str
    operator: str
    remark: str
    expected: int | None
    amount: int


def odd_compensation(books: Books, policy: Policy) -> tuple[Compensation, ...]:
    """The compensation of the date that differs from the price list, by account and number.

    The remark names the things, each with its number where there are several (`杯子×2`). Reversed rows and their
    reversals are left out; without a price list nothing is compared.
    """
    if not policy.damage_prices:
        return ()
    folio = [row for row in books.folio if row.date == books.as_of and not row.night_posting]
    undone = {row.original_key for row in folio}
    paid = [row for row in folio if row.item == ITEM and not row.original_key and row.number_key not in undone]
    told = [
        Compensation(row.account, row.number, row.operator, row.remark, _worth(row.remark, policy), row.amount)
        for row in sorted(paid, key=lambda one: (one.account_key, one.number_key))
    ]
    return tuple(one for one in told if one.expected != one.amount)


def _worth(remark: str, policy: Policy) -> int | None:
    """What the things that the remark names cost together; None where it names none. Longer names are read first."""
    rest, total = name_key(remark), None
    for name in sorted(policy.damage_prices, key=lambda one: (-len(one), one)):
        for found in re.finditer(rf"{re.escape(name)}(?:x?([0-9]+))?", rest):
            total = (total or 0) + policy.damage_prices[name] * int(found[1] or 1)
        rest = re.sub(rf"{re.escape(name)}(?:x?[0-9]+)?", " ", rest)
    return total
