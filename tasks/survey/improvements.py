"""Corrective actions for departments below their target and commendations for those that met it (spec 05)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasks.domain.shaping import DAY, shaped, texts
from tasks.domain.texts import found_in
from tasks.domain.working_days import next_working_day
from tasks.survey.complaints import Opening
from tasks.survey.policy import Policy
from tasks.survey.shapes import MEASURES

KNOWN_BY = ["kind", "department", "measure", "period"]
"""What an action or a commendation is known by."""
EVENTS = texts("kind department measure act") | {"period": DAY, "on": DAY}
"""What a run did to an action or a commendation: `act` is opened, reopened or withdrawn."""
_KIND_OF = {"below": "action", "met": "commendation"}


@dataclass(frozen=True, slots=True, eq=False)
class Renewed:
    """All actions and commendations after a run (MEASURES, new ones last), and what was done (EVENTS)."""

    measures: pd.DataFrame
    events: pd.DataFrame


def improvements_of(
    marks: pd.DataFrame, kept: pd.DataFrame, period: dt.date, opening: Opening, policy: Policy
) -> Renewed:
    """The actions and commendations after a run found these `marks` (MARKS) of the period; `kept` as MEASURES.

    Each is opened once for a department, period and measure, and only where the interval excludes the target (or
    `policy.always_open`). What is still open when the mark has turned is withdrawn, unless somebody has begun with it,
    and opened again when it turns back. A mark that is merely not conclusive any more withdraws nothing.
    """
    ends = pd.Timestamp(period).as_unit("s")
    found = marks.assign(kind=marks["mark"].map(_KIND_OF).fillna("").astype("str"))
    found = found[found["kind"] != ""]
    asked = _known(found)
    conclusive = found["conclusive"].to_numpy(dtype=np.bool_) | policy.always_open
    own = (kept["period"] == ends).to_numpy(dtype=np.bool_)
    known = _known(kept)
    stands, proven = found_in(known, asked), found_in(known, asked[conclusive])
    state, begun = kept["state"].to_numpy(dtype=object), (kept["reason"] != "").to_numpy(dtype=np.bool_)
    gone = own & ~stands & (state == "open") & ~begun
    again = own & proven & (state == "withdrawn") & ~begun
    renewed = kept.copy()
    renewed.loc[gone, "state"] = "withdrawn"
    renewed.loc[gone, "closed_on"] = pd.Timestamp(opening.on)
    renewed.loc[again, "state"] = "open"
    renewed.loc[again, "closed_on"] = pd.NaT
    renewed.loc[again & (kept["kind"] == "action").to_numpy(dtype=np.bool_), "due_on"] = _due(opening, policy)
    fresh = found[conclusive & ~found_in(asked, known[own])]
    opened = _opened(fresh, ends, opening, policy)
    parts = [(opened, "opened"), (kept[again], "reopened"), (kept[gone], "withdrawn")]
    told = [rows[KNOWN_BY].assign(act=act) for rows, act in parts]
    events = pd.concat(told, ignore_index=True).assign(on=pd.Timestamp(opening.on))
    together = pd.concat([renewed, opened], ignore_index=True) if len(opened) else renewed
    return Renewed(shaped(MEASURES, together), shaped(EVENTS, events))


def _opened(found: pd.DataFrame, ends: pd.Timestamp, opening: Opening, policy: Policy) -> pd.DataFrame:
    due = pd.Series(_due(opening, policy), index=found.index).where(found["kind"] == "action")
    rows = found.assign(
        state="open",
        owner=[opening.clerks.get(name, "") for name in found["department"]],
        period=ends,
        opened_on=pd.Timestamp(opening.on),
        due_on=due,
    )
    return shaped(MEASURES, rows.sort_values(["kind", "department", "measure"]))


def _due(opening: Opening, policy: Policy) -> pd.Timestamp:
    return pd.Timestamp(next_working_day(opening.on, policy.action_days)).as_unit("s")


def _known(rows: pd.DataFrame) -> pd.Series[str]:
    known: pd.Series[str] = rows["kind"] + "\x1f" + rows["department"] + "\x1f" + rows["measure"]
    return known
