"""The invoice numbers in a cell as people fill it: one, several, a span, with or without its code, zeros or prefix."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import pandas as pd

from tasks.domain.keys import UNIQUES_KEPT, code_key

# The most numbers that a span such as 00012345-00012350 may name; a longer one is a code and a number.
SPAN_MAX = 50
_PLAIN = r"[0-9A-Za-z]+"
# Dashes stay with the number: they join a code to it, or the ends of a span.
_NUMBER = re.compile(r"[0-9A-Za-z]+(?:[-:#.]+[0-9A-Za-z]+)*")
_PARTS = re.compile(r"[-:#.]+")
_DASH = re.compile("[\u2010-\u2015\u2212~\u301c\u81f3_]")
_DAMAGED = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_DIGITS = re.compile(r"\d")

Token = tuple[int, int, str]


def numbers_in(cells: pd.Series[str]) -> pd.DataFrame:
    """Every number that the cells name: at (position of the cell), token (counted in the cell), level, key.

    `key` is as `number_key` is. Level 0 is the number as it stands, level 1 its parts, which count only where nobody
    has the whole: a code before the number, the ends and all between of a span, a word before it. A cell without a
    digit names none, nor does a number that a spreadsheet has damaged (2.6117E+19): it could be many.
    """
    given = cells.reset_index(drop=True)
    plain = given.str.fullmatch(_PLAIN) & given.str.contains("[0-9]")
    keys = given[plain].str.upper()
    bare = keys.str.lstrip("0")
    keys = bare.where(bare != "", "0")
    simple = pd.DataFrame({"at": keys.index.to_numpy(dtype="int64"), "token": 0, "level": 0, "key": keys.to_numpy()})
    others = given[~plain & (given != "")]
    rows = [
        (at, *token) for at, text in zip(others.index.tolist(), others.tolist(), strict=True) for token in _read(text)
    ]
    split = pd.DataFrame(rows, columns=["at", "token", "level", "key"])
    types = {"at": "int64", "token": "int64", "level": "int64", "key": "str"}
    return pd.concat([simple.astype(types), split.astype(types)], ignore_index=True)


@lru_cache(maxsize=UNIQUES_KEPT)
def _read(text: str) -> tuple[Token, ...]:
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    plain = _DASH.sub("-", unicodedata.normalize("NFKC", text))
    if _DAMAGED.fullmatch(plain.strip()):
        return
    for at, found in enumerate(_NUMBER.findall(plain)):
        if not _DIGITS.search(found):
            continue
        yield at, 0, code_key(_PARTS.sub("", found))
        parts = [part for part in _PARTS.split(found) if _DIGITS.search(part)]
        if len(parts) > 1 or parts[0] != found:
            for part in _span(parts) or parts:
                yield at, 1, code_key(part)


def _span(parts: list[str]) -> list[str]:
    """All numbers of a span, or none where the parts are no span: both ends are digits alone, equally many."""
    if len(parts) != len(("first", "last")) or not all(part.isdigit() for part in parts):
        return []
    first, last = map(int, parts)
    if len(parts[0]) != len(parts[1]) or not first < last <= first + SPAN_MAX:
        return []
    return [str(number).zfill(len(parts[0])) for number in range(first, last + 1)]
