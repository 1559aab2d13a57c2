"""A reader of reports: where their mail goes, in which language, and what of the company concerns them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipient:
    """One reader; with departments named only the reports of these are theirs, without any the one over all."""

    address: str
    name: str
    language: str
    departments: tuple[str, ...]
