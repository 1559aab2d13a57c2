"""ERP documents that nobody audited in time (spec 01: UNAUDITED).

Signatures: audit_checks(erp, as_of, audit_working_days) -> list[Finding].
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.domain.working_days import next_working_days
from tasks.stock_ledger.cases import places_by, refs_in_order


def audit_checks(erp: pd.DataFrame, as_of: dt.date, audit_working_days: int) -> list[Finding]:
    """One UNAUDITED for every document that is still unaudited at the end of its `audit_working_days`-th working day.

    `erp` are document lines (document, date, audited, audited_on, site, warehouse, item, ref); those after `as_of` are
    left out. An audit dated after `as_of` had not happened yet. The finding stands on the document's number, names all
    its lines, and names an item only where the document has just one; sorted by date and document.
    """
    names = ["document", "site", "warehouse", "item", "ref", "date"]
    open_lines = erp.loc[_unaudited(erp, as_of), names]
    due = next_working_days(open_lines["date"].to_numpy(dtype="datetime64[D]"), audit_working_days)
    late = due <= np.datetime64(as_of, "D")
    overdue = open_lines[late].assign(due=due[late]).sort_values(["document", "warehouse", "item", "ref"])
    of = {name: overdue[name].tolist() for name in overdue.columns}
    findings = []
    for (document,), places in places_by(overdue, ["document"]).items():
        first = places[0]
        until = str(of["due"][first].date())
        made = of["date"][first].date()
        findings.append(
            Finding(
                kind="UNAUDITED",
                site=of["site"][first],
                warehouse=of["warehouse"][first],
                item=of["item"][first] if len({of["item"][place] for place in places}) == 1 else "",
                date=made,
                refs=refs_in_order({of["ref"][place] for place in places}),
                stands_on=(document,),
                expected=until,
                found="",
                difference=0,
                message=message("checks.UNAUDITED", document=document, date=str(made), due=until),
            )
        )
    return sorted(findings, key=lambda one: (one.date, one.stands_on))


def _unaudited(erp: pd.DataFrame, as_of: dt.date) -> pd.Series[bool]:
    today = pd.Timestamp(as_of)
    return (erp["date"] <= today) & (~erp["audited"].astype(bool) | (erp["audited_on"] > today))
