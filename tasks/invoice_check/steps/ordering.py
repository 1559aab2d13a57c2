"""The order of a run of the invoice check: where its books lie, by which policy, for which day or period, for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tasks.invoice_check.policy import Policy
from tasks.mail.steps import Readership

FLOW = "invoice-check"
Summary = dict[str, object]


@dataclass(frozen=True, slots=True)
class Order:
    """Everything that a run is told; `date` is the day as of which it judges, of a period's end the period's last day.

    `period_end`: the month of `date` is agreed with the revenue ledger. Reports are written in `languages`, the first
    also for `--json`; mail is queued to the readers of `readership` alone, where `mail` says so. `accounts` are what
    the accounts of operating revenue hold in their names or begin with.
    """

    home: Path
    database_url: str
    policy: Policy
    accounts: tuple[str, ...]
    readership: Readership
    languages: tuple[str, ...]
    date: dt.date
    clock: Callable[[], dt.datetime]
    period_end: bool = False
    mail: bool = True

    @property
    def period(self) -> str:
        """What the run is known by: its day, or the month whose end it is."""
        return f"{self.date:%Y-%m}" if self.period_end else self.date.isoformat()
