"""Keeps the close of a date, whole: postings, outcomes, balances, the seal on every row, and the next date opened.

Everything here happens in the caller's one transaction, so that a night is closed with all of it or not at all.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from tasks.domain.report import Report
from tasks.domain.report_json import report_to_json
from tasks.intake import hotel_tables as delivered
from tasks.night_audit.closing import Closing
from tasks.night_audit.hotel_day import night_end
from tasks.night_audit.ledgers import changed_balances, ledger_totals
from tasks.night_audit.policy import Policy
from tasks.night_audit.rows import Balance
from tasks.night_audit.sealing import COVERS, FIRST, LEDGERS, day_hash
from tasks.night_audit.steps.covered import COVERED, present_digests
from tasks.night_audit.steps.writing import write
from tasks.night_audit.tables import (
    commission_accruals,
    ledger_balances,
    night_audits,
    night_postings,
    points_earned,
    reservation_outcomes,
    sealed_rows,
    standing_balances,
)

WHO = "night-audit"
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenDate:
    """The date that is open, and whether it is the hotel's first."""

    date: dt.date
    first: bool


def open_date(connection: Connection) -> OpenDate | None:
    """The open business date; None in a hotel that never opened one."""
    audits = night_audits.c
    # From the newest on, because every closed date lies before it with all of its report.
    newest = select(audits.business_date).where(audits.closed_at.is_(None)).order_by(audits.business_date.desc())
    row = connection.execute(newest.limit(1)).first()
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
    ends_at = night_end(date, policy.night_ends)
    # A hotel's first date is opened by what was delivered, and nothing stands yet.
    _keep(connection, closing, () if opened.first else closing.books.opening, now)
    rests_on = _rests_on(date, policy, first=opened.first)
    _mark(connection, date, rests_on)
    digests = present_digests(connection, date, ends_at, COVERED, rests_on)
    write(connection, sealed_rows, digests, business_date=date)
    totals = {ledger: total["closing"] for ledger, total in ledger_totals(closing.lines).items()}
    texts = {
        "measures": json.dumps(dict(closing.measures), sort_keys=True),
        "report": report_to_json(report),
        # In the order as it is printed, so that papers made after a crash are the same to the byte.
        "said": json.dumps({**said, COVERS: [*COVERED], LEDGERS: totals}, ensure_ascii=False),
    }
    previous = previous_hash(connection, date)
    own = {"closed_at": now, "previous_hash": previous, "hash": day_hash(previous, date, digests, texts)}
    connection.execute(update(night_audits).where(night_audits.c.business_date == date).values(**own, **texts))
    connection.execute(insert(delivered.closed_books).values(business_date=date, ends_at=ends_at))
    _begin(connection, date + _ONE_DAY, now)


def previous_hash(connection: Connection, date: dt.date) -> str:
    """The hash of the date before `date`, or that of no date."""
    audits = night_audits.c
    return str(connection.execute(select(audits.hash).where(audits.business_date == date - _ONE_DAY)).scalar() or FIRST)


def _keep(connection: Connection, closing: Closing, standing: Iterable[Balance], now: dt.datetime) -> None:
    date = closing.books.as_of
    write(connection, night_postings, closing.postings, business_date=date)
    write(connection, reservation_outcomes, closing.settlement.outcomes, who=WHO, recorded_at=now)
    changed = changed_balances(closing.lines, standing)
    write(connection, ledger_balances, changed, business_date=date)
    _stand(connection, changed, date)
    write(connection, points_earned, closing.points, business_date=date)
    write(connection, commission_accruals, closing.commission.accruals, business_date=date)
    if closing.conditions:
        rooms = delivered.rooms
        made = update(rooms).where(rooms.c.room_key == bindparam("known")).values(condition=bindparam("made"))
        connection.execute(made, [{"known": one.room_key, "made": one.after} for one in closing.conditions])


def _stand(connection: Connection, changed: Sequence[Balance], date: dt.date) -> None:
    """Puts the balances that the date changed in the place of those that stood."""
    if not changed:
        return
    stands = standing_balances.c
    same = (stands.ledger == bindparam("of_ledger")) & (stands.account_key == bindparam("of_account"))
    gone = [{"of_ledger": row.ledger, "of_account": row.account_key} for row in changed]
    connection.execute(delete(standing_balances).where(same), gone)
    write(connection, standing_balances, [row for row in changed if row.balance], since=date)


def _rests_on(date: dt.date, policy: Policy, *, first: bool) -> Mapping[str, ColumnElement[bool]]:
    """The delivered rows of the date, by dataset; on a hotel's first date also the earlier ones, which opened it."""
    begins, ends = night_end(date - _ONE_DAY, policy.night_ends), night_end(date, policy.night_ends)
    at, departed_at = delivered.deposits.c.at, delivered.stays.c.departed_at
    on, paid_on = delivered.folio.c.date, delivered.payments.c.date
    return {
        "folio": on <= date if first else on == date,
        "payments": paid_on <= date if first else paid_on == date,
        "deposits": at <= ends if first else (at > begins) & (at <= ends),
        "stays": departed_at <= ends if first else (departed_at > begins) & (departed_at <= ends),
    }


def _mark(connection: Connection, date: dt.date, rests_on: Mapping[str, ColumnElement[bool]]) -> None:
    """Seals the delivered rows that the close rests on and that no earlier one sealed."""
    for kind, own in rests_on.items():
        table = COVERED[kind].table
        connection.execute(update(table).where(own, table.c.sealed_on.is_(None)).values(sealed_on=date))
