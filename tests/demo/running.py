"""The product as people run it: the command line on a home folder, one business date at a time."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

import pytest
from typer.testing import CliRunner

from benchmarks.demo_company import Company, deliver

needs_the_flow = pytest.mark.skipif(
    find_spec("flows.stock_ledger") is None or find_spec("flows.__main__") is None,
    reason="the flow stock-ledger does not stand yet",
)


class Shown(TypedDict):
    """One exception of the JSON of spec 10, as far as it is looked at here."""

    id: str
    kind: str
    state: str
    site: str
    item: str
    date: str
    opened_on: str


class Counts(TypedDict):
    """The row counts of one dataset."""

    read: int
    accepted: int
    quarantined: int
    repeated: int


class Result(TypedDict):
    """The JSON of spec 10, as far as it is looked at here."""

    status: str
    rows: dict[str, Counts]
    figures: dict[str, object]
    exceptions: list[Shown]


def run_day(home: Path, day: dt.date) -> Result:
    """What `daybook run stock-ledger --date day --json` says of `home`."""
    from flows.__main__ import app

    said = CliRunner().invoke(
        app,
        ["run", "stock-ledger", "--date", day.isoformat(), "--json", "--no-mail"],
        env={"DAYBOOK_HOME": str(home), "DAYBOOK_DATABASE_URL": None},
    )
    assert said.exit_code == 0, f"exit {said.exit_code}: {said.stderr[-2000:]} {said.exception!r}"
    result: Result = json.loads(said.stdout)
    return result


def run_company(company: Company, home: Path) -> dict[dt.date, Result]:
    """What every day's run says when each evening's files arrive in time for it."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "daybook.toml").write_text('report_languages = ["zh_CN"]\n', encoding="utf-8")
    deliver(company.masters, home)
    results = {}
    for day, delivery in company.deliveries.items():
        deliver(delivery, home)
        results[day] = run_day(home, day)
    return results


def new_on(result: Result, day: dt.date) -> Counter[tuple[str, str, str]]:
    """How often each (kind, site, item) is new; items as they compare, without leading zeros."""
    fresh = [one for one in result["exceptions"] if one["opened_on"] == day.isoformat()]
    return Counter((one["kind"], one["site"], one["item"].lstrip("0")) for one in fresh)
