"""Opens a count: freezes the book of what it covers and issues its sheets, all in one transaction (spec 02: open)."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import Connection, select

from tasks.adapters.store import exclusive, open_store, read_frame
from tasks.domain.count_numbers import count_number, sheet_number
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message
from tasks.domain.working_days import next_working_day
from tasks.intake.tables import erp_lines, on_hand
from tasks.stocktake.freezing import open_count_conflicts
from tasks.stocktake.scopes import Scope, counted_warehouses, scope_faults, scoped_stock
from tasks.stocktake.shapes import Count, shaped
from tasks.stocktake.steps.gathering import Opened, counts_of_period, frozen, masters, on_hand_at, pieces
from tasks.stocktake.steps.issuing import issue, keep_count, write_missing_sheets
from tasks.stocktake.steps.ordering import FLOW, Order
from tasks.stocktake.tables import issued_sheets, sheet_lines

_SEEDS = 2**31
_NAMED_MAX = 6
_NAMES = ["item_key", "item", "item_name", "specification", "unit"]
_PLACE = ["warehouse_key", "warehouse", "warehouse_name", "quality", "site", "department", "code"]


class UnableToOpen(Exception):
    """A count cannot be opened; `.message` says why in one line, `.findings` name what stands in the way."""

    def __init__(self, why: Message, findings: Sequence[Finding] = ()) -> None:
        """Keep `why` for the reader's language."""
        super().__init__(why)
        self.message = why
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Opening:
    """What is to be counted, for the month that ends with `period`, and who asks for it."""

    period: dt.date
    scope: Scope
    opened_by: str


def open_count(order: Order, opening: Opening) -> Opened:
    """The count as it is kept, opened now or before: the same one is never opened twice. Its sheets lie there.

    Raises UnableToOpen: no on-hand was ever delivered, nothing is covered, the scope names what no master knows, or
    another open count has some of the items.
    """
    with open_store(order.database_url).writing() as connection:
        exclusive(connection, FLOW)
        before = counts_of_period(connection, opening.period)
        opened = _same(before, opening.scope) or _newly_opened(connection, order, opening, before)
    write_missing_sheets(order, opened)
    return opened


def _same(before: Sequence[Opened], scope: Scope) -> Opened | None:
    """The count that was opened already for `scope`: the month's own whatever became of it, another while it is open.

    Who asks for a spot count and names no seed means the one that is under way.
    """
    for one in before:
        drawn = one.scope if scope.seed or not scope.spot else replace(one.scope, seed=0)
        if drawn == scope and (scope.monthly or not one.closed_as):
            return one
    return None


def _newly_opened(connection: Connection, order: Order, opening: Opening, before: Sequence[Opened]) -> Opened:
    known = masters(connection)
    scope = _checked(connection, known, opening.scope)
    now = order.clock()
    first = opening.period.replace(day=1)
    begun = first if scope.monthly else min(max(order.today, first), opening.period)
    scoped = 0 if scope.monthly else 1 + sum(not one.scope.monthly for one in before)
    cut_off = begun - dt.timedelta(days=1)
    count = Count(count_number(opening.period, scoped), opening.period, cut_off, now)
    stores = counted_warehouses(known["warehouses"], known["sites"], begun, scope)
    stock, since = frozen(connection, known, stores["warehouse_key"].tolist(), cut_off)
    items = shaped("items", known["items"])
    lines = _lines(connection, scoped_stock(stock, items, scope), stores, items, count)
    sheets = _sheets(
        stores if scope.monthly else stores[stores["warehouse_key"].isin(lines["warehouse_key"])], known, count
    )
    _refuse(sheets, open_count_conflicts(lines, _open_lines(connection), count))
    due = next_working_day(_handed_out(opening, begun, order.today), order.policy.deadline_working_days)
    opened = Opened(count, scope, due, since, order.policy.blind, opening.opened_by, "")
    keep_count(connection, opened, now)
    sheets = sheets.assign(round=0, blind=opened.blind, due_on=pd.Timestamp(due))
    issue(connection, sheets, lines.assign(open=True), now)
    return opened


def _handed_out(opening: Opening, begun: dt.date, today: dt.date) -> dt.date:
    """The day from which people have their working days: never one before the sheets lie there.

    A count of a month that is over when it is opened is one of the past, and was due then.
    """
    return max(begun, today) if today <= opening.period else begun


def _checked(connection: Connection, known: dict[str, pd.DataFrame], scope: Scope) -> Scope:
    """The scope with the seed that its draw will have; raises UnableToOpen where there is nothing to freeze or draw."""
    if connection.execute(select(on_hand.c.date).limit(1)).first() is None:
        raise UnableToOpen(message("count_sheets.unable.no_on_hand"))
    faults = scope_faults(scope, known["warehouses"], known["sites"], known["items"])
    if faults:
        raise UnableToOpen(message("count_sheets.unable.unknown_scope", names="、".join(faults)))
    return replace(scope, seed=secrets.randbelow(_SEEDS - 1) + 1) if scope.spot and not scope.seed else scope


def _refuse(sheets: pd.DataFrame, conflicts: Sequence[Finding]) -> None:
    if len(sheets) == 0:
        raise UnableToOpen(message("count_sheets.unable.nothing_covered"))
    if conflicts:
        places = "、".join(f"{one.warehouse} {one.item}" for one in conflicts[:_NAMED_MAX])
        others = "、".join(sorted({one.found for one in conflicts}))
        more = "…" if len(conflicts) > _NAMED_MAX else ""
        said = message("count_sheets.unable.counted_already", lines=len(conflicts), counts=others, places=places + more)
        raise UnableToOpen(said, conflicts)


def _lines(
    connection: Connection, stock: pd.DataFrame, stores: pd.DataFrame, items: pd.DataFrame, count: Count
) -> pd.DataFrame:
    """The frame `lines` of the frozen `stock`, by sheet, warehouse and item code."""
    lines = stock.merge(stores[_PLACE], on="warehouse_key").merge(items, on="item_key", how="left")
    unknown = lines["item"].isna()
    if unknown.any():
        names = _names(connection, lines[unknown], count.cut_off)
        lines = lines.fillna(lines[["item_key"]].merge(names, on="item_key", how="left"))
        lines["item"] = lines["item"].fillna(lines["item_key"])
    numbers = {code: sheet_number(count.number, code) for code in stores["code"].unique()}
    lines = lines.assign(number=lines["code"].map(numbers), stocktake=count.number)
    return shaped("lines", lines.sort_values(["number", "warehouse", "item"], kind="stable"))


def _names(connection: Connection, lines: pd.DataFrame, cut_off: dt.date) -> pd.DataFrame:
    """What the items of `lines`, which the master lacks, are called on the on-hand and in documents."""
    wanted, stores = sorted(lines["item_key"].unique()), sorted(lines["warehouse_key"].unique())
    held = on_hand_at(connection, stores, cut_off, _NAMES)
    # Asked by warehouse too, documents have an index to lead to them.
    called = select(*(erp_lines.c[name] for name in _NAMES)).where(erp_lines.c.warehouse_key.in_(stores)).distinct()
    named = [read_frame(connection, called.where(erp_lines.c.item_key.in_(some))) for some in pieces(wanted)]
    found = pd.concat([held[held["item_key"].isin(wanted)], *named], ignore_index=True)
    return found.drop_duplicates("item_key")


def _sheets(stores: pd.DataFrame, known: dict[str, pd.DataFrame], count: Count) -> pd.DataFrame:
    """One row a sheet: number, stocktake, base, site, department and custodian, of a department's stores its clerk."""
    of_site = known["sites"].set_index("site")["custodian"]
    clerks = known["departments"].set_index("department")["clerk"]
    sheets = stores.drop_duplicates("code").sort_values("code")[["code", "site", "department"]]
    numbers = [sheet_number(count.number, code) for code in sheets["code"]]
    custodian = sheets["site"].map(of_site).where(sheets["site"] != "", sheets["department"].map(clerks))
    named = sheets.assign(number=pd.Series(numbers, index=sheets.index, dtype="str"), stocktake=count.number)
    return named.assign(base=named["number"], custodian=custodian.fillna("").astype("str")).drop(columns="code")


def _open_lines(connection: Connection) -> pd.DataFrame:
    issued = issued_sheets.c
    query = select(issued.site, sheet_lines.c.warehouse_key, sheet_lines.c.item_key, issued.stocktake)
    query = query.join(issued_sheets, issued.number == sheet_lines.c.number).where(sheet_lines.c.open)
    return read_frame(connection, query)
