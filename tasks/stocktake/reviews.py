"""What a count says about its causes and its people: causes, repeated shortages, reviews proposed (spec 02, report)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from tasks.domain.amounts import quantity_text
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.stocktake.shapes import Count

_MONTHS = 3


def by_cause(variances: pd.DataFrame) -> pd.DataFrame:
    """The variances by cause ("" for none): cause, lines, surplus_value, shortage_value; the largest sum first.

    Both values are in cents without sign, never netted; a line without a price stands in `lines` alone.
    """
    off = variances[(variances["variance"] != 0).fillna(value=False).to_numpy(dtype=np.bool_)]
    value = off["value"].fillna(0).astype("int64")
    sums = (
        off.assign(lines=1, surplus_value=value.clip(lower=0), shortage_value=-value.clip(upper=0))
        .groupby("cause")[["lines", "surplus_value", "shortage_value"]]
        .sum()
        .reset_index()
    )
    size = sums["surplus_value"] + sums["shortage_value"]
    ordered = sums.assign(size=size).sort_values(["size", "lines", "cause"], ascending=[False, False, True])
    return ordered.drop(columns="size").reset_index(drop=True)


def repeated_shortages(count: Count, variances: pd.DataFrame, past: pd.DataFrame) -> list[Finding]:
    """One REPEATED_SHORTAGE for every site and item short now and in at least one of the two months before.

    `past`: period (last day of a month), site, department, item_key of the shortages that earlier counts found; a
    department's stores go by its name. A month counts once however many warehouses are short. By site and item.
    """
    place = ["site", "department", "item_key"]
    short = variances[(variances["variance"] < 0).fillna(value=False).to_numpy(dtype=np.bool_)]
    earlier = past.assign(month=pd.DatetimeIndex(past["period"]).strftime("%Y-%m"))
    wanted = pd.period_range(end=pd.Period(count.period, "M"), periods=_MONTHS, freq="M").strftime("%Y-%m").tolist()
    earlier = earlier[earlier["month"].isin(wanted[:-1])]
    now = short.groupby(place)["variance"].sum().reset_index()
    both = now.merge(earlier[[*place, "month"]].drop_duplicates(), on=place)
    findings = []
    for (site, _, item), months in both.sort_values([*place, "month"]).groupby(place):
        periods = [*months["month"], wanted[-1]]
        variance = int(months["variance"].iloc[0])
        told = message("counting.REPEATED_SHORTAGE", months=len(periods), periods="、".join(periods))
        findings.append(
            Finding(
                kind="REPEATED_SHORTAGE",
                site=str(site),
                warehouse="",
                item=str(item),
                date=count.period,
                refs=(),
                stands_on=(count.number,),
                expected="0",
                found=quantity_text(variance),
                difference=variance,
                message=told,
            )
        )
    return findings


@dataclass(frozen=True, slots=True)
class Review:
    """Who Daybook puts forward for a review, and why; people decide."""

    site: str
    department: str
    person: str
    proposal: Literal["reward", "penalty"]
    grounds: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Conduct:
    """How the sites went about the count: `custodians` by site, the sites whose sheets are missing or came late."""

    custodians: Mapping[str, str]
    missing: Collection[str]
    late: Collection[str]


def reviews(variances: pd.DataFrame, conduct: Conduct, repeated: Collection[Finding]) -> tuple[Review, ...]:
    """The reviews proposed, by department and site; sites only, for a department's stores have no custodian.

    Reward: the sheet in time, every line counted, none off. Penalty: the sheet missing or late, lines not counted,
    variances without a reason, items short again and again.
    """
    again: dict[str, int] = {}
    for one in repeated:
        again[one.site] = again.get(one.site, 0) + 1
    found = []
    for (department, site), rows in variances[variances["site"] != ""].groupby(["department", "site"]):
        grounds = _grounds(rows, str(site), conduct, again.get(str(site), 0))
        exact = not grounds and bool((rows["status"] == "even").all())
        if exact or grounds:
            said = grounds or (message("counting.ground.exact"),)
            person = conduct.custodians.get(str(site), "")
            found.append(Review(str(site), str(department), person, "reward" if exact else "penalty", said))
    return tuple(found)


def _grounds(rows: pd.DataFrame, site: str, conduct: Conduct, repeated: int) -> tuple[Message, ...]:
    if site in conduct.missing:
        return (message("counting.ground.missing"),)
    uncounted = int((rows["listed"] & (rows["status"] == "not_counted")).sum())
    off = rows["variance"].fillna(0) != 0
    unexplained = int((off & (rows["cause"] == "")).sum())
    grounds = {
        message("counting.ground.late"): site in conduct.late,
        message("counting.ground.not_counted", lines=uncounted): uncounted > 0,
        message("counting.ground.no_reason", lines=unexplained): unexplained > 0,
        message("counting.ground.repeated", items=repeated): repeated > 0,
    }
    return tuple(ground for ground, holds in grounds.items() if holds)
