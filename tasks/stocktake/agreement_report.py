"""The month's statements of account as reports: one page a site, one report for each department and over all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import pandas as pd

from tasks.domain.breaks import ALIVE, Break
from tasks.domain.message import Message, message
from tasks.domain.report import Column, Figure, Kind, Report, Sheet, Table, Value
from tasks.domain.shaping import each
from tasks.stocktake.agreement import Confirmation
from tasks.stocktake.report_parts import word

AGREEMENT = "account-agreement"
_SIDES = ("site", "department")
_FIGURES = ("opening", "in", "out", "closing")
_COLUMNS: tuple[tuple[str, Kind, int], ...] = (
    ("site", "text", 10), ("warehouse", "text", 12), ("warehouse_name", "text", 16), ("items", "count", 8),
    *((name, "quantity", 12) for name in _FIGURES), *((f"{name}_value", "money", 14) for name in _FIGURES),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class AgreementFacts:
    """What the statements of one month are made of.

    `sites`: site, site_name, department. `statements`: site, department, warehouse, warehouse_name, items and each
    figure with its worth in cents. `daily` are the breaks of the daily reconciliation that are open, `breaks` those
    that the run itself tells of.
    """

    period: str
    days: tuple[str, str]
    sites: pd.DataFrame
    statements: pd.DataFrame
    confirmations: tuple[Confirmation, ...]
    daily: tuple[Break, ...]
    breaks: tuple[Break, ...]

    @property
    def still(self) -> tuple[Break, ...]:
        """The statements that not both sides have agreed to."""
        return tuple(one for one in self.breaks if one.state in ALIVE)


def of_sites(facts: AgreementFacts, sites: pd.DataFrame) -> AgreementFacts:
    """The facts of some sites alone."""
    own = set(sites["site"])
    return AgreementFacts(
        period=facts.period,
        days=facts.days,
        sites=sites,
        statements=facts.statements[facts.statements["site"].isin(own)],
        confirmations=tuple(one for one in facts.confirmations if one.site in own),
        daily=tuple(one for one in facts.daily if one.site in own),
        breaks=tuple(one for one in facts.breaks if one.site in own),
    )


def agreement_figures(facts: AgreementFacts) -> tuple[Figure, ...]:
    """How many statements went out and were agreed to, and what stands in them."""
    agreed = len(facts.sites) - len(facts.still)
    tone: Literal["good", "warn"] = "warn" if facts.still else "good"
    closing = Decimal(int(facts.statements["closing_value"].sum())) / 100
    return (
        Figure("sites_agreed", "count", agreed, tone),
        Figure("agreements_open", "count", len(facts.still), tone),
        Figure("closing_value", "money", closing),
        Figure("daily_breaks_open", "count", len(facts.daily)),
        Figure("sites_stated", "count", len(facts.sites)),
        Figure("warehouses_stated", "count", len(facts.statements)),
        Figure("breaks_open", "count", len(facts.still)),
    )


def agreement_report(facts: AgreementFacts, audience: str, notes: Sequence[Message] = ()) -> Report:
    """The report of `facts` for `audience`: a department, a site, or "" for everybody."""
    first, last = facts.days
    return Report(
        flow=AGREEMENT,
        period=facts.period,
        audience=audience,
        title=word("title.account-agreement"),
        subtitle=word("agreement.subtitle", audience=audience or "—", first=first, last=last),
        status="completed",
        headline=word("agreement.headline", sites=len(facts.sites), open=len(facts.still)),
        figures=agreement_figures(facts),
        charts=(),
        tables=(_statement_table(facts.statements), _answers_table(facts), _daily_table(facts.daily)),
        next_steps=tuple(_next_steps(facts)) or (word("next.nothing"),),
        notes=tuple(notes),
        definitions=(word("agreement.definition"),),
        tone="warn" if facts.still else "good",
    )


def site_statement(facts: AgreementFacts, site: str, name: str) -> Report:
    """The page of one site to print and sign: its statement by warehouse, and what is still open."""
    first, last = facts.days
    sheet = Sheet(
        name="statement",
        title=word("agreement.sheet", site=site, name=name),
        lines=(word("agreement.line", first=first, last=last),),
        table=_statement_table(facts.statements),
        signatures=tuple(word(f"role.{role}") for role in ("custodian", "clerk", "manager")),
    )
    report = agreement_report(facts, site)
    return Report(
        flow=report.flow,
        period=report.period,
        audience=site,
        title=report.title,
        subtitle=report.subtitle,
        status="completed",
        headline=word("agreement.headline_site", open=len(facts.daily)),
        figures=(),
        charts=(),
        tables=(_daily_table(facts.daily),),
        next_steps=(word("agreement.next", site=site, period=facts.period),),
        notes=(),
        definitions=(),
        sheets=(sheet,),
        tone="warn",
    )


def _statement_table(statements: pd.DataFrame) -> Table:
    rows: list[tuple[Value, ...]] = [
        (
            row.site, row.warehouse, row.warehouse_name, int(row.items),
            *(int(getattr(row, f"{name}_sum")) for name in _FIGURES),
            *(Decimal(int(getattr(row, f"{name}_value"))) / 100 for name in _FIGURES),
        )
        for row in each(statements)
    ]  # fmt: skip
    return _drawn("statement", rows, _COLUMNS, shown=200)


def _answers_table(facts: AgreementFacts) -> Table:
    said: Mapping[tuple[str, str], Confirmation] = {(one.site, one.side): one for one in facts.confirmations}
    rows: list[tuple[Value, ...]] = []
    for row in each(facts.sites):
        cells: list[Value] = [row.site, row.site_name, row.department]
        for side in _SIDES:
            one = said.get((row.site, side))
            answer = "awaited" if one is None else "agrees" if one.agrees else "differs"
            cells += [word(f"agreement.{answer}"), one.who if one else "", one.reason if one else ""]
        rows.append(tuple(cells))
    parts: tuple[tuple[str, Kind, int], ...] = (("answer", "wording", 10), ("who", "text", 12), ("reason", "text", 24))
    columns = [(f"{side}_{part}", kind, width) for side in _SIDES for part, kind, width in parts]
    head: tuple[tuple[str, Kind, int], ...] = (("site", "text", 10), ("site_name", "text", 16))
    return _drawn("answers", rows, (*head, ("department", "text", 16), *columns), shown=200)


def _daily_table(daily: Sequence[Break]) -> Table:
    rows: list[tuple[Value, ...]] = [
        (
            one.id, message(f"stock_ledger.kind.{one.kind}"), one.site, one.warehouse, one.item, one.date,
            None if one.value is None else Decimal(one.value), one.message,
        )
        for one in daily
    ]  # fmt: skip
    columns: tuple[tuple[str, Kind, int], ...] = (
        ("id", "text", 18), ("kind", "wording", 14), ("site", "text", 10), ("warehouse", "text", 12),
        ("item", "text", 14), ("date", "date", 12), ("value", "money", 12), ("message", "wording", 60),
    )  # fmt: skip
    return _drawn("daily", rows, columns, shown=50)


def _next_steps(facts: AgreementFacts) -> Iterable[Message]:
    for one in facts.still[:12]:
        yield word("agreement.next", site=one.site, period=facts.period)


def _drawn(
    name: str, rows: Sequence[tuple[Value, ...]], columns: Sequence[tuple[str, Kind, int]], *, shown: int
) -> Table:
    headed = tuple(Column(column, f"stocktake.heading.{column}", kind, width) for column, kind, width in columns)
    return Table(name, word(f"table.{name}"), headed, tuple(rows), word(f"empty.{name}"), shown)
