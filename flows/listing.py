"""Lists at a terminal, where nobody reads thousands of rows; a file or another program gets them whole."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from flows.command_line import said
from tasks.adapters.plain_text import laid_out

ROWS_SHOWN_MAX = 200


def listing(headings: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool], *, whole: bool) -> str:
    """The rows laid out as a table; unless `whole`, the first ROWS_SHOWN_MAX and a line that says how many are left."""
    left = 0 if whole else len(rows) - ROWS_SHOWN_MAX
    if left <= 0:
        return laid_out(headings, rows, numeric)
    shown = laid_out(headings, rows[:ROWS_SHOWN_MAX], numeric)
    return f"{shown}\n\n{said('cli.rows_left', count=left, limit=ROWS_SHOWN_MAX)}"


def is_read_by_a_program() -> bool:
    """Whether what is printed goes to a file or a program instead of a terminal."""
    return not sys.stdout.isatty()
