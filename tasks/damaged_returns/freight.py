"""Which shipments needed an application and have none, and which have no price on file (spec 03, freight)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tasks.domain.amounts import SHARE_SCALE, money_text
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.domain.texts import Flags, distinct

# Modes whose freight is measured by a price on file; air always needs an application, express is free up to a limit.
PRICED = ("shared", "hired")
# What people write into a cell that must not be empty when there is no application.
_NONE = re.compile(r"\s*(?:[无無没沒]有?|未申[请請]|不需要?|[\-/\\—–.*×x0]*|none|no|n/?a|nil|null)\s*", re.IGNORECASE)
_NAMED_MAX = 12
_ROUTE = ["origin_key", "destination_key", "mode"]


@dataclass(frozen=True, slots=True)
class FreightLimits:
    """`share` of the price on file, scaled by 10,000 (11,000 is 110 %), and what express may cost, in cents.

    Exactly on a limit is within.
    """

    share: int
    express: int


def priced(shipments: pd.DataFrame, prices: pd.DataFrame) -> pd.Series[int]:
    """The price on file in force on the day of each shipment, in cents, Int64; blank where there is none.

    `shipments`: origin_key, destination_key, mode, date; `prices` the same with effective_on, and price in cents. The
    one that came into force last on or before the day counts, each way by itself.
    """
    asked = shipments[[*_ROUTE, "date"]].assign(at=np.arange(len(shipments)))
    known = prices[[*_ROUTE, "effective_on", "price"]].rename(columns={"effective_on": "date"})
    # Two prices from the same day: the one delivered last counts.
    known = known.drop_duplicates([*_ROUTE, "date"], keep="last").astype({"price": "Int64"})
    known = known.sort_values("date", kind="stable")
    found = pd.merge_asof(asked.sort_values("date", kind="stable"), known, on="date", by=_ROUTE)
    price = found.set_index("at")["price"].sort_index()
    return price.set_axis(shipments.index)


def freight_findings(
    shipments: pd.DataFrame, prices: pd.DataFrame | None, limits: FreightLimits
) -> tuple[Finding, ...]:
    """Every shipment without a price on file or without the application that it needs, by site, date and number.

    `shipments` and `prices`: frames; None where no prices were ever delivered, and then none is asked after. An
    application is for one shipment: of several that name it and need it the first by date has it. A dash or a word for
    none is none. What a shipment states itself is judged: one that names another's freight is part of that.
    """
    rows = shipments.sort_values(["date", "number_key"], kind="stable").reset_index(drop=True)
    by_price = rows["mode"].isin(PRICED)
    price = priced(rows, prices) if prices is not None else pd.Series(pd.NA, index=rows.index, dtype="Int64")
    bound = price * limits.share
    over = by_price & (rows["cost"] * SHARE_SCALE > bound).fillna(value=False)
    express = (rows["mode"] == "express") & (rows["cost"] > limits.express).fillna(value=False)
    air = rows["mode"] == "air"
    needed = (over | express | air).to_numpy(dtype=np.bool_)
    said = distinct(rows["application"])
    blank = said.flags(bool(_NONE.fullmatch(text)) for text in said.texts)
    taken = needed & ~blank & _taken(rows, needed)
    judged = rows.assign(
        price=price,
        # Below the price share the cent that is not whole is not free.
        free=(bound // SHARE_SCALE).where(by_price, limits.express),
        why=np.select([over, express, air], ["over_price", "express", "air"], "").astype(object),
        first=_first_holder(rows, needed),
    )
    found = [_no_application(row, used=False) for row in _records(judged[needed & blank])]
    found += [_no_application(row, used=True) for row in _records(judged[taken])]
    if prices is not None:
        found += [_no_price(row) for row in _records(judged[by_price & price.isna() & rows["cost"].notna()])]
    return tuple(sorted(found, key=lambda one: (one.site, one.date, one.stands_on, one.kind)))


def freight_notes(shipments: pd.DataFrame) -> Iterator[Message]:
    """A note for each way in which a freight is nobody's: it names what is not there, or shipments name one another."""
    for fault in ("dangling", "cycle"):
        own = shipments[shipments["fault"] == fault]
        if len(own):
            named = [f"{number} ({text})" for number, text in own[["number", "freight"]].head(_NAMED_MAX).to_numpy()]
            more = "…" if len(own) > _NAMED_MAX else ""
            yield message(f"returning.freight.{fault}", count=len(own), shipments="、".join(named) + more)


def _first_holder(rows: pd.DataFrame, needed: Flags) -> pd.Series[str]:
    """The number of the first shipment that needed the application that a row names."""
    first = rows[needed].drop_duplicates("application_key").set_index("application_key")["number"]
    return rows["application_key"].map(first).fillna("").astype("str")


def _taken(rows: pd.DataFrame, needed: Flags) -> Flags:
    repeated = rows["application_key"].where(needed, "").duplicated()
    return repeated.to_numpy(dtype=np.bool_)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _no_application(row: dict[str, Any], *, used: bool) -> Finding:
    known = not pd.isna(row["cost"])
    cost = money_text(row["cost"]) if known else ""
    why = row["why"]
    free = money_text(row["free"]) if why != "air" else ""
    parameters = {"number": row["number"], "cost": cost or row["freight"], **_route(row)}
    if why == "over_price":
        parameters |= {"price": money_text(row["price"]), "free": free}
    if why == "express":
        parameters |= {"free": free}
    told = message(f"returning.FREIGHT_NO_APPLICATION.{why}", **parameters)
    if used:
        told = message(
            "returning.FREIGHT_NO_APPLICATION.used", said=told, application=row["application"], first=row["first"]
        )
    return _finding("FREIGHT_NO_APPLICATION", row, (free, cost), told)


def _no_price(row: dict[str, Any]) -> Finding:
    cost = money_text(row["cost"])
    told = message("returning.FREIGHT_NO_PRICE", number=row["number"], cost=cost, **_route(row))
    return _finding("FREIGHT_NO_PRICE", row, ("", cost), told)


def _route(row: dict[str, Any]) -> dict[str, str | Message]:
    return {
        "origin": row["origin"],
        "destination": row["destination"],
        "mode": message(f"returning.mode.{row['mode']}"),
    }


def _finding(kind: str, row: dict[str, Any], figures: tuple[str, str], told: Message) -> Finding:
    return Finding(
        kind=kind,
        site=row["site"],
        warehouse="",
        item="",
        date=row["date"].date(),
        refs=(row["ref"],),
        stands_on=(row["number_key"],),
        expected=figures[0],
        found=figures[1],
        difference=0,
        message=told,
    )
