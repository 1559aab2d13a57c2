"""A reader of reports: where their mail goes, in which language, and what of the company concerns them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipient:
    """One reader; `concerns` names the reports that are theirs, without any it is the one over all."""

    address: str
    name: str
    language: str
    concerns: tuple[str, ...]
