"""What goes back to a site: its accepted ledger of the day to print and sign, and what was rejected or is missing."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from tasks.domain.message import Message, message
from tasks.domain.report import Column, Kind, Report, Sheet, Table, Value
from tasks.stock_ledger.figures import DayFacts, alive
from tasks.stock_ledger.report import FLOW, quarantined_table

_COLUMNS: tuple[tuple[str, Kind, int], ...] = (
    ("number", "count", 6),
    ("category", "wording", 12),
    ("item", "text", 14),
    ("item_name", "text", 18),
    ("specification", "text", 14),
    ("unit", "text", 6),
    ("quantity", "quantity", 10),
    ("warehouse", "text", 12),
    ("stated_balance", "quantity", 10),
    ("handler", "text", 10),
    ("turbine", "text", 10),
    ("order", "text", 12),
    ("remark", "text", 20),
)
_KINDS_FOR_SITES = ("LEDGER_MISSING", "LEDGER_LATE")


def site_report(facts: DayFacts, site: str) -> Report:
    """The page of one site (spec 01: to the site itself): its ledger as accepted, with signature lines on A4.

    `facts` may hold more than the site's own; rejected rows and missing ledgers stand above the ledger.
    """
    name = dict(zip(facts.sites["site"], facts.sites["site_name"], strict=True)).get(site, site)
    period = facts.as_of.isoformat()
    rows = facts.ledger[facts.ledger["site"] == site]
    rejected = quarantined_table(facts.quarantined[facts.quarantined["site"] == site], 100)
    return Report(
        flow=FLOW,
        period=period,
        audience=site,
        title=_word("site.title"),
        subtitle=_word("site.subtitle", site=site, name=name, date=period),
        status="completed",
        headline=_word("site.headline", lines=len(rows), rejected=len(rejected.rows)),
        figures=(),
        charts=(),
        tables=(rejected, _missing(facts, site)),
        next_steps=(_word("site.next"),),
        notes=(),
        definitions=(),
        sheets=(_ledger_sheet(rows, site, name, period),),
    )


def _ledger_sheet(rows: pd.DataFrame, site: str, name: str, period: str) -> Sheet:
    table = Table(
        "ledger",
        _word("site.ledger"),
        tuple(Column(column, f"stock_ledger.heading.{column}", kind, width) for column, kind, width in _COLUMNS),
        tuple(_row(row) for row in rows.sort_values("number").to_dict("records")),
        _word("site.no_movement"),
        shown=1000,
    )
    lines = (_word("site.line_site", site=site, name=name), _word("site.line_date", date=period))
    roles = tuple(_word(f"site.role.{role}") for role in ("custodian", "representative", "clerk"))
    return Sheet("ledger", _word("site.sheet", site=site, date=period), lines, table, roles)


def _row(row: Mapping[Hashable, Any]) -> tuple[Value, ...]:
    shown = {**row, "category": _word(f"category.{row['category']}"), "item": row["item_code"]}
    return tuple(None if shown[name] is pd.NA else shown[name] for name, _, _ in _COLUMNS)


def _missing(facts: DayFacts, site: str) -> Table:
    named: tuple[tuple[str, Kind, int], ...] = (
        ("date", "date", 12),
        ("kind", "wording", 14),
        ("message", "wording", 60),
    )
    columns = tuple(Column(column, f"stock_ledger.heading.{column}", kind, width) for column, kind, width in named)
    rows = tuple(
        (one.date, _word(f"kind.{one.kind}"), one.message)
        for one in alive(facts)
        if one.site == site and one.kind in _KINDS_FOR_SITES
    )
    return Table("missing", _word("site.missing"), columns, rows, _word("site.none_missing"))


def _word(key: str, /, **parameters: str | int) -> Message:
    return message(f"stock_ledger.{key}", **parameters)
