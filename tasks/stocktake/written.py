"""The written reports that the rule asks for: of each surplus, shortage and damage its cause, who, and what to do."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from tasks.domain.report import Column, Kind, Report, Sheet, Table, Value
from tasks.domain.shaping import each
from tasks.stocktake.facts import CountFacts
from tasks.stocktake.report_parts import FLOW, amount_or_none, shown_cause, word, yuan_or_none

_COLUMNS: tuple[tuple[str, Kind, int], ...] = (
    ("warehouse", "text", 10), ("item", "text", 12), ("item_name", "text", 16), ("specification", "text", 12),
    ("unit", "text", 6), ("book", "quantity", 8), ("counted", "quantity", 8), ("quantity", "quantity", 8),
    ("value", "money", 10), ("cause", "wording", 14), ("responsible", "text", 10), ("proposal", "text", 20),
)  # fmt: skip
_ROLES = ("custodian", "supervisor", "manager")


def written_reports(facts: CountFacts) -> dict[str, Report]:
    """A page to print and sign for each sheet with a surplus, shortage or damage, by the sheet's number."""
    told = _told(facts)
    return {str(number): _page(facts, own) for number, own in told.groupby("number", sort=True)}


def sheets_written_of(facts: CountFacts) -> list[str]:
    """The numbers of the sheets that `written_reports` gives a page for, in its order."""
    return sorted(_told(facts)["number"].unique())


def _told(facts: CountFacts) -> pd.DataFrame:
    lines = facts.variances
    return lines[(lines["variance"].fillna(0) != 0) | (lines["damaged"].fillna(0) > 0)]


def _page(facts: CountFacts, lines: pd.DataFrame) -> Report:
    first = lines.iloc[0]
    where = str(first["site"] or first["department"])
    return Report(
        flow=FLOW,
        period=facts.count.number,
        audience=where,
        title=word("written.title"),
        subtitle=word("written.subtitle", where=where, number=str(first["number"]), count=facts.count.number),
        status="completed",
        headline=word("written.headline", lines=len(lines)),
        figures=(),
        charts=(),
        tables=(),
        next_steps=(),
        notes=(),
        definitions=(),
        sheets=tuple(_sheets(lines, where)),
        tone="warn",
    )


def _sheets(lines: pd.DataFrame, where: str) -> Iterable[Sheet]:
    off = lines["variance"].fillna(0)
    parts = {"surplus": lines[off > 0], "shortage": lines[off < 0], "damaged": lines[lines["damaged"].fillna(0) > 0]}
    for name, own in parts.items():
        if len(own):
            yield Sheet(
                name=name,
                title=word(f"written.{name}"),
                lines=(word("written.line", where=where, lines=len(own)),),
                table=_table(name, own),
                signatures=tuple(word(f"role.{role}") for role in _ROLES),
            )


def _table(name: str, lines: pd.DataFrame) -> Table:
    rows: list[tuple[Value, ...]] = []
    for row in each(lines.sort_values(["warehouse_key", "item_key"])):
        quantity = row.damaged if name == "damaged" else abs(row.variance)
        value = None if name == "damaged" else yuan_or_none(row.value)
        rows.append(
            (
                row.warehouse, row.item, row.item_name, row.specification, row.unit, amount_or_none(row.book),
                amount_or_none(row.counted), amount_or_none(quantity), None if value is None else abs(value),
                shown_cause(row.cause), row.responsible, row.proposal,
            )
        )  # fmt: skip
    columns = tuple(Column(column, f"stocktake.heading.{column}", kind, width) for column, kind, width in _COLUMNS)
    return Table(f"written_{name}", word(f"written.{name}"), columns, tuple(rows), word("empty.variances"), shown=1000)
