"""Files turned into deliveries, one after another or, where many wait, by several processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Parser:
    """How the files of one dataset are read: the workbook reader (it must be picklable), shapes, words, master data."""

    read_sheets: ReadSheets
    dataset: Dataset
    words: Words
    lookups: Lookups


def parse_all(parser: Parser, held: Sequence[HeldFile], processes: int) -> Iterator[Parsed]:
    """Every held file parsed, in the order given; a file that cannot be read carries its refusal."""
    done = 0
    if processes > 1 and len(held) >= FILES_FOR_PROCESSES:
        try:
            for parsed in _in_processes(parser, held, processes):
                done += 1
                yield parsed
        except BrokenProcessPool:
            # A host that allows no further process still reads its files, only slower.
            pass
    for one in held[done:]:
        yield parse(parser, one)


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


_PARSER: list[Parser] = []


def _take_parser(parser: Parser) -> None:
    _PARSER[:] = [parser]


def _parse_here(held: HeldFile) -> Parsed:
    return parse(_PARSER[0], held)


def _in_processes(parser: Parser, held: Sequence[HeldFile], processes: int) -> Iterator[Parsed]:
    # Read-only views of mappings cannot travel to another process, plain ones can.
    plain = replace(
        parser,
        words=Words(lists=dict(parser.words.lists), marks=dict(parser.words.marks)),
        lookups=Lookups(sites=_plain(parser.lookups.sites), warehouses=_plain(parser.lookups.warehouses)),
    )
    # Not forked: the caller may run threads whose locks a fork would copy for ever.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_take_parser, initargs=(plain,)) as pool:
        yield from pool.map(_parse_here, held, chunksize=FILES_AT_ONCE)


def _plain(mapping: Mapping[str, str]) -> dict[str, str]:
    return dict(mapping)
