"""A count that could not be opened, as a report: what stands in its way, line by line (spec 02, compare)."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.domain.breaks import Break
from tasks.domain.message import Message
from tasks.domain.report import Report, Value
from tasks.stocktake.report_parts import FLOW, drawn, word


def refusal_report(month: str, why: Message, conflicts: Sequence[Break]) -> Report:
    """The report of the opening in `month` that was refused because of `why`; `conflicts` are OPEN_COUNT_CONFLICTs.

    It changes nothing: the count that stands in the way goes on, and the conflicts are no breaks to be worked on.
    """
    others = sorted({one.found for one in conflicts})
    rows: list[tuple[Value, ...]] = [
        (word(f"kind.{one.kind}"), one.site, one.department, one.warehouse, one.item, one.found, one.message)
        for one in sorted(conflicts, key=lambda one: (one.site, one.warehouse, one.item))
    ]
    table = drawn(
        "conflicts", rows, ("kind", "wording", 12), ("site", "text", 10), ("department", "text", 16),
        ("warehouse", "text", 12), ("item", "text", 14), ("other_count", "text", 14), ("message", "wording", 60),
        shown=50,
    )  # fmt: skip
    return Report(
        flow=FLOW,
        period=month,
        audience="",
        title=word("title"),
        subtitle=word("refused.subtitle", month=month),
        status="blocked",
        headline=why,
        figures=(),
        charts=(),
        tables=(table,),
        next_steps=tuple(word("refused.next", other=other) for other in others),
        notes=(),
        definitions=(),
        tone="warn",
    )
