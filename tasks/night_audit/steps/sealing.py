"""Keeps the close of a date, whole: postings, outcomes, balances, the seal on every row, and the next date opened.

Everything here happens in the caller's one transaction, so that a night is closed with all of it or not at all.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update

from tasks.adapters.store import read_frame, write_frame
from tasks.domain.report import Report
from tasks.domain.report_json import report_to_json
from tasks.intake import hotel_tables as delivered
from tasks.night_audit.closing import Closing
from tasks.night_audit.hotel_day import night_end
from tasks.night_audit.policy import Policy
from tasks.night_audit.sealing import FIRST, Broken, broken_chain, broken_rows, day_hash, row_digests
from tasks.night_audit.tables import (
    commission_accruals,
    ledger_balances,
    night_audits,
    night_postings,
    points_earned,
    reservation_outcomes,
    sealed_rows,
)

WHO = "night-audit"
_ONE_DAY = dt.timedelta(days=1)
# Where a row came from is no content of it: the same row may be delivered by several files.
_SOURCE = frozenset({"file_id", "sheet", "row"})
# What a seal covers: the column that names a row and the one that holds the date it was sealed for.
_SEALED: Mapping[str, tuple[Table, str, str]] = {
    "folio": (delivered.folio, "number", "sealed_on"),
    "payments": (delivered.payments, "number", "sealed_on"),
    "deposits": (delivered.deposits, "number", "sealed_on"),
    "stays": (delivered.stays, "account", "sealed_on"),
    "night_postings": (night_postings, "number", "business_date"),
    "ledger_balances": (ledger_balances, "account", "business_date"),
    "commission_accruals": (commission_accruals, "account", "business_date"),
    "points_earned": (points_earned, "account", "business_date"),
}


@dataclass(frozen=True, slots=True)
class OpenDate:
    """The date that is open, and whether it is the hotel's first."""

    date: dt.date
    first: bool


def open_date(connection: Connection) -> OpenDate | None:
    """The open business date; None in a hotel that never opened one."""
    audits = night_audits.c
    row = connection.execute(select(audits.business_date).where(audits.closed_at.is_(None))).first()
    if row is None:
        return None
    earlier = connection.execute(select(audits.business_date).where(audits.business_date < row.business_date).limit(1))
    return OpenDate(row.business_date, first=earlier.first() is None)


def begin_first(connection: Connection, date: dt.date, now: dt.datetime) -> None:
    """Opens `date` as a hotel's first where another one or none is open; after a close the open date stays."""
    opened = open_date(connection)
    if opened is not None and (opened.date == date or not opened.first):
        return
    connection.execute(delete(night_audits).where(night_audits.c.closed_at.is_(None)))
    _begin(connection, date, now)


def _begin(connection: Connection, date: dt.date, now: dt.datetime) -> None:
    connection.execute(insert(night_audits).values(business_date=date, opened_at=now))


def seal(
    connection: Connection,
    closing: Closing,
    policy: Policy,
    report: Report,
    said: Mapping[str, object],
    now: dt.datetime,
) -> None:
    """Closes the date of `closing`: keeps all that it makes, seals its rows, chains it to the day before.

    `report` and `said` (JSON) are sealed with it. Opens the next date.
    """
    date = closing.books.as_of
    opened = open_date(connection)
    assert opened is not None
    assert opened.date == date
    _keep(connection, closing, now)
    _mark(connection, date, policy, first=opened.first)
    digests = _present(connection, date)
    write_frame(connection, sealed_rows, digests.assign(business_date=pd.Timestamp(date)))
    texts = {
        "measures": json.dumps(dict(closing.measures), sort_keys=True),
        "report": report_to_json(report),
        # In the order as it is printed, so that papers made after a crash are the same to the byte.
        "said": json.dumps(dict(said), ensure_ascii=False),
    }
    previous = previous_hash(connection, date)
    own = {"closed_at": now, "previous_hash": previous, "hash": day_hash(previous, date, digests, texts)}
    connection.execute(update(night_audits).where(night_audits.c.business_date == date).values(**own, **texts))
    ends_at = night_end(date, policy.night_ends).to_pydatetime()
    connection.execute(insert(delivered.closed_books).values(business_date=date, ends_at=ends_at))
    _begin(connection, date + _ONE_DAY, now)


def previous_hash(connection: Connection, date: dt.date) -> str:
    """The hash of the date before `date`, or that of no date."""
    audits = night_audits.c
    return str(connection.execute(select(audits.hash).where(audits.business_date == date - _ONE_DAY)).scalar() or FIRST)


def broken_seals(connection: Connection) -> Iterator[Broken]:
    """Every closed date that no longer is what was sealed, with the row that changed (spec 06, step 13)."""
    audits = night_audits
    closed = connection.execute(select(audits).where(audits.c.closed_at.is_not(None)).order_by(audits.c.business_date))
    chain = []
    for row in closed.all():
        date = row.business_date
        stored = read_frame(
            connection,
            select(sealed_rows.c.kind, sealed_rows.c.number, sealed_rows.c.digest).where(
                sealed_rows.c.business_date == date
            ),
        )
        yield from broken_rows(date, stored, _present(connection, date))
        texts = {"measures": row.measures, "report": row.report, "said": row.said}
        if day_hash(row.previous_hash, date, stored, texts) != row.hash:
            yield Broken(date, "night_audits", "", "hash")
        chain.append((date, row.previous_hash, row.hash))
    yield from broken_chain(chain)


def _keep(connection: Connection, closing: Closing, now: dt.datetime) -> None:
    date = pd.Timestamp(closing.books.as_of)
    postings = closing.postings.astype({"amount": "int64"})
    write_frame(connection, night_postings, postings.assign(business_date=date))
    outcomes = closing.settlement.outcomes.assign(who=WHO, reason="", recorded_at=_moments(now, closing))
    write_frame(connection, reservation_outcomes, outcomes)
    left = closing.lines.loc[closing.lines["closing"] != 0, ["ledger", "account_key", "account", "closing"]]
    write_frame(connection, ledger_balances, left.rename(columns={"closing": "balance"}).assign(business_date=date))
    write_frame(connection, points_earned, closing.points.assign(business_date=date))
    accruals = closing.commission.accruals.drop(columns="ref")
    write_frame(connection, commission_accruals, accruals.assign(business_date=date))
    changed = closing.conditions.to_dict("records")
    if changed:
        rooms = delivered.rooms
        made = update(rooms).where(rooms.c.room_key == bindparam("known")).values(condition=bindparam("made"))
        connection.execute(made, [{"known": one["room_key"], "made": one["after"]} for one in changed])


def _moments(now: dt.datetime, closing: Closing) -> pd.Series[pd.Timestamp]:
    moment = pd.Timestamp(now).tz_convert("UTC").as_unit("s")
    return pd.Series(moment, index=closing.settlement.outcomes.index)


def _mark(connection: Connection, date: dt.date, policy: Policy, *, first: bool) -> None:
    """Seals the delivered rows of the date; on a hotel's first date also the earlier ones, which opened its books."""
    begins = night_end(date - _ONE_DAY, policy.night_ends).to_pydatetime()
    ends = night_end(date, policy.night_ends).to_pydatetime()
    for table in (delivered.folio, delivered.payments):
        own = table.c.date <= date if first else table.c.date == date
        connection.execute(update(table).where(own, table.c.sealed_on.is_(None)).values(sealed_on=date))
    for table, column in (
        (delivered.deposits, delivered.deposits.c.at),
        (delivered.stays, delivered.stays.c.departed_at),
    ):
        own = column <= ends if first else (column > begins) & (column <= ends)
        connection.execute(update(table).where(own, table.c.sealed_on.is_(None)).values(sealed_on=date))


def _present(connection: Connection, date: dt.date) -> pd.DataFrame:
    """The digest of every row that is sealed for the date, as the row is now: kind, number, digest."""
    found = []
    for kind, (table, name, sealed_on) in _SEALED.items():
        columns = [column for column in table.columns if column.name not in _SOURCE]
        rows = read_frame(connection, select(*columns).where(table.c[sealed_on] == date))
        found.append(row_digests(kind, rows, name))
    return pd.concat(found, ignore_index=True)


def closed_nights(connection: Connection) -> int:
    """How many dates are closed."""
    return int(connection.execute(select(func.count()).where(night_audits.c.closed_at.is_not(None))).scalar() or 0)
