"""What the report of a survey's period is made of, for the quality manager or one department, and its figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from tasks.domain.breaks import Break, age_of
from tasks.domain.keys import name_key
from tasks.domain.message import Message, message
from tasks.domain.report import Figure, figure_values
from tasks.survey.disclosure import Flags, for_department, hidden_rows, shown_marks
from tasks.survey.figures import target_of
from tasks.survey.policy import Policy, Target
from tasks.survey.shapes import OVERALL
from tasks.survey.shares import shown_share

_GRAVITY = ("high", "medium", "low")
_TWO_PLACES, _SIX_PLACES = Decimal("0.01"), Decimal("0.000001")
_COUNTS = {"forms_returned": "returned", "forms_valid": "valid", "satisfied": "satisfied"}
_SHARES = ("response_rate", "satisfaction", "satisfaction_answered", "satisfaction_low", "satisfaction_high")
# The services that had to be followed up by now; who is not yet due is not among them.
REQUIRED = ("covered", "late", "missed", "unrecorded")
MISSED = ("missed", "unrecorded", "late")
_ALIVE = ("open", "handled")


@dataclass(frozen=True, eq=False)
class SurveyFacts:
    """What the report is made of. Frames by the names of `shapes` where nothing else is said.

    `period` is the cycle's name (2026-11), from `first` to `last`; `as_of` the day as of which complaints are judged.
    `delivered` are the datasets that ever came. `figures` are FIGURES of the period, `trend` of the last periods, the
    newest among them, for OVERALL alone. `forms` are all versions. `cases` and `measures` are those that live or were
    opened or closed in the period; `coverage` is None where no calls were ever delivered. `yearly`: by (total, sort,
    department, question, month), value, opened, open, closed, in_time, overdue, days. `breaks` are all that the run
    tells of. `quarantined`: dataset, file, sheet, row, column, value, reason. `rows`: the counts of spec 00 by dataset.
    `reader` is a department, "" the quality manager.
    """

    period: str
    first: dt.date
    last: dt.date
    as_of: dt.date
    status: Literal["completed", "blocked", "waiting", "already-done"]
    delivered: frozenset[str]
    policy: Policy
    questions: pd.DataFrame
    figures: pd.DataFrame
    marks: pd.DataFrame
    changes: pd.DataFrame
    trend: pd.DataFrame
    forms: pd.DataFrame
    unknowns: pd.DataFrame
    cases: pd.DataFrame
    coverage: pd.DataFrame | None
    measures: pd.DataFrame
    remarks: pd.DataFrame
    words: pd.DataFrame
    yearly: pd.DataFrame
    breaks: tuple[Break, ...]
    quarantined: pd.DataFrame
    rows: Mapping[str, Mapping[str, int]]
    reader: str = field(default="")

    @cached_property
    def still(self) -> tuple[Break, ...]:
        """The breaks that people have to work on: gravest first, then oldest."""
        return self._in_order("open", "reopened")

    @cached_property
    def explained(self) -> tuple[Break, ...]:
        """The breaks that somebody explained and that lie quiet."""
        return self._in_order("explained")

    def _in_order(self, *states: str) -> tuple[Break, ...]:
        wanted = (one for one in self.breaks if one.state in states)
        return tuple(
            sorted(
                wanted,
                key=lambda one: (
                    _GRAVITY.index(one.severity), -age_of(one, self.as_of), one.kind, one.department, one.item, one.id,
                ),
            )
        )  # fmt: skip

    @cached_property
    def whole(self) -> Mapping[str, Any] | None:
        """The figures of all that the reader answers for: the total, or the department's own; None without forms."""
        return self.line("department", self.reader) if self.reader else self.line("total", "")

    @cached_property
    def target(self) -> Target:
        """What the reader has to reach."""
        return target_of(self.policy, self.reader)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The questions as people read them, by their keys."""
        return dict(zip(self.questions["question"], self.questions["name"], strict=True))

    @cached_property
    def answers(self) -> pd.DataFrame:
        """The figures of the overall rating."""
        return self.figures[self.figures["question"] == OVERALL]

    @cached_property
    def hidden(self) -> tuple[Flags, Flags]:
        """Which rows of the figures and of the trend departments do not see, but their own: the same for each."""
        return hidden_rows(self.figures, self.policy.small), hidden_rows(self.trend, self.policy.small)

    @cached_property
    def alive(self) -> pd.DataFrame:
        """The complaints that nobody has finished."""
        return self.cases[self.cases["state"].isin(_ALIVE)]

    @cached_property
    def overdue(self) -> pd.DataFrame:
        """Those of them that are past their day."""
        return self.alive[self.alive["due_on"] < pd.Timestamp(self.as_of)]

    def line(self, dimension: str, value: str) -> Mapping[str, Any] | None:
        """The figures of the overall rating of one value of a dimension; None where it has no form."""
        rows = self.answers[(self.answers["dimension"] == dimension) & (self.answers["value"] == value)]
        return None if rows.empty else {str(name): cell for name, cell in rows.iloc[0].items()}

    @cached_property
    def shown_figures(self) -> tuple[Figure, ...]:
        """The figures in the order of the page, the four large ones first."""
        return survey_figures(self)


def facts_for(facts: SurveyFacts, department: str) -> SurveyFacts:
    """What a department sees: its own, and of the others what cannot be traced to few forms."""
    key = name_key(department)
    # As its name is spelt among the figures, however it was asked for.
    spelt = [value for value in facts.figures["value"].unique() if name_key(value) == key]
    reader = spelt[0] if spelt else department

    def named(column: pd.Series) -> pd.Series:
        return column.map({value: name_key(value) == key for value in column.unique()}).astype("bool")

    def own(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[named(frame["department"])].reset_index(drop=True)

    figures = for_department(facts.figures, reader, facts.policy, facts.hidden[0])
    cases = facts.cases
    return replace(
        facts,
        # Whether places in the ranking are known depends on what kind of department is hidden.
        figures=figures.assign(few=facts.figures["few"]),
        trend=for_department(facts.trend, reader, facts.policy, facts.hidden[1]),
        changes=facts.changes[(facts.changes["dimension"] == "department") & named(facts.changes["value"])],
        marks=shown_marks(facts.marks, figures),
        forms=own(facts.forms),
        unknowns=own(facts.unknowns),
        cases=cases[named(cases["handled_by"]) | named(cases["department"])].reset_index(drop=True),
        coverage=None if facts.coverage is None else own(facts.coverage),
        measures=own(facts.measures),
        remarks=own(facts.remarks),
        words=facts.words.iloc[:0],
        yearly=facts.yearly[(facts.yearly["by"] == "department") & named(facts.yearly["value"])],
        breaks=tuple(one for one in facts.breaks if name_key(one.department) == key),
        quarantined=facts.quarantined.iloc[:0],
        rows={},
        reader=reader,
    )


def survey_figures(facts: SurveyFacts) -> tuple[Figure, ...]:
    """The figures of the period; one that is undefined or hidden is None."""
    line = facts.whole
    missed = _missed(facts)
    return (
        _satisfaction(facts, line),
        Figure("response_rate", "share", _shown(line, "response_rate", facts.target.response_rate), "plain",
               None if "dispatches" in facts.delivered else message("survey_report.detail.not_checked")),
        Figure("complaints_open", "count", len(facts.alive), _bad_if(len(facts.overdue), len(facts.alive)),
               message("survey_report.detail.overdue", count=len(facts.overdue))),
        Figure("followup_coverage", "share", _shown_share(coverage_share(facts)), "warn" if missed else "plain",
               message("survey_report.detail.not_checked") if missed is None
               else message("survey_report.detail.missed", count=missed)),
        Figure("forms_sent", "count", _count(line, "sent") if "dispatches" in facts.delivered else None),
        Figure("forms_returned", "count", _count(line, "returned")),
        Figure("forms_valid", "count", _count(line, "valid")),
        Figure("satisfied", "count", _count(line, "satisfied")),
        Figure("satisfaction_answered", "share", _shown(line, "satisfaction_answered", None)),
        Figure("mean_rating", "money", None if line is None or line["hidden"] else mean_of(line["mean"])),
        Figure("unknown_answers", "count", len(facts.unknowns), "warn" if len(facts.unknowns) else "good"),
        Figure("breaks_open", "count", len(facts.still), "warn" if facts.still else "good"),
    )  # fmt: skip


def _satisfaction(facts: SurveyFacts, line: Mapping[str, Any] | None) -> Figure:
    share = None if line is None or line["hidden"] else line["satisfaction"]
    target = facts.target.satisfaction
    if share is None or line is None:
        return Figure("satisfaction", "share", None, "plain", message("survey_report.detail.no_answers"))
    interval = {name: percent(line[f"satisfaction_{name}"], target) for name in ("low", "high")}
    if target is None:
        return Figure("satisfaction", "share", shown_share(share, None), "plain", _detail("interval", **interval))
    tone: Literal["plain", "good", "bad"] = "plain" if line["few"] else "good" if share >= target else "bad"
    told = _detail("target", **interval, target=percent(target))
    return Figure("satisfaction", "share", shown_share(share, target), tone, told)


def _detail(name: str, **shares: str) -> Message:
    return message(f"survey_report.detail.{name}", **shares)


def coverage_share(facts: SurveyFacts) -> Fraction | None:
    """How many of the services that had to be followed up by now were, in time; None where there was none."""
    if facts.coverage is None:
        return None
    states = facts.coverage["state"]
    required = int(states.isin(REQUIRED).sum())
    return Fraction(int((states == "covered").sum()), required) if required else None


def _missed(facts: SurveyFacts) -> int | None:
    return None if facts.coverage is None else int(facts.coverage["state"].isin(MISSED).sum())


def plain_figures(facts: SurveyFacts) -> dict[str, object]:
    """The figures as `--json` holds them (spec 10): shares with six places, and `by_department`."""
    figures = figure_values(facts.shown_figures)
    sent = "dispatches" in facts.delivered
    figures |= _plain(facts.whole, sent=sent)
    figures["complaints_overdue"], figures["followups_missed"] = len(facts.overdue), _missed(facts)
    figures["followup_coverage"] = six_places(coverage_share(facts))
    rows = facts.answers[facts.answers["dimension"] == "department"]
    if facts.reader:
        rows = rows[rows["value"] == facts.reader]
    figures["by_department"] = [
        {"department": name, **_plain(facts.line("department", name), sent=sent)} for name in sorted(rows["value"])
    ]
    return figures


def _plain(line: Mapping[str, Any] | None, *, sent: bool) -> dict[str, object]:
    counts: dict[str, object] = {"forms_sent": _count(line, "sent") if sent else None}
    counts |= {name: _count(line, column) for name, column in _COUNTS.items()}
    return counts | {name: None if line is None or line["hidden"] else six_places(line[name]) for name in _SHARES}


def six_places(share: Fraction | Decimal | None) -> str | None:
    """A share as a decimal text with six places, half up; None stays None."""
    return None if share is None else str(_decimal(share).quantize(_SIX_PLACES, rounding=ROUND_HALF_UP))


def mean_of(mean: Fraction | Decimal | None) -> Decimal | None:
    """A mean of the scale with two places, half up, as amounts have; None stays None."""
    return None if mean is None else _decimal(mean).quantize(_TWO_PLACES, rounding=ROUND_HALF_UP)


def _decimal(share: Fraction | Decimal) -> Decimal:
    return share if isinstance(share, Decimal) else Decimal(share.numerator) / Decimal(share.denominator)


def percent(share: Fraction | Decimal, target: Fraction | None = None) -> str:
    """A share within a sentence, with as many digits as it takes to tell it from the target."""
    return f"{shown_share(Fraction(share), target).scaleb(2):f}%"


def _shown(line: Mapping[str, Any] | None, name: str, target: Fraction | None) -> Decimal | None:
    return None if line is None or line["hidden"] else _shown_share(line[name], target)


def _shown_share(share: Fraction | Decimal | None, target: Fraction | None = None) -> Decimal | None:
    return None if share is None else shown_share(Fraction(share), target)


def _count(line: Mapping[str, Any] | None, name: str) -> int | None:
    if line is None:
        return 0
    return None if line["hidden"] or pd.isna(line[name]) else int(line[name])


def _bad_if(worse: int, bad: int) -> Literal["good", "warn", "bad"]:
    return "bad" if worse else "warn" if bad else "good"
