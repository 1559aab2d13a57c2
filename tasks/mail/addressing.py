"""Who gets which report of a run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from tasks.domain.recipient import Recipient


def addressed(reports: Collection[str], recipients: Sequence[Recipient]) -> Iterator[tuple[str, Recipient]]:
    """Each report with each of its readers: the one over all ("") and those of departments, by their names.

    Somebody with departments named gets the reports of these and nothing else, in the order named; a department that
    has no report today gives none.
    """
    for one in recipients:
        for report in one.departments or ("",):
            if report in reports:
                yield report, one


def of_department(recipients: Sequence[Recipient], department: str) -> tuple[Recipient, ...]:
    """The readers of the reports of one department, for that department alone; with none named ("") all of them."""
    if not department:
        return tuple(recipients)
    return tuple(replace(one, departments=(department,)) for one in recipients if department in one.departments)
