"""Reports as a realistic day would give them: long Chinese sentences, old breaks, a missing ledger, a trend."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from tasks.domain.message import Message, message
from tasks.domain.report import Bars, Chart, Column, Figure, Report, Series, Sheet, Table, Value

DAY = dt.date(2026, 11, 20)
RATINGS = (5, 4, 3, 2, 1)
SITES = (
    ("DF01", "大丰一期"), ("DF02", "大丰二期"), ("DF03", "响水"), ("DF04", "如东海上一期"), ("DF05", "如东海上二期"),
    ("DF06", "滨海一期"), ("DF07", "滨海二期"), ("DF08", "射阳"), ("DF09", "启东"), ("DF10", "东台"),
    ("DF11", "灌云"), ("DF12", "盐城国能"),
)  # fmt: skip
ITEMS = (
    ("010203000040", "变桨电机 4.5kW"), ("010203000045", "变桨电机 5.5kW"), ("0304000112", "偏航制动片"),
    ("0501000007", "液压油 46# 200L"), ("0209000310", "IGBT 功率模块"),
)  # fmt: skip


def _column(name: str, kind: str = "text", width: int = 12) -> Column:
    return Column(name, f"sample.h.{name}", kind, width)  # type: ignore[arg-type]  # kinds stand in the tables below


def _sites() -> Table:
    columns = (
        _column("site", width=8), _column("site_name", width=16), _column("state", "wording", 10),
        _column("lines", "count"),
        _column("matched", "count"), _column("rate", "rate"), _column("open", "count"), _column("oldest", "count"),
        _column("value", "money", 14),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for place, (site, name) in enumerate(SITES):
        lines, off = 48 + 7 * place, (place * 5) % 4
        missing = site == "DF07"
        rows.append(
            (site, name, message("sample.state.missing" if missing else "sample.state.in"), None if missing else lines,
             None if missing else lines - off, None if missing else Decimal(lines - off) / lines, off, off * 2 or None,
             Decimal("1204.5") * off)
        )  # fmt: skip
    return Table("sites", message("sample.table.sites"), columns, tuple(rows), message("sample.empty.sites"), shown=20)


def _breaks() -> Table:
    columns = (
        _column("id", width=18), _column("site", width=8), _column("kind", "wording", 14), _column("item", width=15),
        _column("name", width=18), _column("date", "date"), _column("difference", "quantity"),
        _column("value", "money", 14),
        _column("age", "count", 8), _column("owner", width=10), _column("message", "wording", 60),
    )  # fmt: skip
    stories = (
        ("QUANTITY", "quantity", {"found": "3", "expected": "2", "document": "QTR-0012"}),
        ("MISSING_IN_ERP", "missing", {"n": "4", "document": "QTC-0107", "other": "010203000045"}),
        ("WAREHOUSE", "warehouse", {"document": "QTC-0110"}),
    )
    rows: list[tuple[Value, ...]] = []
    for place in range(23):
        kind, story, told = stories[place % 3]
        item, name = ITEMS[place % 5]
        rows.append(
            (f"{0x9F3A6C21B4D805E7 + place * 7919:016x}", SITES[place % 12][0], message(f"sample.kind.{kind}"),
             item, name,
             DAY - dt.timedelta(days=max(0, 12 - place)), (25000 if place % 2 else -10000) * (place + 1),
             Decimal("9850.25") / (place + 1), max(0, 9 - place), "王建国" if place % 4 == 0 else "",
             message(f"sample.msg.{story}", **told))
        )  # fmt: skip
    return Table(
        "breaks", message("sample.table.breaks"), columns, tuple(rows), message("sample.empty.breaks"), answers=True
    )


def _quarantined() -> Table:
    columns = (
        _column("file", width=24), _column("row", "count", 8), _column("column", width=10),
        _column("value_read", width=14), _column("reason", "wording", 34),
    )  # fmt: skip
    rows = tuple(
        ("DF03_20261120.xlsx", 7 + place, "日期", "2026-02-30", message("sample.q.date")) for place in range(2)
    )
    return Table("quarantined", message("sample.table.quarantined"), columns, rows, message("sample.empty.quarantined"))


def _ratings() -> Table:
    """What was answered at each site, the last not at all: bars of five parts."""
    columns = (
        _column("site_name", width=16), _column("answers", "count"),
        *(_column(f"n{mark}", "count") for mark in RATINGS),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for place, (_, name) in enumerate(SITES[:4]):
        counts = [40 - 9 * place, 12, 5 + place, place, 2 * place] if place < 3 else [0] * 5
        rows.append((name, sum(counts), *counts))
    bars = Bars("stack", tuple(f"n{mark}" for mark in RATINGS), tuple(f"n{mark}" for mark in RATINGS))
    return Table(
        "ratings", message("sample.table.ratings"), columns, tuple(rows), message("sample.empty.sites"), bars=bars
    )


def _ranking() -> Table:
    """How sure each site's share is: intervals with a target, of the last too few answers."""
    columns = (
        _column("site_name", width=16), _column("share", "share"), _column("low", "share"), _column("high", "share"),
        _column("target", "share"), _column("reason", width=34),
    )  # fmt: skip
    shares = (("0.89995", "0.885", "0.912"), ("0.7", "0.66", "1"), ("1", "0.995", "1"))
    rows: list[tuple[Value, ...]] = [
        (SITES[place][1], *map(Decimal, share), Decimal("0.900"), "") for place, share in enumerate(shares)
    ]
    rows.append((SITES[3][1], None, None, None, Decimal("0.900"), "1"))
    bars = Bars("interval", ("low", "share", "high", "target"), ("low", "high", "target"))
    return Table(
        "ranking", message("sample.table.ranking"), columns, tuple(rows), message("sample.empty.sites"), bars=bars
    )


def _trend() -> Chart:
    dates = tuple(DAY - dt.timedelta(days=29 - place) for place in range(30))
    open_ = tuple(14 + (place * 7) % 11 + place // 4 for place in range(30))
    new = tuple(3 + (place * 5) % 7 for place in range(30))
    rate: tuple[Decimal | None, ...] = tuple(
        None if place == 11 else Decimal(9600 + (place * 37) % 350) / 10000 for place in range(30)
    )
    return Chart(
        "trend",
        message("sample.chart.breaks"),
        dates,
        (
            Series("open", message("sample.series.open"), open_),
            Series("new", message("sample.series.new"), new),
            Series("match_rate", message("sample.series.rate"), rate, "rate"),
        ),
    )


def _figures() -> tuple[Figure, ...]:
    return (
        Figure("ledgers_received", "count", 11, "warn", message("sample.of", n=12)),
        Figure("match_rate", "rate", Decimal("0.984472")),
        Figure("breaks_open", "count", 23, "bad", message("sample.oldest", n=9)),
        Figure("value_at_stake", "money", Decimal("48210.5")),
        Figure("ledgers_missing", "count", 1, "warn"),
        Figure("ledgers_late", "count", 1),
        Figure("ledger_lines", "count", 1805),
        Figure("erp_lines", "count", 1790),
        Figure("matched_exact", "count", 1761, "good"),
        Figure("matched_grouped", "count", 16),
        Figure("matched_near", "count", 9),
        Figure("quantity_moved", "quantity", 41237500),
        Figure("business_date", "date", DAY),
    )


def _words(*keys: str) -> tuple[Message, ...]:
    return tuple(message(f"sample.{key}") for key in keys)


def a_day() -> Report:
    """A completed day with something of everything."""
    return Report(
        flow="stock-ledger",
        period="2026-11-20",
        audience="all",
        title=message("sample.title"),
        subtitle=message("sample.subtitle"),
        status="completed",
        headline=message("sample.headline"),
        figures=_figures(),
        charts=(_trend(),),
        tables=(_breaks(), _sites(), _quarantined(), _ratings(), _ranking()),
        next_steps=_words("step.call", "step.value", "step.oldest"),
        notes=_words("note.on_hand", "note.late"),
        definitions=_words("def.rate", "def.value"),
        inputs=_words("input.ledger", "input.erp"),
    )


def a_blocked_day() -> Report:
    """No ERP export: nothing can be judged."""
    undefined = tuple(replace(figure, value=None, tone="plain", detail=None) for figure in _figures())
    return replace(
        a_day(), status="blocked", headline=message("sample.headline.blocked"), figures=undefined, tables=(_sites(),)
    )


def a_day_with_nothing_to_report() -> Report:
    """Everything agrees: every table is empty and says so."""
    return replace(
        a_day(),
        headline=message("sample.headline.nothing"),
        figures=(Figure("breaks_open", "count", 0, "good"),),
        tables=tuple(replace(table, rows=()) for table in a_day().tables),
        charts=(),
        next_steps=(),
        notes=(),
    )


def a_ledger_to_sign() -> Report:
    """What the site itself gets: its ledger of the day with lines to sign."""
    columns = (
        _column("row", "count", 6), _column("item", width=16), _column("name", width=20),
        _column("quantity", "quantity"),
        _column("date", "date"), _column("reason", width=24),
    )  # fmt: skip
    rows = tuple((place + 1, *ITEMS[place % 5], 10000 * (place + 1), DAY, "") for place in range(14))
    sheet = Sheet(
        "ledger",
        message("sample.table.sign"),
        _words("sign.site"),
        Table("ledger", message("sample.table.sign"), columns, rows, message("sample.empty.quarantined")),
        _words("role.custodian", "role.representative"),
    )
    return replace(a_day(), audience="DF01", tables=(_quarantined(),), charts=(), sheets=(sheet,))
