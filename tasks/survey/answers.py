"""What the cells under a question say: every way of writing an answer gets its code, and no other word a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tasks.intake.words import word_key
from tasks.survey.policy import Policy
from tasks.survey.shapes import NO_ANSWER, UNKNOWN

Codes = npt.NDArray[np.int8]
# A number as programs write it, with a point and zeros; its minus says something ("-3" is "skipped" in some exports).
_NUMBER = re.compile(r"([-\u2212]?)0*(\d+)(?:\.0*)?")
_DAY_OR_NUMBER = re.compile(r"[-+\u2212]?[\d\s.,:/\-\u5e74\u6708\u65e5T%]*\d[\d\s.,:/\-\u5e74\u6708\u65e5Z%]*")


@lru_cache(maxsize=50_000)
def answer_key(text: str) -> str:
    """The key by which an answer is known (`Policy.answers`): a whole number as digits with its minus, else the word's.

    "5.0" and full-width digits are "5", "-3" is not "3"; what is blank but for dashes and stops is "".
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    number = _NUMBER.fullmatch(plain)
    if number:
        return f"{'-' if number[1] else ''}{number[2]}"
    return word_key(text)


def answer_code(text: str, policy: Policy) -> int:
    """The code of one cell (`shapes.SCALE`, NO_ANSWER, NOT_APPLICABLE or UNKNOWN)."""
    key = answer_key(text)
    known = policy.answers.get(key)
    if known is not None:
        return known
    return UNKNOWN if key else NO_ANSWER


def answer_codes(words: Iterable[str], policy: Policy) -> Codes:
    """The codes of these cells in their order, as int8; hand over each distinct word once, for each takes its time."""
    return np.array([answer_code(word, policy) for word in words], dtype=np.int8)


def is_number_or_day(text: str) -> bool:
    """Whether a cell holds a number or a day and no word at all."""
    return _DAY_OR_NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None
