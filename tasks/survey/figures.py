"""What is said of the counts: shares, their intervals, means and response rates, each exact or not at all (spec 05).

Shares are Fractions of weights; forms without weights weigh alike. `satisfaction` and `top2_share` are of the returned
forms, `satisfaction_answered` and `mean` of the known answers. The interval is Wilson's (1927) of 95 %, for as many
forms as the weights amount to (Kish 1965). What has no forms has no share.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import Any

import pandas as pd
from scipy.special import ndtri

from tasks.domain.keys import name_key
from tasks.domain.shaping import each, shaped
from tasks.survey.forms import WEIGHT_ONE
from tasks.survey.policy import Policy, Target
from tasks.survey.shapes import FIGURES, OVERALL

CONFIDENCE = Fraction(95, 100)
_OF_QUESTIONS = ("total", "department", "product", "channel")
_CROSSED = ("department_product", "department_channel")
_Key = tuple[str, str, pd.Timestamp]


def figures_of(
    counts: pd.DataFrame, sent: pd.DataFrame | None, questions: pd.DataFrame, policy: Policy
) -> pd.DataFrame:
    """FIGURES of these COUNTS and SENT, of one period or several; `sent` None where dispatches were never delivered.

    A department to which forms were sent and none came back has a row of its own.
    """
    names = dict(zip(questions["question"], questions["name"], strict=True))
    to, of_groups = _sent(sent), _forms_of_groups(counts, questions)
    rows = []
    for one in each(counts):
        own = None
        if sent is not None and one.question == OVERALL and one.dimension in ("total", "department"):
            own = to.pop((one.dimension, name_key(one.value), one.period), ("", 0))[1]
        # A group or a product goes by its own name.
        name = names.get(one.question, "") if one.dimension in _OF_QUESTIONS else one.question
        forms = of_groups.get((one.dimension, one.value, one.question, one.period))
        rows.append(_figure(one, own, policy, forms) | {"name": name})
    rows += [_unanswered(key, *value) for key, value in to.items()]
    return shaped(FIGURES, pd.DataFrame(rows, columns=list(FIGURES)))


def wilson(share: Fraction, forms: Fraction) -> tuple[Decimal, Decimal]:
    """The bounds of the 95 % interval of a share of so many forms (more than none), from 0 to 1, six places.

    Source: E. B. Wilson, Probable inference, JASA 22 (1927).
    """
    z = ndtri((1 + CONFIDENCE.numerator / CONFIDENCE.denominator) / 2)
    p, n = share.numerator / share.denominator, forms.numerator / forms.denominator
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    # At nothing and at all the bound is that very end, which rounding may miss by a hair.
    low = 0 if not share else max(middle - half, 0)
    high = 1 if share == 1 else min(middle + half, 1)
    return Decimal(f"{low:.6f}"), Decimal(f"{high:.6f}")


def effective_number(weights: int, squares: int, forms: int) -> Fraction:
    """How many forms of equal weight tell as much: the square of the sum by the sum of the squares (Kish 1965).

    `weights` as in COUNTS, `squares` scaled once; never more than `forms`, 0 where nothing weighs.
    """
    if not weights:
        return Fraction(0)
    # The square of a very small weight is rounded to none.
    return min(Fraction(weights * weights, squares * WEIGHT_ONE), Fraction(forms)) if squares else Fraction(forms)


def target_of(policy: Policy, department: str) -> Target:
    """What a department has to reach."""
    return policy.targets.get(name_key(department), policy.target)


def _sent(sent: pd.DataFrame | None) -> dict[_Key, tuple[str, int]]:
    """The forms sent to each department and in all, by dimension, key and period, with the name as it is spelt."""
    to: dict[_Key, tuple[str, int]] = {}
    if sent is None:
        return to
    for one in each(sent):
        for dimension, name in (("total", ""), ("department", one.department)):
            key = (dimension, name_key(name), one.period)
            to[key] = (name, to.get(key, (name, 0))[1] + one.sent)
    return to


def _forms_of_groups(counts: pd.DataFrame, questions: pd.DataFrame) -> dict[tuple[Any, ...], int]:
    """The forms behind a group of questions, by dimension, value, group and period: as many as its most asked question.

    A form that was asked five questions of a group is five answers and one opinion.
    """
    own = counts[counts["dimension"].isin(("total", "department"))]
    group = own["question"].map(dict(zip(questions["question"], questions["group"], strict=True))).fillna("")
    forms = own[["n5", "n4", "n3", "n2", "n1", "blank", "unknown"]].sum(axis=1)
    keys = [own["dimension"] + "_group", own["value"], group, own["period"]]
    return {key: int(most) for key, most in forms.groupby(keys).max().items() if isinstance(key, tuple)}


def _figure(one: Any, sent: int | None, policy: Policy, behind: int | None) -> dict[str, Any]:
    """The columns of FIGURES for one row of COUNTS; `behind`: the forms behind a group's answers."""
    marks = {f"n{mark}": int(getattr(one, f"n{mark}")) for mark in range(5, 0, -1)}
    weights = {mark: int(getattr(one, f"w{mark}")) for mark in range(5, 0, -1)}
    valid = sum(marks.values())
    returned = valid + int(one.blank) + int(one.unknown)
    returned += int(one.not_applicable) if one.question == OVERALL or one.dimension in _CROSSED else 0
    weight, answered = int(one.w_returned), int(one.w_answered)
    satisfied = weights[5] + weights[4] + weights[3]
    effective = effective_number(weight, int(one.w2_returned), returned)
    forms = returned if behind is None else behind
    # Answers of one form are of one mind: a group's interval is that of its forms.
    effective = effective * Fraction(forms, returned) if returned else effective
    share = _share(satisfied, weight)
    low, high = (None, None) if share is None else wilson(share, effective)
    minimum = target_of(policy, one.value).minimum if one.dimension.startswith("department") else policy.minimum
    return marks | {
        "dimension": one.dimension,
        "value": one.value,
        "question": one.question,
        "period": one.period,
        "few": forms < minimum,
        "hidden": False,
        "returned": returned,
        "valid": valid,
        "satisfied": marks["n5"] + marks["n4"] + marks["n3"],
        "top2": marks["n5"] + marks["n4"],
        "sent": pd.NA if sent is None else sent,
        "effective": (2 * effective.numerator + effective.denominator) // (2 * effective.denominator),
        "satisfaction": share,
        "satisfaction_answered": _share(satisfied, answered),
        "satisfaction_low": low,
        "satisfaction_high": high,
        "top2_share": _share(weights[5] + weights[4], weight),
        "mean": _share(sum(mark * own for mark, own in weights.items()), answered),
        "response_rate": _share(returned, sent) if sent else None,
    }


def _unanswered(key: _Key, name: str, sent: int) -> dict[str, Any]:
    """The row of forms that were sent and of which none came back."""
    blank: Mapping[str, Any] = dict.fromkeys(FIGURES)
    numbers = dict.fromkeys(("returned", "valid", "satisfied", "top2", "n5", "n4", "n3", "n2", "n1", "effective"), 0)
    own = {"dimension": key[0], "value": name, "question": OVERALL, "name": "", "period": key[2], "few": True}
    rate = Fraction(0) if sent else None
    return {**blank, **numbers, **own, "hidden": False, "sent": sent, "response_rate": rate}


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
