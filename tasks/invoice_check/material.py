"""What a run of the invoice check judges: everything that was delivered up to a day, as frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from tasks.domain.shaping import DAY, texts

VOIDED = texts("document") | {"voided_on": DAY}
"""Invoices that a later file brought as void, with the day it came."""


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Frames by the names of `shapes`, None for what was never delivered; `voided` as VOIDED.

    `clerks` are named by department.
    """

    invoices: pd.DataFrame | None
    books: pd.DataFrame | None
    platform: pd.DataFrame | None
    receipts: pd.DataFrame | None
    entries: pd.DataFrame | None
    decisions: pd.DataFrame
    voided: pd.DataFrame
    clerks: Mapping[str, str]
