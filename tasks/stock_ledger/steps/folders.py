"""Where the reports of a business date lie, below the home folder."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tasks.domain.file_names import file_name
from tasks.stock_ledger.report import FLOW


def report_folder(as_of: dt.date, department: str) -> Path:
    """The folder of the reports of one department, or ("") of those over all."""
    day = Path("reports") / FLOW / as_of.isoformat()
    return day / "departments" / file_name(department) if department else day


def site_page(as_of: dt.date, site: str) -> Path:
    """The page of one site."""
    return report_folder(as_of, "") / "sites" / f"{file_name(site)}.html"
