"""Where the papers of a count lie, below the home folder (spec 10)."""

from __future__ import annotations

from pathlib import Path

from tasks.domain.file_names import file_name
from tasks.stocktake.steps.ordering import FLOW


def count_folder(number: str, department: str = "") -> Path:
    """The folder of a count's reports, or of those of one department."""
    own = Path("reports", FLOW, number)
    return own / "departments" / file_name(department) if department else own
