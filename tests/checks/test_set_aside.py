"""A ledger row that was set aside may be what a break misses, and the break says so."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from config.wording import wording
from tasks.adapters.speech import spoken
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.stock_ledger.set_aside import with_set_aside
from tests.checks.frames import stock

SET_ASIDE = """
site | date | file | sheet | row
DF01 | 2026-11-20 | DF01.xlsx | 流水账 | 7
DF01 | 2026-11-20 | DF01.xlsx | 流水账 | 9
DF02 | 2026-11-20 | DF02.csv | csv | 4
"""


def finding(kind: str, site: str, day: int = 20) -> Finding:
    """One finding whose message names its kind."""
    date = dt.date(2026, 11, day)
    return Finding(kind, site, "", "", date, (), (), "", "", 0, message("report.plain", text=f"<{kind}>"))


def rows() -> pd.DataFrame:
    """The rows drawn above."""
    return stock(SET_ASIDE.strip()).astype({"date": "datetime64[s]", "row": "int64"})


@pytest.mark.parametrize(
    ("kind", "site", "day", "says"),
    [
        ("MISSING_IN_LEDGER", "DF01", 20, ("2", "DF01.xlsx", "7")),
        ("LEDGER_MISSING", "DF02", 20, ("1", "DF02.csv", "4")),
        ("MISSING_IN_ERP", "DF01", 20, ()),
        ("MISSING_IN_LEDGER", "DF01", 19, ()),
        ("MISSING_IN_LEDGER", "DF03", 20, ()),
    ],
)
def test_a_break_names_the_rows_of_its_site_and_day_that_were_set_aside(
    kind: str, site: str, day: int, says: tuple[str, ...]
) -> None:
    plain = finding(kind, site, day)
    (told,) = with_set_aside([plain], rows())
    assert told.id == plain.id
    if not says:
        assert told == plain
    for language in ("zh_CN", "en"):
        said = spoken(told.message, language)
        assert said.startswith(wording(language, "report.plain", text=f"<{kind}>"))
        assert all(part in said for part in says)
