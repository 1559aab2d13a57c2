"""Whether a supervised count (监盘) was supervised: by somebody from another site, on every line (spec 02)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from tasks.domain.keys import name_key
from tasks.stocktake.policy import Policy
from tasks.stocktake.rounds import named_people
from tasks.stocktake.shapes import Count


@dataclass(frozen=True, slots=True)
class Supervision:
    """What is to be said of who supervised the sheet `number`; `people` as they are written on it.

    `fault`: nobody (lines bear no name), own (somebody of the site itself, or who counted there), unknown (nobody can
    say where these people belong, for the master of sites does not name them).
    """

    number: str
    department: str
    fault: str
    people: tuple[str, ...] = ()


def is_supervised(count: Count, policy: Policy) -> bool:
    """Whether this is the count of the quarter that somebody from another site supervises: a month's own alone."""
    return count.number == f"{count.period:%Y-%m}" and count.period.month in policy.supervised_months


def supervision(variances: pd.DataFrame, sites: pd.DataFrame, *, supervised: bool) -> tuple[Supervision, ...]:
    """What is wrong with the supervision of the sheets that were counted, by number and fault.

    `variances`: frame of that name. `sites`: site, custodian, representative. Where the count need not be `supervised`
    only a supervisor of the sheet's own site is told: whoever is named as one must come from another. A department's
    stores have no staff in the masters, so only who counted there is their own.
    """
    staff = _staff(sites)
    counted = variances[variances["counted"].notna()]
    known = {person for people in staff.values() for person in people}
    found: list[Supervision] = []
    for (number, site, department), rows in counted.groupby(["number", "site", "department"], sort=True):
        named = _people(rows["supervised_by"])
        own = {*_people(rows["counted_by"]), *staff.get(str(site), ())}
        nobody = supervised and bool((rows["supervised_by"] == "").any())
        faults = {
            "own": [text for key, text in named.items() if key in own],
            "unknown": [text for key, text in named.items() if supervised and key not in own | known],
        }
        where = str(number), str(department)
        found += [Supervision(*where, "nobody")] if nobody else []
        found += [Supervision(*where, fault, tuple(people)) for fault, people in faults.items() if people]
    return tuple(found)


def _people(names: pd.Series[str]) -> dict[str, str]:
    """The people that the cells name, as written, by their key."""
    return {name_key(name): name for text in sorted(names.unique()) for name in named_people(text)}


def _staff(sites: pd.DataFrame) -> Mapping[str, frozenset[str]]:
    """The keys of the people of each site that its master names."""
    return {
        site: frozenset(name_key(name) for name in people if name_key(name))
        for site, *people in zip(sites["site"], sites["custodian"], sites["representative"], strict=True)
    }
