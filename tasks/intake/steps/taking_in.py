"""Everything that waits in the inbox is taken in: copied, read, archived, kept, and only then removed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from config.datasets import Dataset, Words
from tasks.adapters.inbox import (
    HeldFile,
    UnableToKeepFile,
    UnableToReadFile,
    WaitingFile,
    archive,
    archived_as,
    hold,
    let_go,
    make_lasting,
    refuse,
    sweep,
    take_out,
    waiting,
)
from tasks.adapters.store import Store, exclusive
from tasks.domain.message import Message, message
from tasks.intake.core import Delivery
from tasks.intake.hotel_rows import HOTEL_DATED, HOTEL_MASTERS
from tasks.intake.ledger_days import coverage, waves
from tasks.intake.row_keys import INVOICING, RETURNS
from tasks.intake.steps.files import Arrival, Parsed, known_contents, overtaken, period_of, record_refusal
from tasks.intake.steps.keeping import MASTERS, Counts, Readable, keep_one, keep_wave
from tasks.intake.steps.looking_up import lookups_of
from tasks.intake.steps.parsing import FILES_AT_ONCE, FILES_FOR_PROCESSES, Outcome, Parser, ReadSheets, parsing
from tasks.intake.steps.twins import own_identity
from tasks.intake.survey_rows import SURVEY

# Master data first: the others are read in its light.
ORDER = (
    *MASTERS, "late_notice", "erp_documents", "on_hand", "ledger", "count_sheets", *HOTEL_MASTERS, *HOTEL_DATED,
    *RETURNS, *INVOICING, *SURVEY, "exception_answers",
)  # fmt: skip
# Nothing in one of the other datasets changes how another is read, so they are read together.
_TOGETHER = (*((dataset,) for dataset in MASTERS), ORDER[len(MASTERS) :])
# Whoever keeps rows holds this, and whoever closes books that no row may come into meanwhile.
WORK = "intake"
FILES_IN_ONE_TRANSACTION = 500

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class IntakeRules:
    """How files are read: `read_sheets` (a picklable function of a path), the datasets and words, and two limits.

    `night_ends` is the hour at which the hotel's business date ends.
    """

    read_sheets: ReadSheets
    datasets: Mapping[str, Dataset]
    words: Words
    night_ends: dt.time
    settle_seconds: int = 0
    processes: int = 2


@dataclass(frozen=True, slots=True)
class DatasetTaken:
    """What one dataset brought: files by what became of them, data rows by what became of them."""

    dataset: str
    files_read: int = 0
    files_refused: int = 0
    files_repeated: int = 0
    read: int = 0
    accepted: int = 0
    quarantined: int = 0
    repeated: int = 0
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What one import did: a line for each dataset in the order of reading, and what is said about files, in order."""

    datasets: tuple[DatasetTaken, ...]
    notices: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """One import under way: where, by which rules, when, and the periods that were reported already."""

    store: Store
    home: Path
    rules: IntakeRules
    now: dt.datetime
    reported: Collection[dt.date]
    notices: list[Message] = field(default_factory=list)

    def say(self, dataset: str, name: str, what: Message) -> None:
        """Adds a notice about one file."""
        self.notices.append(message("inbox.about_file", dataset=dataset, name=name, what=what))


def _silent(_done: int, _total: int, _name: str) -> None:
    """Nobody watches."""


def _watched(progress: Progress, before: int, total: int, at: int, name: str) -> None:
    progress(before + at, total, name)


def take_in(
    store: Store,
    home: Path,
    rules: IntakeRules,
    now: dt.datetime,
    reported: Collection[dt.date] = frozenset(),
    progress: Progress = _silent,
) -> TakenIn:
    """What was taken in: every waiting file is read once, refused by name, or known already.

    `reported` are the business dates whose report has gone out: rows withdrawn there are amended. `progress` is told
    files done, files in all and the name of each. Any number of imports may run at once and any may crash: a file stays
    in the inbox until its rows are kept. Raises UnableToKeepFile where the disk refuses.
    """
    sweep(home, now)
    found = waiting(home, ORDER, rules.settle_seconds, now)
    work = Import(store, home, rules, now, reported, list(found.notices))
    taken: list[DatasetTaken] = []
    done = 0
    for datasets in _TOGETHER:
        mine = [file for file in found.files if file.dataset in datasets]
        if mine:
            watched = partial(_watched, progress, done, len(found.files))
            taken += _take_datasets(work, datasets, mine, watched)
            done += len(mine)
    return TakenIn(tuple(taken), tuple(work.notices))


def keep_all(work: Import, dataset: str, parsed: Sequence[Parsed]) -> list[tuple[Parsed, Counts | None]]:
    """Every parsed file kept, in the order of (day it is for, name), with its counts; None where it was refused.

    A file that the database will not take is refused by itself, and does not stop the others.
    """
    results: list[tuple[Parsed, Counts | None]] = []
    for one in parsed:
        if one.delivery is None:
            _refuse(work, one, one.refusal or message("inbox.vanished"))
            results.append((one, None))
    today = work.now.date()
    good = [(one, one.delivery) for one in parsed if one.delivery is not None]
    # A name that continues another's, as a correction's does, comes after it; its ending must not decide that.
    good.sort(
        key=lambda pair: (
            period_of(pair[1], today) or dt.date.min, pair[0].name.rsplit(".", 1)[0], pair[0].name, pair[0].sha256,
        )
    )  # fmt: skip
    covered, groups = _groups(dataset, good)
    for group in groups:
        chosen = [good[position] for position in group]
        results += _keep_group(work, chosen, covered, group)
    return results


def taken_of(dataset: str, kept: Sequence[tuple[Parsed, Counts | None]], repeats: int) -> DatasetTaken:
    """The line of one dataset: files and rows by what became of them."""
    counts = [count for _, count in kept if count is not None]
    return DatasetTaken(
        dataset,
        files_read=len(counts),
        files_refused=len(kept) - len(counts),
        files_repeated=repeats,
        read=sum(count.read for count in counts),
        accepted=sum(count.accepted for count in counts),
        quarantined=sum(count.quarantined for count in counts),
        repeated=sum(count.repeated for count in counts),
        ignored=sum(count.ignored for count in counts),
    )


def _take_datasets(
    work: Import, datasets: Sequence[str], files: Sequence[WaitingFile], progress: Callable[[int, str], None]
) -> list[DatasetTaken]:
    """One line for each of the `datasets` that has files: they are parsed ahead and kept one dataset after another."""
    with work.store.reading() as connection:
        lookups = lookups_of(connection, work.rules.night_ends)
    rules = work.rules
    parsers = {
        dataset: Parser(rules.read_sheets, rules.datasets[dataset], rules.words, lookups) for dataset in datasets
    }
    processes = rules.processes if len(files) >= FILES_FOR_PROCESSES else 1
    taken: list[DatasetTaken] = []
    with parsing(parsers, processes) as begin:
        under_way = []
        for dataset in datasets:
            mine = [file for file in files if file.dataset == dataset]
            under_way.append(_begun(work, mine, parsers[dataset], begin))
        done = 0
        for one in under_way:
            if one.files:
                taken.append(_finished(work, one, partial(_further, progress, done)))
                done += len(one.files)
    return taken


def _further(progress: Callable[[int, str], None], before: int, at: int, name: str) -> None:
    progress(before + at, name)


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """The files of one dataset while they are parsed: each one's identity, and the copies that only repeat another."""

    files: Sequence[WaitingFile]
    identities: list[str]
    outcomes: list[Outcome]
    repeats: list[tuple[HeldFile, str]]


def _begun(
    work: Import,
    files: Sequence[WaitingFile],
    parser: Parser,
    begin: Callable[[Sequence[HeldFile]], Outcome],
) -> _UnderWay:
    """The files held, a few at a time, while those held before are parsed already."""
    one = _UnderWay(files, [], [], [])
    known: dict[str, str] = {}
    for start in range(0, len(files), FILES_AT_ONCE):
        fresh: list[HeldFile] = []
        held = [copy for file in files[start : start + FILES_AT_ONCE] if (copy := _held(work, file)) is not None]
        known = _known(work, [copy.sha256 for copy in held], parser) | known
        for copy in held:
            identity = copy.sha256
            if identity in known:
                identity = own_identity(parser, copy, known[copy.sha256])
                known = _known(work, [identity], parser) | known
            if identity in known:
                one.repeats.append((copy, known[identity]))
            else:
                known[identity] = copy.waiting.name
                fresh.append(copy)
                one.identities.append(identity)
        if fresh:
            one.outcomes.append(begin(fresh))
    return one


def _known(work: Import, contents: Sequence[str], parser: Parser) -> dict[str, str]:
    with work.store.reading() as connection:
        return known_contents(connection, parser.dataset.name, contents)


def _held(work: Import, file: WaitingFile) -> HeldFile | None:
    """The file held; None when another import took it, or when it cannot be read, which is said and stops no other."""
    try:
        return hold(work.home, file)
    except UnableToReadFile as wrong:
        work.notices.append(message("inbox.unreadable", dataset=file.dataset, name=file.name, reason=wrong.message))
        return None


def _taken_out(work: Import, held: HeldFile) -> None:
    """Takes the file out of the inbox; one that the folder does not let go is said and stops no other."""
    try:
        take_out(held)
    except UnableToKeepFile as wrong:
        dataset, name = held.waiting.dataset, held.waiting.name
        work.notices.append(message("inbox.stays", dataset=dataset, name=name, reason=wrong.message))


def _finished(work: Import, one: _UnderWay, progress: Callable[[int, str], None]) -> DatasetTaken:
    for copy, known_as in one.repeats:
        _say_repeat(work, copy, known_as)
    parsed: list[Parsed] = []
    first = len(one.files) - len(one.identities) + 1
    for outcome in one.outcomes:
        for file in outcome():
            progress(first + len(parsed), file.name)
            parsed.append(replace(file, sha256=one.identities[len(parsed)]))
    dataset = one.files[0].dataset
    kept = keep_all(work, dataset, parsed)
    return taken_of(dataset, kept, len(one.repeats) + len(parsed) - len(kept))


def _groups(dataset: str, good: Sequence[tuple[Parsed, Delivery]]) -> tuple[pd.DataFrame, list[list[int]]]:
    """The files of each transaction; ledgers of the same day never share one, for the later must see the earlier."""
    positions = range(len(good))
    if not good or dataset != "ledger":
        return pd.DataFrame(), [[position] for position in positions]
    rows = pd.concat([one.rows for _, one in good], ignore_index=True)[["site", "date"]]
    rows["file"] = np.repeat(list(positions), [len(one.rows) for _, one in good])
    stated = pd.Series([pd.Timestamp(one.stated_date) if one.stated_date else pd.NaT for _, one in good])
    listed = pd.DataFrame(
        {"file": list(positions), "site": [one.site for _, one in good], "stated": stated.astype("datetime64[s]")}
    )
    covered = coverage(rows, listed)
    return covered, list(waves(covered, positions, FILES_IN_ONE_TRANSACTION))


def _keep_group(
    work: Import, group: Sequence[tuple[Parsed, Delivery]], covered: pd.DataFrame, positions: Sequence[int]
) -> list[tuple[Parsed, Counts | None]]:
    """Archives, keeps and takes out the files of one transaction; one that the database refuses is refused alone."""
    chosen = []
    for (one, delivery), at in zip(group, positions, strict=True):
        place = archive(work.home, one.held) if one.held and one.held.copy.exists() else archived_place(one)
        chosen.append(Readable(at, one, delivery, Arrival(work.now, place)))
    make_lasting(work.home, [one.arrival.archived_as for one in chosen])
    try:
        with work.store.writing() as connection:
            kept = _keep(connection, work, chosen, covered)
    except (DataError, IntegrityError):
        if len(group) == 1:
            _refuse(work, group[0][0], message("inbox.database_refused"))
            return [(group[0][0], None)]
        return [
            result
            for pair, position in zip(group, positions, strict=True)
            for result in _keep_group(work, [pair], covered, [position])
        ]
    for done in chosen:
        if done.parsed.held:
            _taken_out(work, done.parsed.held)
        for notice in done.delivery.notices:
            work.say(done.parsed.dataset, done.parsed.name, notice)
    return kept


def _keep(
    connection: Connection, work: Import, chosen: Sequence[Readable], covered: pd.DataFrame
) -> list[tuple[Parsed, Counts | None]]:
    exclusive(connection, WORK)
    dataset = chosen[0].parsed.dataset
    # Another import may have kept the same content since it was fingerprinted here.
    known = known_contents(connection, dataset, [one.parsed.sha256 for one in chosen])
    fresh = [one for one in chosen if one.parsed.sha256 not in known]
    if not fresh:
        return []
    if dataset == "ledger":
        counts = keep_wave(connection, fresh, covered, work.reported)
    else:
        counts = [keep_one(connection, one) for one in fresh]
    return [(one.parsed, count) for one, count in zip(fresh, counts, strict=True)]


def _refuse(work: Import, one: Parsed, reason: Message) -> None:
    where = ""
    if one.held:
        where = refuse(work.home, one.held)
    with work.store.writing() as connection:
        exclusive(connection, WORK)
        if not known_contents(connection, one.dataset, [one.sha256]):
            record_refusal(connection, one, reason, Arrival(work.now, where))
    if one.held:
        _taken_out(work, one.held)
    work.say(one.dataset, one.name, message("inbox.refused", reason=reason))


def archived_place(one: Parsed) -> str:
    """Where the file lies in the archive, below the home folder; nowhere for what never was a file."""
    return archived_as(one.held) if one.held else ""


def _say_repeat(work: Import, copy: HeldFile, known_as: str) -> None:
    dataset, name = copy.waiting.dataset, copy.waiting.name
    with work.store.reading() as connection:
        late = overtaken(connection, dataset, copy.sha256)
    work.say(dataset, name, message(f"inbox.file_{'overtaken' if late else 'already_read'}", known_as=known_as))
    let_go(copy)
    _taken_out(work, copy)
