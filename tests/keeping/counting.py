"""Counts of the small company: opened, their sheets filled in as people do, and sent back."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl

from tasks.mail.steps import Readership
from tasks.stocktake.scopes import Scope
from tasks.stocktake.steps.collecting import Collected, collect
from tasks.stocktake.steps.gathering import Opened, counts_of_period
from tasks.stocktake.steps.opening import Opening, open_count
from tasks.stocktake.steps.ordering import Order
from tests.keeping.company import Company
from tests.stocktake.drawing import POLICY

ZONE = dt.timezone(dt.timedelta(hours=8))
PERIOD = dt.date(2026, 11, 30)
OPENED = dt.datetime(2026, 11, 1, 8, tzinfo=ZONE)
SHEET = "PD-2026-11-DF01"
_HEADINGS_ROW = 6

Rows = Mapping[str, Mapping[str, object]]


def at(day: int, hour: int = 9) -> dt.datetime:
    """A moment of November 2026."""
    return dt.datetime(2026, 11, day, hour, tzinfo=ZONE)


def ordered(company: Company, now: dt.datetime = OPENED) -> Order:
    """What a run at `now` is told."""
    url = company.store.engine.url.render_as_string(hide_password=False)
    readership = Readership((), "example.com", "zh_CN")
    return Order(company.home, url, POLICY, readership, ("zh_CN",), now.date(), lambda: now)


def opened(company: Company, scope: Scope | None = None, now: dt.datetime = OPENED, by: str = "李账务") -> Opened:
    """The count of November, or one with a scope, opened at `now`."""
    return open_count(ordered(company, now), Opening(PERIOD, scope or Scope(), by))


def collected(company: Company, now: dt.datetime, number: str = "2026-11") -> Collected:
    """Everything that waits taken in, and what has come back of the count by then."""
    company.take_in(now=now)
    with company.store.reading() as connection:
        [count] = [one for one in counts_of_period(connection, PERIOD) if one.count.number == number]
        return collect(connection, count, now)


def sheet_file(company: Company, number: str = SHEET) -> Path:
    """Where the sheet lies."""
    [found] = (company.home / "reports").rglob(f"{number}.xlsx")
    return found


def filled(content: bytes, rows: Rows, more: Sequence[Mapping[str, object]] = ()) -> bytes:
    """The sheet as a custodian fills it in: cells by item and heading; `more` are rows written below those listed."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    places = {str(cell.value): cell.column for cell in sheet[_HEADINGS_ROW]}
    last = _HEADINGS_ROW
    for row in range(_HEADINGS_ROW + 1, sheet.max_row + 1):
        item = sheet.cell(row, places["物资编码"]).value
        last = row if item else last
        for heading, value in rows.get(str(item), {}).items():
            sheet.cell(row, places[heading]).value = value
    for row, cells in enumerate(more, start=last + 1):
        for heading, value in cells.items():
            sheet.cell(row, places[heading]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def send_back(
    company: Company, name: str, content: bytes, change: Callable[[bytes], bytes] = lambda content: content
) -> None:
    """The sheet lies in the inbox under the name."""
    folder = company.home / "inbox" / "count_sheets"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(change(content))
