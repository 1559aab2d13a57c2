"""Breaks and days for the tests of the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection

from tasks.domain.breaks import Break
from tasks.domain.message import Message, message
from tasks.register.breaks import Done, record
from tasks.register.runs import Run, record_run

FLOW = "stock-ledger"
MORNING = dt.datetime(2025, 11, 24, 1, 0, tzinfo=dt.UTC)


def day(number: int) -> dt.date:
    """The business date of the n-th day."""
    return dt.date(2025, 11, 9) + dt.timedelta(days=number)


def cause(name: str, on: int = 1, difference: int = 10_000) -> Break:
    """A break as a run on the n-th day sees it."""
    return Break(
        id=name,
        kind="QUANTITY",
        severity="low",
        state="open",
        site="DF01",
        department="沿海业务部",
        warehouse="DF01A",
        item="SL001",
        date=day(1),
        refs=("ledger:DF01:2025-11-10:1", "erp:QTR-1:1"),
        expected="2",
        found="1",
        difference=difference,
        value="60.00",
        message=message("stock_ledger.message.ledger_missing", site="DF01", date=day(1).isoformat()),
        opened_on=day(on),
        since=day(on),
        owner="李会计",
    )


def run(connection: Connection, number: int, *seen: str | Break) -> dict[str, Break]:
    """What a run of the n-th day tells of, by id."""
    causes: Sequence[Break] = [one if isinstance(one, Break) else cause(one, number) for one in seen]
    told = record(connection, FLOW, day(number), causes)
    record_run(connection, Run(FLOW, day(number), "completed", MORNING, MORNING, {}))
    return {one.id: one for one in told}


def states(told: dict[str, Break]) -> dict[str, str]:
    """The state of each break told of."""
    return {name: one.state for name, one in told.items()}


def done(who: str = "李会计", reason: str = "供应商补单", action: str = "explain") -> Done:
    """An act of a person."""
    return Done(action, who, reason, MORNING)


def key_of(why: Message) -> str:
    """The wording that a refusal has."""
    return why.key.removeprefix("register.")
