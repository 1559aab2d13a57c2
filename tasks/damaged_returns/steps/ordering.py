"""The order of a run of the returns: where its books lie, by which policy, for which date, for which readers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tasks.damaged_returns.policy import Policy
from tasks.mail.steps import Readership

FLOW = "damaged-returns"
Summary = dict[str, object]


@dataclass(frozen=True, slots=True)
class Order:
    """Everything that a run is told; `date` is the business date; the reports are of one `department`, or ("") of all.

    Reports are written in `languages`, the first also for `--json`. Mail is queued where `mail` says so: to the readers
    of `readership`, the advance lists to `receivers`, and where wanted to the mailboxes of the masters. What is worth
    more than `high_cents` is grave.
    """

    home: Path
    database_url: str
    policy: Policy
    readership: Readership
    languages: tuple[str, ...]
    date: dt.date
    clock: Callable[[], dt.datetime]
    department: str = ""
    receivers: tuple[str, ...] = ()
    mail: bool = True
    mail_departments: bool = True
    mail_sites: bool = True
    high_cents: int = 1_000_000
