"""The choices of the house in the invoice check (spec 04: configurable)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """A tax rate (scaled by 10,000) that may stand on invoices issued from `first` to `last`, both included."""

    rate: int
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Series:
    """A declared run of numbers: the kinds (keys) and prefixes that share one counter, when it begins anew.

    `resets` is "", "year" or "month"; `suffixes` are texts that may follow the digits.
    """

    name: str
    kinds: tuple[str, ...]
    prefixes: tuple[str, ...] = ("",)
    resets: str = ""
    suffixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits: `terms_days` from issue to payment where none is agreed, `near_days` before it, cents of tolerance.

    `self_printed` and `paperless` are words in the keys of kinds: the former's books need an approval, the latter
    have no book; any other kind with a code has one, and `paper_kinds` even without. A void that is delivered
    `void_lag_days` after its month's end at the latest counts as made in it. `own_names` are the names (keys) under
    which the house itself issues; blank: the one that most invoices bear. `unable_words` in a remark say that the
    customer cannot pay, `lent_words` that an invoice was lent, unless one of
    `negating_words` stands directly before them; `closing_words` in the summary of an entry that it
    carries revenue to the year's profit at a month's end.
    """

    rates: tuple[Rate, ...]
    series: tuple[Series, ...] = ()
    terms_days: int = 30
    near_days: int = 5
    line_tolerance: int = 1
    invoice_tolerance: int = 6
    retention_years: int = 5
    own_names: tuple[str, ...] = ()
    paper_kinds: tuple[str, ...] = ()
    self_printed: tuple[str, ...] = ()
    paperless: tuple[str, ...] = ()
    lent_words: tuple[str, ...] = ()
    negating_words: tuple[str, ...] = ()
    void_lag_days: int = 3
    unable_words: tuple[str, ...] = ()
    closing_words: tuple[str, ...] = ()
