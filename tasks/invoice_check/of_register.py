"""All that is found in the register itself: its numbers, books, copies, amounts, red letters, and the tax platform."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.shaping import empty
from tasks.invoice_check.arithmetic import arithmetic_findings
from tasks.invoice_check.book_check import book_check_findings, book_checks
from tasks.invoice_check.books import book_findings
from tasks.invoice_check.copies import copy_findings
from tasks.invoice_check.documents import documents_of
from tasks.invoice_check.duplicates import duplicate_findings
from tasks.invoice_check.issuers import issuer_findings
from tasks.invoice_check.left_over import left_others
from tasks.invoice_check.material import Material
from tasks.invoice_check.number_check import number_findings, tax_number_findings
from tasks.invoice_check.platform import platform_findings
from tasks.invoice_check.policy import Policy
from tasks.invoice_check.red_letters import red_findings
from tasks.invoice_check.retention import past_retention
from tasks.invoice_check.series import series_gaps
from tasks.invoice_check.series_proposals import proposed_series
from tasks.invoice_check.shapes import BOOK_CHECKS, PROPOSALS, RECEIPTS
from tasks.invoice_check.voids import void_findings


@dataclass(frozen=True, slots=True, eq=False)
class RegisterJudged:
    """Findings, and the frames that the report shows: how the books stand, proposed runs of numbers, retention."""

    findings: tuple[Finding, ...]
    books: pd.DataFrame
    proposals: pd.DataFrame
    retention: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Money:
    """LINKS of receipts and of entries (None: no revenue ledger), and the names that a decision leaves alone."""

    paid: pd.DataFrame
    booked: pd.DataFrame | None
    ignored: frozenset[str]


def judge_register(
    material: Material, documents: pd.DataFrame, money: Money, policy: Policy, as_of: dt.date
) -> RegisterJudged:
    """Everything that the register says against itself, its books, the platform, and money for what is void."""
    findings: list[Finding] = []
    proposals, checks = empty(PROPOSALS), empty(BOOK_CHECKS)
    if material.invoices is not None:
        findings += _alone(material.invoices, documents, material.books, policy)
        findings += void_findings(documents, _unmatched(material.receipts, money), material.voided, policy)
        proposals = proposed_series(documents, policy.series, _book_kinds(material, policy))
    if material.books is not None:
        findings += book_findings(documents, material.books, policy)
        both = [money.paid, money.booked] if material.receipts is not None and money.booked is not None else []
        checks = book_checks(documents, material.books, pd.concat(both) if both else None)
        findings += book_check_findings(checks)
    if material.platform is not None and material.invoices is not None:
        findings += platform_findings(documents, documents_of(material.platform, policy.terms_days))
    retention = past_retention(documents, material.books, checks, policy.retention_years, as_of)
    return RegisterJudged(tuple(findings), checks, proposals, retention)


def _unmatched(receipts: pd.DataFrame | None, money: Money) -> pd.DataFrame:
    """The receipts in no link; none where none were ever delivered."""
    return empty(RECEIPTS) if receipts is None else left_others(receipts, money.paid, money.ignored, "payer_key")


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
        *duplicate_findings(invoices, documents, policy.series),
        *copy_findings(invoices),
        *issuer_findings(documents, policy),
    )


def _book_kinds(material: Material, policy: Policy) -> set[str]:
    return {*policy.paper_kinds, *(() if material.books is None else material.books["kind_key"])}
