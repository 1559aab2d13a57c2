"""The choices of one hotel that the audit's rules leave open (spec 06: configurable)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class Package:
    """What every night adds to a paid room: a breakfast, a service charge, a tax.

    Either `amount` (cents for each stay, guest or breakfast) or `share` (scaled by 10,000, of the night's room charge;
    always once a stay) is set. `name` is the item of the posting. Raises ValueError when none or both are set.
    """

    name: str
    per: Literal["stay", "guest", "breakfast"] = "stay"
    amount: int | None = None
    share: int | None = None

    def __post_init__(self) -> None:
        if (self.amount is None) == (self.share is None):
            raise ValueError(f"package {self.name!r}: give either an amount or a share")


@dataclass(frozen=True, slots=True)
class Policy:
    """Moments, limits and prices of one hotel; the defaults are those of spec 06.

    `breakfasts` says how many breakfasts a word of the stays means (a number needs no word; every other word means one
    for each guest), `damage_prices` what broken things cost in cents; both are known by `name_key`.
    """

    night_ends: dt.time = dt.time(2)
    no_show_after: dt.timedelta = dt.timedelta(hours=1)
    release_at: dt.time = dt.time(18)
    locked_after: dt.timedelta = dt.timedelta(hours=2)
    near_close: dt.timedelta = dt.timedelta(hours=1)
    hourly_overnight: Literal["block", "convert"] = "block"
    packages: tuple[Package, ...] = ()
    breakfasts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    damage_prices: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
