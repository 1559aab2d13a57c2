"""What people write where a freight belongs: an amount, the shipment that bears it, or that somebody else bills it.

Source: spec 03 (a batch's freight, shipments); the forms are those of real delivery histories.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tasks.domain.cells import read_money
from tasks.domain.keys import clean, code_key, simplified

Bearing = Literal["amount", "elsewhere", "included", "separately", "blank", "unreadable"]
# What a text may say instead of an amount.
FREIGHT_WORDS: frozenset[Bearing] = frozenset({"elsewhere", "included", "separately"})

_CODE = r"(?=[0-9A-Za-z\-_/]*\d)[0-9A-Za-z][0-9A-Za-z\-_/]*"
_ELSEWHERE = re.compile(
    rf"(?:see|same as|详?见|同|并入|计入|含在)\s*(?:运单号?|单号|批次号?|waybill|shipment)?\s*[:：#]?\s*({_CODE})"
    r"(?:\s*\(\s*id\s*#?\s*:?\s*([0-9A-Za-z\-]+)\s*\))?(?:\s*(?:中|内|号|号?运单))?",
    re.IGNORECASE,
)
_INCLUDED = re.compile(
    r"(?:freight\s+)?included\b.*|(?:货款|单价|货价|价格)[已内中]?[含包].*|含运费|(?:已|运费已?)[含包].*|包邮|免运费"
    r"|含在(?:货款|单价|货价|价格).*",
    re.IGNORECASE,
)
_SEPARATELY = re.compile(
    r"(?:invoiced|billed|captured)\s+separately|(?:另行?|单独|另外)(?:开票|开具?发票|结算|计算?|付|支付).*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FreightText:
    """What a text says of a freight: `bearing`, and with it the amount in `cents` or who bears it.

    `number` is the key of the shipment that it names, `row` the key of the row where one stands beside it (ID#), "".
    """

    bearing: Bearing
    cents: int | None = None
    number: str = ""
    row: str = ""


@lru_cache(maxsize=20_000)
def read_freight(text: str) -> FreightText:
    """What `text` means: `1000.00`, `¥1,000`, `见运单 YD-2`, `See DN-304 (ID#:10589)`, `运费已含在货款中`, `另行开票`.

    A text that is none of these is unreadable, never 0; so is an amount below 0, which no carrier asks for.
    """
    plain = simplified(clean(text))
    if not plain:
        return FreightText("blank")
    if found := _ELSEWHERE.fullmatch(plain):
        return FreightText("elsewhere", number=code_key(found[1]), row=code_key(found[2] or ""))
    if _INCLUDED.fullmatch(plain):
        return FreightText("included")
    if _SEPARATELY.fullmatch(plain):
        return FreightText("separately")
    cents = read_money(plain)
    return FreightText("amount", cents) if isinstance(cents, int) and cents >= 0 else FreightText("unreadable")
