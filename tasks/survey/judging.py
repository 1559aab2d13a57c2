"""Judges one period: its forms read and counted, against targets, its calls, and everything found on the way."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from tasks.domain.finding import Finding
from tasks.survey.checks import (
    not_sent_findings,
    repeated_customer_findings,
    repeated_form_findings,
    target_findings,
    unknown_findings,
)
from tasks.survey.counting import counts_of, sent_of
from tasks.survey.figures import figures_of
from tasks.survey.followups import Window, coverage_of, followup_findings
from tasks.survey.forms import Read, read_forms
from tasks.survey.material import Material
from tasks.survey.policy import Policy
from tasks.survey.targets import marks_of


@dataclass(frozen=True, eq=False)
class Judged:
    """One period as it was judged; frames by the names of `shapes`. `findings` are all but those of complaints.

    `final` are the marks on which something is done: while a period lasts more forms come back, so no response rate.
    """

    read: Read
    counts: pd.DataFrame
    sent: pd.DataFrame | None
    figures: pd.DataFrame
    marks: pd.DataFrame
    final: pd.DataFrame
    coverage: pd.DataFrame | None
    findings: tuple[Finding, ...]


def judged(material: Material, policy: Policy) -> Judged:
    """The period of `material` by the choices of the house."""
    read = read_forms(material.responses, material.layouts, policy)
    counts = counts_of(read)
    sent = None if material.dispatches is None else sent_of(material.dispatches, read.forms, material.last)
    figures = figures_of(counts, sent, read.questions, policy)
    marks = marks_of(figures, policy)
    final = marks if material.known_on > material.last else marks[marks["measure"] != "response_rate"]
    coverage = _coverage(material, read.forms, policy)
    findings = (
        *unknown_findings(read.unknowns),
        *not_sent_findings(read.forms, material.dispatches),
        *repeated_form_findings(read.forms),
        *repeated_customer_findings(read.forms),
        *target_findings(final, material.last, policy),
        *followup_findings(coverage),
    )
    return Judged(read, counts, sent, figures, marks, final, coverage, findings)


def _coverage(material: Material, forms: pd.DataFrame, policy: Policy) -> pd.DataFrame | None:
    if material.followups is None:
        return None
    window = Window(material.first, material.last, material.known_on, policy.followup_days)
    said = [frame for frame in (material.dispatches, material.members) if frame is not None and len(frame)]
    return coverage_of(material.followups, forms, pd.concat(said, ignore_index=True) if said else None, window)
