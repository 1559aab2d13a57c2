"""Where the papers of the returns lie, below the home folder (spec 10)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tasks.damaged_returns.steps.ordering import FLOW
from tasks.domain.file_names import file_name


def day_folder(date: dt.date, department: str = "") -> Path:
    """The folder of a date's reports, or of those of one department."""
    own = Path("reports", FLOW, date.isoformat())
    return own / "departments" / file_name(department) if department else own


def batch_folder(date: dt.date, batch: str) -> Path:
    """The folder of one batch's papers, among those of the date on which it was sealed."""
    return day_folder(date) / "batches" / file_name(batch)
