"""Which ledgers came, which are late or missing, and which rows of earlier days were changed afterwards (spec 01)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from tasks.domain.amounts import quantity_text
from tasks.domain.finding import Finding
from tasks.domain.keys import name_key
from tasks.domain.message import Message, message
from tasks.stock_ledger.naming import category_words

SiteDay = tuple[str, dt.date]
Arrival = Literal["received", "late", "missing", "not_yet"]
PART = " · "
_Cells = Mapping[Hashable, Any]
# The fields that make a ledger row another one.
_CONTENT = (
    "category", "item_code", "item_name", "specification", "unit", "quantity", "warehouse", "stated_balance",
    "handler", "turbine", "order_code", "remark",
)  # fmt: skip
_QUANTITIES = ("quantity", "stated_balance")
_EXACT = (*_QUANTITIES, "category", "warehouse")
_HEADINGS = {"item_code": "item", "order_code": "order"}


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


def amended_findings(rows: pd.DataFrame, instead: pd.DataFrame, places: pd.DataFrame) -> list[Finding]:
    """One AMENDED for each withdrawn row: which fields a later file changed, from what to what, or that it vanished.

    `rows` are raw ledger rows with by_file and replaced_by, a `line` of `instead` (raw too) or NaN; `places` are
    `rows` placed. `expected` and `found` are the changed fields alone, joined by PART.
    """
    by_line = {row["line"]: row for row in instead.to_dict("records")}
    told = zip(rows.to_dict("records"), places["warehouse"].tolist(), strict=True)
    return [_amended(row, by_line.get(row["replaced_by"]), warehouse) for row, warehouse in told]


def _amended(row: _Cells, now: _Cells | None, warehouse: str) -> Finding:
    whole = ("category", "item_code", "quantity")
    changed = whole if now is None else _changed(row, now)
    return Finding(
        kind="AMENDED",
        site=row["site"],
        warehouse=warehouse,
        item=row["item"],
        date=row["date"].date(),
        refs=(row["ref"],) if now is None or now["ref"] == row["ref"] else (row["ref"], now["ref"]),
        stands_on=(row["identity"],),
        expected=_parts(row, changed),
        found="" if now is None else _parts(now, changed),
        difference=0 if now is None else int(row["quantity"] - now["quantity"]),
        message=_amended_words(row, now, changed),
    )


def _changed(was: _Cells, now: _Cells) -> tuple[str, ...]:
    """The fields in which two rows differ, compared as a row's content is: codes and names after normalising."""
    return tuple(field for field in _CONTENT if _compared(was, field) != _compared(now, field))


def _compared(row: _Cells, field: str) -> str:
    if field == "item_code":
        return str(row["item"])
    return _cell(row, field) if field in _EXACT else name_key(_cell(row, field))


def _parts(row: _Cells, fields: Iterable[str]) -> str:
    return PART.join(_cell(row, field) for field in fields)


def _cell(row: _Cells, field: str) -> str:
    value = row[field]
    if field not in _QUANTITIES:
        return str(value)
    return "" if value is None or value is pd.NA else quantity_text(int(value))


def _amended_words(row: _Cells, now: _Cells | None, changed: Iterable[str]) -> Message:
    was = message(
        "stock_ledger.message.row",
        category=category_words(row["category"]),
        item=row["item_code"],
        quantity=_cell(row, "quantity"),
    )
    if now is None:
        return message("stock_ledger.message.row_vanished", was=was, file=row["by_file"])
    told = [_change(row, now, field) for field in changed]
    if not told:
        return message("stock_ledger.message.row_rewritten", was=was, file=row["by_file"])
    changes = told[0]
    for further in told[1:]:
        changes = message("stock_ledger.message.changes", first=changes, second=further)
    return message("stock_ledger.message.row_changed", was=was, changes=changes, file=row["by_file"])


def _change(row: _Cells, now: _Cells, field: str) -> Message:
    return message(
        "stock_ledger.message.change",
        field=message(f"stock_ledger.heading.{_HEADINGS.get(field, field)}"),
        was=_in_words(row, field),
        now=_in_words(now, field),
    )


def _in_words(row: _Cells, field: str) -> Message:
    text = _cell(row, field)
    if field == "category":
        return category_words(text)
    if field == "warehouse" and text in ("good", "damaged"):
        return message(f"stock_ledger.stock.{text}")
    return message("report.plain", text=text) if text else message("stock_ledger.message.blank")


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
