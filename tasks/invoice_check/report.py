"""The report of the invoice check to finance as figures, tables and sentences without a language (spec 04, report)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tasks.domain.amounts import money_text
from tasks.domain.message import Message
from tasks.domain.report import Chart, Report, Series, Table
from tasks.invoice_check.facts import InvoiceFacts
from tasks.invoice_check.report_parts import FLOW, shown_money, word, yuan
from tasks.invoice_check.report_tables import (
    ageing_table,
    books_table,
    breaks_table,
    bridge_documents_table,
    bridge_table,
    carried_tables,
    chase_table,
    decisions_table,
    explained_table,
    items_table,
    kinds_table,
    months_table,
    proposals_table,
    quarantined_table,
    reissued_tables,
    retention_table,
)

_DEFINED = ("month", "bridge", "overdue", "chase", "books", "series", "explained", "retention")
_BOOKING = ("NOT_BOOKED", "PERIOD_TOTAL")
_MONEY = ("RECEIPT_WITHOUT_INVOICE", "OVERPAID", "UNDERPAID")
_CHASED = ("PRE_ISSUED",)
_MONTHS = 12


def invoice_report(facts: InvoiceFacts, notes: tuple[Message, ...]) -> Report:
    """The report of `facts` with what is to be noted; its title says whether it is of a day or of a period's end."""
    span = word("subtitle_month" if facts.period_end else "subtitle_day", period=facts.period)
    return Report(
        flow=FLOW,
        period=facts.period,
        audience="",
        title=word("title"),
        subtitle=span,
        status=facts.status,
        headline=_headline(facts),
        figures=facts.figures,
        charts=tuple(_chart(facts)),
        tables=tuple(_tables(facts)),
        next_steps=tuple(_next_steps(facts)) or (word("next.nothing"),),
        notes=notes,
        definitions=tuple(word(f"definition.{name}") for name in _DEFINED),
        inputs=tuple(_inputs(facts)),
        tone="warn" if facts.still else "good",
    )


def _headline(facts: InvoiceFacts) -> Message:
    told = _agreement(facts)
    if facts.still:
        return word("headline.open", told=told, breaks=len(facts.still))
    return word("headline.clean", told=told)


def _agreement(facts: InvoiceFacts) -> Message:
    invoiced, revenue = (shown_money(figure.value) for figure in facts.figures[:2])
    if not facts.registered:
        return word("headline.no_register")
    if facts.bridge is None:
        return word("headline.no_revenue", invoiced=invoiced)
    if invoiced == revenue:
        return word("headline.equal", invoiced=invoiced)
    rest = int(facts.bridge.loc[facts.bridge["line"] == "unexplained", "amount"].sum())
    if rest:
        return word("headline.unexplained", invoiced=invoiced, revenue=revenue, rest=money_text(rest))
    return word("headline.explained", invoiced=invoiced, revenue=revenue)


def _chart(facts: InvoiceFacts) -> Iterable[Chart]:
    """Invoiced against revenue by month; none where nothing was invoiced in any."""
    months = facts.months.tail(_MONTHS)
    if months.empty:
        return
    dates = tuple(day.date() for day in months["month"])
    invoiced = tuple(yuan(cents) for cents in months["invoiced"])
    series = [Series("invoiced", word("series.invoiced"), invoiced, "money")]
    if facts.entries is not None:
        revenue = tuple(yuan(cents) for cents in months["revenue"])
        series.append(Series("revenue", word("series.revenue"), revenue, "money"))
    yield Chart("months", word("chart.months"), dates, tuple(series), "bars", months=True)


def _tables(facts: InvoiceFacts) -> Iterable[Table]:
    yield breaks_table(facts)
    yield kinds_table(facts)
    yield bridge_table(facts)
    yield from carried_tables(facts)
    yield ageing_table(facts)
    yield chase_table(facts)
    yield from reissued_tables(facts)
    yield items_table(facts)
    yield months_table(facts)
    yield books_table(facts)
    yield proposals_table(facts)
    yield explained_table(facts)
    yield decisions_table(facts)
    yield retention_table(facts)
    yield bridge_documents_table(facts)
    yield quarantined_table(facts.quarantined)


def _next_steps(facts: InvoiceFacts) -> Iterable[Message]:
    kinds = Counter(one.kind for one in facts.still)
    found = {
        "booking": sum(kinds[kind] for kind in _BOOKING),
        "money": sum(kinds[kind] for kind in _MONEY),
        "register": sum(kinds.values()) - sum(kinds[kind] for kind in (*_BOOKING, *_MONEY, *_CHASED)),
    }
    for name, count in found.items():
        if count:
            yield word(f"next.{name}", count=count)
    if len(facts.chase):
        yield word("next.chase", count=len(facts.chase), amount=money_text(int(facts.chase["open"].sum())))
    if len(facts.retention):
        yield word("next.retention", count=len(facts.retention))
    if len(facts.quarantined):
        yield word("next.quarantined", count=len(facts.quarantined.drop_duplicates(["file", "sheet", "row"])))
    if facts.still:
        yield word("next.answers")


def _inputs(facts: InvoiceFacts) -> Iterable[Message]:
    for dataset, counts in facts.rows.items():
        if counts["read"]:
            yield word("input", dataset=word(f"dataset.{dataset}"), **counts)
