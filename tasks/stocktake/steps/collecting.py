"""Collects what came back of a count: the newest version of each sheet, what is missing, what cannot be used."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import Connection, or_, select

from tasks.domain.finding import Finding
from tasks.domain.message import message, message_from_json
from tasks.intake.stated import site_in_name
from tasks.intake.steps.looking_up import named_sites
from tasks.intake.tables import files, returned_sheets
from tasks.stocktake.returns import UselessFile, return_findings, sheet_states, still_useless
from tasks.stocktake.shapes import empty
from tasks.stocktake.steps.gathering import Opened, counts_of, counts_of_period, sheets_of
from tasks.stocktake.tables import issued_sheets, sheet_lines, stocktakes

DATASET = "count_sheets"


@dataclass(frozen=True, slots=True)
class Collected:
    """What came back of a count until now.

    `sheets`: every sheet issued, with number, base, round, site, department, custodian, due_on, file, blind, state
    (in_time, late, awaited, missing), received_on (the day its first version came) and received_at (the moment its
    newest did), both NaT without. `counts`: what stands in the newest versions (frame `counts`). `findings`:
    SHEET_MISSING and SHEET_UNREADABLE.
    """

    sheets: pd.DataFrame
    counts: pd.DataFrame
    findings: tuple[Finding, ...]


def collect(connection: Connection, opened: Opened, now: dt.datetime) -> Collected:
    """What has come back of the count by `now`, a moment in the business's zone; nothing is changed."""
    came = sheets_collected(connection, opened, now)
    return replace(came, counts=counts_of(connection, came.sheets))


def sheets_collected(connection: Connection, opened: Opened, now: dt.datetime) -> Collected:
    """The same without what stands in the sheets: `counts` has no rows."""
    zone = now.tzinfo or dt.UTC
    came = sheets_of(connection, opened.count.number)
    first = came["first_at"].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    sheets = sheet_states(came.assign(received_on=first.astype("datetime64[s]")), now.date())
    useless = still_useless(_useless(connection, opened, zone), sheets, _read(connection, opened))
    stores = _stores(connection, opened.count.number)
    placed = sheets.assign(store=sheets["number"].map(stores).where(sheets["site"] == "", "").fillna("").astype("str"))
    findings = return_findings(opened.count, placed, useless)
    return Collected(sheets, empty("counts"), tuple(findings))


def _useless(connection: Connection, opened: Opened, zone: dt.tzinfo) -> list[UselessFile]:
    """The files of count sheets that were refused, or that bear a number of no open count, since the opening.

    A file says for which count it is by its number alone: without one, the first open count of the month tells of it.
    """
    others = counts_of_period(connection, opened.count.period)
    if next((one.count.number for one in others if not one.closed_as), "") != opened.count.number:
        return []
    since = files.c.received_at >= opened.count.opened_at
    refused = select(files).where(files.c.dataset == DATASET, files.c.state == "refused", since).order_by(files.c.id)
    of_count = stocktakes.c.stocktake == issued_sheets.c.stocktake
    open_then = or_(stocktakes.c.closed_at.is_(None), stocktakes.c.closed_at > files.c.received_at)
    issued = select(issued_sheets.c.number).join(stocktakes, of_count)
    awaited = issued.where(issued_sheets.c.number == returned_sheets.c.number, open_then).exists()
    strange = (
        select(files, returned_sheets.c.number)
        .join(returned_sheets, returned_sheets.c.file_id == files.c.id)
        .where(since, ~awaited)
        .order_by(files.c.id)
    )
    known = named_sites(connection)
    found = [(row, message_from_json(row.reason)) for row in connection.execute(refused)]
    found += [(row, message("count_sheets.not_issued", number=row.number)) for row in connection.execute(strange)]
    return [
        UselessFile(
            row.name,
            row.site or site_in_name(row.name, known),
            row.received_at.astimezone(zone),
            f"{DATASET}:{row.name}:{row.sha256[:8]}",
            reason,
        )
        for row, reason in found
    ]


def _read(connection: Connection, opened: Opened) -> list[tuple[str, dt.datetime]]:
    since = files.c.received_at >= opened.count.opened_at
    query = select(files.c.name, files.c.received_at).where(files.c.dataset == DATASET, files.c.state == "read", since)
    return [(row.name, row.received_at) for row in connection.execute(query)]


def _stores(connection: Connection, number: str) -> dict[str, str]:
    """One warehouse of each sheet of a department's stores, by which the department is known."""
    query = (
        select(sheet_lines.c.number, sheet_lines.c.warehouse_key)
        .join(issued_sheets, issued_sheets.c.number == sheet_lines.c.number)
        .where(issued_sheets.c.stocktake == number, issued_sheets.c.site == "", sheet_lines.c.place == 1)
    )
    return {row.number: row.warehouse_key for row in connection.execute(query)}
