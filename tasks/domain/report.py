"""One report per run and reader: the same figures for page, mail, text, workbook and JSON, from one place.

A report has no language yet: its words are messages and its values are typed, so every renderer shows the same thing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Literal

from tasks.domain.amounts import money, quantity_text
from tasks.domain.message import Message

Kind = Literal["text", "count", "quantity", "volume", "money", "rate", "share", "date", "wording"]
Value = str | int | Decimal | dt.date | Message | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One key figure; `name` is its stable snake_case name, labelled by the wording `<area>.figure.<name>`.

    A name with a point is one part of a figure that is an object: `pipeline.packed` is `packed` of `pipeline`.
    `detail` is a short remark under the figure, such as "of 12 sites".
    """

    name: str
    kind: Kind
    value: Value
    tone: Literal["plain", "good", "warn", "bad"] = "plain"
    detail: Message | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, labelled by the wording `heading`; `kind` decides alignment and format.

    Kinds: text, count (int), quantity (int scaled by 10,000), volume (Decimal, m³), money (Decimal), rate (Decimal, 0
    to 1), share (a rate that is shown with the digits it carries, one of a percent at least), date, wording (Message).
    Words and days of width 30 or more, and the column `id`, stand on the page on a line of their own under the row.
    """

    name: str
    heading: str
    kind: Kind = "text"
    width: int = 12


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture of each row of a table, drawn from the figures that stand in the row.

    A stack shows the counts in `columns` as parts of their sum, from the good end to the bad, up to five. An interval
    shows shares on a scale that all rows have in common: `columns` are its low end, the value, its high end and, where
    there is one, the target. A row that lacks a figure but the target has no picture. On the page the columns of `told`
    stand in a line under the picture.
    """

    kind: Literal["stack", "interval"]
    columns: tuple[str, ...]
    told: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for people, in the order in which they matter; `shown` of them stand on the page, all in the workbook.

    With `answers` its sheet is a form for the dataset exception_answers: the column `id` is then headed 编号. With
    `bars` a picture stands under each row of the page, and a chart in the workbook.
    """

    name: str
    title: Message
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    empty: Message
    shown: int = 10
    answers: bool = False
    bars: Bars | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Series:
    """One line or bar set of a chart: one value a date or None; `kind` decides its panel and format."""

    name: str
    label: Message
    values: tuple[Decimal | int | None, ...]
    kind: Kind = "count"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of series over dates; its words stand beside it in page and workbook, never inside the picture.

    With `months` each date stands for its whole month and is shown as one.
    """

    name: str
    title: Message
    dates: tuple[dt.date, ...]
    series: tuple[Series, ...]
    kind: Literal["line", "bars"] = "line"
    months: bool = field(default=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page to print and sign: a title, lines above, one table, and the roles that sign below.

    `code` is a number that stands there to be scanned, "" for none.
    """

    name: str
    title: Message
    lines: tuple[Message, ...]
    table: Table
    signatures: tuple[Message, ...]
    code: str = field(default="")


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one reader gets of one run: headline and status first, then what to do, then the proof.

    The first four figures are the large ones. `inputs` say what was read; they and the definitions close the report.
    `tone` is how a completed run looks: good, or warn where it found what people must work on. `enclosed` is a file
    below the home folder that a mail brings instead of the report's own workbook.
    """

    flow: str
    period: str
    audience: str
    title: Message
    subtitle: Message
    status: Literal["completed", "blocked", "waiting", "already-done"]
    headline: Message
    figures: tuple[Figure, ...]
    charts: tuple[Chart, ...]
    tables: tuple[Table, ...]
    next_steps: tuple[Message, ...]
    notes: tuple[Message, ...]
    definitions: tuple[Message, ...]
    sheets: tuple[Sheet, ...] = field(default=())
    inputs: tuple[Message, ...] = field(default=())
    tone: Literal["good", "warn"] = field(default="good")
    enclosed: str = field(default="")


# A flow that is a part of a process has the words of the whole.
_AREAS = {"reservation-sweep": "night_audit", "account-agreement": "stocktake"}


def area_of(flow: str) -> str:
    """The name under which a flow's template, catalogue and package stand: `stock-ledger` is `stock_ledger`."""
    return _AREAS.get(flow, flow.replace("-", "_"))


def title_of(flow: str) -> str:
    """The wording that heads what `flow` tells; one that shares its words with another has a title of its own."""
    return f"{area_of(flow)}.title.{flow}" if flow in _AREAS else f"{area_of(flow)}.title"


def figure_values(figures: tuple[Figure, ...]) -> dict[str, object]:
    """The figures by name as `summary.json` and `--json` hold them (spec 10), in the report's order.

    Counts are integers; quantities, volumes, money (two places) and rates (0 to 1, six places) are decimal strings,
    dates are ISO texts, wordings their catalogue key; an undefined figure is None, the parts of an object are one.
    """
    values: dict[str, object] = {}
    for figure in figures:
        name, _, part = figure.name.partition(".")
        value = _plain_value(figure.kind, figure.value)
        if part:
            whole = values.setdefault(name, {})
            assert isinstance(whole, dict)
            whole[part] = value
        else:
            values[name] = value
    return values


def _plain_value(kind: Kind, value: Value) -> str | int | None:
    if value is None:
        return None
    if isinstance(value, Message):
        return value.key
    if isinstance(value, dt.date):
        return value.isoformat()
    plain = _PLAIN.get(kind)
    return plain(value) if plain else str(value)


def _volume_text(value: str | int | Decimal) -> str:
    return f"{Decimal(value).normalize():f}"


def _money_text(value: str | int | Decimal) -> str:
    return str(money(Decimal(value)))


def _rate_text(value: str | int | Decimal) -> str:
    return str(Decimal(value).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP))


_PLAIN: Mapping[Kind, Callable[[str | int | Decimal], str | int]] = MappingProxyType(
    {
        "count": int,
        "quantity": lambda value: quantity_text(int(value)),
        "volume": _volume_text,
        "money": _money_text,
        "rate": _rate_text,
        "share": _rate_text,
    }
)
