"""The reservation sweep at a moment, and a reservation taken back by a person (spec 06, reservation rules)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, insert, select

from tasks.adapters.store import exclusive, open_store
from tasks.domain.message import Message
from tasks.intake.steps import rows_of_period
from tasks.night_audit.hotel_day import business_date
from tasks.night_audit.late_guests import Restoring, restoring
from tasks.night_audit.report import FLOW
from tasks.night_audit.reservations import Settlement, sweep
from tasks.night_audit.steps.auditing import Order, Summary
from tasks.night_audit.steps.gathering import gather
from tasks.night_audit.steps.sealing import open_date
from tasks.night_audit.steps.writing import write
from tasks.night_audit.tables import night_audits, reservation_outcomes
from tasks.night_audit.told import told_breaks
from tasks.register.exceptions import exception_of
from tasks.register.runs import Run, record_run

SWEEP = "reservation-sweep"
_DATASETS = ("reservations", "deposits", "stays")


class UnableToRestore(Exception):
    """A reservation that cannot be taken back; `.message` is one line for people."""

    def __init__(self, why: Message) -> None:
        """Keep `why` for the reader's language."""
        super().__init__(why.key)
        self.message = why


def sweep_reservations(order: Order, at: dt.datetime) -> Summary:
    """The object of `--json` of one sweep at the hotel's moment `at`: what became a no-show, what was released.

    Sweeping again, or twice at once, records nothing twice. A date that is closed is left as it is.
    """
    store = open_store(order.database_url)
    date = business_date(at, order.policy.night_ends)
    with store.writing() as connection:
        exclusive(connection, FLOW)
        started = order.clock()
        if _is_closed(connection, date):
            return _summary(connection, order, at, None, "already-done")
        settled = sweep(gather(connection, date, order.policy).books, order.policy, at.replace(microsecond=0))
        write(connection, reservation_outcomes, settled.outcomes, who=SWEEP, recorded_at=started)
        summary = _summary(connection, order, at, settled, "completed")
        figures = summary["figures"]
        assert isinstance(figures, dict)
        record_run(connection, Run(SWEEP, date, "completed", started, order.clock(), figures))
    return summary


def restore(order: Order, reservation_key: str, who: str, reason: str, at: dt.datetime) -> Restoring:
    """What taking the reservation back at `at` gave: its rooms, or others where they are sold; kept with who and why.

    Raises UnableToRestore for a reservation that is not given up.
    """
    date = business_date(at, order.policy.night_ends)
    with open_store(order.database_url).writing() as connection:
        exclusive(connection, FLOW)
        books = gather(connection, date, order.policy, reservation_key).books
        found = restoring(books, order.policy, reservation_key, at)
        if found.refusal is not None:
            raise UnableToRestore(found.refusal)
        opened = open_date(connection)
        written = next(row.reservation for row in books.reservations if row.reservation_key == reservation_key)
        connection.execute(
            insert(reservation_outcomes).values(
                reservation_key=reservation_key,
                reservation=written,
                outcome="restored",
                at=at.replace(tzinfo=None, microsecond=0),
                # A date may be closed before its night has ended; what it keeps then is sealed.
                business_date=max(date, opened.date) if opened else date,
                who=who,
                reason=reason,
                recorded_at=order.clock(),
            )
        )
    return found


def _is_closed(connection: Connection, date: dt.date) -> bool:
    audits = night_audits.c
    query = select(audits.business_date).where(audits.business_date == date, audits.closed_at.is_not(None))
    return connection.execute(query).first() is not None


def _summary(connection: Connection, order: Order, at: dt.datetime, settled: Settlement | None, status: str) -> Summary:
    date = business_date(at, order.policy.night_ends)
    told = told_breaks(settled.findings, date) if settled else ()
    rows = rows_of_period(connection, date, _DATASETS)
    return {
        "flow": SWEEP,
        "period": at.isoformat(sep=" ", timespec="minutes"),
        "status": status,
        "rows": {name: dict(counts) for name, counts in rows.items()},
        "figures": {
            "business_date": date.isoformat(),
            "no_shows": settled.no_shows if settled else 0,
            "released": settled.released if settled else 0,
            "changed": len(settled.outcomes) if settled else 0,
        },
        "exceptions": [exception_of(one, date, order.languages[0]) for one in told],
        "reports": [],
        "mails": [],
    }
