"""Reads the balances that open a business date."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, select

from tasks.domain.keys import name_key
from tasks.intake import hotel_tables as delivered
from tasks.night_audit.ledgers import CORPORATE, DayOfLedgers, ledger_lines
from tasks.night_audit.rows import Balance, Company, Deposit, FolioLine, Payment, Stay
from tasks.night_audit.steps.reading import read
from tasks.night_audit.tables import night_audits, standing_balances


def opening_balances(connection: Connection, date: dt.date, begins: dt.datetime) -> tuple[Balance, ...]:
    """The balances that the last close left; in a hotel that did not close a date, those of all rows before `date`.

    `begins` is the moment that ends the night before.
    """
    closed = select(night_audits.c.business_date).where(night_audits.c.closed_at.is_not(None)).limit(1)
    if connection.execute(closed).first() is None:
        return _of_all_rows(connection, date, begins)
    return read(connection, Balance, standing_balances)


def _of_all_rows(connection: Connection, date: dt.date, begins: dt.datetime) -> tuple[Balance, ...]:
    """What every holder has by all that was delivered for dates before `date`."""
    folio, payments, deposits = delivered.folio, delivered.payments, delivered.deposits
    companies = read(connection, Company, delivered.corporate_accounts)
    day = DayOfLedgers(
        opening=[
            Balance(CORPORATE, name_key(one.company), one.company, one.balance) for one in companies if one.balance
        ],
        charges=read(connection, FolioLine, folio, folio.c.date < date, folio.c.night_posting == ""),
        payments=read(connection, Payment, payments, payments.c.date < date),
        deposits=read(connection, Deposit, deposits, deposits.c.at <= begins),
        stays=read(connection, Stay, delivered.stays),
        companies=[one.company for one in companies],
    )
    return tuple(
        Balance(line.ledger, line.account_key, line.account, line.closing) for line in ledger_lines(day) if line.closing
    )
