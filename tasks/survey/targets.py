"""Departments against their targets: the plain figure decides, the interval says whether it is conclusive (spec 05)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from tasks.domain.shaping import each, shaped
from tasks.survey.figures import target_of, wilson
from tasks.survey.policy import Policy
from tasks.survey.shapes import MARKS, OVERALL


def marks_of(figures: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """MARKS of the departments in these FIGURES of one period, by exact fractions: 1,799 of 1,999 is below 90 %.

    Response rates only where the forms sent are known; too few for a rate are fewer forms sent than the minimum.
    """
    own = figures[(figures["dimension"] == "department") & (figures["question"] == OVERALL)]
    marks = []
    for one in each(own):
        target = target_of(policy, one.value)
        rated = {"department": one.value, "measure": "satisfaction", "value": one.satisfaction, "forms": one.returned}
        bounds = (one.satisfaction_low, one.satisfaction_high)
        marks.append(_marked(rated, target.satisfaction, target.minimum, bounds))
        if one.response_rate is not None:
            came = {"department": one.value, "measure": "response_rate", "value": one.response_rate, "forms": one.sent}
            bounds = wilson(min(one.response_rate, Fraction(1)), Fraction(int(one.sent)))
            marks.append(_marked(came, target.response_rate, target.minimum, bounds))
    return shaped(MARKS, pd.DataFrame(marks, columns=list(MARKS)).sort_values(["department", "measure"]))


def _marked(row: dict[str, Any], target: Fraction | None, minimum: int, bounds: tuple[Any, Any]) -> dict[str, Any]:
    value, mark, conclusive = row["value"], "", False
    if target is not None:
        if value is None:
            mark = "no_answers"
        elif row["forms"] < minimum:
            mark = "too_few"
        else:
            mark = "met" if value >= target else "below"
            conclusive = target < bounds[0] or target > bounds[1]
    return row | {"mark": mark, "target": target, "conclusive": conclusive}
