"""Which sheets came back, in time or late, which are missing, and what came that nobody can use (spec 02: collect)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.stocktake.shapes import Count


@dataclass(frozen=True, slots=True)
class UselessFile:
    """One file of count sheets from which nothing could be taken, and why; `site` is the one its name tells, or blank.

    `received_at` is the moment at which it came, local to the business; `ref` names it for people.
    """

    name: str
    site: str
    received_at: dt.datetime
    ref: str
    reason: Message


def sheet_states(sheets: pd.DataFrame, today: dt.date) -> pd.DataFrame:
    """`sheets` with `state`: in_time, late, awaited or missing.

    `sheets`: due_on, received_on (the day on which its first version came, NaT for none). A sheet is due at the close
    of its day; one that came in time stays so, whatever is sent after it.
    """
    came = sheets["received_on"].notna()
    states = [came & (sheets["received_on"] <= sheets["due_on"]), came, sheets["due_on"] >= pd.Timestamp(today)]
    chosen = np.select(states, ["in_time", "late", "awaited"], default="missing")
    return sheets.assign(state=pd.Series(chosen, index=sheets.index, dtype="str"))


def return_findings(count: Count, sheets: pd.DataFrame, useless: Iterable[UselessFile]) -> list[Finding]:
    """One SHEET_MISSING for every missing sheet, one SHEET_UNREADABLE for every useless file, by site and number.

    `sheets`: number, site, store (the key of one warehouse of a department's stores, else blank), due_on, state.
    """
    missing = sheets[sheets["state"] == "missing"]
    columns = [missing[name].tolist() for name in ("number", "site", "store", "due_on")]
    found = [_missing(count, *row) for row in zip(*columns, strict=True)]
    found += [_unreadable(count, one) for one in useless]
    return sorted(found, key=lambda one: (one.site, one.kind, one.stands_on))


def still_useless(
    files: Sequence[UselessFile], sheets: pd.DataFrame, read: Iterable[tuple[str, dt.datetime]]
) -> list[UselessFile]:
    """Those of `files` in whose stead nothing has come: no file of their name and no sheet of their site since.

    `read` are name and moment of files that were read; `sheets`: site, received_at (of the newest version, NaT for
    none).
    """
    names = {_stem(name): moment for name, moment in sorted(read, key=lambda one: one[1])}
    came = sheets[(sheets["site"] != "") & sheets["received_at"].notna()].groupby("site")["received_at"].max()
    last = {str(site): moment.to_pydatetime() for site, moment in came.items()}
    kept = []
    for one in files:
        again, sheet = names.get(_stem(one.name)), last.get(one.site)
        # A sheet's moment is a whole second: within the second of the useless file the sheet came in its stead.
        in_its_stead = sheet is not None and sheet >= one.received_at.replace(microsecond=0)
        if not in_its_stead and (again is None or again <= one.received_at):
            kept.append(one)
    return kept


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0]


def _missing(count: Count, number: str, site: str, store: str, due_on: pd.Timestamp) -> Finding:
    due = due_on.date()
    return Finding(
        kind="SHEET_MISSING",
        site=site,
        warehouse=store,
        item="",
        date=due,
        refs=(),
        stands_on=(count.number, number),
        expected=number,
        found="",
        difference=0,
        message=message("count_sheets.SHEET_MISSING", number=number, due=due.isoformat()),
    )


def _unreadable(count: Count, one: UselessFile) -> Finding:
    return Finding(
        kind="SHEET_UNREADABLE",
        site=one.site,
        warehouse="",
        item="",
        date=one.received_at.date(),
        refs=(one.ref,),
        stands_on=(count.number, one.ref),
        expected="",
        found=one.name,
        difference=0,
        message=message("count_sheets.SHEET_UNREADABLE", name=one.name, reason=one.reason),
    )
