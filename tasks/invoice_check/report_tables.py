"""The tables of the invoice check's report: breaks, the bridge, what is owed and chased, books and series (spec 04)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

import pandas as pd

from tasks.domain.breaks import Break, age_of
from tasks.domain.message import Message, message, message_from_json
from tasks.domain.report import Table
from tasks.domain.shaping import each
from tasks.invoice_check.chasing import reissued
from tasks.invoice_check.facts import InvoiceFacts, of_month
from tasks.invoice_check.judging import short_names, voucher_names
from tasks.invoice_check.matching import originals
from tasks.invoice_check.receivables import BUCKETS, ageing
from tasks.invoice_check.report_parts import dated, drawn, word, yuan

_ROWS_MAX = 20_000
_NAMED_MAX = 8
# The lines of the bridge in which all invoices or all vouchers of the month stand.
_WHOLE = ("invoiced", "revenue")
_GRAVITY = ("high", "medium", "low")


def breaks_table(facts: InvoiceFacts) -> Table:
    """What people still have to work on, as a form for their answers."""
    return _listed_breaks("exceptions", facts.still, facts, answers=True)


def explained_table(facts: InvoiceFacts) -> Table:
    """What somebody explained and lies quiet."""
    return _listed_breaks("explained", facts.explained, facts, answers=False)


def _listed_breaks(name: str, breaks: Iterable[Break], facts: InvoiceFacts, *, answers: bool) -> Table:
    rows = [
        (
            one.id, word(f"kind.{one.kind}"), word(f"severity.{one.severity}"),
            message(f"register.state.{one.state}"), one.item, one.department, one.expected, one.found, _value(one),
            age_of(one, facts.as_of), one.owner, one.message, " ".join(one.refs),
        )
        for one in breaks
    ]  # fmt: skip
    return drawn(
        name, rows, ("id", "text", 18), ("kind", "wording", 16), ("severity", "wording", 8),
        ("state", "wording", 10), ("item", "text", 18), ("department", "text", 14), ("expected", "text", 12),
        ("found", "text", 12), ("value", "money", 12), ("working_days_open", "count", 8), ("owner", "text", 12),
        ("message", "wording", 60), ("refs", "text", 40), answers=answers,
    )  # fmt: skip


def kinds_table(facts: InvoiceFacts) -> Table:
    """The breaks by kind: how many, and what they are worth."""
    count = Counter((one.severity, one.kind) for one in facts.still)
    value: Counter[tuple[str, str]] = Counter()
    for one in facts.still:
        value[one.severity, one.kind] += int(Decimal(one.value or 0) * 100)
    ordered = sorted(count, key=lambda key: (_GRAVITY.index(key[0]), -value[key], -count[key], key[1]))
    rows = [
        (word(f"kind.{kind}"), word(f"severity.{severity}"), count[severity, kind], yuan(value[severity, kind]))
        for severity, kind in ordered
    ]
    return drawn(
        "kinds", rows, ("kind", "wording", 18), ("severity", "wording", 8), ("breaks", "count", 8),
        ("value", "money", 14), shown=40,
    )  # fmt: skip


def bridge_table(facts: InvoiceFacts) -> Table:
    """From what was invoiced to the revenue of the month, line by line with what stands in each."""
    rows = []
    if facts.bridge is not None:
        amounts = dict(zip(facts.bridge["line"], facts.bridge["amount"], strict=True))
        amounts["revenue"] = facts.bridge["amount"].sum()
        standing = _standing(facts)
        rows = [
            (word(f"bridge.{line}"), yuan(cents), len(standing[line]),
             "" if line in _WHOLE else _some(standing[line]))
            for line, cents in amounts.items()
        ]  # fmt: skip
    return drawn(
        "bridge", rows, ("line", "wording", 26), ("amount", "money", 16), ("stands", "count", 8), ("refs", "text", 60),
        shown=20,
    )  # fmt: skip


def carried_tables(facts: InvoiceFacts) -> Iterable[Table]:
    """What came over from earlier months, and what goes over to the next; no table where nothing does."""
    if facts.carried is None or facts.carried.empty:
        return
    rows = [
        (row.document, row.other, f"{row.since:%Y-%m}", yuan(row.opening), yuan(row.change), yuan(row.closing))
        for row in each(facts.carried.head(_ROWS_MAX))
    ]
    yield drawn(
        "carried", rows, ("number", "text", 22), ("voucher", "text", 22), ("since", "text", 10),
        ("opening", "money", 14), ("change", "money", 14), ("closing", "money", 14), shown=20,
    )  # fmt: skip


def bridge_documents_table(facts: InvoiceFacts) -> Table:
    """Every document and voucher that stands in a line of the bridge, a row each."""
    rows = [(word(f"bridge.{line}"), ref) for line, refs in _standing(facts).items() for ref in refs]
    return drawn("bridge_documents", rows[:_ROWS_MAX], ("line", "wording", 26), ("ref", "text", 48))


def _standing(facts: InvoiceFacts) -> dict[str, list[str]]:
    """The invoices and vouchers in each line of the bridge; in the first and the last all of the month's own."""
    if facts.bridge is None or facts.entries is None:
        return {}
    standing = {line: refs.split() for line, refs in zip(facts.bridge["line"], facts.bridge["refs"], strict=True)}
    issued = facts.documents[of_month(facts.documents["issued_on"], facts.as_of)]
    booked = facts.entries[of_month(facts.entries["date"], facts.as_of) & facts.entries["revenue"]]
    own = issued.loc[issued["state"] != "void", "number"].tolist(), voucher_names(booked).tolist()
    return standing | dict(zip(_WHOLE, own, strict=True))


def months_table(facts: InvoiceFacts) -> Table:
    """What was invoiced and what was booked as revenue, month by month, the newest first."""
    rows = [
        (f"{row.month:%Y-%m}", yuan(row.invoiced), yuan(row.revenue),
         None if pd.isna(row.revenue) else yuan(row.revenue - row.invoiced))
        for row in each(facts.months.iloc[::-1])
    ]  # fmt: skip
    return drawn(
        "months", rows, ("month", "text", 10), ("invoiced", "money", 16), ("revenue", "money", 16),
        ("difference", "money", 14), shown=12,
    )  # fmt: skip


def ageing_table(facts: InvoiceFacts) -> Table:
    """What is owed by how long it is past its day."""
    owed, number = ageing(facts.items), facts.items["bucket"].value_counts()
    rows = [(word(f"bucket.{name}"), int(number.get(name, 0)), yuan(owed[name])) for name in BUCKETS]
    rows = rows if facts.owed_known else []
    return drawn("ageing", rows, ("bucket", "wording", 16), ("invoices", "count", 8), ("open", "money", 16), shown=5)


def items_table(facts: InvoiceFacts) -> Table:
    """Every invoice that is not paid in full, the longest overdue first."""
    rows = [
        (row.number, row.buyer, dated(row.issued_on), dated(row.due_on), yuan(row.total + row.red), yuan(row.paid),
         yuan(row.open), max(int(row.days), 0), word(f"bucket.{row.bucket}"))
        for row in each(facts.items.head(_ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        "receivables", rows, ("number", "text", 22), ("buyer", "text", 22), ("issued_on", "date", 12),
        ("due_on", "date", 12), ("total", "money", 14), ("paid", "money", 14), ("open", "money", 14),
        ("days_overdue", "count", 8), ("bucket", "wording", 14),
    )  # fmt: skip


def chase_table(facts: InvoiceFacts) -> Table:
    """Whom to remind and of what, what is longest past its day first."""
    rows = [
        (row.number, row.buyer, dated(row.issued_on), dated(row.due_on), yuan(row.open), int(row.working_days),
         row.notice, word(f"chase.{row.act}"))
        for row in each(facts.chase.head(_ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        "chase", rows, ("number", "text", 22), ("buyer", "text", 22), ("issued_on", "date", 12), ("due_on", "date", 12),
        ("open", "money", 14), ("working_days", "count", 8), ("notice", "text", 14), ("act", "wording", 32), shown=20,
    )  # fmt: skip


def reissued_tables(facts: InvoiceFacts) -> Iterable[Table]:
    """What was issued in the place of void and wholly red invoices; no table where nothing was."""
    chain = reissued(facts.documents, originals(facts.documents).tolist())
    rows = [
        (row.number, row.buyer, word(f"gone.{row.state}"), yuan(row.total), row.new_number, dated(row.new_issued_on))
        for row in each(chain[chain["new_document"] != ""].head(_ROWS_MAX))
    ]
    if rows:
        yield drawn(
            "reissued", rows, ("number", "text", 22), ("buyer", "text", 22), ("gone", "wording", 12),
            ("total", "money", 14), ("new_number", "text", 22), ("new_issued_on", "date", 12),
        )  # fmt: skip


def books_table(facts: InvoiceFacts) -> Table:
    """How each registered book stands, and the check of those that are finished."""
    rows = [
        (row.book, row.department, dated(row.received_on), int(row.leaves), int(row.used), int(row.missing),
         int(row.unbooked), word(f"book.{row.result}"), dated(row.checked_on))
        for row in each(facts.books.head(_ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        "books", rows, ("book", "text", 30), ("department", "text", 14), ("received_on", "date", 12),
        ("leaves", "count", 8), ("used", "count", 8), ("missing", "count", 8), ("unbooked", "count", 8),
        ("result", "wording", 14), ("checked_on", "date", 12),
    )  # fmt: skip


def proposals_table(facts: InvoiceFacts) -> Table:
    """Runs of numbers that nobody declared, as the numbers that were used suggest them."""
    rows = [
        (row.kinds, row.prefixes, row.suffixes, word(f"resets.{row.resets or 'never'}"), row.first, row.last,
         int(row.numbers), Decimal(int(row.density)) / 10_000, int(row.gaps))
        for row in each(facts.proposals.head(_ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        "proposals", rows, ("kinds", "text", 20), ("prefixes", "text", 12), ("suffixes", "text", 10),
        ("resets", "wording", 10), ("first", "text", 16), ("last", "text", 16), ("numbers", "count", 10),
        ("density", "rate", 10), ("gaps", "count", 8),
    )  # fmt: skip


def retention_table(facts: InvoiceFacts) -> Table:
    """Books and stubs past their years, to be shown to the tax office before anything is destroyed."""
    rows = [(word(f"kept.{row.what}"), row.name, dated(row.until)) for row in each(facts.retention.head(_ROWS_MAX))]
    return drawn("retention", rows, ("what", "wording", 12), ("name", "text", 36), ("kept_until", "date", 12))


def decisions_table(facts: InvoiceFacts) -> Table:
    """What people decided and still counts."""
    names = short_names(facts.documents, facts.receipts, facts.entries)
    rows = [
        (str(row.decision), word(f"act.{row.act}"), _named(row.documents, names), _named(row.others, names), row.owner,
         dated(row.decided_on), dated(row.until), message("report.plain", text=row.reason))
        for row in each(facts.decisions.sort_values("decision"))
    ]  # fmt: skip
    return drawn(
        "decisions", rows, ("decision", "text", 8), ("act", "wording", 12), ("documents", "text", 26),
        ("others", "text", 26), ("owner", "text", 12), ("decided_on", "date", 12), ("until", "date", 12),
        ("reason", "wording", 40),
    )  # fmt: skip


def _named(names: str, shown: Mapping[str, str]) -> str:
    return "、".join(shown.get(name, name) for name in names.split())


def quarantined_table(quarantined: pd.DataFrame) -> Table:
    """Every cell that was not taken in, and why."""
    rows = [
        (word(f"dataset.{row.dataset}"), row.file, row.sheet, row.row, row.column, row.value,
         message_from_json(row.reason))
        for row in each(quarantined.head(_ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        "quarantined", rows, ("dataset", "wording", 14), ("file", "text", 24), ("sheet", "text", 10),
        ("row", "count", 6), ("column", "text", 12), ("quarantined_value", "text", 14), ("reason", "wording", 40),
    )  # fmt: skip


def _some(names: list[str]) -> str:
    return "、".join(names[:_NAMED_MAX]) + ("…" if len(names) > _NAMED_MAX else "")


def _value(one: Break) -> Decimal | None:
    return None if one.value is None else Decimal(one.value)


def said_once(messages: Iterable[Message]) -> tuple[Message, ...]:
    """The messages without repeats, in their order."""
    return tuple(dict.fromkeys(messages))
