"""Gathers the books of one business date from the database: the date's own work and what is still open, no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from tasks.domain.breaks import Break
from tasks.domain.finding import Finding
from tasks.domain.keys import code_key
from tasks.domain.places import active_sites, placed_rows
from tasks.register.breaks import alive_before, last_states, previous_period, told_on
from tasks.stock_ledger import tables
from tasks.stock_ledger.deliveries import Arrivals, SiteDay, amended_findings, late_id, missing_id
from tasks.stock_ledger.judging import Books, OnHand, Rules
from tasks.stock_ledger.report import FLOW
from tasks.stock_ledger.transfers import transfer_rules

# How far back, beyond the time a case may take, lines are looked for that no earlier run has judged.
_MARGIN = dt.timedelta(days=14)
_FIRST_RUN = dt.timedelta(days=92)
_SNAPSHOT_AGE_MAX = dt.timedelta(days=62)
_STATED_AGE_MAX = dt.timedelta(days=62)
_TRANSFER_KINDS = frozenset({"OPEN_TRANSFER", "TRANSFER_QUANTITY", "UNAUTHORISED_TRANSFER"})
_DELIVERY_KINDS = frozenset({"LEDGER_MISSING", "LEDGER_LATE"})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of spec 01 as configured; days are calendar days unless the name says working days."""

    near_days: int
    swap_days: int
    audit_working_days: int
    transfer_working_days: int
    management_department: str


@dataclass(frozen=True, slots=True)
class Moment:
    """The business date to judge, and today's date in the business's own zone."""

    as_of: dt.date
    today: dt.date
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Gathered:
    """The books of one date, the rules that go with its masters, the masters themselves, and the rows amended."""

    books: Books
    rules: Rules
    masters: dict[str, pd.DataFrame]
    amended: pd.DataFrame


def gather(connection: Connection, moment: Moment) -> Gathered:
    """Everything that the judgement of `moment.as_of` needs."""
    as_of, limits = moment.as_of, moment.thresholds
    masters = tables.masters(connection)
    alive = alive_before(connection, FLOW, as_of)
    since = _since(connection, moment)
    ledger, erp = tables.open_ledger_rows(connection, as_of), tables.open_erp_lines(connection, as_of)
    own = own_lines(ledger, erp, as_of)
    days = {as_of, *_days(ledger["date"]), *_days(erp["date"]), *(one.date for one in alive)}
    expected = _expected(masters["sites"], as_of, alive)
    transfers_since = min([since, *(one.date for one in alive if one.kind in _TRANSFER_KINDS)])
    swaps_since = min([since, *(one.date for one in alive if one.kind == "SWAP_INCOMPLETE")])
    amended, changed = _amended(connection, moment, masters["warehouses"], since, alive)
    books = Books(
        as_of=as_of,
        items=masters["items"],
        warehouses=masters["warehouses"],
        sites=masters["sites"],
        delivered=tables.delivered_datasets(connection),
        ledger=ledger,
        erp=erp,
        unaudited=tables.unaudited_lines(connection, as_of, since, own[1]),
        transfers=tables.transfer_lines(connection, as_of, transfers_since, own),
        swaps=tables.swap_lines(connection, as_of, swaps_since, own),
        on_hand=_on_hand(connection, as_of, masters["warehouses"], (ledger, erp), alive),
        erp_days=tables.erp_delivered(connection, days),
        expected=expected,
        arrivals=_arrivals(connection, moment, days, expected),
        amended=amended,
        alive=alive,
    )
    transfers = transfer_rules(masters["departments"], limits.transfer_working_days, limits.management_department)
    rules = Rules(limits.near_days, limits.swap_days, limits.audit_working_days, transfers)
    return Gathered(books, rules, masters, changed)


def own_lines(ledger: pd.DataFrame, erp: pd.DataFrame, as_of: dt.date) -> tables.BothSides:
    """The rows and lines of `as_of` among those that are at hand."""
    day = pd.Timestamp(as_of)
    return ledger[ledger["date"] == day], erp[erp["date"] == day]


def _since(connection: Connection, moment: Moment) -> dt.date:
    """From which date on lines may hold a case that no run has told of yet."""
    limits = moment.thresholds
    takes = dt.timedelta(days=limits.swap_days + 2 * limits.transfer_working_days)
    previous = previous_period(connection, FLOW, moment.as_of)
    last = moment.as_of - _FIRST_RUN if previous is None else previous
    return min(last, moment.as_of) - takes - _MARGIN


def _days(dates: pd.Series[pd.Timestamp]) -> Iterable[dt.date]:
    return (day.date() for day in dates.unique())


def _expected(sites: pd.DataFrame, as_of: dt.date, alive: tuple[Break, ...]) -> tuple[SiteDay, ...]:
    today = {(site, as_of) for site in active_sites(sites, as_of)["site"]}
    carried = {(one.site, one.date) for one in alive if one.kind in _DELIVERY_KINDS}
    return tuple(sorted(today | carried))


def _arrivals(connection: Connection, moment: Moment, days: set[dt.date], expected: tuple[SiteDay, ...]) -> Arrivals:
    missing = {missing_id(*site_day): site_day for site_day in expected}
    late = {late_id(*site_day): site_day for site_day in expected}
    tomorrow = moment.as_of + dt.timedelta(days=1)
    return Arrivals(
        received=tables.received(connection, days),
        notices=tables.notices(connection, days),
        told_missing={missing[one] for one in told_on(connection, missing, tomorrow)},
        told_late={late[one] for one in told_on(connection, late, moment.as_of)},
        past_cut_off={day for day in days if day < moment.today},
    )


def _amended(
    connection: Connection, moment: Moment, warehouses: pd.DataFrame, since: dt.date, alive: tuple[Break, ...]
) -> tuple[tuple[Finding, ...], pd.DataFrame]:
    """AMENDED of the rows changed since, and those rows.

    One that people had explained by the end of an earlier date, or that was resolved there, is told no more; every
    run of one date tells the same, whatever people do between them.
    """
    as_of = moment.as_of
    oldest = min([since, *(one.since for one in alive if one.kind == "AMENDED")])
    rows = tables.amended_rows(connection, as_of, oldest)
    instead = tables.ledger_rows_by_id(connection, [int(row) for row in rows["replaced_by"].dropna()])
    findings = amended_findings(rows, instead, placed_rows(rows, warehouses))
    states = last_states(connection, [one.id for one in findings], as_of)
    told = tuple(one for one in findings if states.get(one.id, "open") in ("open", "reopened"))
    return told, rows


def _on_hand(
    connection: Connection,
    as_of: dt.date,
    warehouses: pd.DataFrame,
    lines: tuple[pd.DataFrame, pd.DataFrame],
    alive: tuple[Break, ...],
) -> OnHand:
    ledger, erp = lines
    snapshots = {
        key: date
        for key, date in tables.snapshot_dates(connection, warehouses["warehouse_key"].tolist(), as_of).items()
        if date >= as_of - _SNAPSHOT_AGE_MAX
    }
    # One that began today is told as the day's own, also when an earlier run of the same day has told of it.
    carried = [one for one in alive if one.kind == "BALANCE" and one.since < as_of]
    pairs = {(code_key(one.warehouse), code_key(one.item)): one.since for one in carried}
    anchors = _anchors(connection, pairs)
    stated = ledger[ledger["stated_balance"].notna() & (ledger["date"] == pd.Timestamp(as_of))]
    return OnHand(
        previous=tables.on_hand_at(connection, snapshots),
        today=tables.on_hand_on(connection, as_of),
        # The date's own lines are at hand already; only those between the snapshots and it are read.
        since=pd.concat([tables.erp_since(connection, snapshots, as_of), erp[erp["date"] == pd.Timestamp(as_of)]]),
        anchors=anchors,
        since_anchors=tables.erp_of_items(connection, pairs, min(_days(anchors["date"]), default=as_of), as_of),
        stated=tables.stated_rows(connection, as_of, as_of - _STATED_AGE_MAX, set(stated["item"])),
    )


def _anchors(connection: Connection, pairs: dict[tuple[str, str], dt.date]) -> pd.DataFrame:
    """The on-hand of each carried pair at the last snapshot before its break began; 0 where that left the item out."""
    found = []
    for begun in sorted(set(pairs.values())):
        own = [pair for pair, since in pairs.items() if since == begun]
        dates = tables.snapshot_dates(connection, sorted({warehouse for warehouse, _ in own}), begun)
        wanted = pd.DataFrame(
            [(warehouse, item, pd.Timestamp(dates[warehouse])) for warehouse, item in own if warehouse in dates],
            columns=["warehouse", "item", "date"],
        ).astype({"warehouse": "str", "item": "str", "date": "datetime64[s]"})
        at = tables.on_hand_at(connection, dates).drop(columns="date")
        joined = wanted.merge(at, on=["warehouse", "item"], how="left")
        found.append(joined.assign(quantity=joined["quantity"].fillna(0).astype("int64")))
    empty = pd.DataFrame({"warehouse": [], "item": [], "date": [], "quantity": []}).astype(
        {"warehouse": "str", "item": "str", "date": "datetime64[s]", "quantity": "int64"}
    )
    return pd.concat([empty, *found], ignore_index=True)
