"""A break: a finding with a life, carried from business date to business date until it is cured or written off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tasks.domain.finding import Severity
from tasks.domain.message import Message
from tasks.domain.working_days import working_days_between

State = Literal["open", "explained", "resolved", "reopened", "written-off"]
ALIVE: frozenset[State] = frozenset({"open", "explained", "reopened"})


@dataclass(frozen=True, slots=True)
class Break:
    """One break as a business date tells of it: the finding, its worth, its state and its owner.

    `difference` is a quantity scaled by 10,000, `value` a decimal text with two places or None where no price is known.
    `since` is the first date of its present stretch of life; a reopened break keeps its first `opened_on`.
    """

    id: str
    kind: str
    severity: Severity
    state: State
    site: str
    department: str
    warehouse: str
    item: str
    date: dt.date
    refs: tuple[str, ...]
    expected: str
    found: str
    difference: int
    value: str | None
    message: Message
    opened_on: dt.date
    since: dt.date
    owner: str


def age_of(one: Break, as_of: dt.date) -> int:
    """The age of a break in working days since the business date whose run first found it."""
    return _age(one.opened_on, as_of)


@lru_cache(maxsize=4096)
def _age(opened_on: dt.date, as_of: dt.date) -> int:
    return working_days_between(opened_on, as_of)
