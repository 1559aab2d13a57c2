"""The order of a run of the survey: where its books lie, by which policy, for which period, for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tasks.mail.steps import Readership
from tasks.survey.cycles import cycle_start
from tasks.survey.policy import Policy

FLOW = "survey"
Summary = dict[str, object]


@dataclass(frozen=True, slots=True)
class Order:
    """Everything that a run is told; `last` is the last day of the period, `date` the day as of which it is judged.

    `date` is today while the period lasts, else its last day; `known_on` is the day up to which calls are known.
    Reports are written in `languages`, the first also for `--json`; of one `department`, or ("") of all. Mail is queued
    where `mail` says so: to the readers of `readership`, and where `mail_departments` to the mailboxes of departments.
    """

    home: Path
    database_url: str
    policy: Policy
    readership: Readership
    languages: tuple[str, ...]
    last: dt.date
    date: dt.date
    known_on: dt.date
    clock: Callable[[], dt.datetime]
    department: str = ""
    mail: bool = True
    mail_departments: bool = True

    @property
    def period(self) -> str:
        """What the run is known by: the last month of its period."""
        return f"{self.last:%Y-%m}"

    @property
    def first(self) -> dt.date:
        """The first day of the period."""
        return cycle_start(self.last, self.policy.cycle)
