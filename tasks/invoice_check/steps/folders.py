"""Where the reports of the invoice check lie, below the home folder (spec 10)."""

from __future__ import annotations

from pathlib import Path

from tasks.invoice_check.steps.ordering import FLOW


def period_folder(period: str) -> Path:
    """The folder of the reports of a day or a month."""
    return Path("reports", FLOW, period)
