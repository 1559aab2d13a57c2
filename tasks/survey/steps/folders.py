"""Where the reports of the survey lie, below the home folder (spec 10)."""

from __future__ import annotations

from pathlib import Path

from tasks.domain.file_names import file_name
from tasks.survey.steps.ordering import FLOW


def period_folder(period: str, department: str = "") -> Path:
    """The folder of a period's reports, or of those of one department."""
    own = Path("reports", FLOW, period)
    return own / "departments" / file_name(department) if department else own
