"""Where the reports of a business date lie, below the home folder."""

from __future__ import annotations

import datetime as dt
import re
from hashlib import blake2b
from pathlib import Path

from tasks.stock_ledger.report import FLOW

_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f]')


def report_folder(as_of: dt.date, department: str) -> Path:
    """The folder of the reports of one department, or ("") of those over all."""
    day = Path("reports") / FLOW / as_of.isoformat()
    return day / "departments" / _file_name(department) if department else day


def site_page(as_of: dt.date, site: str) -> Path:
    """The page of one site."""
    return report_folder(as_of, "") / "sites" / f"{_file_name(site)}.html"


def _file_name(name: str) -> str:
    """A folder or file name made of `name`, which people typed, without what a file system cannot hold.

    Where something had to go, a digest of `name` stands behind it: A/1 and A_1 never share a folder.
    """
    safe = _UNSAFE.sub("_", name).strip(". ")
    return name if safe == name else f"{safe}-{blake2b(name.encode(), digest_size=4).hexdigest()}"
