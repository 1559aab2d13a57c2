"""Lines of earlier days that wait for their other side are said, not forgotten."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from tasks.domain.message import message
from tasks.stock_ledger.unproven import waiting_lines
from tests.checks.frames import stock

DAY = dt.date(2026, 11, 20)
WAITING = """
site | date | line | stage
DF01 | 2026-11-20 | 1 | unproven
DF01 | 2025-11-20 | 2 | unproven
DF02 | 2016-11-20 | 3 | unproven
DF02 | 2016-11-20 | 4 |
"""


def test_a_row_of_a_year_without_an_export_is_told_with_its_site_and_date() -> None:
    told = list(waiting_lines(_lines(WAITING), _lines(WAITING).iloc[:0], DAY, {DAY}))
    dates = "2016-11-20、2025-11-20"
    assert told == [message("stock_ledger.note.unproven_rows", sites="DF01、DF02", dates=dates, lines=2)]


def test_erp_lines_of_an_earlier_day_without_a_ledger_are_told_and_many_dates_are_counted() -> None:
    lines = "site | date | line | stage\n" + "\n".join(f"DF01 | 2026-11-{n:02} | {n} | unproven" for n in range(1, 21))
    told = list(waiting_lines(_lines(WAITING).iloc[:0], _lines(lines), DAY, set()))
    dates = "2026-11-01 … 2026-11-19 (19)"
    assert told == [message("stock_ledger.note.unproven_earlier", sites="DF01", dates=dates, lines=19)]


def _lines(drawn: str) -> pd.DataFrame:
    return stock(drawn.strip()).astype({"date": "datetime64[s]"})
