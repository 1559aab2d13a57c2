"""Which rows under the headings are data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from config.datasets import (
    EXAMPLE_DAY,
    EXAMPLE_NUMBER,
    EXAMPLE_RATE,
    EXAMPLE_SHARE,
    Dataset,
    DatasetColumn,
    Words,
)
from tasks.domain.amounts import QUANTITY_PLACES
from tasks.domain.cells import has_failed, is_blank, read_amount, read_date, read_rate, read_share, shown
from tasks.domain.keys import clean
from tasks.domain.sheet import Cell
from tasks.intake.words import mark_keys, word_key


class RowJudge:
    """Which rows under the headings are data. A row that has all its required cells always is, whatever it says."""

    def __init__(self, dataset: Dataset, words: Words, places: Mapping[str, int], headings: Sequence[Cell]) -> None:
        self._required = tuple(places[c.name] for c in dataset.columns if c.required)
        self._examples = mark_keys(words, "example")
        self._totals = mark_keys(words, "totals")
        self._signatures = mark_keys(words, "signatures")
        self._notes = mark_keys(words, "notes")
        self._silence = mark_keys(words, "no_movement") if dataset.name == "ledger" else frozenset()
        self._quantity = places.get("quantity", -1)
        self._marked = (min(places.values()), places.get("remark", -1))
        self._headings = tuple((place, headings[place]) for place in sorted(places.values()))
        self._places = {place: column for column in dataset.columns if (place := places.get(column.name, -1)) >= 0}
        self._words = words
        self._dataset = dataset.name
        # The example row has one word under all the questions and the overall rating, whichever the house offers.
        known = {place for place, column in self._places.items() if column.words != "ratings"}
        self._under_questions = tuple(at for at in range(len(headings)) if dataset.wide and at not in known)
        self._answer = tuple(places[n] for n in ("treatment", "reason") if n in places)
        if dataset.name != "exception_answers":
            self._answer = ()

    def is_data(self, row: Sequence[Cell]) -> bool:
        """Whether a row of the table counts as read."""
        width = len(row)
        for place in self._marked:
            if 0 <= place < width and (cell := row[place]).__class__ is str and cell and self._is_example(place, row):
                return False
        present = 0
        for place in self._required:
            if place < width and row[place] != "":
                present += 1
        if present == len(self._required):
            return not self._repeats_headings(row) and not self._says_nothing_moved(row)
        filled = [cell for cell in row if cell != "" and not (isinstance(cell, str) and not clean(cell))]
        if self._is_unanswered(row) or all(has_failed(cell) for cell in filled):
            # Formulas filled down ahead of what will be typed fail on every row that nobody has typed in yet.
            return False
        if any(isinstance(cell, str) and word_key(cell) in self._totals for cell in filled[:3]):
            return False
        return not (self._says_nothing_moved(row) or self._repeats_headings(row) or self._is_footer(filled, present))

    def _is_unanswered(self, row: Sequence[Cell]) -> bool:
        # The exception sheet comes back with every break on it; only those that somebody answered are answers.
        return bool(self._answer) and all(
            place >= len(row) or (isinstance(cell := row[place], str) and not clean(cell)) for place in self._answer
        )

    def _is_example(self, mark: int, row: Sequence[Cell]) -> bool:
        """Whether the row bears the mark of an example and holds nothing but what was handed out."""
        if word_key(str(row[mark])) not in self._examples:
            return False
        answers = {word_key(shown(row[place])) for place in self._under_questions if place < len(row)} - {""}
        return len(answers) <= 1 and all(
            place == mark
            or place >= len(row)
            or place in self._under_questions
            or self._was_handed_out(row[place], column)
            for place, column in self._places.items()
        )

    def _was_handed_out(self, cell: Cell, column: DatasetColumn) -> bool:
        if is_blank(cell):
            return True
        match column.type:
            case "date" | "datetime":
                return read_date(cell) == EXAMPLE_DAY
            case "quantity" | "price" | "volume" | "money" | "freight" | "count":
                # Workbooks handed out by earlier programs have the one number in every column.
                return read_amount(cell, 0) in (column.example, EXAMPLE_NUMBER)
            case "share":
                return read_share(cell) == read_share(EXAMPLE_SHARE)
            case "rate":
                return read_rate(cell) == read_rate(EXAMPLE_RATE)
        word = self._words.lists[column.words][0] if column.words else self._words.example(self._dataset, column.name)
        return word is not None and word_key(shown(cell)) in {word_key(word.zh), word_key(word.en)}

    def _repeats_headings(self, row: Sequence[Cell]) -> bool:
        width = len(row)
        first, heading = self._headings[0]
        if len(self._headings) > 1 and not (first < width and row[first] == heading):
            # A heading repeated is repeated as a whole, so one look at the second will do for most rows.
            second, text = self._headings[1]
            if not (second < width and row[second] == text):
                return False
        same = sum(1 for place, text in self._headings if place < width and row[place] == text)
        return same >= min(2, len(self._headings)) and same * 2 > len(self._headings)

    def _says_nothing_moved(self, row: Sequence[Cell]) -> bool:
        amount = row[self._quantity] if 0 <= self._quantity < len(row) else ""
        # Nearly every row holds a number here, and then it moved something whatever its remark says.
        if not self._silence or (amount.__class__ is float and amount != 0):
            return False
        if not is_blank(amount) and read_amount(amount, QUANTITY_PLACES) != 0:
            return False
        return any(isinstance(cell, str) and cell and word_key(cell) in self._silence for cell in row)

    def _is_footer(self, filled: Sequence[Cell], present: int) -> bool:
        if present > 1 or not isinstance(filled[0], str):
            return False
        first = clean(filled[0])
        label = re.split(r"[:\s]", first, maxsplit=1)[0]
        if word_key(label).endswith(tuple(self._signatures)):
            return len(label) < len(first) or len(filled) == 1 or self._all_labels(filled)
        return len(filled) == 1 and ":" in first and word_key(label) in self._notes

    def _all_labels(self, filled: Sequence[Cell]) -> bool:
        return all(isinstance(cell, str) for cell in filled)
