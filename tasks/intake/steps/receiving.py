"""What a process does before it looks at its books: it takes in everything that waits, and is tried again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

from tasks.adapters.speech import spoken
from tasks.adapters.store import Store
from tasks.desk import step, tell
from tasks.domain.message import Message
from tasks.intake.steps.sources import SourceToRead, take_in_sources
from tasks.intake.steps.taking_in import Import, IntakeRules, take_in

TRIES = 3
WAIT_SECONDS = 30.0

Progress = Callable[[int, int, str], None]
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Receiving:
    """How what waits is taken in: by which rules, from which sources, for dates of the stock ledger reported before."""

    rules: IntakeRules
    sources: Sequence[SourceToRead]
    reported: Collection[dt.date]
    progress: Progress


class Received(NamedTuple):
    """What is said of sources, and of what lay in the inbox."""

    of_sources: tuple[Message, ...]
    of_inbox: tuple[Message, ...]


def take_in_all(store: Store, home: Path, receiving: Receiving, date: dt.date, now: dt.datetime) -> Received:
    """What is said of everything that was taken in: first what the sources give for the business date, then the inbox.

    Raises UnableToKeepFile where the disk refuses.
    """
    work = Import(store, home, receiving.rules, now, receiving.reported)
    of_sources = take_in_sources(work, receiving.sources, date).notices if receiving.sources else ()
    taken = take_in(store, home, receiving.rules, now, receiving.reported, receiving.progress)
    return Received(of_sources, taken.notices)


def tell_all(received: Received, language: str) -> None:
    """Tells whoever runs the flow what could not be read, in the language."""
    for notice in (*received.of_sources, *received.of_inbox):
        tell(spoken(notice, language))


def is_worth_another_try(error: BaseException, tries: int) -> bool:
    """Whether receiving is tried again: a few times when the outside fails, never for a mistake of our own."""
    return tries <= TRIES and not isinstance(error, (TypeError, ValueError))


def receiving_step(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The step with the wording `name` in which a process receives: it is tried again by the rule above."""
    return step(name, retries=TRIES, wait_seconds=WAIT_SECONDS, retry_if=is_worth_another_try)
