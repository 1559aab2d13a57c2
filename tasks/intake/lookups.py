"""What is known of a home while one of its files is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Lookups:
    """Sites, warehouses and departments by the keys of their codes and names; empty where none was ever delivered.

    `sites` maps code_key or name_key to the site's code, `warehouses` to the warehouse's key, `departments` name_key to
    the name by which the department is known. With an empty mapping texts pass as they stand, for a check whose dataset
    was never delivered is "not checked" (spec 00); so does the name of a department that is not known yet. Up to
    `night_ends` a moment counts to the hotel's business date before (spec 06).
    """

    sites: Mapping[str, str]
    warehouses: Mapping[str, str]
    departments: Mapping[str, str] = field(default_factory=dict)
    night_ends: dt.time = dt.time(2)
