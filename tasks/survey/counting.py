"""How often each answer was given, by period, department, product, channel and question, and how many forms were sent.

Everything is additive: a total is the sum of its parts, so periods are kept as they are and pooled later (spec 05).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tasks.domain.keys import name_key
from tasks.domain.shaping import WHOLE, empty, shaped
from tasks.survey.forms import WEIGHT_ONE, Read
from tasks.survey.shapes import COUNTS, NOT_ASKED, OVERALL, SENT

Ints = npt.NDArray[np.int64]
Answers = dict[str, npt.NDArray[np.int8]]
# The codes from NOT_ASKED to 5 in their order, as columns; what is not asked is not counted.
_COLUMNS = ("not_asked", "unknown", "not_applicable", "blank", "1", "2", "3", "4", "5")
_EXACT, _WIDEST = 2**53, 2**62
WHOLES = tuple(name for name, dtype in COUNTS.items() if dtype == WHOLE)


@dataclass(frozen=True, slots=True, eq=False)
class _Weights:
    """The weights of the forms and their squares, each rounded half up to 10,000ths; None where all weigh one."""

    plain: Ints | None
    squared: Ints | None


def counts_of(read: Read) -> pd.DataFrame:
    """COUNTS of the forms that count, dimension by dimension; a dimension in which nothing stands is left out."""
    own = read.forms["counts"].to_numpy()
    forms = read.forms[own]
    if not len(forms):
        return empty(COUNTS)
    weights = _weights(forms["weight"].to_numpy(dtype=np.int64))
    overall: Answers = {OVERALL: forms["overall"].to_numpy(dtype=np.int8)}
    asked: Answers = {str(key): read.answers[key].to_numpy(dtype=np.int8)[own] for key in read.answers} | overall
    parts = []
    for dimension, names in _dimensions(forms):
        groups = forms.groupby(["period", *names], sort=True)
        values = groups.size().index.to_frame(index=False)
        part = _counted(asked if len(names) <= 1 else overall, np.asarray(groups.ngroup(), dtype=np.int64), weights)
        told = values.take(part.pop("at").to_numpy(dtype=np.int64)).set_axis(part.index)
        part = part.assign(dimension=dimension, value=told[names[0]] if names else "", period=told["period"])
        parts.append(part.assign(question=told[names[1]]) if len(names) > 1 else part)
    made = pd.concat(parts, ignore_index=True)
    return shaped(COUNTS, pd.concat([made, *_grouped(made, read.questions)], ignore_index=True))


def sent_of(dispatches: pd.DataFrame, forms: pd.DataFrame, period: dt.date) -> pd.DataFrame:
    """SENT of the DISPATCHES that belong to a period, by department; `forms` are the FORMS of the period."""
    own = forms[forms["counts"]]
    spelt: dict[str, str] = {}
    for name in (*sorted(own["department"].unique()), *sorted(dispatches["department"].unique())):
        spelt.setdefault(name_key(name), name)
    # As objects: looking texts up in Arrow's columns makes a list of them all.
    came = dispatches["form_key"].astype("object").isin(own["form_key"].astype("object"))
    to, departments = pd.factorize(dispatches["department"])
    named = pd.Series([spelt[name_key(name)] for name in departments], dtype="str")
    rows = pd.DataFrame(
        {"department": named.take(to).to_numpy(), "sent": 1, "returned_of_sent": came.to_numpy().astype(WHOLE)}
    )
    pooled = rows.groupby("department", as_index=False).sum()
    return shaped(SENT, pooled.assign(period=pd.Timestamp(period)))


def _dimensions(forms: pd.DataFrame) -> Iterator[tuple[str, list[str]]]:
    """Each dimension and the columns that make it; those of products and channels only where some are stated."""
    yield "total", []
    yield "department", ["department"]
    for name in ("product", "channel"):
        if (forms[name] != "").any():
            yield name, [name]
            yield f"department_{name}", ["department", name]


def _weights(weight: Ints) -> _Weights:
    if (weight == WEIGHT_ONE).all():
        return _Weights(None, None)
    largest = int(weight.max())
    if largest * largest < _WIDEST:
        squared = (weight * weight + WEIGHT_ONE // 2) // WEIGHT_ONE
    else:
        squared = np.array([(int(one) ** 2 + WEIGHT_ONE // 2) // WEIGHT_ONE for one in weight], dtype=object)
    # A weight that somebody mistyped stops no run: squares that 64 bits do not hold in sum are cut, and matter only to
    # the interval.
    return _Weights(weight, np.minimum(squared, _WIDEST // len(weight)).astype(np.int64))


def _counted(asked: Answers, of: Ints, weights: _Weights) -> pd.DataFrame:
    """Of each question and group of forms (`of`) how often each answer was given; `at` is the group.

    Only where forms of the group were asked.
    """
    frames = []
    many, width = int(of.max()) + 1, len(_COLUMNS)
    start = of * width - NOT_ASKED
    for question, codes in asked.items():
        cell = start + codes
        number = np.bincount(cell, minlength=many * width).reshape(many, width)
        if weights.plain is None or weights.squared is None:
            weight = square = number * WEIGHT_ONE
        else:
            weight = _sums(cell, weights.plain, many * width).reshape(many, width)
            square = _sums(cell, weights.squared, many * width).reshape(many, width)
        frames.append(_row(question, number, weight, square))
    made = pd.concat(frames, ignore_index=True)
    return made[made.pop("asked").to_numpy() > 0]


def _row(question: str, number: Ints, weight: Ints, square: Ints) -> pd.DataFrame:
    """The columns of COUNTS for one question, from the sums by code (`_COLUMNS`)."""
    named = dict(zip(_COLUMNS, number.T, strict=True))
    # Who rated nothing as a whole has returned the form all the same (decision 0023).
    first = _COLUMNS.index("not_applicable")
    returned = [1, *((first,) if question == OVERALL else ()), *range(first + 1, len(_COLUMNS))]
    answered = slice(_COLUMNS.index("1"), None)
    columns: dict[str, object] = {"at": np.arange(len(number)), "question": question}
    columns |= {f"n{mark}": named[str(mark)] for mark in range(5, 0, -1)}
    columns |= {name: named[name] for name in ("blank", "unknown", "not_applicable")}
    columns |= {f"w{mark}": weight[:, _COLUMNS.index(str(mark))] for mark in range(5, 0, -1)}
    columns["w_returned"] = weight[:, returned].sum(axis=1)
    columns["w2_returned"] = square[:, returned].sum(axis=1)
    columns["w_answered"] = weight[:, answered].sum(axis=1)
    columns["w2_answered"] = square[:, answered].sum(axis=1)
    return pd.DataFrame(columns).assign(asked=number[:, 1:].sum(axis=1))


def _sums(cell: Ints, weight: Ints, many: int) -> Ints:
    """Sums of weights by cell, exact: in the machine's fractions only while every sum is a whole number in them."""
    most = int(weight.max()) * len(weight)
    if most < _EXACT:
        return np.bincount(cell, weights=weight, minlength=many).astype(np.int64)
    sums: npt.NDArray[Any] = np.zeros(many, dtype=np.int64 if most < _WIDEST else object)
    np.add.at(sums, cell, weight if most < _WIDEST else weight.astype(object))
    # One that does not fit 64 bits raises OverflowError: no survey weighs that much.
    return sums.astype(np.int64)


def _grouped(made: pd.DataFrame, questions: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The questions of each group pooled, in total and by department."""
    group = dict(zip(questions["question"], questions["group"], strict=True))
    for dimension in ("total", "department"):
        own = made[made["dimension"] == dimension]
        own = own.assign(question=own["question"].map(group).fillna(""), dimension=f"{dimension}_group")
        own = own[own["question"] != ""]
        yield own.groupby(["dimension", "value", "question", "period"], as_index=False)[list(WHOLES)].sum()
