"""What a department may see of others: until it is known what can be traced to few forms, nothing."""

from __future__ import annotations

import pandas as pd

from tasks.survey.policy import Policy

_OWN = ("department", "department_group", "department_product", "department_channel")


def for_department(figures: pd.DataFrame, department: str, policy: Policy) -> pd.DataFrame:
    """FIGURES in which everything but the department's own is hidden; it also is where nobody has a small number."""
    own = figures["dimension"].isin(_OWN) & (figures["value"] == department)
    hidden = figures["hidden"] | (~own if policy.small else False)
    return figures.assign(hidden=hidden)


def shown_marks(marks: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """The MARKS of the departments whose figures are not hidden."""
    hidden = figures.loc[(figures["dimension"] == "department") & figures["hidden"], "value"]
    return marks[~marks["department"].isin(hidden)].reset_index(drop=True)
