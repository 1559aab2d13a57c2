"""The tables of a count's report: what was asked, counted, proven, proposed and posted (spec 02, report)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd

from tasks.domain.message import message_from_json
from tasks.domain.report import Kind, Table, Value
from tasks.domain.shaping import each
from tasks.stocktake.accuracy import Accuracy
from tasks.stocktake.facts import RETURNED, CountFacts, Decision, first_sheets
from tasks.stocktake.report_parts import (
    amount_or_none,
    dated,
    drawn,
    shown_cause,
    word,
    yuan_or_none,
)
from tasks.stocktake.reviews import Review

_ROWS_MAX = 20_000
_PROOFS = ("ledger_report", "ledger_erp", "erp_counted")
_PARTS: tuple[tuple[str, Kind], ...] = (("lines", "count"), ("off", "count"), ("verdict", "wording"))


def decisions_table(decisions: Sequence[Decision]) -> Table:
    """Every question of the count, what became of it and by whom."""
    rows = [
        (one.id, one.department, word(f"level.{one.level}"), word(f"decision.{one.state}"), one.lines, one.excepted,
         one.asked_on, one.answered_by, one.reason)
        for one in decisions
    ]  # fmt: skip
    return drawn(
        "decisions", rows, ("approval", "count", 8), ("department", "text", 16), ("level", "wording", 12),
        ("decision", "wording", 12), ("lines", "count", 8), ("excepted", "count", 8), ("asked_on", "date", 12),
        ("answered_by", "text", 12), ("reason", "text", 40), shown=30,
    )  # fmt: skip


def departments_table(facts: CountFacts, accuracies: Mapping[str, Accuracy]) -> Table:
    """One row a department: its sheets and how accurate its records are, never netted."""
    first = first_sheets(facts)
    names = sorted({*first["department"], *accuracies} - {""})
    rows: list[tuple[Value, ...]] = []
    for name in names:
        states = first.loc[first["department"] == name, "state"]
        own = accuracies.get(name, Accuracy())
        shares = {key: None if text is None else Decimal(text) for key, text in own.shares.items()}
        rows.append(
            (
                name, len(states), int(states.isin(RETURNED).sum()), int((states == "late").sum()),
                int((states == "missing").sum()), own.lines, own.lines_counted, own.lines_off, shares["coverage"],
                shares["exact_lines"], shares["accuracy_by_line"], shares["accuracy_by_quantity"],
                shares["accuracy_by_value"], yuan_or_none(own.surplus_value), yuan_or_none(own.shortage_value),
            )
        )  # fmt: skip
    return drawn(
        "departments", rows, ("department", "text", 16), ("sheets", "count", 8), ("returned", "count", 8),
        ("late", "count", 8), ("missing", "count", 8), ("lines", "count", 8), ("lines_counted", "count", 8),
        ("lines_off", "count", 8), ("coverage", "rate", 10), ("exact_lines", "rate", 10),
        ("accuracy_by_line", "rate", 10), ("accuracy_by_quantity", "rate", 10), ("accuracy_by_value", "rate", 10),
        ("surplus_value", "money", 12), ("shortage_value", "money", 12), shown=60,
    )  # fmt: skip


def variances_table(variances: pd.DataFrame) -> Table:
    """Every line that is off, damaged, unknown or put to decision, the most valuable first."""
    shown = off_lines(variances)
    order = shown["value"].fillna(0).abs()
    shown = shown.assign(order=order).sort_values(
        ["order", "number", "warehouse_key", "item_key"], ascending=[False, True, True, True]
    )
    rows = [
        (
            row.number, row.warehouse, row.item, row.item_name, row.specification, row.unit,
            amount_or_none(row.book_before), amount_or_none(row.book), amount_or_none(row.counted),
            amount_or_none(row.variance), yuan_or_none(row.value), amount_or_none(row.damaged), shown_cause(row.cause),
            row.responsible, word(f"line.{row.status}"), word(f"decision.{row.decision or 'none'}"), row.proposal,
        )
        for row in each(shown.head(_ROWS_MAX))
    ]  # fmt: skip
    return drawn(
        "variances", rows, ("number", "text", 20), ("warehouse", "text", 12), ("item", "text", 14),
        ("item_name", "text", 18), ("specification", "text", 14), ("unit", "text", 6), ("book_before", "quantity", 10),
        ("book", "quantity", 10), ("counted", "quantity", 10), ("variance", "quantity", 10), ("value", "money", 12),
        ("damaged", "quantity", 10), ("cause", "wording", 14), ("responsible", "text", 12), ("line", "wording", 12),
        ("decision", "wording", 12), ("proposal", "text", 40), shown=20,
    )  # fmt: skip


def off_lines(variances: pd.DataFrame) -> pd.DataFrame:
    """The lines of a frame `variances` that people must know of: off, damaged or of an unknown item."""
    off = variances["variance"].fillna(0) != 0
    damaged = variances["damaged"].fillna(0) > 0
    return variances[off | damaged | (variances["status"] == "unknown_item")]


def proof_table(proof: pd.DataFrame) -> Table:
    """The three-way proof of each site: ledger and report, ledger and ERP, ERP and counted."""
    rows = []
    for row in proof.to_dict("records"):
        cells: list[Value] = [row["department"], row["site"]]
        for name in _PROOFS:
            checked, off = int(row[f"{name}_lines"]), int(row[f"{name}_off"])
            cells += [checked, off, word(f"proof.{'not_checked' if not checked else 'off' if off else 'holds'}")]
        rows.append(tuple(cells))
    columns = [(f"{name}_{part}", kind, 10) for name in _PROOFS for part, kind in _PARTS]
    return drawn("proof", rows, ("department", "text", 16), ("site", "text", 10), *columns, shown=60)


def sheets_table(sheets: pd.DataFrame) -> Table:
    """Every sheet that was issued, whether it came back and when."""
    rows = [
        (row.number, row.site, row.department, row.custodian, word(f"sheet.{row.state}"), dated(row.due_on),
         dated(row.received_on))
        for row in each(sheets.sort_values(["department", "number"]))
    ]  # fmt: skip
    return drawn(
        "sheets", rows, ("number", "text", 22), ("site", "text", 10), ("department", "text", 16),
        ("custodian", "text", 12), ("sheet", "wording", 12), ("due_on", "date", 12), ("received_on", "date", 12),
        shown=60,
    )  # fmt: skip


def reviews_table(reviews: Sequence[Review]) -> Table:
    """Who is put forward for a review and why; people decide."""
    rows: list[tuple[Value, ...]] = []
    for one in reviews:
        grounds = one.grounds[0]
        for further in one.grounds[1:]:
            grounds = word("grounds", first=grounds, second=further)
        rows.append((one.department, one.site, one.person, word(f"review.{one.proposal}"), grounds))
    return drawn(
        "reviews", rows, ("department", "text", 16), ("site", "text", 10), ("person", "text", 12),
        ("review", "wording", 12), ("grounds", "wording", 60), shown=30,
    )  # fmt: skip


def adjustments_table(adjustments: pd.DataFrame) -> Table:
    """Every line that was posted, with its document, cause and approver."""
    rows = [
        (
            row.document, word(f"direction.{row.direction}"), row.warehouse, row.item, row.item_name,
            int(row.quantity), yuan_or_none(row.value), shown_cause(row.cause), row.approved_by, row.approval_reason,
        )
        for row in each(adjustments)
    ]  # fmt: skip
    return drawn(
        "adjustments", rows, ("document", "text", 24), ("direction", "wording", 12), ("warehouse", "text", 12),
        ("item", "text", 14), ("item_name", "text", 18), ("quantity", "quantity", 10), ("value", "money", 12),
        ("cause", "wording", 14), ("approved_by", "text", 12), ("reason", "text", 40), shown=20,
    )  # fmt: skip


def quarantined_table(cells: pd.DataFrame) -> Table:
    """The cells that could not be read: dataset, site, file, sheet, row, column, value as it stood, reason."""
    rows = [
        (
            word(f"dataset.{cell['dataset']}"), cell["site"], cell["file"], cell["sheet"], int(cell["row"]),
            cell["column"], cell["value"], message_from_json(cell["reason"]),
        )
        for cell in cells.to_dict("records")
    ]  # fmt: skip
    return drawn(
        "quarantined", rows, ("dataset", "wording", 12), ("site", "text", 10), ("file", "text", 28),
        ("sheet", "text", 12), ("row", "count", 8), ("column", "text", 14), ("value_text", "text", 20),
        ("reason", "wording", 40), shown=15,
    )  # fmt: skip
