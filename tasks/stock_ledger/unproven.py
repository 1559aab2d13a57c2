"""Lines of earlier days that wait for their other side, said for as long as they wait (spec 01, missing input)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

import pandas as pd

from tasks.domain.message import Message, message

_DATES_NAMED = 6


def waiting_lines(
    ledger: pd.DataFrame, erp: pd.DataFrame, as_of: dt.date, exported: Collection[dt.date]
) -> Iterable[Message]:
    """How many ledger rows and ERP lines dated before `as_of` wait, of which sites and dates.

    Ledger rows wait for the export of a day that is not among `exported`, ERP lines for a ledger. Both have site, date,
    line and stage.
    """
    day = pd.Timestamp(as_of)
    without = ~ledger["date"].isin([pd.Timestamp(one) for one in exported])
    yield from _told("unproven_rows", ledger[(ledger["date"] < day) & without & (ledger["stage"] == "unproven")])
    yield from _told("unproven_earlier", erp[(erp["date"] < day) & (erp["stage"] == "unproven") & (erp["site"] != "")])


def _told(name: str, lines: pd.DataFrame) -> Iterable[Message]:
    if len(lines):
        sites = "、".join(sorted(lines["site"].unique()))
        dates = [one.date().isoformat() for one in sorted(lines["date"].unique())]
        named = "、".join(dates) if len(dates) <= _DATES_NAMED else f"{dates[0]} … {dates[-1]} ({len(dates)})"
        yield message(f"stock_ledger.note.{name}", sites=sites, dates=named, lines=int(lines["line"].nunique()))
