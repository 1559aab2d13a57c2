"""The order of a run of the stocktake: where its books lie, by which policy, for which readers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tasks.mail.steps import Readership
from tasks.stocktake.policy import Policy

FLOW = "stocktake"
AGREEMENT = "account-agreement"
Summary = dict[str, object]


@dataclass(frozen=True, slots=True)
class Order:
    """Everything that a run of the stocktake is told; `today` is the calendar's day in the business's zone.

    Reports are written in `languages`, the first also for `--json`. Mail is queued where `mail` says so, to the readers
    of `readership` and, where wanted, to the mailboxes of the masters.
    """

    home: Path
    database_url: str
    policy: Policy
    readership: Readership
    languages: tuple[str, ...]
    today: dt.date
    clock: Callable[[], dt.datetime]
    mail: bool = True
    mail_departments: bool = True
    mail_sites: bool = True


def local_day(moment: dt.datetime, order: Order) -> dt.date:
    """The calendar's day of a moment that the database keeps, in the business's zone."""
    return moment.astimezone(order.clock().tzinfo).date()
