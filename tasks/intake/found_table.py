"""Where the table stands in a sheet: its headings, its data rows, and the lines above.

Titles, blank rows, totals, repeated headings, examples and signature lines are no data and are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from config.datasets import Dataset, DatasetColumn, Words
from tasks.domain.cells import is_blank, reason, shown
from tasks.domain.keys import clean
from tasks.domain.message import Message, message
from tasks.domain.sheet import Cell, RawSheet
from tasks.intake.row_judge import RowJudge
from tasks.intake.wide_sheets import NOTHING_ASKED, Asked, Heads, asked_in, goes_on_below, groups_above
from tasks.intake.words import bears_own_heading, column_letters, column_of, heading_key, known_headings

HEADER_SEARCH_ROWS = 30


@dataclass(frozen=True, slots=True)
class Rival:
    """A further column at `place` whose heading also means `column`, though it is worded otherwise.

    `extra`: the column that is read bears its own heading, so that this one is only beside it. `headings` and `letters`
    are those of both, the one that is read first.
    """

    column: str
    place: int
    extra: bool
    headings: tuple[str, str]
    letters: tuple[str, str]


@dataclass(frozen=True, slots=True)
class FoundTable:
    """The table of one sheet: `places` maps a column's name to its position, `headings` to the heading as written.

    `rows` are the data rows as pairs (row number in the sheet, cells); `above` and `beside` hold the other rows, from
    above the headings and from among or under the data; `ignored` counts everything that is no data. `contradicted`
    holds, by position in `rows`, the column and the reason where two columns of one heading say different things.
    Of several headings that mean one column its own is read, else the first; the others are `rivals` unless all blank.
    `asked` are the questions of a wide sheet.
    """

    sheet: str
    places: Mapping[str, int]
    headings: Mapping[str, str]
    numbers: list[int]
    rows: list[Sequence[Cell]]
    above: list[Sequence[Cell]]
    beside: list[Sequence[Cell]]
    ignored: int
    notices: tuple[Message, ...] = field(default=())
    contradicted: Mapping[int, list[tuple[str, Message]]] = field(default_factory=dict)
    rivals: tuple[Rival, ...] = ()
    asked: Asked = NOTHING_ASKED


def find_table(
    sheet: RawSheet, dataset: Dataset, words: Words, header_search_rows: int = HEADER_SEARCH_ROWS
) -> FoundTable | tuple[str, ...]:
    """The table of `dataset` in `sheet`, or the required headings that its best header row lacks.

    The header is the first row, or pair of rows one above the other, that names all required columns.
    """
    required = {column.name for column in dataset.columns if column.must_stand}
    searched = range(min(len(sheet.rows), header_search_rows))
    best: _Header | None = None
    # Two rows are tried only when no single one will do, for the lines above a heading are no part of it.
    for position, depth in ((position, depth) for depth in (1, 2) for position in searched):
        cells = _header_cells(sheet.rows, position, depth)
        header = _Header(position, depth, cells, _named(cells, dataset))
        # One heading alone might be a title that happens to be worded like it.
        if required <= header.named.keys() and len(header.named) > 1:
            return _table(sheet, dataset, words, _deepened(sheet, dataset, header) if dataset.wide else header)
        if len(header.named) > (len(best.named) if best else 1):
            best = header
    found = best.named if best else {}
    return tuple(_heading(column) for column in dataset.columns if column.must_stand and column.name not in found)


@dataclass(frozen=True, slots=True)
class _Header:
    position: int
    depth: int
    cells: list[Cell]
    # The positions of every column's headings, its own heading first.
    named: dict[str, list[int]]


def _deepened(sheet: RawSheet, dataset: Dataset, header: _Header) -> _Header:
    """The header of a wide sheet with the row below it, where the questions stand under their groups."""
    known = {place for places in header.named.values() for place in places}
    if header.depth > 1 or not goes_on_below(sheet.rows, sheet.merged, header.position, known):
        return header
    cells = _header_cells(sheet.rows, header.position, 2)
    return _Header(header.position, 2, cells, _named(cells, dataset))


def _released(filled: Mapping[str, list[int]], cells: Sequence[Cell], dataset: Dataset) -> dict[str, list[int]]:
    """The known columns of a wide sheet without further ones of another heading, for those may be questions.

    Where nobody can tell which of them holds what every row must have, all stay, and rows in which they differ are bad.
    """
    columns = {column.name: column for column in dataset.columns}
    alike = {name: heading_key(str(cells[at[0]])) for name, at in filled.items()}
    return {
        name: list(at)
        if columns[name].required and not bears_own_heading(cells[at[0]], columns[name])
        else [place for place in at if heading_key(str(cells[place])) == alike[name]]
        for name, at in filled.items()
    }


def _asked(sheet: RawSheet, header: _Header, filled: Mapping[str, list[int]], rows: Sequence[Sequence[Cell]]) -> Asked:
    """The questions of a wide sheet, with the groups that stand in the row above them."""
    known = {place for at in filled.values() for place in at}
    above = header.position if header.depth > 1 else header.position - 1
    spans = [(left, right) for top, left, _, right in sheet.merged if top == above]
    texts = list(sheet.rows[above]) if above >= 0 else []
    groups = groups_above(texts, known, len(header.cells), spans)
    own = [
        "" if place < len(texts) and clean(shown(cell)) == clean(shown(texts[place])) else group
        for place, (cell, group) in enumerate(zip(header.cells, groups, strict=True))
    ]
    return asked_in(Heads(sheet.name, header.cells, known, own, sheet.first_column), rows)


def _heading(column: DatasetColumn) -> str:
    return f"{column.heading_zh}/{column.heading_en}"


def _header_cells(rows: Sequence[Sequence[Cell]], position: int, depth: int) -> list[Cell]:
    upper = list(rows[position])
    if depth == 1 or position + 1 >= len(rows):
        return upper
    lower = list(rows[position + 1])
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    return [above if is_blank(below) else below for above, below in zip(upper, lower, strict=True)]


def _named(cells: Sequence[Cell], dataset: Dataset) -> dict[str, list[int]]:
    known = known_headings(dataset)
    named: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        name = column_of(cell, known)
        if name is not None:
            named.setdefault(name, []).append(place)
    for column in dataset.columns:
        if len(places := named.get(column.name, [])) > 1:
            places.sort(key=lambda place: not bears_own_heading(cells[place], column))
    return named


def _filled(places: list[int], body: Sequence[Sequence[Cell]]) -> list[int]:
    """Those of the columns at `places` that hold anything; the first of them where none does."""
    held = [at for at in places if any(at < len(row) and not is_blank(row[at]) for row in body)]
    return held or places[:1]


def _read_columns(header: _Header, dataset: Dataset, body: Sequence[Sequence[Cell]]) -> dict[str, list[int]]:
    """For every known column the positions that are read for it, the one that counts first."""
    filled = {name: at if len(at) == 1 else _filled(at, body) for name, at in header.named.items()}
    return _released(filled, header.cells, dataset) if dataset.wide else filled


def _holds_anything(row: Sequence[Cell]) -> bool:
    return any(cell != "" for cell in row)


def _table(sheet: RawSheet, dataset: Dataset, words: Words, header: _Header) -> FoundTable:
    start = header.position + header.depth
    rows = _filled_down(sheet, dataset, header)
    filled = _read_columns(header, dataset, rows[start:])
    places = {name: at[0] for name, at in filled.items()}
    judge = RowJudge(dataset, words, places, header.cells)
    twins = list(_further(filled, header.cells, alike=True))
    contradicted: dict[int, list[tuple[str, Message]]] = {}
    numbers: list[int] = []
    kept: list[Sequence[Cell]] = []
    beside: list[Sequence[Cell]] = []
    ignored = 0
    for place in range(start, len(rows)):
        row = rows[place] = _with_twins(rows[place], twins, places) if twins else rows[place]
        if judge.is_data(row):
            if twins and (wrong := list(_contradictions(row, twins, places, header.cells, sheet.first_column))):
                contradicted[len(kept)] = wrong
            numbers.append(sheet.first_row + place)
            kept.append(row)
        elif _holds_anything(row):
            beside.append(row)
            ignored += 1
        else:
            ignored += 1
    # Blank rows at the end are no rows of anyone's: they are not even counted as ignored.
    for row in reversed(rows[start:]):
        if _holds_anything(row):
            break
        ignored -= 1
    texts = {place: clean(str(cell)) for place, cell in enumerate(header.cells)}
    asked = _asked(sheet, header, filled, kept) if dataset.wide else NOTHING_ASKED
    return FoundTable(
        sheet=sheet.name,
        places=places,
        headings={name: texts[place] for name, place in places.items()},
        numbers=numbers,
        rows=kept,
        above=[row for row in rows[: header.position] if _holds_anything(row)],
        beside=beside,
        ignored=ignored + start,
        notices=(
            *(message("intake.notice.heading_twice", sheet=sheet.name, heading=texts[twin]) for twin, _ in twins),
            *asked.notices,
        ),
        contradicted=contradicted,
        rivals=tuple(_rivals(filled, header.cells, dataset, sheet.first_column)),
        asked=asked,
    )


def _further(filled: Mapping[str, list[int]], cells: Sequence[Cell], *, alike: bool) -> Iterator[tuple[int, str]]:
    """The further columns under the heading of the one that is read (`alike`), or under another that means the same."""
    for name, (first, *others) in filled.items():
        for place in others:
            if (heading_key(str(cells[place])) == heading_key(str(cells[first]))) == alike:
                yield place, name


def _rivals(
    filled: Mapping[str, list[int]], cells: Sequence[Cell], dataset: Dataset, first_column: int
) -> Iterator[Rival]:
    columns = {column.name: column for column in dataset.columns}
    for place, name in _further(filled, cells, alike=False):
        first = filled[name][0]
        headings = clean(str(cells[first])), clean(str(cells[place]))
        letters = column_letters(first_column + first), column_letters(first_column + place)
        yield Rival(name, place, bears_own_heading(cells[first], columns[name]), headings, letters)


def _with_twins(row: Sequence[Cell], twins: list[tuple[int, str]], places: Mapping[str, int]) -> Sequence[Cell]:
    """The row with each blank cell filled from the other column of its heading."""
    filled = list(row)
    for twin, name in twins:
        if twin < len(row) and is_blank(filled[places[name]]):
            filled[places[name]] = row[twin]
    return filled


def _contradictions(
    row: Sequence[Cell],
    twins: list[tuple[int, str]],
    places: Mapping[str, int],
    headings: Sequence[Cell],
    first_column: int,
) -> Iterator[tuple[str, Message]]:
    for twin, name in twins:
        if twin >= len(row) or is_blank(row[twin]):
            continue
        place = places[name]
        one, other = clean(shown(row[place])), clean(shown(row[twin]))
        if one != other:
            columns = {"first": column_letters(first_column + place), "second": column_letters(first_column + twin)}
            yield name, reason("columns_differ", heading=clean(str(headings[place])), one=one, other=other, **columns)


def _filled_down(sheet: RawSheet, dataset: Dataset, header: _Header) -> list[Sequence[Cell]]:
    """The rows with cells merged downwards filled; amounts are not, for a merged amount stands there once."""
    rows = list(sheet.rows)
    types = {place: column.type for column in dataset.columns for place in header.named.get(column.name, ())}
    for top, left, bottom, _ in sheet.merged:
        if bottom == top or top < header.position + header.depth or top >= len(rows) or left >= len(rows[top]):
            continue
        if types.get(left, "") in ("", "quantity", "price", "volume", "money", "freight", "share", "count"):
            continue
        for place in range(top + 1, min(bottom + 1, len(rows))):
            row = list(rows[place])
            if _holds_anything(row) and left < len(row) and row[left] == "":
                row[left] = rows[top][left]
                rows[place] = row
    return rows
