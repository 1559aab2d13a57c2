"""Files turned into deliveries, one after another or, where many wait, by several processes."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from config.datasets import Dataset, Words
from tasks.adapters.inbox import HeldFile
from tasks.domain.message import Message, message
from tasks.domain.sheet import RawSheet, RefusedFile
from tasks.intake.core import Delivery, Lookups, read_delivery
from tasks.intake.steps.files import Parsed

# Below this the start of other processes costs more than they save.
FILES_FOR_PROCESSES = 150
FILES_AT_ONCE = 20

ReadSheets = Callable[[Path], Sequence[RawSheet]]
# What was parsed of some files, in their order, once it is asked for.
Outcome = Callable[[], list[Parsed]]


@dataclass(frozen=True, slots=True)
class Parser:
    """How the files of one dataset are read: the workbook reader (it must be picklable), shapes, words, master data."""

    read_sheets: ReadSheets
    dataset: Dataset
    words: Words
    lookups: Lookups


@contextmanager
def parsing(parsers: Mapping[str, Parser], processes: int) -> Iterator[Callable[[Sequence[HeldFile]], Outcome]]:
    """A function that begins to parse held files, as their datasets' parsers say, and gives what will be their outcome.

    With more than one process the others parse ahead while the caller does something else; with one, files are parsed
    when their outcome is asked for. A file that cannot be read carries its refusal.
    """
    if processes <= 1:
        yield lambda held: partial(_parse_some, parsers, held)
        return
    # Read-only views of mappings cannot travel to another process, plain ones can.
    plain = {name: _plain(parser) for name, parser in parsers.items()}
    # Not forked: the caller may run threads whose locks a fork would copy for ever.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_take_parsers, initargs=(plain,)) as pool:
        try:
            yield partial(_begun, pool, parsers)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def parse(parser: Parser, held: HeldFile) -> Parsed:
    """One held file parsed: its delivery, or the reason why all of it is refused."""
    delivery: Delivery | None = None
    refusal: Message | None = None
    try:
        sheets = parser.read_sheets(held.copy)
        delivery = read_delivery(parser.dataset, sheets, held.waiting.name, parser.lookups, parser.words)
    except RefusedFile as wrong:
        refusal = wrong.reason
    except FileNotFoundError:
        refusal = message("inbox.vanished")
    return Parsed(held.waiting.dataset, held.waiting.name, held.sha256, held.size, held, delivery, refusal)


def _parse_some(parsers: Mapping[str, Parser], held: Sequence[HeldFile]) -> list[Parsed]:
    return [parse(parsers[one.waiting.dataset], one) for one in held]


def _begun(pool: ProcessPoolExecutor, parsers: Mapping[str, Parser], held: Sequence[HeldFile]) -> Outcome:
    here = partial(_parse_some, parsers, held)
    try:
        future = pool.submit(_parse_there, held)
    except BrokenProcessPool:
        return here

    def outcome() -> list[Parsed]:
        try:
            return future.result()
        except BrokenProcessPool:
            # A host that allows no further process still reads its files, only slower.
            return here()

    return outcome


_PARSERS: dict[str, Parser] = {}


def _take_parsers(parsers: dict[str, Parser]) -> None:
    # This process lives for one import and makes no rubbish that only a search would find.
    gc.disable()
    _PARSERS.update(parsers)


def _parse_there(held: Sequence[HeldFile]) -> list[Parsed]:
    return _parse_some(_PARSERS, held)


def _plain(parser: Parser) -> Parser:
    words, lookups = parser.words, parser.lookups
    return replace(
        parser,
        words=Words(dict(words.lists), dict(words.marks), dict(words.examples)),
        lookups=replace(
            lookups,
            sites=dict(lookups.sites),
            warehouses=dict(lookups.warehouses),
            departments=dict(lookups.departments),
        ),
    )
