"""Reads what the audit of one business date needs: rows of the date and of whoever is alive on it, no history."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from itertools import repeat
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, Column, Connection, Select, Table, cast, func, or_, select

from tasks.adapters.store import read_frame
from tasks.domain.keys import name_keys
from tasks.intake import hotel_tables as delivered
from tasks.intake.tables import files, quarantined_cells
from tasks.night_audit.books import Books, deposit_effects, empty, shaped
from tasks.night_audit.closing import Evidence
from tasks.night_audit.hotel_day import night_end
from tasks.night_audit.ledgers import (
    DEPOSIT,
    GUEST,
    TRANSFERRED,
    DayOfLedgers,
    holders,
    ledger_lines,
    summed_balances,
    transfer_targets,
)
from tasks.night_audit.policy import Policy
from tasks.night_audit.statistics import MEASURES
from tasks.night_audit.steps.months import month_of
from tasks.night_audit.steps.people import chunks, people, rows_by
from tasks.night_audit.steps.returned import COLUMNS, returned_otherwise
from tasks.night_audit.tables import (
    commission_accruals,
    ledger_balances,
    night_audits,
    night_postings,
    points_earned,
    reservation_outcomes,
)

DATASETS = (
    "room_types", "rooms", "reservations", "deposits", "stays", "folio", "payments", "shifts", "pos_checks",
    "operators", "corporate_accounts", "members", "operation_log",
)  # fmt: skip
_MONEY = ("folio", "payments", "deposits")
_ONE_DAY = dt.timedelta(days=1)
# By which column people know a row of each dataset; an operation has no number.
_NAMED_BY = {
    "room_types": "room_type", "rooms": "room", "reservations": "reservation", "deposits": "number", "stays": "account",
    "folio": "number", "payments": "number", "shifts": "shift", "pos_checks": "check", "operators": "operator",
    "corporate_accounts": "company", "members": "member",
}  # fmt: skip


def gather(connection: Connection, date: dt.date, policy: Policy, named: str = "") -> Evidence:
    """What the audit of `date` needs; every query goes by an index, so that its cost is that of the date.

    The reservation of the key `named` is among them, however long it has been settled.
    """
    reader = _Reader(connection, date, policy)
    opening = reader.opening()
    moved = reader.of_date()
    found = reader.people(opening, moved, named)
    stays, deposits = found["stays"], found["deposits"]
    books = Books(
        as_of=date,
        delivered=reader.delivered(),
        **reader.masters(stays),
        **moved,
        **found,
        outcomes=reader.outcomes(found["reservations"]),
        opening=opening,
        postings=reader.frame("postings", select(night_postings).where(night_postings.c.business_date == date)),
        originals=reader.originals(moved),
        accruals=reader.accruals(stays),
        quarantined=reader.quarantined(),
    )
    alive = _alive(opening, moved, stays)
    return Evidence(
        books=books,
        folios=reader.folios(alive, deposits),
        nights=reader.nights(),
        earned=reader.earned(alive),
        late=reader.late(),
        paid=reader.paid(alive),
        month=month_of(connection, date, policy) if (date + _ONE_DAY).month != date.month else None,
    )


class _Reader:
    """One connection, one date: each method is one question."""

    def __init__(self, connection: Connection, date: dt.date, policy: Policy) -> None:
        self._connection = connection
        self._date = date
        self._begins = night_end(date - _ONE_DAY, policy.night_ends).to_pydatetime()
        self._ends = night_end(date, policy.night_ends).to_pydatetime()

    def frame(self, name: str, query: Select[Any]) -> pd.DataFrame:
        """The frame `name` of the books from `query`, each row with its reference."""
        return self._named(name, read_frame(self._connection, query))

    @staticmethod
    def _named(name: str, rows: pd.DataFrame) -> pd.DataFrame:
        if name in _NAMED_BY:
            rows = rows.assign(ref=f"{name}:" + rows[_NAMED_BY[name]])
        return shaped(name, rows)

    def delivered(self) -> frozenset[str]:
        """The hotel's datasets that were ever delivered."""
        query = select(files.c.dataset).where(files.c.dataset.in_(DATASETS), files.c.state == "read").distinct()
        return frozenset(self._connection.execute(query).scalars())

    def quarantined(self) -> pd.DataFrame:
        """Bad cells of stays and of the date's money that no later row has mended."""
        cells = quarantined_cells.c
        which = or_(cells.dataset == "stays", cells.dataset.in_(_MONEY) & (cells.period == self._date))
        query = (
            select(
                cells.dataset,
                files.c.name.label("file"),
                cells.sheet,
                cells.row,
                cells.column,
                cells.value,
                cells.reason,
            )
            .join(files, files.c.id == cells.file_id)
            .where(which, cells.mended_by.is_(None))
            .order_by(cells.id)
        )
        return self.frame("quarantined", query)

    def opening(self) -> pd.DataFrame:
        """The balances that opened the date: those that closed the one before, or those of all rows before."""
        before = self._date - _ONE_DAY
        if self._connection.execute(select(night_audits.c.hash).where(night_audits.c.business_date == before)).first():
            return self.frame("opening", select(ledger_balances).where(ledger_balances.c.business_date == before))
        return self._first_opening()

    def _first_opening(self) -> pd.DataFrame:
        accounts = self.frame("corporate_accounts", select(delivered.corporate_accounts))
        owed = accounts[accounts["balance"].fillna(0) != 0].assign(ledger="corporate")
        opened = shaped("opening", owed.assign(account=owed["company"], account_key=name_keys(owed["company"])))
        folio = delivered.folio
        day = DayOfLedgers(
            opening=opened,
            charges=self.frame("folio", select(folio).where(folio.c.date < self._date, folio.c.night_posting == "")),
            payments=self.frame("payments", select(delivered.payments).where(delivered.payments.c.date < self._date)),
            deposits=self.frame("deposits", select(delivered.deposits).where(delivered.deposits.c.at <= self._begins)),
            stays=self.frame("stays", select(delivered.stays)),
            companies=accounts["company"],
        )
        lines = ledger_lines(day).rename(columns={"closing": "balance"})
        return shaped("opening", lines.loc[lines["balance"] != 0, ["ledger", "account_key", "account", "balance"]])

    def people(self, opening: pd.DataFrame, moved: Mapping[str, pd.DataFrame], named: str) -> dict[str, pd.DataFrame]:
        """Reservations, stays and deposits that the date concerns."""
        return people(self._connection, self._date, (self._begins, self._ends), opening, moved, named)

    def of_date(self) -> dict[str, pd.DataFrame]:
        """What bears the date itself: postings, payments, shifts, checks, operations."""
        checks, log = delivered.pos_checks, delivered.operation_log
        within = (checks.c.at > self._begins) & (checks.c.at <= self._ends)
        day = (log.c.at > self._begins) & (log.c.at <= self._ends)
        logged = read_frame(self._connection, select(log).where(day).order_by(log.c.at, log.c.id))
        logged["ref"] = "operation_log:" + logged["object"] + ":" + logged["at"].dt.strftime("%Y-%m-%dT%H:%M:%S")
        return {
            "folio": self.frame("folio", select(delivered.folio).where(delivered.folio.c.date == self._date)),
            "payments": self.frame(
                "payments", select(delivered.payments).where(delivered.payments.c.date == self._date)
            ),
            "shifts": self._shifts(),
            "pos_checks": self.frame(
                "pos_checks",
                select(checks).where(or_(within, (checks.c.settlement == "open") & (checks.c.at <= self._ends))),
            ),
            "operation_log": shaped("operation_log", logged),
        }

    def _shifts(self) -> pd.DataFrame:
        """The shifts of the date, and those of other dates that money of the date names."""
        table = delivered.shifts
        money = [
            select(delivered.payments.c.shift_key).where(delivered.payments.c.date == self._date),
            select(delivered.deposits.c.shift_key).where(
                delivered.deposits.c.at > self._begins, delivered.deposits.c.at <= self._ends
            ),
        ]
        named = or_(*(table.c.shift_key.in_(keys) for keys in money))
        return self.frame("shifts", select(table).where(or_(table.c.date == self._date, named)))

    def masters(self, stays: pd.DataFrame) -> dict[str, pd.DataFrame]:
        """Rooms, types, operators, companies, and the members among the guests."""
        members = delivered.members
        return {
            "room_types": self.frame("room_types", select(delivered.room_types)),
            "rooms": self.frame("rooms", select(delivered.rooms)),
            "operators": self.frame("operators", select(delivered.operators)),
            "corporate_accounts": self.frame("corporate_accounts", select(delivered.corporate_accounts)),
            "members": self._by("members", members, members.c.member_key, set(stays["member_key"]) - {""}),
        }

    def outcomes(self, reservations: pd.DataFrame) -> pd.DataFrame:
        """What was made of the reservations here, in the order in which it was recorded."""
        table = reservation_outcomes
        found = rows_by(self._connection, table, table.c.reservation_key, set(reservations["reservation_key"]))
        return shaped("outcomes", pd.concat(found, ignore_index=True).sort_values("id")) if found else empty("outcomes")

    def originals(self, moved: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """The earlier rows that reversals of the date name."""
        found = []
        for name, table in (("folio", delivered.folio), ("payments", delivered.payments)):
            keys = set(moved[name]["original_key"]) - {""} - set(moved[name]["number_key"])
            rows = self._by(name, table, table.c.number_key, keys)
            found.append(shaped("originals", rows.assign(dataset=name)))
        return pd.concat(found, ignore_index=True)

    def accruals(self, stays: pd.DataFrame) -> pd.DataFrame:
        """Commission that earlier closes accrued for the stays here."""
        table = commission_accruals
        earning = stays.loc[stays["commission"].notna(), "account_key"]
        return self._by("accruals", table, table.c.account_key, set(earning))

    def folios(self, alive: Collection[str], deposits: pd.DataFrame) -> pd.DataFrame:
        """Every alive account and deposit summed up from all of its rows: ledger, account_key, account, balance."""
        return pd.concat([self._guests(alive, deposits), _holdings(deposits)], ignore_index=True)

    def _guests(self, alive: Collection[str], deposits: pd.DataFrame) -> pd.DataFrame:
        folio, payments, posted = delivered.folio.c, delivered.payments.c, night_postings.c
        sums = dict.fromkeys(sorted(alive), 0)
        questions = (
            (folio, 1, (folio.date <= self._date) & (folio.night_posting == "")),
            (posted, 1, posted.business_date < self._date),
            (payments, -1, payments.date <= self._date),
        )
        for chunk in chunks(alive):
            for table, sign, which in questions:
                total = select(table.account_key, func.sum(table.amount)).where(table.account_key.in_(chunk), which)
                for account, amount in self._connection.execute(total.group_by(table.account_key)):
                    sums[account] += sign * int(amount)
        moved = deposits[deposits["kind"] == TRANSFERRED]
        for account, amount in deposit_effects(moved).groupby(transfer_targets(moved)).sum().items():
            sums[str(account)] = sums.get(str(account), 0) + int(amount)
        return summed_balances((GUEST, account, account, balance) for account, balance in sums.items())

    def nights(self) -> pd.DataFrame:
        """The measures of this year's closed nights and of the same day last year."""
        audits = night_audits.c
        days = [audits.business_date >= self._date.replace(month=1, day=1)]
        if (self._date.month, self._date.day) != (2, 29):
            days.append(audits.business_date == self._date.replace(year=self._date.year - 1))
        query = select(audits.business_date, audits.measures).where(
            audits.closed_at.is_not(None), audits.business_date < self._date, or_(*days)
        )
        rows = [{"business_date": day, **json.loads(measures)} for day, measures in self._connection.execute(query)]
        frame = pd.DataFrame(rows, columns=["business_date", *MEASURES])
        return frame.astype({"business_date": "datetime64[s]", **dict.fromkeys(MEASURES, "int64")})

    def earned(self, alive: Collection[str]) -> pd.DataFrame:
        """Which bills here earned points on an earlier date: account_key, account."""
        found = [pd.DataFrame({"account_key": [], "account": []}, dtype="str")]
        for chunk in chunks(alive):
            query = select(points_earned.c.account_key, points_earned.c.account)
            found.append(read_frame(self._connection, query.where(points_earned.c.account_key.in_(chunk))))
        return pd.concat(found, ignore_index=True)

    def late(self) -> pd.DataFrame:
        """What was delivered for closed dates and no report has told of yet."""
        table = delivered.after_close
        told = self._connection.execute(select(func.max(night_audits.c.closed_at))).scalar()
        query = select(*(table.c[name] for name in COLUMNS)).order_by(table.c.id)
        late = read_frame(self._connection, query if told is None else query.where(table.c.found_at > told))
        back = returned_otherwise(self._connection, told)
        return pd.concat([late, back], ignore_index=True) if len(back) else late

    def paid(self, alive: Collection[str]) -> pd.DataFrame:
        """The money that each alive account ever paid: account_key, paid."""
        payments = delivered.payments.c
        found = []
        for chunk in chunks(alive):
            total = func.sum(payments.amount).label("paid")
            query = select(payments.account_key, cast(total, BigInteger).label("paid"))
            which = payments.account_key.in_(chunk) & (payments.date <= self._date)
            found.append(read_frame(self._connection, query.where(which).group_by(payments.account_key)))
        return pd.concat(found, ignore_index=True) if found else pd.DataFrame({"account_key": [], "paid": []})

    def _by(self, name: str, table: Table, column: Column[str], keys: Collection[str]) -> pd.DataFrame:
        """The frame `name` of the books with the rows of `table` that have one of `keys`."""
        found = rows_by(self._connection, table, column, keys)
        return self._named(name, pd.concat(found, ignore_index=True)) if found else empty(name)


def _alive(opening: pd.DataFrame, moved: Mapping[str, pd.DataFrame], stays: pd.DataFrame) -> set[str]:
    """The guests' accounts that had a balance, move on the date or are in the house; no company's."""
    guests = opening.loc[opening["ledger"] == GUEST, "account_key"]
    paying = moved["payments"]["account_key"]
    return {*guests, *moved["folio"]["account_key"], *stays["account_key"], *paying[paying.isin(stays["account_key"])]}


def _holdings(deposits: pd.DataFrame) -> pd.DataFrame:
    keys, accounts = holders(deposits)
    return summed_balances(zip(repeat(DEPOSIT), keys, accounts, deposit_effects(deposits), strict=False))
