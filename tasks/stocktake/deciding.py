"""What is put to approval, to whom, and who is barred; what lapses when figures change (spec 02, decide)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from tasks.domain.amounts import quantity_text
from tasks.domain.finding import Finding
from tasks.domain.keys import name_key
from tasks.domain.message import message
from tasks.stocktake.policy import Policy
from tasks.stocktake.rounds import named_people
from tasks.stocktake.shapes import PAIR, Count, shaped

Level = Literal["department", "management"]


@dataclass(frozen=True, slots=True)
class Group:
    """What one question asks: the variances (frame `variances`) with `label`, by which a line may be left out.

    `approvers` may answer and nobody else (None: no master says who may), whoever is `barred` never may. `surplus` and
    `shortage` are the sums of value in cents, `unpriced` counts the lines without a price.
    """

    count: str
    department: str
    level: Level
    lines: pd.DataFrame
    approvers: tuple[str, ...] | None
    barred: tuple[str, ...]
    surplus: int
    shortage: int
    unpriced: int

    @property
    def subject_id(self) -> str:
        """`2026-11/第一业务部/department`: what the approval is known by."""
        return f"{self.count}/{self.department}/{self.level}"


def groups_to_decide(
    count: Count, variances: pd.DataFrame, managers: Mapping[str, str] | None, policy: Policy, posted: pd.DataFrame
) -> tuple[Group, ...]:
    """The groups whose lines are ready and not posted, by department and level.

    A line is the department manager's (`managers` by department) up to the limit, exactly on it too; above it, or
    without a price, management's. Management answers too where a manager is unknown or barred. Where management is
    unknown or barred as well nobody may, unless no master of departments was ever delivered (`managers` None) and the
    policy names nobody: then who may is not checked (spec 00). `posted`: warehouse_key, item_key of lines with an
    adjustment. Barred is who counted or supervised any line of these sheets in any round.
    """
    done = pd.MultiIndex.from_frame(variances[PAIR]).isin(pd.MultiIndex.from_frame(posted[PAIR]))
    open_lines = variances[(variances["status"] == "ready").to_numpy() & ~done]
    worth = open_lines["value"].abs()
    above = (worth.isna() | (worth > policy.department_limit)).fillna(value=True).to_numpy(dtype=np.bool_)
    labelled = open_lines.assign(level=np.where(above, "management", "department"), label=labels_of(open_lines))
    known = managers or {}
    management = management_approvers(known, policy)
    anybody = managers is None and not management
    groups = []
    for (department, level), lines in labelled.groupby(["department", "level"]):
        own = variances["number"].isin(lines["number"].unique())
        barred = _people(variances.loc[own, "counters"])
        approvers = None if anybody else _approvers(level, known.get(str(department), ""), management, barred)
        value = lines["value"]
        groups.append(
            Group(
                count=count.number,
                department=str(department),
                level="management" if level == "management" else "department",
                lines=lines.drop(columns="level").reset_index(drop=True),
                approvers=approvers,
                barred=barred,
                surplus=int(value[value > 0].sum()),
                shortage=-int(value[value < 0].sum()),
                unpriced=int(value.isna().sum()),
            )
        )
    return tuple(groups)


def labels_of(variances: pd.DataFrame) -> pd.Series[str]:
    """The label of every line as people write it to leave it out: site or department, warehouse, item."""
    place = variances["site"].where(variances["site"] != "", variances["department"])
    # Forms take several labels with blanks between, so there is none within.
    return (place + "/" + variances["warehouse"] + "/" + variances["item"]).str.replace(r"\s+", "_", regex=True)


def management_approvers(managers: Mapping[str, str], policy: Policy) -> tuple[str, ...]:
    """Who answers above the limit: the approvers of the policy, else the manager of the management department."""
    if policy.management_approvers:
        return policy.management_approvers
    own = (manager for name, manager in sorted(managers.items()) if policy.management_department in name and manager)
    return tuple(dict.fromkeys(own))


def lapsed_approvals(count: Count, approved: pd.DataFrame, variances: pd.DataFrame) -> list[Finding]:
    """One APPROVAL_LAPSED for every approved line (frame `approved`) whose variance is no longer what was approved.

    By site, warehouse and item; `found` is the variance now, blank where the line is not counted any more. A line that
    has its adjustment must not be among `approved`: what is posted stays.
    """
    joined = _joined(approved, variances)
    gone = joined[~_unchanged(joined)].sort_values(["site", *PAIR])
    columns = ("site", *PAIR, "approved", "variance", "approved_by", "refs")
    return [
        Finding(
            kind="APPROVAL_LAPSED",
            site=site,
            warehouse=warehouse,
            item=item,
            date=count.cut_off,
            refs=tuple(filter(None, refs.split("\n"))),
            stands_on=(count.number,),
            expected=quantity_text(then),
            found="" if now is pd.NA else quantity_text(now),
            difference=0 if now is pd.NA else now - then,
            message=message(
                "counting.APPROVAL_LAPSED",
                approved=quantity_text(then),
                now="-" if now is pd.NA else quantity_text(now),
                by=by,
            ),
        )
        for site, warehouse, item, then, now, by, refs in zip(*(gone[name].tolist() for name in columns), strict=True)
    ]


def standing_approvals(approved: pd.DataFrame, variances: pd.DataFrame) -> pd.DataFrame:
    """The approved lines (frame `approved`) whose variance is still what was approved and that are ready."""
    joined = _joined(approved, variances)
    stands = _unchanged(joined) & (joined["status"] == "ready").to_numpy()
    return shaped("approved", joined[stands].assign(variance=joined.loc[stands, "approved"]))


def _joined(approved: pd.DataFrame, variances: pd.DataFrame) -> pd.DataFrame:
    now = variances[["site", *PAIR, "variance", "status", "refs"]]
    joined = approved.rename(columns={"variance": "approved"}).merge(now, on=PAIR, how="left")
    return joined.fillna({"site": "", "status": "", "refs": ""})


def _unchanged(joined: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return (joined["variance"] == joined["approved"]).fillna(value=False).to_numpy(dtype=np.bool_)


def _people(counters: pd.Series[str]) -> tuple[str, ...]:
    names = {name_key(name): name for text in sorted(counters.unique()) for name in named_people(text)}
    return tuple(names[key] for key in sorted(names))


def _approvers(level: object, manager: str, management: tuple[str, ...], barred: Iterable[str]) -> tuple[str, ...]:
    never = {name_key(name) for name in barred}
    if level == "department" and manager and name_key(manager) not in never:
        return (manager,)
    return tuple(name for name in management if name_key(name) not in never)
