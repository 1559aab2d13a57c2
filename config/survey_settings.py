"""The settings of the satisfaction survey: what answers mean, what is to be reached, who follows up (spec 05)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from config.setting_kinds import Schedule, Shape, Share, wrong

# From very satisfied to dissatisfied.
MARKS = ("5", "4", "3", "2", "1")


def _part(text: str) -> str:
    if Decimal(text) > 1:
        raise wrong("no_part", text)
    return text


Part = Annotated[Share, AfterValidator(_part)]


def plain(text: str) -> str:
    """`text` as headings and words are compared: no spaces, no case, no full-width signs."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


class TargetSettings(Shape):
    """What departments have to reach, shares from "0" to "1"; what a department does not name is as everywhere."""

    satisfaction: Part | None = None
    response_rate: Part | None = None
    minimum: int | None = Field(default=None, gt=0)


class SurveySettings(Shape):
    """The choices of the survey; `complaint_days` and `action_days` are working days, `followup_days` calendar days.

    `scale`: the words of each mark, the first is the one that is shown; `synonyms`: other words and the word or mark
    that they mean.
    """

    schedules: tuple[Schedule, ...]
    cycle: Literal["month", "quarter", "year"]
    minimum: int = Field(gt=0)
    small: int = Field(ge=0)
    complaint_at: Literal[1, 2]
    complaint_days: int = Field(ge=0)
    followup_days: int = Field(ge=0)
    action_days: int = Field(ge=0)
    open: Literal["conclusive", "always"]
    trend_periods: int = Field(ge=2)
    words_shown: int = Field(ge=0)
    mail_departments: bool
    questions: Literal["found", "listed"]
    scale: dict[str, tuple[str, ...]]
    synonyms: dict[str, str]
    no_answer: tuple[str, ...]
    not_applicable: tuple[str, ...]
    asides: tuple[str, ...]
    stop_words: tuple[str, ...]
    target: TargetSettings
    targets: dict[str, TargetSettings]
    renames: dict[str, str]
    groups: dict[str, tuple[str, ...]]
    handled_by: dict[str, str]

    @model_validator(mode="after")
    def _one_meaning(self) -> Self:
        """Every word means one thing, and a synonym stands for a word or a mark that is known."""
        for mark in self.scale:
            if mark not in MARKS:
                raise wrong("no_mark", mark)
        means = {mark: mark for mark in MARKS}
        lists = [*self.scale.items(), ("no_answer", self.no_answer), ("not_applicable", self.not_applicable)]
        for meaning, words in lists:
            for word in words:
                if means.setdefault(plain(word), meaning) != meaning:
                    raise wrong("two_meanings", word)
        for word, meant in self.synonyms.items():
            if plain(meant) not in means:
                raise wrong("no_answer_word", meant, word=word, known=", ".join(_shown(self.scale.values())))
            if means.get(plain(word), means[plain(meant)]) != means[plain(meant)]:
                raise wrong("two_meanings", word)
        return self

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        """No question stands in two groups, and none is renamed to a heading that is itself an older one."""
        seen: set[str] = set()
        for question in (one for questions in self.groups.values() for one in questions):
            if plain(question) in seen:
                raise wrong("two_groups", question)
            seen.add(plain(question))
        older = {plain(heading) for heading in self.renames}
        for heading in self.renames.values():
            if plain(heading) in older:
                raise wrong("renamed_twice", heading)
        return self


def _shown(words: Iterable[tuple[str, ...]]) -> Iterator[str]:
    return (own[0] for own in words if own)
