"""Where the papers of the returns lie, below the home folder (spec 10)."""

from __future__ import annotations

import datetime as dt
import re
from hashlib import blake2b
from pathlib import Path

from tasks.damaged_returns.steps.ordering import FLOW

_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f]')


def day_folder(date: dt.date, department: str = "") -> Path:
    """The folder of a date's reports, or of those of one department."""
    own = Path("reports", FLOW, date.isoformat())
    return own / "departments" / file_name(department) if department else own


def batch_folder(date: dt.date, batch: str) -> Path:
    """The folder of one batch's papers, among those of the date on which it was sealed."""
    return day_folder(date) / "batches" / file_name(batch)


def file_name(name: str) -> str:
    """A folder or file name made of `name`, which people typed, without what a file system cannot hold.

    Where something had to go, a digest of `name` stands behind it, so that two names never share a file.
    """
    safe = _UNSAFE.sub("_", name).strip(". ")
    return name if safe == name else f"{safe}-{blake2b(name.encode(), digest_size=4).hexdigest()}"
