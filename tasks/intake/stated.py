"""What a sheet says about itself above its table and a file in its name: site, date, number, that nothing moved."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from config.datasets import Words
from tasks.domain.cells import is_blank, read_date, stated_day
from tasks.domain.keys import clean, code_key, name_key
from tasks.domain.sheet import Cell
from tasks.intake.words import mark_keys, word_key

# A running workbook bears its month: 大丰一期2026年11月.xlsx.
_DATE_IN_NAME = re.compile(r"(?<!\d)(?:20\d{2}[-_.年]\d{1,2}[-_.月]\d{1,2}日?|20\d{6}|20\d{2}年\d{1,2}月)(?!\d)")
_COPY_MARK = re.compile(r"\(\d+\)|\s*-\s*副本|\s*- copy", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the lines above a table say; a blank text and None mean that they say nothing. `number` is a count's."""

    site: str = ""
    date: dt.date | None = None
    number: str = ""
    no_movement: bool = False


def stated_above(rows: Sequence[Sequence[Cell]], words: Words) -> Stated:
    """Site, date, number, silence as the lines say them: `现场名称:大丰一期` in one cell or split over neighbours."""
    found: dict[str, Cell] = {}
    for row in rows:
        filled = [cell for cell in row if not is_blank(cell)]
        for place, cell in enumerate(filled):
            if not isinstance(cell, str):
                continue
            after = filled[place + 1] if place + 1 < len(filled) else ""
            for label, value in _labelled(clean(cell), words):
                found.setdefault(label, value or (after if not _labelled(clean(str(after)), words) else ""))
    site = found.get("site_labels", "")
    day = read_date(found.get("date_labels", ""))
    return Stated(
        site=clean(str(site)),
        date=day if isinstance(day, dt.date) else None,
        number=clean(str(found.get("number_labels", ""))),
        no_movement=says_no_movement(rows, words),
    )


def says_no_movement(rows: Sequence[Sequence[Cell]], words: Words) -> bool:
    """Whether any cell says that nothing moved, in these words and no others."""
    silence = mark_keys(words, "no_movement")
    return any(isinstance(cell, str) and cell and word_key(cell) in silence for row in rows for cell in row)


def day_in_name(file_name: str) -> dt.date | None:
    """The day in a file name, such as `DF01_20261120.xlsx` or `2026-11-20.csv`."""
    return stated_day(file_name)


def site_in_name(file_name: str, sites: Mapping[str, str]) -> str:
    """The site's code that a file name begins with or holds between separators; blank if it names no known site."""
    stem = _COPY_MARK.sub("", _DATE_IN_NAME.sub(" ", clean(file_name.rsplit(".", 1)[0])))
    return next((sites[key] for text in (stem, *re.split(r"[\s_\-.]+", stem)) if (key := _key_in(text, sites))), "")


def first_word(file_name: str) -> str:
    """What a file name says before its date, as it stands: the site's text where no master data tells more."""
    stem = _COPY_MARK.sub("", _DATE_IN_NAME.sub(" ", clean(file_name.rsplit(".", 1)[0])))
    return next((text for text in re.split(r"[\s_]+", stem) if text.strip("-.")), "")


def site_of(text: str, sites: Mapping[str, str]) -> str:
    """The code of the site that a text names by code or name, or blank."""
    key = _key_in(text, sites)
    return sites[key] if key else ""


def _key_in(text: str, sites: Mapping[str, str]) -> str:
    if not text.strip():
        return ""
    return next((key for key in (code_key(text), name_key(text)) if key and key in sites), "")


@lru_cache(maxsize=20_000)
def _labelled(text: str, words: Words) -> tuple[tuple[str, str], ...]:
    """The labels in a text with what follows each one; a label alone has a blank value."""
    labels = _labels(words)
    if name_key(text) in labels:
        return ((labels[name_key(text)], ""),)
    parts = re.split(r"([^\s:,;]+(?: (?:date|name|code|by))?)\s*:\s*", text, flags=re.IGNORECASE)
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return tuple((labels[name_key(label)], value.strip(" ,;")) for label, value in pairs if name_key(label) in labels)


@lru_cache(maxsize=20)
def _labels(words: Words) -> Mapping[str, str]:
    marks = ("person_labels", "date_labels", "site_labels", "number_labels")
    return {name_key(text): mark for mark in marks for text in words.marks[mark]}
