"""The pictures that stand under the rows of a table: cells of a page as wide as what they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from tasks.domain.report import Column, Table, Value

# From the good end over a quiet middle to the bad one. Blue and orange differ in every kind of colour blindness, and
# the ends are darker than the middle, so that the order can be seen without any colour.
STACK_COLOURS = ("#1f5f99", "#7fb2d6", "#ccd3da", "#f2ab5e", "#a8480a")
INTERVAL_COLOURS = MappingProxyType({"interval": "#7fb2d6", "value": "#1f5f99", "target": "#a8480a"})
# An interval is drawn on so many cells; its value and its target take one each.
_CELLS = 100
_TENTH = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a picture: its colour, "" where nothing is drawn, and its width in percent."""

    colour: str
    width: int


def pictures_of(table: Table) -> list[tuple[Cell, ...]]:
    """The picture of each row from left to right, its widths adding up to 100; nothing where the table has no bars.

    A row that lacks a figure has a picture of no cells.
    """
    if table.bars is None:
        return []
    places = {column.name: place for place, column in enumerate(table.columns)}
    drawn = [[row[places[name]] for name in table.bars.columns] for row in table.rows]
    if table.bars.kind == "stack":
        return [_stack(values) for values in drawn]
    first = scale_start(table)
    return [_interval(values, first) for values in drawn]


def key_of(table: Table) -> list[tuple[str, str]]:
    """What each colour of the pictures means: a column of a stack, or interval, value and target."""
    if table.bars is None or not table.rows:
        return []
    if table.bars.kind == "stack":
        return list(zip(STACK_COLOURS, table.bars.columns, strict=False))
    return [(colour, meaning) for meaning, colour in INTERVAL_COLOURS.items()][: len(table.bars.columns) - 1]


def told_columns(table: Table) -> list[tuple[Column, int]]:
    """The columns that are told under the picture instead of in a column of the page, with their places."""
    told = table.bars.told if table.bars else ()
    return [(column, place) for place, column in enumerate(table.columns) if column.name in told]


def scale_start(table: Table) -> Fraction:
    """Where the scale of a table's intervals begins: the tenth below the least that is drawn; it ends at 100 %."""
    if table.bars is None or table.bars.kind != "interval":
        return Fraction(0)
    places = [place for place, column in enumerate(table.columns) if column.name in table.bars.columns]
    drawn = [value for row in table.rows for place in places if isinstance(value := row[place], Decimal)]
    least = min(map(Fraction, drawn), default=Fraction(0))
    return max(Fraction(0), min(least // _TENTH * _TENTH, 1 - _TENTH))


def _stack(values: Sequence[Value]) -> tuple[Cell, ...]:
    counts = [value if isinstance(value, int) else 0 for value in values]
    if not sum(counts):
        return ()
    return tuple(Cell(colour, width) for colour, width in zip(STACK_COLOURS, _percents(counts), strict=False) if width)


def _percents(counts: Sequence[int]) -> list[int]:
    """Whole percents that add up to 100 by largest remainder; what is there has at least one."""
    whole = sum(counts)
    exact = [Fraction(100 * count, whole) for count in counts]
    widths = [max(int(share), 1 if share else 0) for share in exact]
    by_rest = sorted(range(len(counts)), key=lambda at: (widths[at] - exact[at], at))
    for at in by_rest[: max(0, 100 - sum(widths))]:
        widths[at] += 1
    # Where tiny parts were widened, the widest gives way.
    widths[widths.index(max(widths))] -= max(0, sum(widths) - 100)
    return widths


def _interval(values: Sequence[Value], first: Fraction) -> tuple[Cell, ...]:
    low, value, high, *target = (_place(Fraction(one), first) if isinstance(one, Decimal) else None for one in values)
    if low is None or value is None or high is None:
        return ()
    colours = [""] * _CELLS
    colours[low : high + 1] = [INTERVAL_COLOURS["interval"]] * (high + 1 - low)
    for goal in target:
        if goal is not None:
            colours[goal] = INTERVAL_COLOURS["target"]
    colours[value] = INTERVAL_COLOURS["value"]
    cells: list[Cell] = []
    for colour in colours:
        if cells and cells[-1].colour == colour:
            cells[-1] = Cell(colour, cells[-1].width + 1)
        else:
            cells.append(Cell(colour, 1))
    return tuple(cells)


def _place(share: Fraction, first: Fraction) -> int:
    """The cell in which a share stands on the scale from `first` to 1."""
    return max(0, min(_CELLS - 1, int((share - first) / (1 - first) * _CELLS)))
