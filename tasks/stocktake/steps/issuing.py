"""Issues the sheets of a count and keeps their lines; the files are made from what is kept, whenever one is not there.

So a crash loses no sheet, and a sheet that somebody deleted lies there again after the next run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert, select, update

from config.datasets import load_datasets, load_words
from tasks.adapters.count_sheet import SheetForm, SheetHead, write_count_sheet
from tasks.adapters.second_process import Job, done_by_two
from tasks.adapters.store import open_store, read_frame, write_frame
from tasks.domain.count_numbers import recount_number
from tasks.domain.file_names import file_name
from tasks.domain.working_days import next_working_day
from tasks.intake.tables import sites
from tasks.stocktake.shapes import Count
from tasks.stocktake.steps.folders import count_folder
from tasks.stocktake.steps.gathering import Opened, pieces, scope_text
from tasks.stocktake.steps.ordering import Order
from tasks.stocktake.supervising import is_supervised
from tasks.stocktake.tables import issued_sheets, sheet_lines, stocktakes

# Below this the start of another process costs more than it saves.
SHEETS_FOR_PROCESSES = 60
# More at once would hold every value of a month's lines as an object of its own.
_LINES_AT_ONCE = 50_000
_SHOWN = ("warehouse", "warehouse_name", "item", "item_name", "specification", "unit", "frozen")


def keep_count(connection: Connection, opened: Opened, now: dt.datetime) -> None:
    """Keeps that the count was opened, by whom and for what."""
    count = opened.count
    connection.execute(
        insert(stocktakes).values(
            stocktake=count.number,
            period=count.period,
            cut_off=count.cut_off,
            audited_since=opened.audited_since,
            deadline=opened.deadline,
            scope=scope_text(opened.scope),
            blind=opened.blind,
            opened_by=opened.opened_by,
            opened_at=now,
        )
    )


def issue(connection: Connection, sheets: pd.DataFrame, lines: pd.DataFrame, now: dt.datetime) -> None:
    """Keeps `sheets` (number, stocktake, base, round, site, department, custodian, blind, due_on) and their `lines`.

    `lines` is the frame `lines` with `open`; they stand on their sheet in the order given.
    """
    folder = {count: count_folder(count) / "sheets" for count in sheets["stocktake"].unique()}
    files = [
        (folder[count] / f"{file_name(number)}.xlsx").as_posix()
        for count, number in zip(sheets["stocktake"], sheets["number"], strict=True)
    ]
    moment = pd.Series(pd.Timestamp(now).tz_convert("UTC"), index=sheets.index)
    own = pd.Series(files, index=sheets.index, dtype="str")
    write_frame(connection, issued_sheets, sheets.assign(file=own, issued_at=moment))
    kept = lines.drop(columns=["stocktake", "site", "department"], errors="ignore")
    kept = kept.assign(place=kept.groupby("number", sort=False).cumcount() + 1)
    names = [column.name for column in sheet_lines.columns]
    for start in range(0, len(kept), _LINES_AT_ONCE):
        write_frame(connection, sheet_lines, kept[names].iloc[start : start + _LINES_AT_ONCE])


def issue_recounts(connection: Connection, order: Order, lines: pd.DataFrame) -> tuple[str, ...]:
    """The numbers of the recount sheets now issued for `lines` (see comparing.recount_lines), one a sheet and round.

    They are due as many working days after today as a first sheet is after its opening, and show no book.
    """
    if len(lines) == 0:
        return ()
    numbers = [recount_number(base, turn) for base, turn in zip(lines["number"], lines["round"], strict=True)]
    named = pd.Series(numbers, index=lines.index, dtype="str")
    # What the first sheet froze stands with the first sheet.
    listed = lines.assign(base=lines["number"], number=named, open=False, audited_before=0)
    sheets = listed.drop_duplicates("number")[["number", "stocktake", "base", "round", "site", "department"]]
    first = select(issued_sheets.c.number.label("base"), issued_sheets.c.custodian)
    custodians = read_frame(connection, first.where(issued_sheets.c.number.in_(sheets["base"].tolist())))
    due = next_working_day(order.today, order.policy.deadline_working_days)
    sheets = sheets.merge(custodians, on="base").assign(blind=True, due_on=pd.Timestamp(due))
    issue(connection, sheets, listed.drop(columns=["base", "round"]), order.clock())
    return tuple(sheets["number"])


def close_count(connection: Connection, number: str, closed_as: str, now: dt.datetime) -> None:
    """Closes the count `number` as `posted` or `not-adjusted`; its items may be counted elsewhere from now on."""
    own = select(issued_sheets.c.number).where(issued_sheets.c.stocktake == number)
    connection.execute(update(sheet_lines).where(sheet_lines.c.number.in_(own), sheet_lines.c.open).values(open=False))
    still = (stocktakes.c.stocktake == number) & stocktakes.c.closed_at.is_(None)
    connection.execute(update(stocktakes).where(still).values(closed_at=now, closed_as=closed_as))


def write_missing_sheets(order: Order, opened: Opened) -> tuple[str, ...]:
    """The paths below the home folder of every sheet of the count, in their order; those not there are made again.

    Raises OSError where the folder cannot be written.
    """
    with open_store(order.database_url).reading() as connection:
        query = select(issued_sheets, sites.c.site_name).join(sites, sites.c.site == issued_sheets.c.site, isouter=True)
        own = query.where(issued_sheets.c.stocktake == opened.count.number).order_by(issued_sheets.c.number)
        sheets = read_frame(connection, own)
        missing = sheets[[not (order.home / file).exists() for file in sheets["file"]]]
        jobs = [job for some in pieces(missing.to_dict("records")) for job in _jobs(connection, order, opened, some)]
    if len(jobs) >= SHEETS_FOR_PROCESSES:
        done_by_two(jobs, lambda _job: None)
    else:
        for job in jobs:
            job()
    return tuple(sheets["file"])


def _jobs(connection: Connection, order: Order, opened: Opened, sheets: Sequence[dict[Hashable, Any]]) -> Iterator[Job]:
    """What writes each of the `sheets`; another process can do it, for it holds its lines."""
    dataset = load_datasets()["count_sheets"]
    form = SheetForm(dataset, load_words().lists["causes"], order.languages[0])
    names = [sheet_lines.c[name] for name in ("number", *_SHOWN)]
    numbers = [str(sheet["number"]) for sheet in sheets]
    query = select(*names).where(sheet_lines.c.number.in_(numbers)).order_by(sheet_lines.c.number, sheet_lines.c.place)
    lines = read_frame(connection, query)
    method = _method(order, opened)
    of_sheet = dict(iter(lines.groupby("number", sort=False)))
    for sheet in sheets:
        own = of_sheet.get(sheet["number"], lines.iloc[:0])
        yield partial(write_count_sheet, order.home / str(sheet["file"]), _head(sheet, opened.count, method), own, form)


def _method(order: Order, opened: Opened) -> str:
    if opened.scope.monthly:
        return "supervised" if is_supervised(opened.count, order.policy) else "self"
    return "spot" if opened.scope.spot else ""


def _head(sheet: Mapping[Hashable, Any], count: Count, method: str) -> SheetHead:
    name = sheet["site_name"] if sheet["site"] else sheet["department"]
    return SheetHead(
        number=sheet["number"],
        code=sheet["site"],
        name=name if isinstance(name, str) else "",
        month=f"{count.period:%Y-%m}",
        cut_off=count.cut_off,
        due_on=sheet["due_on"].date(),
        blind=bool(sheet["blind"]),
        recount=int(sheet["round"]),
        method="" if sheet["round"] else method,
    )
