"""The choices of the house in the survey (spec 05: by configuration)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal


@dataclass(frozen=True, slots=True)
class Target:
    """What a department has to reach: shares from 0 to 1, None where nothing is asked, and the forms that it takes."""

    satisfaction: Fraction | None = None
    response_rate: Fraction | None = None
    minimum: int = 10


@dataclass(frozen=True, slots=True)
class Policy:
    """How answers are read, judged and followed up. Words and headings are keys (`word_key`, `heading_key`).

    `answers`: each known word and its code (`shapes.SCALE`, NO_ANSWER, NOT_APPLICABLE); `renames`: the key of an older
    heading and the heading that it is now; `groups`: a group's name and the keys of its questions, in order; `asides`:
    headings that are no questions. `targets` by department's key, `target` for the others. A rating of at most
    `complaint_at` opens a case; `handled_by`: the department by the question's key or group, else the form's own.
    `complaint_days` and `action_days` are working days, `followup_days` calendar days. `minimum` forms make a figure
    that is ranked, fewer than `small` one that is hidden. `always_open`: also what is not conclusive opens an action
    or a commendation. `listed_only`: no heading is a question but those in `groups` and those that are renamed.
    """

    answers: Mapping[str, int]
    renames: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asides: frozenset[str] = frozenset()
    target: Target = Target()
    targets: Mapping[str, Target] = field(default_factory=dict)
    cycle: Literal["month", "quarter", "year"] = "month"
    minimum: int = 10
    small: int = 5
    complaint_at: Literal[1, 2] = 1
    handled_by: Mapping[str, str] = field(default_factory=dict)
    complaint_days: int = 5
    followup_days: int = 3
    action_days: int = 10
    always_open: bool = False
    trend_periods: int = 12
    stop_words: frozenset[str] = frozenset()
    words_shown: int = 30
    listed_only: bool = False
