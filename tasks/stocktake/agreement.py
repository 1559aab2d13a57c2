"""The 15th's agreement of accounts: opening + in - out = closing, confirmed by site and department (spec 02)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.stocktake.limits import values_of
from tasks.stocktake.shapes import PAIR

SIDES = ("site", "department")
_FIGURES = ("opening", "in", "out", "closing")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The last word of one side (`site` or `department`) to the statement of a site."""

    site: str
    side: str
    agrees: bool
    who: str
    reason: str


def statement(opening: pd.DataFrame, movements: pd.DataFrame, days: tuple[dt.date, dt.date]) -> pd.DataFrame:
    """One row a warehouse and item that held or moved anything: opening, in, out, closing; by warehouse and item.

    `opening`: warehouse_key, item_key, quantity at the close before the first of `days` (first and last day).
    `movements` (frame) of these days count: what raises on-hand is in, what lowers it is out, so a red issue is in. in
    and out bear no sign; closing = opening + in - out.
    """
    first, last = (pd.Timestamp(day) for day in days)
    moved = movements[movements["date"].between(first, last)]
    parts = (
        opening[PAIR].assign(opening=opening["quantity"]),
        moved[PAIR].assign(**{"in": moved["quantity"].clip(lower=0), "out": -moved["quantity"].clip(upper=0)}),
    )
    names = list(_FIGURES[:-1])
    table = pd.concat(parts, ignore_index=True).reindex(columns=[*PAIR, *names])
    sums = table.astype(dict.fromkeys(names, "Int64")).fillna(0).groupby(PAIR)[names].sum().astype("int64")
    sums["closing"] = sums["opening"] + sums["in"] - sums["out"]
    return sums[(sums != 0).any(axis=1)].reset_index()


def by_warehouse(rows: pd.DataFrame, prices: Mapping[str, int]) -> pd.DataFrame:
    """The statement's sums by warehouse: warehouse_key, items, each figure, and each figure's worth as `<name>_value`.

    `prices` by item_key, scaled by 10,000; worth in cents, to the cent on every row; an item without a price is in
    `unpriced` and in no worth.
    """
    price = rows["item_key"].map(prices).astype("Int64")
    worth = {f"{name}_value": values_of(rows[name], price).fillna(0).astype("int64") for name in _FIGURES}
    # The closing of the values must follow from them too, whatever each was rounded to.
    worth["closing_value"] = worth["opening_value"] + worth["in_value"] - worth["out_value"]
    counted = rows.assign(items=1, unpriced=price.isna().astype("int64"), **worth)
    names = ["items", *_FIGURES, *worth, "unpriced"]
    return counted.groupby("warehouse_key")[names].sum().reset_index()


def agreement_findings(sites: Iterable[str], confirmations: Iterable[Confirmation], period: dt.date) -> list[Finding]:
    """One AGREEMENT_OPEN for every site whose statement not both sides have agreed to, by site.

    `sites` are those whose statements went out; a dispute is told with its reason before a missing answer.
    """
    said = {(one.site, one.side): one for one in confirmations}
    findings = []
    for site in sorted(sites):
        answers = {side: said.get((site, side)) for side in SIDES}
        disputed = [side for side, one in answers.items() if one is not None and not one.agrees]
        unanswered = [side for side, one in answers.items() if one is None]
        sides = disputed or unanswered
        if not sides:
            continue
        named = message(f"counting.side.{sides[0] if len(sides) == 1 else 'both'}")
        told = message("counting.AGREEMENT_OPEN.unanswered", sides=named)
        if disputed:
            reasons = "; ".join(one.reason for one in answers.values() if one is not None and not one.agrees)
            told = message("counting.AGREEMENT_OPEN.disagreed", sides=named, reasons=reasons)
        agreed = [side for side in SIDES if side not in (*disputed, *unanswered)]
        findings.append(_agreement_open(site, period, agreed, told))
    return findings


def _agreement_open(site: str, period: dt.date, agreed: Iterable[str], told: Message) -> Finding:
    return Finding(
        kind="AGREEMENT_OPEN",
        site=site,
        warehouse="",
        item="",
        date=period,
        refs=(),
        stands_on=(f"{period:%Y-%m}",),
        expected=", ".join(SIDES),
        found=", ".join(agreed),
        difference=0,
        message=told,
    )
