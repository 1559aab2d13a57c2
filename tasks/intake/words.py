"""How headings and words of foreign sheets are recognised."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from config.datasets import Dataset, DatasetColumn, Words
from tasks.domain.keys import name_key
from tasks.domain.sheet import Cell

_STARS = str.maketrans("", "", "*＊★☆※")
_BRACKETS = re.compile(r"[(\[{（【「][^)\]}）】」]*[)\]}）】」]")
_ENDS = ":：;；,，.。、!！"
# A question is one whether its mark was typed or not.
_HEADING_ENDS = _ENDS + "?？"


@lru_cache(maxsize=50_000)
def heading_key(text: str) -> str:
    """The key of a heading: no star, line break, colon or question mark at its end; brackets stay with their words."""
    return name_key(text.translate(_STARS)).strip(_HEADING_ENDS)


@lru_cache(maxsize=50_000)
def _heading_keys(text: str) -> tuple[str, ...]:
    whole, bare = heading_key(text), heading_key(_BRACKETS.sub("", text))
    return (whole, bare) if bare and bare != whole else (whole,)


@lru_cache(maxsize=200)
def known_headings(dataset: Dataset) -> Mapping[str, str]:
    """Every heading key that `dataset` recognises, and the column that it names; proper headings win over aliases."""
    known: dict[str, str] = {}
    proper = [(column.name, (column.heading_zh, column.heading_en)) for column in dataset.columns]
    further = [(column.name, (*column.aliases, column.name)) for column in dataset.columns]
    for name, texts in (*proper, *further):
        for text in texts:
            for key in _heading_keys(text):
                known.setdefault(key, name)
    return known


def bears_own_heading(cell: Cell, column: DatasetColumn) -> bool:
    """Whether a cell holds the heading that the column has in the workbook handed out, and not an alias."""
    own = {key for text in (column.heading_zh, column.heading_en) for key in _heading_keys(text)}
    return isinstance(cell, str) and not own.isdisjoint(_heading_keys(cell))


@lru_cache(maxsize=200)
def mark_keys(words: Words, mark: str) -> frozenset[str]:
    """The keys of all words of one mark, for example of `totals`."""
    return frozenset(word_key(word) for word in words.marks[mark])


@lru_cache(maxsize=50_000)
def word_key(text: str) -> str:
    """The key of a word in a cell: as a name's, without the punctuation at its end."""
    return name_key(text).strip(_ENDS)


def column_of(cell: Cell, known: Mapping[str, str]) -> str | None:
    """The name of the column that a cell heads, or None."""
    if not isinstance(cell, str) or not cell:
        return None
    return next((known[key] for key in _heading_keys(cell) if key in known), None)


@lru_cache(maxsize=200)
def word_codes(words: Words, name: str) -> Mapping[str, str]:
    """The code of every word of one list, by the word's key."""
    return {
        word_key(text): word.code for word in words.lists[name] for text in (word.zh, word.en, word.code, *word.also)
    }


def column_letters(column: int) -> str:
    """What a spreadsheet calls its column of this number (from 1): A, B, …, Z, AA."""
    # Rarely needed, and the import takes longer than reading most files.
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column - 1))
