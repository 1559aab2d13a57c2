"""All that is found in the register itself: its numbers, books, copies, amounts, red letters, and the tax platform."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.shaping import empty, texts
from tasks.invoice_check.arithmetic import arithmetic_findings
from tasks.invoice_check.books import book_findings, issuer_findings
from tasks.invoice_check.copies import copy_findings
from tasks.invoice_check.duplicates import duplicate_findings
from tasks.invoice_check.material import Material
from tasks.invoice_check.number_check import number_findings, tax_number_findings
from tasks.invoice_check.policy import Policy
from tasks.invoice_check.red_letters import red_findings
from tasks.invoice_check.series import series_gaps
from tasks.invoice_check.series_proposals import proposed_series
from tasks.invoice_check.shapes import PROPOSALS
from tasks.invoice_check.voids import void_findings


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
    findings: list[Finding] = []
    proposals = empty(PROPOSALS)
    if material.invoices is not None:
        received = None if material.receipts is None else paid
        findings += _alone(material.invoices, documents, material.books, policy)
        findings += void_findings(documents, received, material.voided, policy)
        proposals = proposed_series(documents, policy.series, _book_kinds(material, policy))
    if material.books is not None:
        findings += book_findings(documents, material.books, policy)
    return RegisterJudged(tuple(findings), empty(texts("book")), proposals, empty(texts("name")))


def _alone(
    invoices: pd.DataFrame, documents: pd.DataFrame, books: pd.DataFrame | None, policy: Policy
) -> tuple[Finding, ...]:
    """Every break that needs no more than the register; `books` only say how many digits a number has."""
    return (
        *number_findings(documents, books),
        *tax_number_findings(documents),
        *series_gaps(documents, policy.series),
        *arithmetic_findings(invoices, documents, policy),
        *red_findings(documents),
        *duplicate_findings(invoices, documents),
        *copy_findings(invoices),
        *issuer_findings(documents, policy),
    )


def _book_kinds(material: Material, policy: Policy) -> set[str]:
    return {*policy.paper_kinds, *(() if material.books is None else material.books["kind_key"])}
