"""What a department may see of the others: nothing that can be traced to fewer forms than the limit (spec 05).

The attacker is any department, with forms of its own or without: it knows its own figures in every detail, sees what is
shown of the others and every total, and subtracts. What is left must be of no form or of as many as the limit. So
figures of few forms are hidden, then others, the smallest first, until what is missing from the total is of enough
forms even without the largest part of any one department, and neither all satisfied nor all not, for then each part
would be known; where that never holds, the total is hidden instead. The same set is hidden from everybody but each from
itself. A department of no forms has nothing to hide. Not protected against are departments that join what they know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from tasks.domain.keys import name_key
from tasks.survey.policy import Policy
from tasks.survey.shapes import OVERALL

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_CROSSED = {"product": "department_product", "channel": "department_channel"}
_BLANK = ("returned", "valid", "satisfied", "top2", "n5", "n4", "n3", "n2", "n1", "effective")
_NONE = (
    "satisfaction", "satisfaction_answered", "satisfaction_low", "satisfaction_high", "top2_share", "mean",
    "response_rate",
)  # fmt: skip


def for_department(figures: pd.DataFrame, department: str, policy: Policy, hidden: Flags | None = None) -> pd.DataFrame:
    """FIGURES (of any periods, each judged alone) as this department may see them: hidden rows are blank but for names.

    Its own are always shown, and so are totals that hold nothing but its own. Products and channels are shown of the
    overall rating alone, where nothing of a department is hidden and their parts by department are among the figures.
    `hidden`: what `hidden_rows` said of the same figures, for whoever asks for many departments.
    """
    if policy.small <= 1 or not len(figures):
        return figures
    hidden = (hidden_rows(figures, policy.small) if hidden is None else hidden).copy()
    parts = figures["dimension"].str.startswith("department").to_numpy()
    key = name_key(department)
    keys = {value: name_key(value) for value in figures["value"].unique()}
    own = parts & (figures["value"].map(keys) == key).to_numpy()
    hidden &= ~(own | _all_own(figures, own))
    shown = figures.copy()
    shown["hidden"] = figures["hidden"].to_numpy() | hidden
    shown.loc[hidden, list(_BLANK)] = 0
    shown.loc[hidden, list(_NONE)] = None
    shown.loc[hidden, "sent"] = pd.NA
    shown.loc[hidden, "few"] = False
    return shown


def hidden_rows(figures: pd.DataFrame, small: int) -> Flags:
    """Which rows are hidden from everybody whose own they are not."""
    hidden = np.zeros(len(figures), dtype=np.bool_)
    at = figures.assign(at=np.arange(len(figures)))
    for _, rows in at.groupby("period"):
        of = {str(dimension): own for dimension, own in rows.groupby("dimension")}
        parts, totals = of.get("department", at.iloc[:0]), of.get("total", at.iloc[:0])
        without: set[str] = set()
        touched: set[str] = set()
        for question, own in parts.sort_values("value").groupby("question"):
            forms = own["returned"].to_numpy(dtype=np.int64)
            satisfied = own["satisfied"].to_numpy(dtype=np.int64)
            missing = hidden_parts(Parts(forms, satisfied), Parts(np.diag(forms), np.diag(satisfied)), small)
            if missing is None:
                without.add(str(question))
                missing = few_parts(forms, small)
            if missing.any():
                touched.add(str(question))
            hidden[own["at"].to_numpy()[missing]] = True
        hidden[totals["at"][totals["question"].isin(without)]] = True
        _hide_groups(of, hidden, without)
        for places in _products_hidden(of, small, shown=OVERALL not in touched):
            hidden[places] = True
    return hidden


def shown_marks(marks: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """The MARKS of the departments whose figures are not hidden."""
    hidden = figures.loc[(figures["dimension"] == "department") & figures["hidden"], "value"]
    return marks[~marks["department"].isin(hidden)].reset_index(drop=True)


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The forms of each part of a total, and how many of them are satisfied; a line for each department, or one."""

    forms: Ints
    satisfied: Ints


def hidden_parts(parts: Parts, known: Parts, small: int) -> Flags | None:
    """Which parts of a total are hidden; None where even all of them would not protect the few.

    `known` has a line for each department, how much of each part is its own.
    """
    forms = parts.forms
    # The first line is somebody who has no forms.
    others = np.vstack([forms, forms - known.forms])
    pleased = np.vstack([parts.satisfied, parts.satisfied - known.satisfied])
    hidden: Flags = np.logical_or.reduce((others > 0) & (others < small), axis=0)
    candidates = [int(at) for at in np.argsort(forms, kind="stable") if forms[at] and not hidden[at]]
    while hidden.any():
        rest, content = others[:, hidden].sum(axis=1), pleased[:, hidden].sum(axis=1)
        if not ((rest > 0) & ((rest < small) | (content == 0) | (content == rest))).any():
            break
        if not candidates:
            return None
        hidden[candidates.pop(0)] = True
    return hidden


def few_parts(forms: Ints, small: int) -> Flags:
    """Which parts are of some forms, and of fewer than the limit."""
    return np.asarray((forms > 0) & (forms < small), dtype=np.bool_)


def _hide_groups(of: dict[str, pd.DataFrame], hidden: Flags, without: set[str]) -> None:
    """Hides groups of questions with any of the questions, for a group less the others is the one.

    Of which questions a group is made the figures do not say: it may be any of them.
    """
    if "total_group" in of and without - {OVERALL}:
        hidden[of["total_group"]["at"]] = True
    if "department_group" in of:
        parts = of["department"]
        gone = parts["value"][hidden[parts["at"]] & (parts["question"] != OVERALL)]
        groups = of["department_group"]
        hidden[groups["at"][groups["value"].isin(gone)]] = True


def _products_hidden(of: dict[str, pd.DataFrame], small: int, *, shown: bool) -> Iterator[Ints]:
    """The places of hidden products and channels, and of those of single departments."""
    for dimension, crossed in _CROSSED.items():
        cells = of.get(crossed)
        if cells is not None:
            yield cells["at"].to_numpy(dtype=np.int64)
        if dimension not in of:
            continue
        rows = of[dimension].sort_values("value")
        single = (rows["question"] != OVERALL).to_numpy()
        yield rows["at"].to_numpy(dtype=np.int64)[single]
        rows = rows[~single]
        places = rows["at"].to_numpy(dtype=np.int64)
        if not shown or cells is None:
            yield places
            continue
        forms = rows["returned"].to_numpy(dtype=np.int64)
        own = [_by_department(cells, name, rows["value"]) for name in ("returned", "satisfied")]
        missing = hidden_parts(Parts(forms, rows["satisfied"].to_numpy(dtype=np.int64)), Parts(*own), small)
        yield places if missing is None else places[missing]


def _by_department(cells: pd.DataFrame, of: str, values: pd.Series) -> Ints:
    """A line for each department: its number of each of the `values`."""
    table = cells.pivot_table(index="value", columns="question", values=of, aggfunc="sum", fill_value=0)
    return np.asarray(table.reindex(columns=values, fill_value=0).to_numpy(dtype=np.int64))


def _all_own(figures: pd.DataFrame, own: Flags) -> Flags:
    """Which rows hold forms of this department alone, because the whole period does."""
    totals = (figures["dimension"] == "total") & (figures["question"] == OVERALL)
    mine = figures[own & (figures["dimension"] == "department") & (figures["question"] == OVERALL)]
    forms = mine.groupby("period")["returned"].sum()
    all_forms = figures[totals].groupby("period")["returned"].sum()
    alone = [period for period, count in all_forms.items() if count and forms.get(period, 0) == count]
    return np.asarray(figures["period"].isin(alone), dtype=np.bool_)
