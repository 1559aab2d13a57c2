"""Markdown as the Prefect UI shows it: tables whose cells cannot break out of their row."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from tasks.adapters.speech import printable

# What begins a mark-up, and what ends a cell; data are words of people and must stay words.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def cell(text: str) -> str:
    """`text` as words of one table cell, whatever signs it holds."""
    return _SIGNS.sub(r"\\\1", " ".join(printable(text).split()))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], numeric: Collection[int] = ()) -> list[str]:
    """The lines of a table; columns at the places `numeric` are set to the right. Cells come as Markdown."""
    rule = ["---:" if place in numeric else "---" for place in range(len(headings))]
    return [f"| {' | '.join(row)} |" for row in (headings, rule, *rows)]
