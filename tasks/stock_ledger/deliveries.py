"""Which ledgers came, which are late or missing, and which rows of earlier days were changed afterwards (spec 01)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from tasks.domain.amounts import quantity_text
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.stock_ledger.naming import category_words

SiteDay = tuple[str, dt.date]
Arrival = Literal["received", "late", "missing", "not_yet"]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What has come and what was said of it before.

    `received` are the site days with a ledger, `notices` the reasons of those announced late, `told_missing` and
    `told_late` the site days that an earlier run reported missing, or late on an earlier business date;
    `past_cut_off` are the dates whose cut-off has passed.
    """

    received: Collection[SiteDay]
    notices: Mapping[SiteDay, str]
    told_missing: Collection[SiteDay]
    told_late: Collection[SiteDay]
    past_cut_off: Collection[dt.date]


def missing_id(site: str, day: dt.date) -> str:
    """The id that the LEDGER_MISSING break of a site and day has."""
    return _finding("LEDGER_MISSING", (site, day)).id


def late_id(site: str, day: dt.date) -> str:
    """The id that the LEDGER_LATE break of a site and day has."""
    return _finding("LEDGER_LATE", (site, day)).id


def arrival_of(site_day: SiteDay, arrivals: Arrivals) -> Arrival:
    """How the ledger of one site and day stands: received, late by notice, missing, or not yet received."""
    if site_day in arrivals.received:
        return "received"
    if site_day in arrivals.notices:
        return "late"
    return "missing" if site_day[1] in arrivals.past_cut_off else "not_yet"


def delivery_findings(expected: Iterable[SiteDay], as_of: dt.date, arrivals: Arrivals) -> list[Finding]:
    """LEDGER_MISSING and LEDGER_LATE of the site days `expected`, in their order.

    A ledger that came after a run had reported it missing is late once: on the business date whose run sees it first,
    and on its own date for ever. Source: spec 01, checks beside matching.
    """
    findings = []
    for site_day in expected:
        arrival = arrival_of(site_day, arrivals)
        if arrival == "late":
            findings.append(_finding("LEDGER_LATE", site_day, reason=arrivals.notices[site_day]))
        elif arrival == "missing":
            findings.append(_finding("LEDGER_MISSING", site_day))
        elif (
            arrival == "received"
            and site_day in arrivals.told_missing
            and (site_day[1] == as_of or site_day not in arrivals.told_late)
        ):
            findings.append(_finding("LEDGER_LATE", site_day))
    return findings


def amended_findings(rows: pd.DataFrame) -> list[Finding]:
    """One AMENDED for each withdrawn row: what stood there, what stands there now, and in which file that came.

    `rows` have the columns of a placed ledger row, by_file, and new_ref, new_item, new_quantity and new_category of
    the row in its stead (blank ref where it vanished).
    """
    return [_amended(row) for row in rows.to_dict("records")]


def _amended(row: Mapping[Hashable, Any]) -> Finding:
    was = (row["category"], row["item_code"], quantity_text(row["quantity"]))
    now = (row["new_category"], row["new_item"], quantity_text(row["new_quantity"]))
    vanished = row["new_ref"] == ""
    if vanished:
        told = message("stock_ledger.message.row_vanished", was=_in_words(*was), file=row["by_file"])
    else:
        told = message(
            "stock_ledger.message.row_changed", was=_in_words(*was), now=_in_words(*now), file=row["by_file"]
        )
    return Finding(
        kind="AMENDED",
        site=row["site"],
        warehouse=row["warehouse"],
        item=row["item"],
        date=row["date"].date(),
        refs=(row["ref"],) if row["new_ref"] in ("", row["ref"]) else (row["ref"], row["new_ref"]),
        stands_on=(row["identity"],),
        expected=" ".join(was),
        found="" if vanished else " ".join(now),
        difference=0 if vanished else int(row["quantity"] - row["new_quantity"]),
        message=told,
    )


def _in_words(category: str, item: str, quantity: str) -> Message:
    return message("stock_ledger.message.row", category=category_words(category), item=item, quantity=quantity)


def _finding(kind: str, site_day: SiteDay, reason: str | None = None) -> Finding:
    site, day = site_day
    if kind == "LEDGER_MISSING":
        why = message("stock_ledger.message.ledger_missing", site=site, date=day.isoformat())
    elif reason is None:
        why = message("stock_ledger.message.ledger_late", site=site, date=day.isoformat())
    else:
        why = message("stock_ledger.message.ledger_announced", site=site, date=day.isoformat(), reason=reason)
    return Finding(
        kind=kind,
        site=site,
        warehouse="",
        item="",
        date=day,
        refs=(f"ledger:{site}:{day.isoformat()}",),
        stands_on=(day.isoformat(),),
        expected="",
        found="",
        difference=0,
        message=why,
    )
