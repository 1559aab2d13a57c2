"""Tables of plain text whose columns line up although a Chinese character is two columns wide."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

LINE_WIDTH_MAX = 100
_GAP = "  "


def display_width(text: str) -> int:
    """How many columns of a fixed-width font `text` takes: wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def padded(text: str, width: int, *, right: bool = False) -> str:
    """`text` filled with spaces to `width` columns, set to the right for numbers."""
    space = " " * max(0, width - display_width(text))
    return space + text if right else text + space


def laid_out(headings: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> str:
    """The table as lines of text: aligned columns where they fit into LINE_WIDTH_MAX, else one paragraph a row.

    `headings`, `numeric` and every row are equally long and in the same order; line breaks in cells become spaces.
    """
    cells = [[" ".join(cell.split()) for cell in row] for row in rows]
    widths = [max(map(display_width, column)) for column in zip(headings, *cells, strict=True)]
    if sum(widths) + len(_GAP) * (len(widths) - 1) > LINE_WIDTH_MAX:
        return "\n\n".join(_paragraph(headings, row) for row in cells)
    lines = [headings, ["-" * width for width in widths], *cells]
    return "\n".join(
        _GAP.join(
            padded(cell, width, right=right) for cell, width, right in zip(line, widths, numeric, strict=True)
        ).rstrip()
        for line in lines
    )


def _paragraph(headings: Sequence[str], row: Sequence[str]) -> str:
    width = max(map(display_width, headings))
    lines = [f"{padded(heading, width)}  {cell}" for heading, cell in zip(headings, row, strict=True)]
    return "\n".join(["- " + lines[0], *("  " + line for line in lines[1:])])
