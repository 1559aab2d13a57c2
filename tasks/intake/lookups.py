"""The master data that is known while a file is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lookups:
    """Sites and warehouses by the keys of their codes and names; empty where the master data was never delivered.

    `sites` maps code_key or name_key to the site's code, `warehouses` to the warehouse's key. With an empty mapping
    texts pass as they stand, for a check whose dataset was never delivered is "not checked" (spec 00).
    """

    sites: Mapping[str, str]
    warehouses: Mapping[str, str]
