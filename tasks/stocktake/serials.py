"""Serial numbers compared as sets: each one missing and each one too many is a finding (spec 02, compare)."""

from __future__ import annotations

import re

import pandas as pd

from tasks.domain.keys import clean, code_key

_BETWEEN = re.compile(r"[,，、;；/|\s]+")


def serial_set(text: str) -> dict[str, str]:
    """The serials that a cell names, several by comma, semicolon, space or on lines: as written, by their key."""
    return {key: written for written in _BETWEEN.split(clean_lines(text)) if (key := code_key(written))}


def clean_lines(text: str) -> str:
    """`text` without invisible signs, its lines joined by spaces."""
    return clean(text.replace("\n", " "))


def serial_differences(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a serial that the book has and the count lacks, or the other way round: at, kind, serial, place.

    `rows`: serials (of the book), counted_serials, counted. Lines whose book knows no serial, or that were not counted,
    are not checked; a count of 0 has none. `at` is the row's position, `kind` missing or extra.
    """
    checked = rows["counted"].notna() & (rows["serials"] != "")
    found: list[tuple[int, str, str]] = []
    positions = [place for place, asked in enumerate(checked.tolist()) if asked]
    chosen = rows.iloc[positions]
    for at, book_text, count_text in zip(positions, chosen["serials"], chosen["counted_serials"], strict=True):
        book, count = serial_set(book_text), serial_set(count_text)
        found += [(at, "missing", book[key]) for key in sorted(book.keys() - count.keys())]
        found += [(at, "extra", count[key]) for key in sorted(count.keys() - book.keys())]
    return pd.DataFrame(found, columns=["at", "kind", "serial"])
