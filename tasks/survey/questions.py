"""Which columns of the sheets are questions, under which name each goes, and what is taken for none (spec 05).

A column that is not configured is a question when one of its cells is a known answer, no more than half of those that
are filled are numbers or days that are none, and it is not free text: more different words than a scale has, and fewer
than half of its cells known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import orjson
import pandas as pd

from tasks.domain.keys import clean
from tasks.domain.message import Message, message
from tasks.domain.shaping import each, shaped
from tasks.intake.words import heading_key
from tasks.survey.policy import Policy
from tasks.survey.shapes import OVERALL, QUESTIONS

NO_QUESTION = -1
WORDS_OF_A_SCALE = 20
_STARS = re.compile(r"[*\uff0a\u2605\u2606\u203b]")


@dataclass(slots=True)
class Column:
    """A heading of the sheets under its key, and what stands below it over all forms.

    `listed`: the house configured it. `filled`, `known` and `numbers` count cells (the last: numbers and days that are
    no answer), `strange` holds words that nobody explained, a few more than a scale has. `torn`: it stands twice in a
    sheet, with different answers.
    """

    key: str
    name: str
    group: str
    listed: bool
    filled: int = 0
    known: int = 0
    numbers: int = 0
    strange: set[str] = field(default_factory=set)
    torn: bool = False

    @property
    def is_question(self) -> bool:
        """Whether it is a question, by configuration or by its cells."""
        if self.listed:
            return True
        free = len(self.strange) > WORDS_OF_A_SCALE and 2 * self.known < self.filled
        return self.known > 0 and 2 * self.numbers <= self.filled and not free

    def add_strange(self, words: Iterable[str]) -> None:
        """Remembers unexplained words, as many as it takes to tell free text."""
        for word in words:
            if len(self.strange) > WORDS_OF_A_SCALE:
                return
            self.strange.add(word)


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns of all sheets in their order, and of each layout which column each heading is (or NO_QUESTION)."""

    columns: tuple[Column, ...]
    places: Mapping[str, tuple[int, ...]]


def headings_of(layouts: pd.DataFrame, forms: Mapping[str, int], policy: Policy) -> Headings:
    """What may be a question in these LAYOUTS, the one of most forms first; `forms` counts the forms of each layout.

    What is configured to be none is left out, and without `found` questions all that is not listed.
    """
    known: dict[str, Column] = {}
    order: dict[str, int] = {}
    groups = {key: group for group, keys in policy.groups.items() for key in keys}
    listed = {*groups, *policy.renames, *map(heading_key, policy.renames.values())}
    places: dict[str, tuple[int, ...]] = {}
    used = [one for one in each(layouts) if one.layout in forms]
    for one in sorted(used, key=lambda one: (-forms[one.layout], one.layout)):
        texts = orjson.loads(one.headings)
        above = orjson.loads(one.groups) if one.groups else [""] * len(texts)
        own = []
        for text, over in zip(texts, above, strict=True):
            older = heading_key(text)
            present = policy.renames.get(older, text)
            key = heading_key(present)
            if {older, key} & policy.asides or (policy.listed_only and not {older, key} & listed):
                own.append(NO_QUESTION)
                continue
            # The overall rating has a column of its own.
            key = f"{key} (2)" if key == OVERALL else key
            name, group = _STARS.sub("", clean(present)).strip(), groups.get(key, clean(over))
            known.setdefault(key, Column(key, name, group, listed=bool({older, key} & listed)))
            own.append(order.setdefault(key, len(order)))
        places[one.layout] = tuple(own)
    return Headings(tuple(known.values()), places)


def questions_of(columns: Iterable[Column], policy: Policy) -> pd.DataFrame:
    """QUESTIONS in their order: of configured groups as configured, the others as on the form, the rating last."""
    configured = {key: at for at, key in enumerate(key for keys in policy.groups.values() for key in keys)}
    asked = [one for one in columns if one.is_question]
    asked.sort(key=lambda one: configured.get(one.key, len(configured)))
    rows = {
        "question": [*(one.key for one in asked), OVERALL],
        "name": [*(one.name for one in asked), ""],
        "group": [*(one.group for one in asked), ""],
        "place": range(len(asked) + 1),
    }
    return shaped(QUESTIONS, pd.DataFrame(rows))


def notes_on(columns: Iterable[Column]) -> tuple[Message, ...]:
    """What people should know of the columns: those taken for no question, and those that stand twice and differ."""
    columns = list(columns)
    none = [one.name for one in columns if one.filled and not one.is_question]
    torn = [one.name for one in columns if one.torn and one.is_question]
    notes = []
    if none:
        notes.append(message("survey_count.note.no_question", count=len(none), headings=", ".join(none)))
    if torn:
        notes.append(message("survey_count.note.twice", count=len(torn), headings=", ".join(torn)))
    return tuple(notes)
