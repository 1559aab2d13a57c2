"""Compares a count with its book as both stand now, and keeps what that says as breaks (spec 02, compare)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from tasks.adapters.store import read_frame
from tasks.domain.breaks import ALIVE, Break
from tasks.domain.finding import Finding
from tasks.domain.keys import code_keys
from tasks.domain.telling import names_of
from tasks.register.breaks import listed, record
from tasks.register.tables import OF_BREAK, break_sightings, breaks
from tasks.stocktake.comparing import Comparison, compared, recount_lines
from tasks.stocktake.shapes import PAIR, Count, empty
from tasks.stocktake.steps.collecting import Collected, collect
from tasks.stocktake.steps.gathering import Opened, books_of, masters
from tasks.stocktake.steps.ordering import FLOW, Order
from tasks.stocktake.tables import adjustment_lines, issued_sheets, sheet_lines, stocktakes
from tasks.stocktake.told import told_breaks

_CURED = ("SURPLUS", "SHORTAGE", "VARIANCE_NO_REASON", "RECOUNT_NEEDED")


@dataclass(frozen=True, slots=True)
class Judged:
    """A count compared with its book: the masters, the sheets, the figures of every line and what was found."""

    opened: Opened
    known: dict[str, pd.DataFrame]
    collected: Collected
    comparison: Comparison

    @property
    def count(self) -> Count:
        """The count."""
        return self.opened.count

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the sheets and their figures say."""
        return (*self.collected.findings, *self.comparison.findings)


def judged_count(connection: Connection, order: Order, opened: Opened) -> Judged:
    """The count as it stands now: the newest version of each sheet against the book, late documents included."""
    known = masters(connection)
    came = collect(connection, opened, order.clock())
    comparison = compared(opened.count, books_of(connection, known, opened, came.counts), came.counts, order.policy)
    # A million rows that nobody looks at any more would lie beside the figures that were made of them.
    return Judged(opened, known, replace(came, counts=empty("counts")), comparison)


def recounts_wanted(connection: Connection, judged: Judged) -> pd.DataFrame:
    """The lines that somebody else must count again and for which no sheet is out, as `recount_lines` gives them."""
    columns = (issued_sheets.c.base, issued_sheets.c.round, sheet_lines.c.warehouse_key, sheet_lines.c.item_key)
    query = (
        select(*columns)
        .join(issued_sheets, issued_sheets.c.number == sheet_lines.c.number)
        .where(issued_sheets.c.stocktake == judged.count.number, issued_sheets.c.round > 0)
    )
    return recount_lines(judged.comparison.variances, read_frame(connection, query))


def cured(findings: Iterable[Finding], variances: pd.DataFrame) -> tuple[Finding, ...]:
    """The findings without those that a posted adjustment has cured (`variances` as of `decided_lines`)."""
    posted = variances.loc[variances["decision"] == "posted", PAIR]
    done = set(zip(posted["warehouse_key"].tolist(), posted["item_key"].tolist(), strict=True))
    return tuple(one for one in findings if one.kind not in _CURED or (one.warehouse, one.item) not in done)


def past_shortages(connection: Connection, count: Count) -> pd.DataFrame:
    """The shortages of the two months before: period, site, department, item_key, as those counts found them.

    One that went away by itself, by a document that came late, is none.
    """
    months = [_month_end(count.period, back) for back in (1, 2)]
    posted = select(stocktakes.c.period, adjustment_lines.c.item_key).join(
        stocktakes, stocktakes.c.stocktake == adjustment_lines.c.stocktake
    )
    taken = {(row.period, row.item_key) for row in connection.execute(posted.where(stocktakes.c.period.in_(months)))}
    query = (
        select(breaks.c.opened_on, breaks.c.site, breaks.c.department, breaks.c.item, break_sightings.c.state)
        .join(break_sightings, OF_BREAK)
        .where(breaks.c.flow == FLOW, breaks.c.kind == "SHORTAGE", breaks.c.opened_on.in_(months))
        .where(break_sightings.c.period == breaks.c.opened_on)
    )
    rows = [tuple(row) for row in connection.execute(query)]
    found = pd.DataFrame(rows, columns=["period", "site", "department", "item", "state"])
    keys = code_keys(found["item"].astype("str"))
    alive = found["state"].isin(sorted(ALIVE)).to_numpy()
    kept = [one in taken for one in zip(found["period"].tolist(), keys.tolist(), strict=True)]
    own = found.assign(item_key=keys)[alive | np.array(kept, dtype=np.bool_)]
    texts = dict.fromkeys(("site", "department", "item_key"), "str")
    return own[["period", *texts]].astype({"period": "datetime64[s]", **texts}).reset_index(drop=True)


def keep_breaks(connection: Connection, order: Order, judged: Judged, findings: Sequence[Finding]) -> tuple[Break, ...]:
    """Every break that the run tells of, recorded: those of the count, and carried ones of its month."""
    period = judged.count.period
    names = names_of(judged.known, judged.comparison.variances)
    fresh = told_breaks(findings, names, order.policy.department_limit, period)
    others = _of_other_counts(connection, judged.count, {one.id for one in fresh})
    told = record(connection, FLOW, period, [*fresh, *others])
    foreign = {one.id for one in others}
    return tuple(one for one in told if one.id not in foreign)


def _of_other_counts(connection: Connection, count: Count, own: set[str]) -> list[Break]:
    """What the other counts of the same month last told and nobody has settled: this one says nothing about it."""
    query = select(stocktakes.c.said).where(
        stocktakes.c.period == count.period, stocktakes.c.stocktake != count.number, stocktakes.c.said != ""
    )
    named = {
        str(one["id"])
        for text in connection.execute(query).scalars()
        for one in json.loads(text)["summary"]["exceptions"]
    }
    return [one for one in listed(connection, FLOW, sorted(ALIVE)) if one.id in named - own]


def _month_end(period: dt.date, back: int) -> dt.date:
    day = period
    for _ in range(back):
        day = day.replace(day=1) - dt.timedelta(days=1)
    return day
