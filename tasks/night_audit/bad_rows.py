"""Rows that could not be read: those without which the night would close wrongly, and those that are only missed.

Source: spec 06 (bad data in one stay blocks with its name; of the pre-checks only those named block).
"""

from __future__ import annotations

from collections.abc import Iterator

from tasks.domain.finding import Finding
from tasks.domain.message import message, message_from_json
from tasks.night_audit.books import Books
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.rows import BadCell

# Without one of these the ledgers tie without what it says; nobody can tell that from the books.
_BLOCKING = ("stays", "folio", "payments", "deposits")


def bad_rows(books: Books) -> Iterator[Finding]:
    """A blocking BAD_ROW for each cell of a stay or of the date's money that could not be read."""
    return (_found("BAD_ROW", books, cell) for cell in books.quarantined if cell.dataset in _BLOCKING)


def unread_rows(books: Books) -> Iterator[Finding]:
    """An UNREAD_ROW for each cell of the date's shifts and checks that could not be read; the night closes without it.

    What such a row says is not checked: whether the shift is handed over, where the check stands in a folio.
    """
    return (_found("UNREAD_ROW", books, cell) for cell in books.quarantined if cell.dataset not in _BLOCKING)


def _found(kind: str, books: Books, cell: BadCell) -> Finding:
    told = message(
        f"night_audit.{kind}_OF" if cell.row_key else f"night_audit.{kind}",
        dataset=message(f"night_audit.dataset.{cell.dataset}"),
        name=cell.row_key,
        file=cell.file,
        row=cell.row,
        column=cell.column,
        value=cell.value,
        reason=message_from_json(cell.reason),
        owner=desk_of(kind),
    )
    ref = f"{cell.dataset}:{cell.file}:{cell.sheet}:{cell.row}:{cell.column}"
    return hotel_finding(kind, books.as_of, cell.row_key or cell.file, [ref], told)
