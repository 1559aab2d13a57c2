"""The choices of the house in the return of damaged parts (spec 03: configurable)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits as scaled integers: `volume` of a batch by 10^12 (m³), `express_limit` in cents.

    `days` after the last batch a site is due. A step is overdue after `shipped_days`, `received_days`, `repaired_days`
    calendar days. `scrap_limit` repairs propose a serial for scrap. `freight_share` (by 10,000: 11000 is 110 %) of the
    price on file needs no application. Freight is shared by `share_by`: volume or weight. No box has a side
    longer than `side_max` (by 10,000, in metres). A part goes to the warehouse
    `receiving_warehouse` (a key; blank: the production department's own for damaged stock). The departments whose names
    hold the last two receive and oversee.
    """

    days: int = 15
    volume: int = 3 * 10**12
    shipped_days: int = 3
    received_days: int = 15
    repaired_days: int = 60
    scrap_limit: int = 3
    express_limit: int = 20_000
    freight_share: int = 11_000
    share_by: str = "volume"
    side_max: int = 120_000
    receiving_warehouse: str = ""
    production_department: str = ""
    management_department: str = ""
