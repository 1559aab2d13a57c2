"""The settings of the invoice check: rates by their days, declared series of numbers, terms, tolerances (spec 04)."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from config.setting_kinds import Amount, Schedule, Shape, Share


class RateSettings(Shape):
    """A rate of tax that may stand on invoices issued from `first` to `last`, both included; no day: without end."""

    rate: Share
    first: dt.date | None = None
    last: dt.date | None = None


class SeriesSettings(Shape):
    """A declared run of numbers: the kinds and prefixes that share one counter, when it begins anew, its suffixes.

    Without kinds it is that of every kind.
    """

    name: str = Field(min_length=1)
    kinds: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ("",)
    resets: Literal["", "year", "month"] = ""
    suffixes: tuple[str, ...] = ()


class InvoiceCheckSettings(Shape):
    """The choices of the invoice check; `near_days` are working days, other days those of the calendar."""

    schedules: tuple[Schedule, ...]
    period_working_day: int = Field(gt=0)
    terms_days: int = Field(ge=0)
    near_days: int = Field(ge=0)
    line_tolerance: Amount
    invoice_tolerance: Amount
    void_lag_days: int = Field(ge=0)
    retention_years: int = Field(ge=3)
    own_names: tuple[str, ...]
    paper_kinds: tuple[str, ...]
    self_printed: tuple[str, ...]
    paperless: tuple[str, ...]
    lent_words: tuple[str, ...]
    negating_words: tuple[str, ...]
    unable_words: tuple[str, ...]
    closing_words: tuple[str, ...]
    revenue_accounts: tuple[str, ...] = Field(min_length=1)
    rates: tuple[RateSettings, ...] = Field(min_length=1)
    series: tuple[SeriesSettings, ...]
