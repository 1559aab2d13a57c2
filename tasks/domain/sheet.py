"""A sheet from outside before anything is known about it, and the refusal of a whole file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.domain.message import Message, message

Cell = str | int | float | dt.datetime | dt.date | dt.time | dt.timedelta


class RefusedFile(Exception):
    """A whole file cannot be taken in; `reason` says why, in words for people."""

    def __init__(self, reason: Message) -> None:
        # The reason itself is the argument, so that a refusal can travel from one process to another.
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason.key


def refused(name: str, /, **parameters: str | int) -> RefusedFile:
    """The refusal `intake.refused.<name>` with its parameters, ready to be raised."""
    return RefusedFile(message(f"intake.refused.{name}", **parameters))


@dataclass(frozen=True, slots=True)
class RawSheet:
    """The cells of one sheet as they stand; the first of `rows` is row `first_row` of the sheet (from 1).

    The first cell of each row stands in column `first_column` (from 1).
    Blank cells are `""`. `merged` holds merged ranges as (top, left, bottom, right), counted from 0 within `rows`.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    first_row: int = 1
    merged: tuple[tuple[int, int, int, int], ...] = ()
    visible: bool = True
    first_column: int = 1
