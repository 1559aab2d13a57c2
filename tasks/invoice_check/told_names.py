"""How invoices and vouchers are named in a sentence."""

from __future__ import annotations

from collections.abc import Iterable

_NAMED_MAX = 6


def named(names: Iterable[str]) -> str:
    """The names in order, each once; of many the first, and how many more there are."""
    known = list(dict.fromkeys(name for name in names if name))
    rest = len(known) - _NAMED_MAX
    shown = "、".join(known[:_NAMED_MAX])
    return f"{shown} +{rest}" if rest > 0 else shown
