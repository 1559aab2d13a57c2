"""Who gets which report of a run."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from config.addresses import mail_address
from tasks.domain.recipient import Recipient

# What people write between two addresses in one cell.
_BETWEEN = re.compile(r"[\s,;，；、]+")


def addressed(reports: Collection[str], recipients: Sequence[Recipient]) -> Iterator[tuple[str, Recipient]]:
    """Each report with each of its readers; the key of the one over all is "".

    Somebody whom only some reports concern gets these and nothing else, in the order named; one that is not among the
    `reports` of today is passed over.
    """
    for one in recipients:
        for report in one.concerns or ("",):
            if report in reports:
                yield report, one


def mailboxes(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The mail addresses that stand in one cell, and what stands there and is none."""
    good: list[str] = []
    wrong: list[str] = []
    for part in filter(None, _BETWEEN.split(text)):
        try:
            good.append(mail_address(part))
        except ValueError:
            wrong.append(part)
    return tuple(good), tuple(wrong)
