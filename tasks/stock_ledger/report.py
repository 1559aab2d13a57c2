"""The report of one business date as figures, tables and sentences without a language (spec 01, report)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from tasks.domain.breaks import Break, age_of
from tasks.domain.categories import CATEGORIES
from tasks.domain.message import Message, message, message_from_json
from tasks.domain.report import Chart, Column, Kind, Report, Series, Table, Value
from tasks.stock_ledger.deliveries import PART
from tasks.stock_ledger.figures import AGES, DayFacts, age_class, value_at_stake

FLOW = "stock-ledger"
_AREA = "stock_ledger"
_SHOWN_QUARANTINED = 15
_SHOWN_SOURCES = 6
_NAMED_MAX = 12


@dataclass(frozen=True, slots=True)
class Extras:
    """What only some reports show: notes said once, the past figures of the trend, transfers and pairs of the month.

    `trend` holds (date, figures by name) of earlier dates, oldest first. `transfers` and `pairs`: ready tables or None.
    """

    notes: tuple[Message, ...]
    trend: Sequence[tuple[dt.date, Mapping[str, object]]]
    tables: tuple[Table, ...]


def day_report(facts: DayFacts, audience: str, extras: Extras) -> Report:
    """The report of `facts` for `audience` (a department's name, or "" for the management department over all)."""
    period = facts.as_of.isoformat()
    figures = facts.figures
    return Report(
        flow=FLOW,
        period=period,
        audience=audience,
        title=_word("title"),
        subtitle=_word("subtitle", date=period, audience=audience) if audience else _word("subtitle_all", date=period),
        status="blocked" if facts.status == "blocked" else "completed",
        headline=_headline(facts),
        figures=figures,
        charts=(_trend(facts, extras),),
        tables=(
            _breaks_table(facts),
            _sites_table(facts),
            _kinds_table(facts),
            *extras.tables,
            _quarantined_table(facts),
            _resolved_table(facts),
        ),
        next_steps=_next_steps(facts),
        notes=extras.notes,
        definitions=tuple(_word(f"definition.{name}") for name in ("match_rate", "value_at_stake", "age", "near")),
        inputs=_inputs(facts),
        tone="good" if _clean(facts) else "warn",
    )


def _word(key: str, /, **parameters: str | int | Message) -> Message:
    return message(f"{_AREA}.{key}", **parameters)


def _headline(facts: DayFacts) -> Message:
    still = facts.still
    if facts.status == "blocked":
        return _word("headline.blocked", date=facts.as_of.isoformat())
    absent = sum(1 for arrival in facts.arrivals.values() if arrival != "received")
    if not still:
        return _word("headline.waiting", absent=absent) if absent else _word("headline.clean", sites=len(facts.sites))
    stake = f"{value_at_stake(still):,.2f}"
    oldest = max(age_of(one, facts.as_of) for one in still)
    return _word("headline.breaks", breaks=len(still), value=stake, oldest=oldest)


def _clean(facts: DayFacts) -> bool:
    return not facts.still and all(arrival == "received" for arrival in facts.arrivals.values())


def _trend(facts: DayFacts, extras: Extras) -> Chart:
    names = ("breaks_open", "match_rate")
    points = [(date, figures) for date, figures in extras.trend if date < facts.as_of]
    today: dict[str, object] = {figure.name: figure.value for figure in facts.figures}
    points.append((facts.as_of, today))
    return Chart(
        name="trend",
        title=_word("chart.trend"),
        dates=tuple(date for date, _ in points),
        series=tuple(
            Series(
                name,
                _word(f"figure.{name}"),
                tuple(_number(figures.get(name)) for _, figures in points),
                "rate" if name == "match_rate" else "count",
            )
            for name in names
        ),
    )


def _number(value: object) -> Decimal | int | None:
    return None if value is None else value if isinstance(value, int) else Decimal(str(value))


def _columns(*named: tuple[str, Kind, int]) -> tuple[Column, ...]:
    return tuple(Column(name, f"{_AREA}.heading.{name}", kind, width) for name, kind, width in named)


def _breaks_table(facts: DayFacts) -> Table:
    columns = _columns(
        ("id", "text", 18),
        ("kind", "wording", 14),
        ("severity", "wording", 8),
        ("state", "wording", 10),
        ("site", "text", 10),
        ("warehouse", "text", 12),
        ("item", "text", 14),
        ("date", "date", 12),
        ("expected", "wording", 14),
        ("found", "wording", 14),
        ("value", "money", 12),
        ("age", "count", 8),
        ("owner", "text", 12),
        ("message", "wording", 60),
        ("refs", "text", 40),
        ("source", "wording", 60),
    )
    rows = tuple(_break_row(one, facts) for one in facts.still)
    return Table("breaks", _word("table.breaks"), columns, rows, _word("empty.breaks"), answers=True)


def _break_row(one: Break, facts: DayFacts) -> tuple[Value, ...]:
    return (
        one.id,
        _word(f"kind.{one.kind}"),
        _word(f"severity.{one.severity}"),
        message(f"register.state.{one.state}"),
        one.site,
        one.warehouse,
        one.item,
        one.date,
        shown_value(one.expected),
        shown_value(one.found),
        None if one.value is None else Decimal(one.value),
        age_of(one, facts.as_of),
        one.owner,
        one.message,
        " ".join(one.refs),
        sources_in_words([facts.sources[ref] for ref in one.refs if ref in facts.sources]),
    )


def sources_in_words(places: Sequence[Message]) -> Message | None:
    """The places one after the other, the first _SHOWN_SOURCES of them named; None without any."""
    if not places:
        return None
    told = places[0]
    for further in places[1:_SHOWN_SOURCES]:
        told = _word("sources", first=told, second=further)
    left = len(places) - _SHOWN_SOURCES
    return _word("sources_more", first=told, count=left) if left > 0 else told


def shown_value(text: str) -> Message:
    """What `text` (an expected or found value) reads as: category and quality codes in words, all else as it stands."""
    first, part, rest = text.partition(PART)
    if part:
        return _word("parts", first=shown_value(first), second=shown_value(rest))
    if text in CATEGORIES:
        return _word(f"category.{text}")
    if text in ("good", "damaged"):
        return _word(f"quality.{text}")
    return message("report.plain", text=text)


def _sites_table(facts: DayFacts) -> Table:
    columns = _columns(
        ("site", "text", 10),
        ("site_name", "text", 16),
        ("department", "text", 16),
        ("arrival", "wording", 12),
        ("ledger_lines", "count", 8),
        ("matched_exact", "count", 8),
        ("matched_grouped", "count", 8),
        ("matched_near", "count", 8),
        ("breaks_open", "count", 8),
        ("value_at_stake", "money", 12),
        ("rows_quarantined", "count", 8),
    )
    stages = facts.ledger.groupby(["site", "stage"]).size().to_dict()
    lines = facts.ledger.groupby("site").size().to_dict()
    bad = facts.quarantined[["site", "file", "sheet", "row"]].drop_duplicates().groupby("site").size().to_dict()
    by_site: dict[str, list[Break]] = {}
    for one in facts.still:
        by_site.setdefault(one.site, []).append(one)
    rows = tuple(
        (
            site,
            name,
            department,
            _word(f"arrival.{facts.arrivals.get(site, 'not_yet')}"),
            int(lines.get(site, 0)),
            *(int(stages.get((site, stage), 0)) for stage in ("exact", "grouped", "near")),
            len(by_site.get(site, [])),
            value_at_stake(tuple(by_site.get(site, []))),
            int(bad.get(site, 0)),
        )
        for site, name, department in facts.sites[["site", "site_name", "department"]].to_numpy().tolist()
    )
    return Table("sites", _word("table.sites"), columns, rows, _word("empty.sites"), shown=40)


def _kinds_table(facts: DayFacts) -> Table:
    columns = _columns(
        ("kind", "wording", 18),
        *((f"age_{name}", "count", 10) for name, _ in AGES),
        ("total", "count", 8),
        ("value", "money", 14),
    )
    still = facts.still
    counted = Counter((one.kind, age_class(age_of(one, facts.as_of))) for one in still)
    rows: list[tuple[Value, ...]] = []
    for kind in sorted({one.kind for one in still}):
        ages = [counted[(kind, name)] for name, _ in AGES]
        value = value_at_stake(tuple(one for one in still if one.kind == kind))
        rows.append((_word(f"kind.{kind}"), *ages, sum(ages), value))
    return Table("kinds", _word("table.kinds"), columns, tuple(rows), _word("empty.breaks"), shown=40)


def _quarantined_table(facts: DayFacts) -> Table:
    return quarantined_table(facts.quarantined, _SHOWN_QUARANTINED)


def quarantined_table(cells: pd.DataFrame, shown: int) -> Table:
    """The quarantined cells as a table: dataset, site, file, sheet, row, column, value as it stood, reason in words."""
    columns = _columns(
        ("dataset", "wording", 12),
        ("site", "text", 10),
        ("file", "text", 28),
        ("sheet", "text", 12),
        ("row", "count", 8),
        ("column", "text", 14),
        ("value_text", "text", 20),
        ("reason", "wording", 40),
    )
    rows = tuple(
        (
            _word(f"dataset.{cell['dataset']}"),
            cell["site"],
            cell["file"],
            cell["sheet"],
            int(cell["row"]),
            cell["column"],
            cell["value"],
            message_from_json(cell["reason"]),
        )
        for cell in cells.to_dict("records")
    )
    return Table("quarantined", _word("table.quarantined"), columns, rows, _word("empty.quarantined"), shown=shown)


def _resolved_table(facts: DayFacts) -> Table:
    columns = _columns(
        ("id", "text", 18),
        ("kind", "wording", 14),
        ("state", "wording", 10),
        ("site", "text", 10),
        ("item", "text", 14),
        ("date", "date", 12),
        ("opened_on", "date", 12),
        ("message", "wording", 60),
    )
    rows = tuple(
        (
            one.id,
            _word(f"kind.{one.kind}"),
            message(f"register.state.{one.state}"),
            one.site,
            one.item,
            one.date,
            one.opened_on,
            one.message,
        )
        for one in facts.breaks
        if one.state in ("resolved", "written-off")
    )
    return Table("resolved", _word("table.resolved"), columns, rows, _word("empty.resolved"), shown=5)


def _next_steps(facts: DayFacts) -> tuple[Message, ...]:
    still = facts.still
    steps = []
    if facts.status == "blocked":
        steps.append(_word("next.erp_export", date=facts.as_of.isoformat()))
    absent = sorted(site for site, arrival in facts.arrivals.items() if arrival in ("missing", "not_yet"))
    if absent:
        steps.append(_word("next.ledgers", sites="、".join(absent[:_NAMED_MAX]), count=len(absent)))
    if len(facts.quarantined):
        steps.append(_word("next.quarantined", rows=len(facts.quarantined[["file", "sheet", "row"]].drop_duplicates())))
    asked = sorted((facts.asked[one.id], one.id) for one in still if one.id in facts.asked)
    if asked:
        named = "、".join(f"{number} ({name})" for number, name in asked[:_NAMED_MAX])
        steps.append(_word("next.approvals", count=len(asked), approvals=named, first=asked[0][0]))
    high = [one for one in still if one.severity == "high"]
    if high:
        steps.append(_word("next.high", count=len(high)))
    if still:
        steps.append(_word("next.answers"))
    return tuple(steps) or (_word("next.nothing"),)


def _inputs(facts: DayFacts) -> tuple[Message, ...]:
    return tuple(
        _word(
            "input",
            dataset=_word(f"dataset.{dataset}"),
            read=counts["read"],
            accepted=counts["accepted"],
            quarantined=counts["quarantined"],
            repeated=counts["repeated"],
        )
        for dataset, counts in facts.rows.items()
        if counts["read"]
    )
