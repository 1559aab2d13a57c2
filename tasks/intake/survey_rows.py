"""Rows of the satisfaction survey: to which month a form counts, and what makes it another version (spec 05)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from tasks.domain.cells import FIRST_YEAR, LAST_YEAR, read_date
from tasks.domain.keys import clean

SURVEY = ("dispatches", "responses", "followups")
# Which column says the day that a row counts to, whatever the name of its file says.
OWN_DAY: Mapping[str, str] = {"dispatches": "sent_on", "responses": "counted_in", "followups": "service_on"}
# Their numbers may begin anew each month.
_NUMBERED = ("dispatches", "responses")
KEY_BYTES = 16
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
)}  # fmt: skip
_YEAR = r"(?P<year>\d{4})"
_MONTH = re.compile(rf"{_YEAR}\s*[-/.年]?\s*(?P<month>1[0-2]|0?[1-9])\s*月?份?")
_NAMED_MONTH = (
    re.compile(rf"(?P<name>[a-z]{{3}})[a-z]*\.?[\s\-,]*{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_YEAR}[\s\-,]*(?P<name>[a-z]{{3}})[a-z]*\.?", re.IGNORECASE),
)
_QUARTER = (
    re.compile(rf"{_YEAR}\s*[-/.年]?\s*(?:q|第)?\s*(?P<part>[1-4一二三四])\s*(?:季度?)", re.IGNORECASE),
    re.compile(rf"{_YEAR}\s*[-/.年]?\s*q\s*(?P<part>[1-4])", re.IGNORECASE),
    re.compile(rf"q\s*(?P<part>[1-4])[\s\-/,]*{_YEAR}", re.IGNORECASE),
)
_FIRST_HALF = re.compile(rf"{_YEAR}\s*(?:年?度?\s*上半年度?|[-/]?\s*h1)", re.IGNORECASE)
_SECOND_HALF = re.compile(rf"{_YEAR}\s*(?:年?度?\s*下半年度?|[-/]?\s*h2)", re.IGNORECASE)
_WHOLE_YEAR = re.compile(rf"{_YEAR}\s*年?度?")
_MONTH_ALONE = re.compile(r"(?P<month>1[0-2]|0?[1-9])\s*月份?")
_HALF_A_YEAR = 6


def month_end(day: dt.date) -> dt.date:
    """The last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def period_named(text: str, near: dt.date | None = None) -> dt.date | None:
    """The last day of the last month that a text such as `2026-11`, `2026年第四季度` or `2026` names; None for others.

    A month alone (`11月`) is the one nearest to `near`.
    """
    text = clean(text)
    found = _MONTH.fullmatch(text)
    if found:
        return _end(int(found["year"]), int(found["month"]))
    for pattern in _QUARTER:
        if found := pattern.fullmatch(text):
            return _end(int(found["year"]), int(unicodedata.numeric(found["part"])) * 3)
    for pattern, month in ((_FIRST_HALF, 6), (_SECOND_HALF, 12), (_WHOLE_YEAR, 12)):
        if found := pattern.fullmatch(text):
            return _end(int(found["year"]), month)
    for pattern in _NAMED_MONTH:
        if (found := pattern.fullmatch(text)) and (number := _MONTHS.get(found["name"].lower())):
            return _end(int(found["year"]), number)
    if near is not None and (found := _MONTH_ALONE.fullmatch(text)):
        return _nearest(int(found["month"]), near)
    day = read_date(text) if text else None
    return month_end(day) if isinstance(day, dt.date) else None


def counted_in(survey_period: str, returned_on: dt.date | None, stated: dt.date | None) -> dt.date | None:
    """The last day of the month that a form counts to: the one it names, else of its return, else of its file's day.

    None where none of them is known: then the day on which it came decides.
    """
    named = period_named(survey_period, returned_on or stated)
    day = returned_on or stated
    return named or (month_end(day) if day else None)


def all_counted_in(
    periods: Sequence[object], returned: Sequence[object], stated: dt.date | None
) -> list[dt.date | None]:
    """`counted_in` of every row; what is no text and no day counts as blank."""
    pairs = list(zip(periods, returned, strict=True))
    known = {
        (period, day): counted_in(
            period if isinstance(period, str) else "", day if isinstance(day, dt.date) else None, stated
        )
        for period, day in dict.fromkeys(pairs)
    }
    return [known[pair] for pair in pairs]


def content_keys(told: Sequence[Sequence[object]], answers: Sequence[str]) -> list[str]:
    """What tells the versions of a form apart: a digest of its cells, column by column in `told`, and its answers.

    Spaces and case are no other content.
    """
    texts = []
    for column in told:
        plain = {value: _plain(value) for value in dict.fromkeys(column)}
        texts.append([plain[value] for value in column])
    joined = map("\x1f".join, zip(*texts, answers, strict=True))
    return [blake2b(text.encode(), digest_size=KEY_BYTES).hexdigest() for text in joined]


def known_as(dataset: str, key: str, day: dt.date | None) -> str:
    """By what a row of `dataset` is known that bears `key`: a form by its number within the month of `day`."""
    return f"{key}:{day:%Y-%m}" if key and dataset in _NUMBERED and day is not None else key


def bare(text: str) -> str:
    """A cleaned text without spaces and case: what is left tells two versions of a form apart."""
    return "".join(text.split()).casefold()


def _plain(value: object) -> str:
    return bare(value) if isinstance(value, str) else "" if value is None else str(value)


def _end(year: int, month: int) -> dt.date | None:
    return month_end(dt.date(year, month, 1)) if FIRST_YEAR <= year <= LAST_YEAR else None


def _nearest(month: int, near: dt.date) -> dt.date:
    apart = month - near.month
    year = near.year - 1 if apart > _HALF_A_YEAR else near.year + 1 if apart < -_HALF_A_YEAR else near.year
    return month_end(dt.date(year, month, 1))
