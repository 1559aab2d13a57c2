"""What a run did by itself to cases, actions and commendations that people know already, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tasks.domain.message import Message, message
from tasks.survey.complaints import KNOWN_BY, Renewal
from tasks.survey.improvements import KNOWN_BY as MEASURE_KNOWN_BY
from tasks.survey.improvements import Renewed

_NAMED_MAX = 8
# What is opened is told as a break or in its list.
_TOLD = ("withdrawn", "reopened", "called_back")


def case_notes(renewal: Renewal) -> tuple[Message, ...]:
    """One sentence for the cases that were withdrawn, one for those opened again, one for those that a call closed."""
    rows = renewal.events.merge(renewal.cases, on=KNOWN_BY)
    names = rows["case"] + " (" + rows["form"] + ")"
    return _notes(rows["act"], names, "case")


def measure_notes(renewed: Renewed) -> tuple[Message, ...]:
    """The same of corrective actions and commendations that late forms turned."""
    rows = renewed.events.merge(renewed.measures, on=MEASURE_KNOWN_BY)
    names = rows["number"] + " (" + rows["department"] + ")"
    return _notes(rows["act"], names, "measure")


def _notes(acts: pd.Series[str], names: pd.Series[str], what: str) -> tuple[Message, ...]:
    told = ((act, names[acts == act].tolist()) for act in _TOLD)
    return tuple(
        message(f"survey_findings.note.{what}.{act}", count=len(own), names=_listed(own)) for act, own in told if own
    )


def _listed(names: Sequence[str]) -> str | Message:
    named = ", ".join(names[:_NAMED_MAX])
    more = len(names) - _NAMED_MAX
    return message("survey_findings.more", named=named, more=more) if more > 0 else named
