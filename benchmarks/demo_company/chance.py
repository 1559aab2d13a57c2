"""Choices that look arbitrary and are the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from numpy.random import Generator

T = TypeVar("T")


def between(rng: Generator, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both included."""
    return int(rng.integers(low, high + 1))


def pick(rng: Generator, among: Sequence[T]) -> T:
    """One of `among`, each as likely as the other."""
    return among[int(rng.integers(len(among)))]


def some(rng: Generator, among: Sequence[T], count: int) -> list[T]:
    """`count` different ones of `among` (all of them if there are fewer), in the order in which they stand there."""
    return [among[place] for place in sorted(rng.permutation(len(among))[:count])]


def happens(rng: Generator, percent: int) -> bool:
    """True in about `percent` of a hundred cases."""
    return int(rng.integers(100)) < percent
