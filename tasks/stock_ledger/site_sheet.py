"""What goes back to a site: its accepted ledger of the day to print and sign, and what was rejected or is missing."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from tasks.domain.breaks import Break
from tasks.domain.keys import name_key
from tasks.domain.message import Message, message
from tasks.domain.report import Column, Kind, Report, Sheet, Table, Value
from tasks.stock_ledger.figures import DayFacts
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
_SOURCES = {"item": "item_code", "order": "order_code", "warehouse": "quality"}
_REJECTED_MAX = 100
_LEDGERS = "ledger/"
_KINDS_FOR_SITES = ("LEDGER_MISSING", "LEDGER_LATE")


@dataclass(frozen=True, slots=True)
class SiteDay:
    """What one site is told of a date: its name, its accepted rows, its quarantined cells, its deliveries' breaks.

    `received` says whether a ledger stands behind it, `refused` which of its files were refused as a whole, and why.
    """

    site: str
    name: str
    rows: tuple[tuple[Value, ...], ...]
    quarantined: pd.DataFrame
    breaks: tuple[Break, ...]
    received: bool
    refused: tuple[tuple[str, Message], ...]


def site_days(facts: DayFacts) -> list[SiteDay]:
    """One SiteDay for each site of the facts, by its code; the cost is one pass over the facts, not one a site."""
    ledgers = _rows_by_site(facts.ledger)
    cells = dict(tuple(facts.quarantined.groupby("site")))
    breaks: dict[str, list[Break]] = {}
    for one in facts.still:
        if one.kind in _KINDS_FOR_SITES:
            breaks.setdefault(one.site, []).append(one)
    no_cells = facts.quarantined.iloc[:0]
    return [
        SiteDay(
            site,
            name,
            ledgers.get(site, ()),
            cells.get(site, no_cells),
            tuple(breaks.get(site, ())),
            facts.arrivals.get(site) == "received",
            _refused(facts, site, name),
        )
        for site, name in sorted(facts.sites[["site", "site_name"]].to_numpy().tolist())
    ]


def _refused(facts: DayFacts, site: str, name: str) -> tuple[tuple[str, Message], ...]:
    """The refused ledgers whose file name names the site; of a file that was not read nothing else is known."""
    marks = [mark for mark in (name_key(site), name_key(name)) if mark]
    ledgers = [(file.removeprefix(_LEDGERS), why) for file, why in facts.refused if file.startswith(_LEDGERS)]
    return tuple((file, why) for file, why in ledgers if any(mark in name_key(file) for mark in marks))


def site_report(day: SiteDay, period: str) -> Report:
    """The page of one site (spec 01: to the site itself): its ledger as accepted, with signature lines on A4.

    Rejected rows and missing ledgers stand above the ledger. Where nothing was accepted, there is nothing to sign
    unless the ledger itself says that nothing moved.
    """
    rejected = quarantined_table(day.quarantined, _REJECTED_MAX)
    unread = bool((day.quarantined["dataset"] == "ledger").any()) and not day.rows
    to_sign = day.received and not unread
    missing = (_missing(day.breaks),) if day.received or day.breaks else ()
    return Report(
        flow=FLOW,
        period=period,
        audience=day.site,
        title=_word("site.title"),
        subtitle=_word("site.subtitle", site=day.site, name=day.name, date=period),
        status="completed",
        headline=_headline(day, len(rejected.rows), period, to_sign=to_sign),
        figures=(),
        charts=(),
        tables=(rejected, *missing),
        next_steps=(_word("site.next" if to_sign else "site.next_send"),),
        notes=(),
        definitions=(),
        sheets=(_ledger_sheet(day, period),) if to_sign else (),
        tone="good" if to_sign and not rejected.rows and not day.breaks else "warn",
    )


def _headline(day: SiteDay, rejected: int, period: str, *, to_sign: bool) -> Message:
    if to_sign:
        return _word("site.headline", lines=len(day.rows), rejected=rejected)
    if rejected:
        return _word("site.headline_rejected", rejected=rejected)
    if day.refused:
        file, why = day.refused[-1]
        return _word("site.headline_refused", file=file, reason=why)
    return _word("site.headline_absent", date=period)


def _ledger_sheet(day: SiteDay, period: str) -> Sheet:
    table = Table(
        "ledger",
        _word("site.ledger"),
        tuple(Column(column, f"stock_ledger.heading.{column}", kind, width) for column, kind, width in _COLUMNS),
        day.rows,
        _word("site.no_movement"),
        shown=1000,
    )
    lines = (_word("site.line_site", site=day.site, name=day.name), _word("site.line_date", date=period))
    roles = tuple(_word(f"site.role.{role}") for role in ("custodian", "representative", "clerk"))
    return Sheet("ledger", _word("site.sheet", site=day.site, date=period), lines, table, roles)


def _rows_by_site(ledger: pd.DataFrame) -> dict[str, tuple[tuple[Value, ...], ...]]:
    """The rows of each site's table in the order of their numbers: every column is read as a whole, then cut."""
    ordered = ledger.sort_values(["site", "number"], kind="stable")
    rows = list(zip(*(_values(ordered, column) for column, _, _ in _COLUMNS), strict=True))
    found: dict[str, tuple[tuple[Value, ...], ...]] = {}
    start = 0
    for site, lines in ordered.groupby("site", sort=True).size().items():
        found[str(site)] = tuple(rows[start : start + lines])
        start += lines
    return found


def _values(rows: pd.DataFrame, column: str) -> list[Value]:
    """One column of the ledger as people wrote it: codes as delivered, categories and stocks in words."""
    values = rows[_SOURCES.get(column, column)].tolist()
    if column == "category":
        words = {code: _word(f"category.{code}") for code in set(values)}
        return [words[code] for code in values]
    if column == "warehouse":
        stocks = {quality: _word(f"stock.{quality}") if quality else None for quality in set(values)}
        return [stocks[quality] for quality in values]
    return [None if value is pd.NA else value for value in values]


def _missing(breaks: tuple[Break, ...]) -> Table:
    named: tuple[tuple[str, Kind, int], ...] = (
        ("date", "date", 12),
        ("kind", "wording", 14),
        ("message", "wording", 60),
    )
    columns = tuple(Column(column, f"stock_ledger.heading.{column}", kind, width) for column, kind, width in named)
    rows = tuple((one.date, _word(f"kind.{one.kind}"), one.message) for one in breaks)
    return Table("missing", _word("site.missing"), columns, rows, _word("site.none_missing"))


def _word(key: str, /, **parameters: str | int | Message) -> Message:
    return message(f"stock_ledger.{key}", **parameters)
