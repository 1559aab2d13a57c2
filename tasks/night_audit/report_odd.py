"""The tables that only some nights have: compensation beside the price list, the month's reputation at its end."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tasks.domain.report import Table
from tasks.night_audit.closing import Closing
from tasks.night_audit.report_parts import amounts, drawn, word, yuan, yuan_or_none


def unassigned_money(closing: Closing) -> Iterable[Table]:
    """Every cent that nobody's shift took, row by row, where there is any (spec 06, step 8: listed, never dropped)."""
    rows = [
        (one.number, one.shift or "—", one.operator, word(f"method.{one.method}"), yuan(one.amount))
        for one in closing.cashiers.unassigned
    ]
    if rows:
        yield drawn(
            "unassigned", rows, ("number", "text", 14), ("shift", "text", 10), ("operator", "text", 12),
            ("method", "wording", 12), *amounts("amount"),
        )  # fmt: skip


def odd_tables(closing: Closing) -> Iterable[Table]:
    """Compensation beside the price list, and the month's reputation, where there is any."""
    if closing.compensation:
        rows = [
            (row.account, row.number, row.operator, row.remark, yuan_or_none(row.expected), yuan(row.amount))
            for row in closing.compensation
        ]
        yield drawn(
            "compensation", rows, ("account", "text", 12), ("number", "text", 14), ("operator", "text", 12),
            ("remark", "text", 20), *amounts("listed", "amount"),
        )  # fmt: skip
    if closing.reputation:
        counts = ("bookings", "arrived", "cancelled", "no_shows", "released")
        lines = [
            (
                word(f"heading.{row.by}"),
                row.name or "—",
                *(getattr(row, name) for name in counts),
                Decimal(row.no_show_rate) if row.no_show_rate else None,
            )
            for row in closing.reputation
        ]
        yield drawn(
            "reputation", lines, ("by", "wording", 10), ("name", "text", 16),
            *((name, "count", 8) for name in counts), ("no_show_rate", "rate", 10),
        )  # fmt: skip
