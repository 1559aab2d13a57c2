"""The report of one count as figures, tables and sentences without a language (spec 02, report)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tasks.domain.breaks import age_of
from tasks.domain.message import Message, message
from tasks.domain.report import Chart, Report, Series, Table
from tasks.domain.shaping import each
from tasks.stocktake.accuracy import accuracy_by
from tasks.stocktake.facts import CountFacts, Decision, first_sheets
from tasks.stocktake.report_parts import (
    FLOW,
    drawn,
    shown_cause,
    word,
    yuan_or_none,
)
from tasks.stocktake.report_tables import (
    adjustments_table,
    decisions_table,
    departments_table,
    proof_table,
    quarantined_table,
    reviews_table,
    sheets_table,
    variances_table,
)

_DEFINED = ("exact", "within", "by_line", "by_quantity", "by_value", "coverage", "proof", "value")
_NAMED_MAX = 12
_MONTHS = 12
_CHARTED = ("accuracy_by_line", "accuracy_by_value")


@dataclass(frozen=True, slots=True)
class Extras:
    """What the report shows besides the count's facts: notes, and the figures of earlier months, oldest first."""

    notes: tuple[Message, ...]
    trend: Sequence[tuple[dt.date, Mapping[str, object]]]


def count_report(facts: CountFacts, audience: str, extras: Extras) -> Report:
    """The report of `facts` for `audience` (a department's name, or "" for the one over all)."""
    number = facts.count.number
    told = {"count": number, "cut_off": facts.count.cut_off.isoformat(), "deadline": facts.deadline.isoformat()}
    return Report(
        flow=FLOW,
        period=number,
        audience=audience,
        title=word("title"),
        subtitle=word("subtitle", audience=audience, **told) if audience else word("subtitle_all", **told),
        status=facts.status,
        headline=_headline(facts),
        figures=facts.figures,
        charts=(_accuracy_chart(facts, extras),),
        tables=tuple(_tables(facts, audience)),
        next_steps=tuple(_next_steps(facts)) or (word("next.nothing"),),
        notes=extras.notes,
        definitions=tuple(word(f"definition.{name}") for name in _DEFINED),
        inputs=tuple(_inputs(facts)),
        tone="warn" if facts.still else "good",
    )


def _headline(facts: CountFacts) -> Message:
    sums = facts.accuracy
    if facts.waiting:
        return word("headline.waiting", count=len(facts.waiting), lines=sum(one.lines for one in facts.waiting))
    if not sums.lines_counted:
        return word("headline.not_counted", sheets=len(first_sheets(facts)))
    if not sums.lines_off:
        return word("headline.clean", lines=sums.lines_counted)
    surplus, shortage = (f"{Decimal(cents) / 100:,.2f}" for cents in (sums.surplus_value, sums.shortage_value))
    key = "headline.not_adjusted" if facts.closed_as == "not-adjusted" else "headline.off"
    return word(key, lines=sums.lines_off, surplus=surplus, shortage=shortage)


def _accuracy_chart(facts: CountFacts, extras: Extras) -> Chart:
    points = [(date, figures) for date, figures in extras.trend if date < facts.count.period][1 - _MONTHS :]
    today: dict[str, object] = {one.name: one.value for one in facts.figures}
    points.append((facts.count.period, today))
    series = tuple(
        Series(name, word(f"figure.{name}"), tuple(_number(own.get(name)) for _, own in points), "rate")
        for name in _CHARTED
    )
    return Chart("accuracy", word("chart.accuracy"), tuple(date for date, _ in points), series)


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _tables(facts: CountFacts, audience: str) -> Iterable[Table]:
    yield breaks_table(facts)
    if facts.decisions:
        yield decisions_table(facts.decisions)
    if not audience:
        yield departments_table(facts, accuracy_by(facts.variances, "department"))
    yield variances_table(facts.variances)
    yield proof_table(facts.proof)
    yield sheets_table(facts.sheets)
    yield _causes_table(facts)
    yield reviews_table(facts.reviews)
    yield adjustments_table(facts.adjustments)
    yield quarantined_table(facts.quarantined)


def breaks_table(facts: CountFacts) -> Table:
    """What people still have to work on, as a form for their answers."""
    rows = [
        (
            one.id, word(f"kind.{one.kind}"), word(f"severity.{one.severity}"),
            message(f"register.state.{one.state}"), one.site, one.warehouse, one.item, one.expected, one.found,
            None if one.value is None else Decimal(one.value), age_of(one, facts.count.period), one.owner, one.message,
            " ".join(one.refs),
        )
        for one in facts.still
    ]  # fmt: skip
    return drawn(
        "exceptions", rows, ("id", "text", 18), ("kind", "wording", 14), ("severity", "wording", 8),
        ("state", "wording", 10), ("site", "text", 10), ("warehouse", "text", 12), ("item", "text", 14),
        ("expected", "text", 12), ("found", "text", 12), ("value", "money", 12), ("age", "count", 8),
        ("owner", "text", 12), ("message", "wording", 60), ("refs", "text", 40), answers=True,
    )  # fmt: skip


def _causes_table(facts: CountFacts) -> Table:
    rows = [
        (shown_cause(row.cause), int(row.lines), yuan_or_none(row.surplus_value), yuan_or_none(row.shortage_value))
        for row in each(facts.causes)
    ]
    return drawn(
        "causes", rows, ("cause", "wording", 20), ("lines", "count", 8), ("surplus_value", "money", 14),
        ("shortage_value", "money", 14), shown=30,
    )  # fmt: skip


def _next_steps(facts: CountFacts) -> Iterable[Message]:
    if not facts.closed_as:
        yield from _until_closed(facts)
    if facts.still:
        yield word("next.answers")


def _until_closed(facts: CountFacts) -> Iterable[Message]:
    """What can be done only as long as sheets are taken back and questions are asked."""
    out = facts.sheets[(facts.sheets["round"] == 0) & (facts.sheets["state"] == "awaited")]
    if len(out):
        folder = str(out["file"].iloc[0]).rpartition("/")[0]
        yield word("next.awaited", count=len(out), folder=folder, due=out["due_on"].max().date().isoformat())
    missing = sorted(first_sheets(facts).query("state == 'missing'")["number"])
    if missing:
        yield word("next.missing", sheets="、".join(missing[:_NAMED_MAX]), count=len(missing))
    recounts = facts.sheets[(facts.sheets["round"] > 0) & facts.sheets["state"].isin(["awaited", "missing"])]
    if len(recounts):
        yield word("next.recount", sheets="、".join(sorted(recounts["number"])[:_NAMED_MAX]), count=len(recounts))
    without = int((facts.variances["status"] == "no_reason").sum())
    if without:
        yield word("next.no_reason", count=without)
    for one in facts.waiting[:_NAMED_MAX]:
        yield word("next.approval", id=one.id, department=one.department, lines=one.lines, who=_who(one))


def _who(one: Decision) -> Message:
    """Whose answer to the question counts."""
    if not one.approvers:
        return word("next.anybody")
    return word("next.nobody") if one.approvers == (FLOW,) else message("report.plain", text="、".join(one.approvers))


def _inputs(facts: CountFacts) -> Iterable[Message]:
    for dataset, counts in facts.rows.items():
        if counts["read"]:
            yield word("input", dataset=word(f"dataset.{dataset}"), **counts)
