"""What each dataset's sheet looks like and which words people use in it: `datasets.toml` and `words.toml`, frozen."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict

from config.settings import UnableToConfigure

DATASETS = Path(__file__).with_name("datasets.toml")
WORDS = Path(__file__).with_name("words.toml")
# The day in the example row of every workbook that is handed out, and the number of a column that has none of its own.
EXAMPLE_DAY = dt.date(2026, 11, 20)
EXAMPLE_NUMBER = 2
EXAMPLE_SHARE = "0.8"
EXAMPLE_RATE = "0.13"
_OWN = "daybook.toml"

ColumnType = Literal[
    "text",
    "code",
    "digits",
    "date",
    "datetime",
    "quantity",
    "price",
    "volume",
    "money",
    "freight",
    "share",
    "rate",
    "weight",
    "count",
    "word",
]
Aliases = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, eq=False)
class DatasetColumn:
    """One column: `name` in our tables, the headings that people write, and the type of its cells.

    `words` names the word list of a `word` column; in a `text` column it only proposes. `default` is the code of a
    blank word, `time` the hour of a day written without one. A `required` cell must be filled; one that is `asked` for
    bears the same star, but its row is taken without it, because a check tells of it. `hidden` columns are recognised
    but not handed out. `example` is the number in the example row. The heading of a `headed` column must stand in the
    sheet, though its cells may be blank. The words of a `verbatim` column are proposed, what was written stands.
    """

    name: str
    heading_zh: str
    heading_en: str
    aliases: tuple[str, ...]
    type: ColumnType
    words: str
    required: bool
    asked: bool
    default: str
    time: str
    hidden: bool
    example: int
    headed: bool
    verbatim: bool

    @property
    def must_stand(self) -> bool:
        """Whether a sheet without this heading is none of the dataset."""
        return self.required or self.headed


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """One dataset: its columns in the order of the workbook handed out, and the columns a row is known by.

    Every further column of a `wide` one is a question, whose cells are kept as written.
    """

    name: str
    title_zh: str
    title_en: str
    columns: tuple[DatasetColumn, ...]
    key: tuple[str, ...]
    wide: bool = False

    def column(self, name: str) -> DatasetColumn | None:
        """The column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class Word:
    """One meaning: its code here, the Chinese and English word for drop-downs, and other ways to write it."""

    code: str
    zh: str
    en: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """`lists` are the word lists by name; `marks` the words that make a row a total, an example or a signature.

    `examples` are the texts of the example row that is handed out, by the column's name or `dataset.column`.
    """

    lists: Mapping[str, tuple[Word, ...]]
    marks: Mapping[str, tuple[str, ...]]
    examples: Mapping[str, Word]

    def example(self, dataset: str, column: str) -> Word | None:
        """The text of the example row in a column of a dataset: its own, else that of every column of the name."""
        return self.examples.get(f"{dataset}.{column}") or self.examples.get(column)


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Column(_Shape):
    name: str
    zh: str
    en: str
    type: ColumnType
    aliases: tuple[str, ...] = ()
    words: str = ""
    required: bool = False
    asked: bool = False
    default: str = ""
    time: str = ""
    hidden: bool = False
    example: int = EXAMPLE_NUMBER
    headed: bool = False
    verbatim: bool = False


class _Dataset(_Shape):
    zh: str
    en: str
    key: tuple[str, ...]
    columns: tuple[_Column, ...]
    wide: bool = False


class _Word(_Shape):
    zh: str
    en: str
    also: tuple[str, ...] = ()


class _Words(_Shape):
    lists: dict[str, dict[str, _Word]]
    marks: dict[str, tuple[str, ...]]
    examples: dict[str, _Word]


@cache
def _shipped() -> Mapping[str, Dataset]:
    raw = tomllib.loads(DATASETS.read_text(encoding="utf-8"))
    return MappingProxyType({name: _dataset(name, _Dataset.model_validate(shape)) for name, shape in raw.items()})


def _dataset(name: str, shape: _Dataset) -> Dataset:
    columns = tuple(
        DatasetColumn(
            name=column.name,
            heading_zh=column.zh,
            heading_en=column.en,
            aliases=column.aliases,
            type=column.type,
            words=column.words,
            required=column.required,
            asked=column.asked,
            default=column.default,
            time=column.time,
            hidden=column.hidden,
            example=column.example,
            headed=column.headed,
            verbatim=column.verbatim,
        )
        for column in shape.columns
    )
    return Dataset(name=name, title_zh=shape.zh, title_en=shape.en, columns=columns, key=shape.key, wide=shape.wide)


def load_datasets(extra: Aliases | None = None) -> Mapping[str, Dataset]:
    """Every dataset by its name; `extra` adds a home's own headings: dataset, then column, then headings.

    Raises UnableToConfigure for a dataset or column that does not exist.
    """
    datasets = dict(_shipped())
    for name, columns in (extra or {}).items():
        if name not in datasets:
            known = ", ".join(sorted(datasets))
            raise UnableToConfigure(_OWN, f"aliases.{name}", "settings.no_dataset", {"value": name, "known": known})
        datasets[name] = _with_aliases(datasets[name], columns)
    return MappingProxyType(datasets)


def _with_aliases(dataset: Dataset, extra: Mapping[str, tuple[str, ...]]) -> Dataset:
    known = {column.name for column in dataset.columns}
    unknown = sorted(set(extra) - known)
    if unknown:
        said = {"value": unknown[0], "dataset": dataset.name, "known": ", ".join(sorted(known))}
        raise UnableToConfigure(_OWN, f"aliases.{dataset.name}", "settings.no_column", said)
    # A home's own heading comes first: it wins over a shipped alias of another column.
    columns = tuple(
        replace(column, aliases=(*extra.get(column.name, ()), *column.aliases)) for column in dataset.columns
    )
    return replace(dataset, columns=columns)


@cache
def load_words() -> Words:
    """The shipped words: what people write in category, quality, colour… cells, and the marks of rows."""
    shape = _Words.model_validate(tomllib.loads(WORDS.read_text(encoding="utf-8")))
    lists = {name: tuple(_word(code, word) for code, word in words.items()) for name, words in shape.lists.items()}
    examples = {name: _word(name, word) for name, word in shape.examples.items()}
    return Words(MappingProxyType(lists), MappingProxyType(shape.marks), MappingProxyType(examples))


def _word(code: str, word: _Word) -> Word:
    return Word(code=code, zh=word.zh, en=word.en, also=word.also)
