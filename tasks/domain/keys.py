"""Codes and names made comparable: the same thing written in two ways gets one key, two things never share one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd
import zhconv

UNIQUES_KEPT = 200_000
# Every dash and minus sign of Unicode, and the underscore.
_DASHES = r"\-_\u00ad\u058a\u05be\u1806\u2010-\u2015\u2043\u207b\u208b\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
_INVISIBLE = r"\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_IGNORED = re.compile(rf"[\s{_DASHES}{_INVISIBLE}]+")
_INVISIBLE_RUN = re.compile(rf"[{_INVISIBLE}\x00-\x08\x0e-\x1b\x7f]+")
_TIMES = str.maketrans(dict.fromkeys("*\u00d7\u2715\u2573\u2217", "x"))


@lru_cache(maxsize=UNIQUES_KEPT)
def simplified(text: str) -> str:
    """`text` in simplified Chinese; everything else stays as it stands."""
    return text if text.isascii() else str(zhconv.convert(text, "zh-hans"))


@lru_cache(maxsize=UNIQUES_KEPT)
def code_key(text: str) -> str:
    """The key of a code: NFKC, upper case, no whitespace, dashes or leading zeros; only zeros give `0`."""
    bare = _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold().upper()
    return bare.lstrip("0") or bare[:1]


@lru_cache(maxsize=UNIQUES_KEPT)
def name_key(text: str) -> str:
    """The key of a name or specification: NFKC, simplified, lower case, no whitespace or dashes, times signs as `x`."""
    plain = simplified(unicodedata.normalize("NFKC", text)).casefold().translate(_TIMES)
    return _IGNORED.sub("", plain)


@lru_cache(maxsize=UNIQUES_KEPT)
def clean(text: str) -> str:
    """`text` as it was meant: NFKC, invisible characters gone, every run of whitespace one space, none at the ends."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(_INVISIBLE_RUN.sub("", unicodedata.normalize("NFKC", text)).split())


def as_written(text: str) -> str:
    """`text` in its own signs: invisible characters gone, every run of whitespace one space, none at the ends."""
    return " ".join(_INVISIBLE_RUN.sub("", text).split())


def code_keys(texts: pd.Series[str]) -> pd.Series[str]:
    """`code_key` of every text, with the index and name of `texts`; a missing text gives the blank key."""
    return _by_uniques(texts, code_key)


def name_keys(texts: pd.Series[str]) -> pd.Series[str]:
    """`name_key` of every text, with the index and name of `texts`; a missing text gives the blank key."""
    return _by_uniques(texts, name_key)


def _by_uniques(texts: pd.Series[str], key: Callable[[str], str]) -> pd.Series[str]:
    places, uniques = pd.factorize(texts)
    # A missing text has place -1, which takes the blank at the end.
    keys = np.array([*(key(str(one)) for one in uniques), ""], dtype=object)
    return pd.Series(keys[places], index=texts.index, name=texts.name, dtype="str")
