"""What the reports of one count are made of, for everybody or for one department, and their figures (spec 02, 10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Literal

import pandas as pd

from tasks.domain.breaks import ALIVE, Break, age_of
from tasks.domain.message import Message, message
from tasks.domain.report import Figure
from tasks.stocktake.accuracy import Accuracy, accuracy_of
from tasks.stocktake.reviews import Review
from tasks.stocktake.shapes import Count

_SHARES = (
    "exact_lines", "accuracy_by_line", "within_by_value", "accuracy_by_quantity", "accuracy_by_value", "coverage",
)  # fmt: skip
RETURNED = ("in_time", "late")


@dataclass(frozen=True, slots=True)
class Decision:
    """One question as it stands: its number, the group it asks of, what became of it and by whom.

    `approvers` are those who may answer; none named is anybody, the flow alone nobody.
    """

    id: int
    subject_id: str
    department: str
    level: str
    state: str
    lines: int
    excepted: int
    asked_on: dt.date
    answered_by: str
    reason: str
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class CountFacts:
    """What the reports of one count are made of.

    `sheets`: number, site, department, custodian, round, due_on, state (awaited, in_time, late, missing), received_on
    (NaT without), of every sheet that was issued. `variances`: the frame of that name with `decision` (blank, waiting,
    approved, rejected, posted). `breaks` are all that the run tells of. `adjustments`: the frame of that name as
    posted. `proof`: one row a department and site of the three-way proof. `quarantined`: dataset, site, file, sheet,
    row, column, value, reason. `rows` the counts of spec 00 by dataset. `closed_as` is posted, not-adjusted, or blank
    while the count is open.
    """

    count: Count
    deadline: dt.date
    status: Literal["completed", "blocked", "waiting", "already-done"]
    sheets: pd.DataFrame
    variances: pd.DataFrame
    breaks: tuple[Break, ...]
    decisions: tuple[Decision, ...]
    adjustments: pd.DataFrame
    proof: pd.DataFrame
    causes: pd.DataFrame
    reviews: tuple[Review, ...]
    quarantined: pd.DataFrame
    rows: Mapping[str, Mapping[str, int]]
    closed_as: str = ""

    @cached_property
    def still(self) -> tuple[Break, ...]:
        """The breaks that people still have to work on, gravest first, then the most valuable."""
        order = ("high", "medium", "low")
        return tuple(
            sorted(
                (one for one in self.breaks if one.state in ALIVE),
                key=lambda one: (
                    order.index(one.severity), -Decimal(one.value or 0), one.site, one.kind, one.item, one.id,
                ),
            )
        )  # fmt: skip

    @cached_property
    def accuracy(self) -> Accuracy:
        """The sums from which the shares are made."""
        return accuracy_of(self.variances)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in the order of the page, see `count_figures`."""
        return count_figures(self)

    @property
    def waiting(self) -> tuple[Decision, ...]:
        """The questions that nobody has answered yet."""
        return tuple(one for one in self.decisions if one.state == "waiting")


def of_department(facts: CountFacts, department: str) -> CountFacts:
    """The facts that concern one department; all of them for ""."""
    if not department:
        return facts
    own = facts.sheets[facts.sheets["department"] == department]
    lines = facts.variances[facts.variances["department"] == department]
    sites = set(own["site"])
    return replace(
        facts,
        sheets=own,
        variances=lines,
        breaks=tuple(one for one in facts.breaks if one.department == department),
        decisions=tuple(one for one in facts.decisions if one.department == department),
        adjustments=facts.adjustments[facts.adjustments["department"] == department],
        proof=facts.proof[facts.proof["department"] == department],
        reviews=tuple(one for one in facts.reviews if one.department == department),
        quarantined=facts.quarantined[facts.quarantined["site"].isin(sites)],
    )


def first_sheets(facts: CountFacts) -> pd.DataFrame:
    """The sheets of the first round."""
    return facts.sheets[facts.sheets["round"] == 0]


def count_figures(facts: CountFacts) -> tuple[Figure, ...]:
    """The figures by the names of spec 10, the four large ones first; nothing is netted.

    Sites are those with a sheet of their own; the stores of departments count among the sheets alone.
    """
    sums, shares = facts.accuracy, facts.accuracy.shares
    first = first_sheets(facts)
    sites = first[first["site"] != ""]
    counted = int(sites["state"].isin(RETURNED).sum())
    large = (
        Figure("accuracy_by_line", "rate", _share(shares["accuracy_by_line"]), _tone(sums.lines_off == 0)),
        Figure("lines_off", "count", sums.lines_off, _tone(sums.lines_off == 0), _detail("of_lines", sums.lines)),
        Figure("shortage_value", "money", _yuan(sums.shortage_value), _tone(sums.shortage_value == 0)),
        Figure(
            "sites_counted", "count", counted, _tone(counted == len(sites)), _detail("of_sites", len(sites))
        ),
    )  # fmt: skip
    return (
        *large,
        Figure("surplus_value", "money", _yuan(sums.surplus_value)),
        Figure("sites_expected", "count", len(sites)),
        Figure("sites_late", "count", int((sites["state"] == "late").sum())),
        Figure("sites_missing", "count", int((sites["state"] == "missing").sum()), "plain"),
        Figure("sheets_issued", "count", len(facts.sheets)),
        Figure("sheets_returned", "count", int(facts.sheets["state"].isin(RETURNED).sum())),
        Figure("lines", "count", sums.lines),
        Figure("lines_counted", "count", sums.lines_counted),
        Figure("lines_found", "count", sums.found),
        *(Figure(name, "rate", _share(shares[name])) for name in _SHARES if name != "accuracy_by_line"),
        Figure("adjustments_posted", "count", len(facts.adjustments)),
        Figure("documents_posted", "count", int(facts.adjustments["document"].nunique())),
        Figure("approvals_waiting", "count", len(facts.waiting), "warn" if facts.waiting else "plain"),
        Figure("breaks_open", "count", len(facts.still), "warn" if facts.still else "good"),
    )


def oldest_age(facts: CountFacts) -> int:
    """The age in working days of the break that is open longest."""
    return max((age_of(one, facts.count.period) for one in facts.still), default=0)


def _detail(name: str, number: int) -> Message:
    return message(f"stocktake.detail.{name}", number=number)


def _share(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _yuan(cents: int) -> Decimal:
    return Decimal(int(cents)) / 100


def _tone(good: bool) -> Literal["good", "warn"]:  # noqa: FBT001 - the one thing that it is asked
    return "good" if good else "warn"
