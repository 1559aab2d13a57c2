"""Reads what the audit of one business date needs: rows of the date and of whoever is alive on it, no history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

import orjson
from sqlalchemy import Column, ColumnElement, Connection, func, or_, select

from tasks.domain.keys import name_key
from tasks.intake import hotel_tables as delivered
from tasks.intake.tables import files, quarantined_cells
from tasks.night_audit.after_close import Late
from tasks.night_audit.books import Books
from tasks.night_audit.cashiers import Money, money_of
from tasks.night_audit.closing import Evidence
from tasks.night_audit.hotel_day import night_end
from tasks.night_audit.ledgers import DEPOSIT, GUEST, TRANSFERRED, holder, summed_balances, transfer_target
from tasks.night_audit.policy import Policy
from tasks.night_audit.rows import (
    Accrual,
    BadCell,
    Balance,
    Company,
    Deposit,
    FolioLine,
    Kept,
    Member,
    Operation,
    Operator,
    Original,
    Outcome,
    Payment,
    PosCheck,
    Reservation,
    Room,
    RoomType,
    Shift,
    Stay,
)
from tasks.night_audit.steps.months import month_of
from tasks.night_audit.steps.opening import opening_balances
from tasks.night_audit.steps.people import named_on, people
from tasks.night_audit.steps.reading import chunks, columns_of, read, read_by, read_on, rows_of
from tasks.night_audit.steps.returned import returned_otherwise
from tasks.night_audit.tables import (
    commission_accruals,
    night_audits,
    night_postings,
    points_earned,
    reservation_outcomes,
)

DATASETS = (
    "room_types", "rooms", "reservations", "deposits", "stays", "folio", "payments", "shifts", "pos_checks",
    "operators", "corporate_accounts", "members", "operation_log",
)  # fmt: skip
_DATED = ("folio", "payments", "deposits", "shifts", "pos_checks")
_ONE_DAY = dt.timedelta(days=1)


def gather(connection: Connection, date: dt.date, policy: Policy, named: str = "") -> Evidence:
    """What the audit of `date` needs; every query goes by an index, so that its cost is that of the date.

    The reservation of the key `named` is among them, however long it has been settled.
    """
    reader = _Reader(connection, date, policy)
    opening = opening_balances(connection, date, reader.begins)
    folio, payments, log = reader.folio(), reader.payments(), reader.operation_log()
    found = people(connection, date, (reader.begins, reader.ends), named_on(opening, (*folio, *payments), log, named))
    books = Books(
        as_of=date,
        delivered=reader.delivered(),
        room_types=read(connection, RoomType, delivered.room_types),
        rooms=read(connection, Room, delivered.rooms),
        reservations=found.reservations,
        deposits=found.deposits,
        stays=found.stays,
        folio=folio,
        payments=payments,
        shifts=reader.shifts(),
        pos_checks=reader.pos_checks(),
        operators=read(connection, Operator, delivered.operators),
        corporate_accounts=read(connection, Company, delivered.corporate_accounts),
        members=reader.members(found.stays),
        operation_log=log,
        outcomes=reader.outcomes(found.reservations),
        opening=opening,
        postings=read_on(connection, Kept, night_postings.c.business_date, date),
        originals=reader.originals(folio, payments),
        accruals=reader.accruals(found.stays),
        quarantined=reader.quarantined(),
    )
    alive = _alive(books)
    paid = reader.paid(alive)
    return Evidence(
        books=books,
        folios=(*reader.guests(alive, paid, found.deposits), *_holdings(found.deposits), *found.waiting),
        nights=reader.nights(),
        earned=reader.earned(alive),
        late=reader.late(),
        paid=paid,
        elsewhere=reader.elsewhere(books.shifts),
        month=month_of(connection, date, policy) if (date + _ONE_DAY).month != date.month else None,
    )


class _Reader:
    """One connection, one date: each method is one question."""

    def __init__(self, connection: Connection, date: dt.date, policy: Policy) -> None:
        self._connection = connection
        self._date = date
        self.begins = night_end(date - _ONE_DAY, policy.night_ends)
        self.ends = night_end(date, policy.night_ends)

    def delivered(self) -> frozenset[str]:
        """The hotel's datasets that were ever delivered."""
        query = select(files.c.dataset).where(files.c.dataset.in_(DATASETS), files.c.state == "read").distinct()
        return frozenset(self._connection.execute(query).scalars())

    def folio(self) -> tuple[FolioLine, ...]:
        """The charges of the date."""
        return read_on(self._connection, FolioLine, delivered.folio.c.date, self._date)

    def payments(self) -> tuple[Payment, ...]:
        """The payments of the date."""
        return read_on(self._connection, Payment, delivered.payments.c.date, self._date)

    def operation_log(self) -> tuple[Operation, ...]:
        """The operations of the date, as they followed one another; before them those that no close could know."""
        log = delivered.operation_log
        lines = columns_of(Operation, log).order_by(log.c.at, log.c.id)
        own = rows_of(self._connection, Operation, lines.where(self._within(log.c.at)))
        told = self._last_close()
        if told is None:
            return own
        # What people do about the hour of the audit is exported after it.
        recent = (log.c.at > self.begins - 2 * _ONE_DAY) & (log.c.at <= self.begins)
        late = lines.join(files, files.c.id == log.c.file_id).where(recent, files.c.received_at > told)
        return (*rows_of(self._connection, Operation, late), *own)

    def _last_close(self) -> dt.datetime | None:
        """When the last date was closed."""
        audits = night_audits.c
        # From the newest on, because every closed date lies before it with all of its report.
        closed = select(audits.closed_at).where(audits.closed_at.is_not(None)).order_by(audits.business_date.desc())
        return self._connection.execute(closed.limit(1)).scalar()

    def shifts(self) -> tuple[Shift, ...]:
        """The shifts of the date, and those of other dates that money of the date names."""
        shifts, payments, deposits = delivered.shifts, delivered.payments.c, delivered.deposits.c
        by_payment = shifts.c.shift_key.in_(select(payments.shift_key).where(payments.date == self._date))
        by_deposit = shifts.c.shift_key.in_(select(deposits.shift_key).where(self._within(deposits.at)))
        return read(self._connection, Shift, shifts, or_(shifts.c.date == self._date, by_payment, by_deposit))

    def elsewhere(self, shifts: Collection[Shift]) -> tuple[Money, ...]:
        """What the shifts took on the date before and on the one after: none lasts longer."""
        keys = {row.shift_key for row in shifts}
        if not keys:
            return ()
        paid, moved = delivered.payments, delivered.deposits
        days = paid.c.date.in_([self._date - _ONE_DAY, self._date + _ONE_DAY])
        before = (moved.c.at > self.begins - _ONE_DAY) & (moved.c.at <= self.begins)
        after = (moved.c.at > self.ends) & (moved.c.at <= self.ends + _ONE_DAY)
        payments = read(self._connection, Payment, paid, days)
        deposits = read(self._connection, Deposit, moved, or_(before, after))
        return tuple(one for one in money_of(payments, deposits) if one.shift_key in keys)

    def pos_checks(self) -> tuple[PosCheck, ...]:
        """The checks of the date, and those of before that nobody settled."""
        checks = delivered.pos_checks.c
        unsettled = (checks.settlement == "open") & (checks.at <= self.ends)
        return read(self._connection, PosCheck, delivered.pos_checks, or_(self._within(checks.at), unsettled))

    def members(self, stays: Iterable[Stay]) -> tuple[Member, ...]:
        """The members among the guests."""
        keys = {stay.member_key for stay in stays} - {""}
        return read_by(self._connection, Member, delivered.members.c.member_key, keys)

    def quarantined(self) -> tuple[BadCell, ...]:
        """Bad cells of stays, and of the date's money, shifts and checks, that no later row has mended."""
        cells = quarantined_cells.c
        which = or_(cells.dataset == "stays", cells.dataset.in_(_DATED) & (cells.period == self._date))
        query = (
            select(
                cells.dataset,
                files.c.name,
                cells.sheet,
                cells.row,
                cells.column,
                cells.value,
                cells.reason,
                cells.row_key,
            )
            .join(files, files.c.id == cells.file_id)
            .where(which, cells.mended_by.is_(None))
            .order_by(cells.id)
        )
        return rows_of(self._connection, BadCell, query)

    def outcomes(self, reservations: Iterable[Reservation]) -> tuple[Outcome, ...]:
        """What was made of the reservations here, in the order in which it was recorded."""
        keys = {row.reservation_key for row in reservations}
        return read_by(self._connection, Outcome, reservation_outcomes.c.reservation_key, keys)

    def originals(self, folio: Collection[FolioLine], payments: Collection[Payment]) -> tuple[Original, ...]:
        """The earlier rows that reversals of the date name."""
        charged = read_by(self._connection, FolioLine, delivered.folio.c.number_key, _undone(folio))
        paid = read_by(self._connection, Payment, delivered.payments.c.number_key, _undone(payments))
        return (*(_original("folio", row, row.item) for row in charged), *(_original("payments", row) for row in paid))

    def accruals(self, stays: Iterable[Stay]) -> tuple[Accrual, ...]:
        """Commission that earlier closes accrued for the stays here."""
        earning = {stay.account_key for stay in stays if stay.commission is not None}
        return read_by(self._connection, Accrual, commission_accruals.c.account_key, earning)

    def paid(self, alive: Collection[str]) -> Mapping[str, int]:
        """The money that each alive account ever paid; one that never did is not there."""
        payments = delivered.payments.c
        return self._sums(payments.account_key, payments.amount, alive, payments.date <= self._date)

    def guests(
        self, alive: Collection[str], paid: Mapping[str, int], deposits: Iterable[Deposit]
    ) -> tuple[Balance, ...]:
        """Every alive account summed up from all of its rows."""
        folio, posted = delivered.folio.c, night_postings.c
        own = (folio.date <= self._date) & (folio.night_posting == "")
        charged = self._sums(folio.account_key, folio.amount, alive, own)
        by_night = self._sums(posted.account_key, posted.amount, alive, posted.business_date < self._date)
        moved = [(transfer_target(row), row.effect) for row in deposits if row.kind == TRANSFERRED]
        rows = (
            *((account, 0) for account in alive),
            *charged.items(),
            *by_night.items(),
            *((account, -amount) for account, amount in paid.items()),
            *moved,
        )
        return summed_balances((GUEST, account, account, amount) for account, amount in rows)

    def nights(self) -> Mapping[dt.date, Mapping[str, int]]:
        """The measures of this year's closed nights and of the same day last year."""
        audits = night_audits.c
        days = [audits.business_date >= self._date.replace(month=1, day=1)]
        if (self._date.month, self._date.day) != (2, 29):
            days.append(audits.business_date == self._date.replace(year=self._date.year - 1))
        query = select(audits.business_date, audits.measures).where(
            audits.closed_at.is_not(None), audits.business_date < self._date, or_(*days)
        )
        return {day: orjson.loads(measures) for day, measures in self._connection.execute(query).all()}

    def earned(self, alive: Collection[str]) -> Mapping[str, str]:
        """Which bills here earned points on an earlier date: account_key, account."""
        earned = points_earned.c
        return {
            key: account
            for chunk in chunks(alive)
            for key, account in self._connection.execute(
                select(earned.account_key, earned.account).where(earned.account_key.in_(chunk))
            ).all()
        }

    def late(self) -> tuple[Late, ...]:
        """What was delivered for closed dates and no report has told of yet."""
        table = delivered.after_close
        told = self._last_close()
        query = columns_of(Late, table).order_by(table.c.id)
        late = rows_of(self._connection, Late, query if told is None else query.where(table.c.found_at > told))
        return (*late, *returned_otherwise(self._connection, told))

    def _within(self, moment: ColumnElement[dt.datetime]) -> ColumnElement[bool]:
        return (moment > self.begins) & (moment <= self.ends)

    def _sums(
        self, key: Column[str], amount: Column[int], keys: Collection[str], which: ColumnElement[bool]
    ) -> Mapping[str, int]:
        """The amounts of each of the keys that has any, summed up."""
        return {
            account: int(total)
            for chunk in chunks(keys)
            for account, total in self._connection.execute(
                select(key, func.sum(amount)).where(key.in_(chunk), which).group_by(key)
            ).all()
        }


def _alive(books: Books) -> frozenset[str]:
    """The guests' accounts that had a balance, move on the date or are in the house; no company's."""
    staying = {stay.account_key for stay in books.stays}
    owing = (row.account_key for row in books.opening if row.ledger == GUEST)
    charged = (row.account_key for row in books.folio)
    if "stays" in books.delivered:
        paying = (row.account_key for row in books.payments if row.account_key in staying)
    else:
        # Nobody knows who stays: whoever pays is a guest unless a company bears the name.
        companies = {name_key(row.company) for row in books.corporate_accounts}
        paying = (row.account_key for row in books.payments if name_key(row.account) not in companies)
    return frozenset(staying.union(owing, charged, paying))


def _undone(rows: Collection[FolioLine | Payment]) -> frozenset[str]:
    """What the rows reverse that is not among them."""
    return frozenset({row.original_key for row in rows} - {row.number_key for row in rows} - {""})


def _original(dataset: str, row: FolioLine | Payment, item: str = "") -> Original:
    return Original(
        dataset=dataset,
        number=row.number,
        number_key=row.number_key,
        account=row.account,
        account_key=row.account_key,
        item=item,
        operator=row.operator,
        date=row.date,
        at=row.at,
        amount=row.amount,
    )


def _holdings(deposits: Iterable[Deposit]) -> tuple[Balance, ...]:
    return summed_balances((DEPOSIT, *holder(row), row.effect) for row in deposits)
