"""All that is found in the register itself: its numbers, books, copies, amounts, red letters, and the tax platform."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.shaping import empty, texts
from tasks.invoice_check.books import book_findings, issuer_findings
from tasks.invoice_check.material import Material
from tasks.invoice_check.policy import Policy


@dataclass(frozen=True, slots=True, eq=False)
class RegisterJudged:
    """Findings, and the frames that the report shows: how the books stand, proposed runs of numbers, retention."""

    findings: tuple[Finding, ...]
    books: pd.DataFrame
    proposals: pd.DataFrame
    retention: pd.DataFrame


def judge_register(
    material: Material, documents: pd.DataFrame, paid: pd.DataFrame, policy: Policy, as_of: dt.date
) -> RegisterJudged:
    """Everything that the register says against itself, its books and the platform; `paid` are the receipts' LINKS."""
    findings = [*issuer_findings(documents, policy)]
    if material.books is not None:
        findings += book_findings(documents, material.books, policy)
    return RegisterJudged(tuple(findings), empty(texts("book")), empty(texts("name")), empty(texts("what")))
