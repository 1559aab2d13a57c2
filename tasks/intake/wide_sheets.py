"""Sheets with one column for each question: which columns those are, and what was answered, as it was written.

What an answer means is no matter of intake: every filled cell under a heading that is none of the known ones is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from itertools import count
from operator import itemgetter

from tasks.domain.cells import is_blank, read_text, reason, shown
from tasks.domain.keys import clean
from tasks.domain.message import Message, message
from tasks.domain.sheet import Cell
from tasks.intake.survey_rows import bare
from tasks.intake.words import column_letters, heading_key

ANSWER_CHARACTERS = 2000
LAYOUT_BYTES = 16
_PLAIN_FLOAT = re.compile(r"(\d+)\.0+")
Rows = Sequence[Sequence[Cell]]
Merged = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """The questions of a sheet in their order: `headings` as written, `groups` what stands above each, or ""."""

    headings: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """By which a row names its layout."""
        texts = json.dumps([self.headings, self.groups], ensure_ascii=False)
        return blake2b(texts.encode(), digest_size=LAYOUT_BYTES).hexdigest()


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a sheet and the places of each one's columns: several where equal headings complete each other.

    `notices` say what was done about headings that stand there twice and columns that have none.
    """

    layout: Layout = field(default_factory=Layout)
    places: tuple[tuple[int, ...], ...] = ()
    notices: tuple[Message, ...] = ()


NOTHING_ASKED = Asked()


@dataclass(frozen=True, slots=True)
class Answered:
    """What the rows answered: `texts` a JSON array each, `contents` the same whatever the order of the columns.

    `wrong` are the cells that are too long to be an answer: place of the row, heading, cell and reason.
    """

    texts: list[str]
    contents: list[str]
    wrong: list[tuple[int, str, Cell, Message]]


@dataclass(frozen=True, slots=True)
class Heads:
    """The headings of a sheet, the places of the `known` columns, and the group that stands above each place."""

    sheet: str
    cells: Sequence[Cell]
    known: Collection[int]
    groups: Sequence[str]
    first_column: int


def goes_on_below(rows: Rows, merged: Sequence[Merged], position: int, known: Collection[int]) -> bool:
    """Whether the row of headings at `position` goes on in the row below, with the questions under their groups.

    Then that row says nothing under the `known` columns, and either they are merged over both rows or it has a
    heading where the upper row has none. A row of answers without a form would look like that only in theory.
    """
    if position + 1 >= len(rows):
        return False
    upper, lower = rows[position], rows[position + 1]
    if any(place < len(lower) and not is_blank(lower[place]) and lower[place] != upper[place] for place in known):
        return False
    filled = [place for place, cell in enumerate(lower) if place not in known and not is_blank(cell)]
    if not filled or not all(isinstance(lower[place], str) for place in filled):
        return False
    spans = any(top <= position < bottom and left in known for top, left, bottom, _ in merged)
    return spans or any(place >= len(upper) or is_blank(upper[place]) for place in filled)


def groups_above(
    above: Sequence[Cell], known: Collection[int], width: int, spans: Collection[tuple[int, int]]
) -> list[str]:
    """The group of each place: what stands above it or, in a merged cell, to the left of that; never a known column's.

    `spans` are the merged cells of that row, as the first and last place; without any a text reaches to the next.
    """
    ends = dict(spans)
    groups, group, until = [""] * width, "", -1
    for place in range(width):
        text = clean(shown(above[place])) if place < len(above) else ""
        if place in known:
            # A title over the whole sheet begins above a known column and is no group.
            group = ""
            continue
        if text:
            until = ends.get(place, width if not ends else place)
            group = "" if any(place <= one <= until for one in known) and ends else text
        groups[place] = group if place <= until else ""
    return groups


def asked_in(heads: Heads, rows: Rows) -> Asked:
    """The questions of a sheet: every column with a heading, none of the known ones, under which anything stands."""
    found: list[tuple[str, str, tuple[int, ...]]] = []
    notices: list[Message] = []
    for place in _filled(rows, heads.known):
        heading = clean(shown(heads.cells[place])) if place < len(heads.cells) else ""
        if not heading:
            cells = sum(1 for row in rows if place < len(row) and not is_blank(row[place]))
            letters = column_letters(heads.first_column + place)
            notices.append(message("intake.notice.no_heading", sheet=heads.sheet, column=letters, count=cells))
            continue
        found.append((heading, heads.groups[place] if place < len(heads.groups) else "", (place,)))
    found = _with_groups(found)
    found, twice = _told_apart(found, rows, heads)
    layout = Layout(tuple(one[0] for one in found), tuple(one[1] for one in found))
    return Asked(layout, tuple(one[2] for one in found), (*notices, *twice))


def answered(asked: Asked, rows: Rows) -> Answered:
    """What every row says under the questions; a blank cell is blank."""
    encoded: list[list[str]] = []
    contents: list[tuple[str, list[str]]] = []
    wrong: list[tuple[int, str, Cell, Message]] = []
    for heading, places in zip(asked.layout.headings, asked.places, strict=True):
        cells = _cells(rows, places)
        texts = {cell: answer_text(cell) for cell in dict.fromkeys(cells)}
        if any(len(text) > ANSWER_CHARACTERS for text in texts.values()):
            why = reason("too_long", limit=ANSWER_CHARACTERS)
            long = [place for place, cell in enumerate(cells) if len(texts[cell]) > ANSWER_CHARACTERS]
            wrong += [(place, heading, cells[place], why) for place in long]
        quoted = {cell: json.dumps(text, ensure_ascii=False) for cell, text in texts.items()}
        encoded.append([quoted[cell] for cell in cells])
        key = heading_key(heading)
        said = {cell: f"{key}\x1e{bare(text)}\x1e" if text else "" for cell, text in texts.items()}
        contents.append((key, [said[cell] for cell in cells]))
    if not encoded:
        return Answered(["[]"] * len(rows), [""] * len(rows), [])
    ordered = [column for _, column in sorted(contents, key=itemgetter(0))]
    return Answered(
        [f"[{line}]" for line in map(",".join, zip(*encoded, strict=True))],
        list(map("".join, zip(*ordered, strict=True))),
        wrong,
    )


@lru_cache(maxsize=20_000)
def answer_text(cell: Cell) -> str:
    """What the cell says, as a person sees it: whole numbers without a point, an error of a formula as it is shown."""
    text = read_text(cell)
    if isinstance(text, Message):
        return clean(shown(cell))
    whole = _PLAIN_FLOAT.fullmatch(text)
    return whole[1] if whole else text


def _cells(rows: Rows, places: tuple[int, ...]) -> list[Cell]:
    first, *others = places
    cells = [row[first] if first < len(row) else "" for row in rows]
    for other in others:
        cells = [
            row[other] if is_blank(cell) and other < len(row) else cell for cell, row in zip(cells, rows, strict=True)
        ]
    return cells


def _filled(rows: Rows, known: Collection[int]) -> Iterator[int]:
    width = max(map(len, rows), default=0)
    for place in range(width):
        if place not in known and any(place < len(row) and not is_blank(row[place]) for row in rows):
            yield place


Found = list[tuple[str, str, tuple[int, ...]]]


def _with_groups(found: Found) -> Found:
    """Headings that stand there twice, under groups that differ, with their group before them."""
    groups: dict[str, list[str]] = {}
    for heading, group, _ in found:
        groups.setdefault(heading_key(heading), []).append(group)
    told = {key for key, names in groups.items() if len(names) > 1 and len(set(names)) == len(names)}
    return [
        (f"{group}·{heading}" if group and heading_key(heading) in told else heading, group, places)
        for heading, group, places in found
    ]


def _told_apart(found: Found, rows: Rows, heads: Heads) -> tuple[Found, list[Message]]:
    """Equal headings made one question where their cells never contradict, else numbered."""
    known: dict[str, list[int]] = {}
    taken = {heading_key(heading) for heading, _, _ in found}
    apart: Found = []
    notices: list[Message] = []
    for heading, group, places in found:
        before = known.setdefault(heading_key(heading), [])
        same = next((at for at in before if _agree(rows, apart[at][2], places)), None)
        if same is not None:
            apart[same] = (*apart[same][:2], apart[same][2] + places)
            notices.append(message("intake.notice.question_completed", sheet=heads.sheet, heading=heading))
            continue
        name = heading
        if before:
            name = next(one for number in count(2) if heading_key(one := f"{heading} ({number})") not in taken)
            taken.add(heading_key(name))
            letters = column_letters(heads.first_column + places[0])
            told = {"sheet": heads.sheet, "heading": heading, "name": name, "column": letters}
            notices.append(message("intake.notice.question_twice", **told))
        before.append(len(apart))
        apart.append((name, group, places))
    return apart, notices


def _agree(rows: Rows, first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    pairs = set(zip(_cells(rows, first), _cells(rows, second), strict=True))
    return all(is_blank(one) or is_blank(other) or answer_text(one) == answer_text(other) for one, other in pairs)
