"""Statements compiled once in a process, however often its databases are opened."""

from __future__ import annotations

from typing import Any

from sqlalchemy.util import LRUCache

STATEMENTS_MAX = 1000


class CompiledStatements(LRUCache[tuple[Any, ...], Any]):
    """What SQLAlchemy has compiled, found again by every engine of the same database software.

    SQLAlchemy asks by its own dialect object, the statement and what else decides its text. A run opens its store
    several times, and a week that is caught up does so day by day: the dialects of one software write the same.
    """

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        """The compiled statement, `default` where there is none yet."""
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], value: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), value)


COMPILED = CompiledStatements(STATEMENTS_MAX)
