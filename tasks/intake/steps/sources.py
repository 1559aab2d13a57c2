"""Datasets asked from other programs' databases, typed and kept exactly as files are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.adapters.inbox import hold_content, let_go
from tasks.adapters.sources import UnableToReachSource, csv_of, fetch
from tasks.domain.message import Message, message
from tasks.domain.sheet import RefusedFile
from tasks.intake.core import Delivery, read_delivery
from tasks.intake.steps.files import Parsed, known_contents, overtaken
from tasks.intake.steps.looking_up import lookups_of
from tasks.intake.steps.taking_in import DatasetTaken, Import, TakenIn, keep_all, taken_of


@dataclass(frozen=True, slots=True)
class SourceToRead:
    """One source as configured: its name, the dataset it gives, the database's URL and the text of its query."""

    name: str
    dataset: str
    url: str
    query: str
    rows_max: int


def take_in_sources(work: Import, sources: Sequence[SourceToRead], date: dt.date) -> TakenIn:
    """What the sources gave for the business date, kept like files named `sql:<source>:<date>`.

    `work` says where, by which rules and when. An answer equal to an earlier one is a repeat. A source that cannot be
    reached is said and stops no other.
    """
    taken = [_take(work, source, date) for source in sources]
    return TakenIn(tuple(one for one in taken if one is not None), tuple(work.notices))


def _take(work: Import, source: SourceToRead, date: dt.date) -> DatasetTaken | None:
    name = f"sql:{source.name}:{date.isoformat()}"
    try:
        sheet = fetch(source.url, source.query, date, source.rows_max)
    except UnableToReachSource as wrong:
        work.say(source.dataset, name, message("inbox.source_unreachable", reason=wrong.message))
        return None
    held = hold_content(work.home, source.dataset, name, csv_of(sheet))
    with work.store.reading() as connection:
        known = known_contents(connection, source.dataset, [held.sha256])
        late = held.sha256 in known and overtaken(connection, source.dataset, held.sha256)
        lookups = lookups_of(connection, work.rules.night_ends)
    if held.sha256 in known:
        # A database gives the same answer every time it is asked; to say so would make the second report another.
        let_go(held)
        if late:
            work.say(source.dataset, name, message("inbox.file_overtaken", known_as=known[held.sha256]))
        return DatasetTaken(source.dataset, files_repeated=1)
    delivery: Delivery | None = None
    refusal: Message | None = None
    try:
        delivery = read_delivery(work.rules.datasets[source.dataset], [sheet], name, lookups, work.rules.words)
    except RefusedFile as wrong:
        refusal = wrong.reason
    parsed = Parsed(source.dataset, name, held.sha256, held.size, held, delivery, refusal)
    return taken_of(source.dataset, keep_all(work, source.dataset, [parsed]), repeats=0)
