"""The page of one run as ops see it in the Prefect UI: verdict, what to do next, key figures, what matters, reports.

It is made of the object of `--json` (spec 10), so it shows the figures that every other rendering shows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from urllib.parse import quote

from config.wording import in_every_language, wording
from tasks.adapters.markdown import cell, table
from tasks.adapters.speech import shown
from tasks.domain.report import Kind, area_of, title_of

SHOWN_MAX = 10
REPORTS_MAX = 20
_SEVERITIES = ("high", "medium", "low")
_ALIVE = ("open", "explained", "reopened")
_SIGNS = {"completed": "✓", "blocked": "⛔"}
# The page wraps no cell, so what the sentence says anyway has no column of its own.
_COLUMNS = ("id", "kind", "site", "item", "value", "age_working_days", "message")
# Enough digits to name a break to the desk.
_ID_DIGITS = 8
_NUMERIC = frozenset(place for place, name in enumerate(_COLUMNS) if name in {"value", "age_working_days"})
# Spec 10 gives rates six places and money two, and no other text looks like them.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("rate", re.compile(r"[01]\.\d{6}")),
    ("money", re.compile(r"-?\d+\.\d\d")),
)


def run_page(summary: Mapping[str, object], language: str, reports_at: str = "") -> str:
    """The page of a run as Markdown, labelled in every language, its values and sentences as `language` writes them.

    `reports_at` is the address under which the home's reports can be opened; without one their paths are shown.
    """
    area = area_of(str(summary["flow"]))
    breaks = _to_work_on(summary)
    lines = [
        f"# {in_every_language(title_of(str(summary['flow'])))} · {summary['period']}",
        "",
        f"**{_verdict(summary, breaks)}**",
        "",
    ]
    lines += _section("next", [f"- {one}" for one in _next_steps(summary, breaks)])
    if breaks:
        more = len(breaks) - SHOWN_MAX
        rows = [[_cell(one, name, area, language) for name in _COLUMNS] for one in breaks[:SHOWN_MAX]]
        headings = [in_every_language(f"cli.heading.{name}") for name in _COLUMNS]
        left = ["", in_every_language("form.run.more", count=more)] if more > 0 else []
        lines += _section("matter", [*table(headings, rows, _NUMERIC), *left])
    lines += _section("figures", _figures(summary, area, language))
    return "\n".join(lines + _section("reports", _reports(summary, reports_at)))


def _to_work_on(summary: Mapping[str, object]) -> list[Mapping[str, object]]:
    """The breaks that are alive, the gravest, dearest and oldest first."""
    exceptions = summary["exceptions"]
    assert isinstance(exceptions, Sequence)
    alive = [one for one in exceptions if one["state"] in _ALIVE]
    return sorted(
        alive,
        key=lambda one: (
            _SEVERITIES.index(one["severity"]),
            -abs(Decimal(one["value"] or 0)),
            -int(one["age_working_days"] or 0),
            one["id"],
        ),
    )


def _verdict(summary: Mapping[str, object], breaks: Sequence[Mapping[str, object]]) -> str:
    status = str(summary["status"])
    sign = "⚠" if breaks and status == "completed" else _SIGNS.get(status, "…")
    said = in_every_language(f"report.status.{status}")
    high = sum(one["severity"] == "high" for one in breaks)
    count = in_every_language("form.run.breaks", count=len(breaks), high=high)
    return f"{sign} {said} — {count}" if breaks else f"{sign} {said}"


def _next_steps(summary: Mapping[str, object], breaks: Sequence[object]) -> list[str]:
    rows, mails = summary["rows"], summary["mails"]
    assert isinstance(rows, Mapping)
    assert isinstance(mails, Sequence)
    quarantined = sum(counts["quarantined"] for counts in rows.values())
    unsent = sum(mail["state"] == "failed" for mail in mails)
    steps = []
    if summary["status"] == "blocked":
        area = area_of(str(summary["flow"]))
        stopping = summary.get("stopping", ())
        assert isinstance(stopping, Sequence)
        why = "; ".join(map(str, stopping))
        steps.append(in_every_language(f"form.blocked.{area}", date=summary["period"], why=why))
    if breaks:
        steps.append(in_every_language("form.run.work"))
    if quarantined:
        steps.append(in_every_language("form.run.quarantined", count=quarantined))
    if unsent:
        steps.append(in_every_language("form.run.unsent", count=unsent))
    return steps or [in_every_language("form.run.nothing")]


def _figures(summary: Mapping[str, object], area: str, language: str) -> list[str]:
    """The figures as a table of two beside one another, so that they do not push the rest off the screen."""
    figures = summary["figures"]
    assert isinstance(figures, Mapping)
    cells = [
        [in_every_language(f"{area}.figure.{name}"), figure_text(value, language)]
        for name, value in figures.items()
        if not isinstance(value, Mapping | list)
    ]
    half = (len(cells) + 1) // 2
    beside = [*cells[half:], ["", ""]]
    return table(["", "", "", ""], [left + right for left, right in zip(cells[:half], beside, strict=False)], {1, 3})


def figure_text(value: object, language: str) -> str:
    """A figure of `summary.json` as people read it: a rate as a percentage, money with its thousands set apart."""
    if isinstance(value, int):
        return shown("count", value, language)
    if value is None:
        return shown("text", None, language)
    text = str(value)
    kind = next((kind for kind, looks in _KINDS if looks.fullmatch(text)), None)
    return shown(kind, Decimal(text), language) if kind else cell(text)


def _cell(one: Mapping[str, object], name: str, area: str, language: str) -> str:
    value = one[name]
    if name == "id":
        return cell(str(value)[:_ID_DIGITS])
    if name == "kind":
        return cell(wording(language, f"{area}.kind.{value}"))
    return figure_text(value, language) if name == "value" else cell("—" if value is None else str(value))


def _reports(summary: Mapping[str, object], reports_at: str) -> list[str]:
    """The report over all and each department's; the sites' pages lie beside them and would be too many here."""
    reports = summary["reports"]
    assert isinstance(reports, Sequence)
    paths = [str(path) for path in reports if "/sites/" not in str(path)]
    if not reports_at:
        return [f"- `{path}`" for path in paths[:REPORTS_MAX]]
    return [f"- [{cell(path)}]({reports_at}/{quote(path)})" for path in paths[:REPORTS_MAX]]


def _section(name: str, lines: Sequence[str]) -> list[str]:
    return [f"## {in_every_language(f'form.run.{name}')}", "", *lines, ""] if lines else []
