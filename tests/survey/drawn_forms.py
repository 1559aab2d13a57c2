"""Returned forms, calls and cases as a clerk knows them, drawn as tables and turned into the frames of the survey.

The first line heads the columns, cells stand between bars; an empty cell has its usual value, `-` is blank. Days are
written `05` (of November 2026), `12-03` (of 2026) or `2025-12-03`. Whatever column the frame does not have is a
question; its answers are 5 to 1, `-` (none) or `?` (unknown).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.keys import code_key, name_key
from tasks.domain.shaping import DAY, FLAG, OBJECT, WHOLE, Shape, shaped
from tasks.survey.complaints import Opening
from tasks.survey.shapes import CASES, DISPATCHES, FOLLOWUPS, FORMS, NO_ANSWER, OVERALL, QUESTIONS, UNKNOWN

NOVEMBER = dt.date(2026, 11, 30)
OPENING = Opening(dt.date(2026, 11, 16), {"一部": "陈一", "二部": "林二", "质量部": "赵质"})
_CODES = {"-": NO_ANSWER, "?": UNKNOWN}
_FORM = {"department": "一部", "customer": "海风公司", "overall": "5", "period": "30", "row": "2"}


@dataclass(frozen=True, eq=False)
class Drawn:
    """The forms of a drawn table, their answers and questions."""

    forms: pd.DataFrame
    answers: pd.DataFrame
    questions: pd.DataFrame


def drawn_forms(table: str, groups: Mapping[str, str] | None = None) -> Drawn:
    """The forms: a number that stands in several rows has that many versions, of which the last counts.

    `groups`: the group of a question, where it has one.
    """
    rows = [_FORM | row for row in _rows(table)]
    asked = [name for name in dict.fromkeys(name for row in rows for name in row) if name not in FORMS]
    frame = _framed(FORMS, [{name: cell for name, cell in row.items() if name in FORMS} for row in rows])
    keys = frame["form"].map(code_key).astype("str")
    version = frame.groupby(keys).cumcount() + 1
    versions = frame.groupby(keys)["form"].transform("size")
    again = version.map(lambda at: f":{at}" if at > 1 else "").astype("str")
    frame = frame.assign(
        form_key=keys, version=version, versions=versions, counts=version == versions,
        customer_key=frame["customer"].map(name_key).astype("str"), ref="responses:" + frame["form"] + again,
    )  # fmt: skip
    codes = {name: [_code(row.get(name, "-")) for row in rows] for name in asked}
    questions = [
        {"question": name, "name": name, "group": (groups or {}).get(name, ""), "place": str(at)}
        for at, name in enumerate(asked)
    ]
    overall = {"question": OVERALL, "name": "", "group": "", "place": str(len(asked))}
    return Drawn(
        shaped(FORMS, frame),
        pd.DataFrame(codes, index=range(len(frame)), dtype="int8"),
        _framed(QUESTIONS, [*questions, overall]),
    )


def drawn_calls(table: str) -> pd.DataFrame:
    """The list of services to follow up: customer, service_on, called_on."""
    frame = _framed(FOLLOWUPS, _rows(table))
    days = frame["service_on"].dt.strftime("%Y-%m-%d")
    keys = frame["customer"].map(name_key).astype("str")
    return frame.assign(customer_key=keys, ref="followups:" + frame["customer"] + ":" + days)


def drawn_dispatches(table: str) -> pd.DataFrame:
    """The forms sent: form, department, customer, member, sent_on."""
    frame = _framed(DISPATCHES, [{"sent_on": "01", "customer": "海风公司"} | row for row in _rows(table)])
    keys = {"form_key": frame["form"].map(code_key), "customer_key": frame["customer"].map(name_key)}
    return frame.assign(**{name: key.astype("str") for name, key in keys.items()}, ref="dispatches:" + frame["form"])


def drawn_cases(table: str) -> pd.DataFrame:
    """Kept cases: case, form, question and whatever else is drawn."""
    usual = {
        "department": "一部", "handled_by": "一部", "state": "open", "customer": "海风公司", "rating": "1",
        "period": "30", "opened_on": "16", "due_on": "23", "question": OVERALL,
    }  # fmt: skip
    rows = [usual | row for row in _rows(table)]
    frame = _framed(CASES, rows)
    refs = frame["ref"].where(frame["ref"] != "", "responses:" + frame["form"])
    return frame.assign(form_key=frame["form"].map(code_key).astype("str"), ref=refs, name=frame["question"])


def told(findings: tuple[Finding, ...]) -> list[str]:
    """Each finding as `KIND item: rows`, sorted."""
    return sorted(f"{one.kind} {one.item}: {' '.join(one.refs)}" for one in findings)


def framed(shape: Shape, table: str) -> pd.DataFrame:
    """A drawn table as a frame of that shape."""
    return _framed(shape, _rows(table))


def day(text: str) -> dt.date:
    """`05` of November 2026, `12-03` of 2026, or `2025-12-03`."""
    return dt.date.fromisoformat("2026-11-01"[: 10 - len(text)] + text)


def _rows(table: str) -> list[dict[str, str]]:
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line.strip()]
    return [{name: cell for name, cell in zip(lines[0], line, strict=True) if cell} for line in lines[1:]]


def _framed(shape: Shape, rows: list[dict[str, str]]) -> pd.DataFrame:
    unknown = {name for row in rows for name in row} - set(shape)
    assert not unknown, f"no such columns: {sorted(unknown)}"
    cells = {
        name: pd.Series([_cell(dtype, row.get(name, "-")) for row in rows], dtype=dtype)
        for name, dtype in shape.items()
    }
    return shaped(shape, pd.DataFrame(cells))


def _cell(dtype: str, text: str) -> Any:
    blanks: dict[str, Any] = {DAY: pd.NaT, WHOLE: 0, FLAG: False, OBJECT: None}
    readers: dict[str, Callable[[str], Any]] = {
        DAY: lambda text: pd.Timestamp(day(text)), WHOLE: _code, FLAG: lambda text: text == "yes", OBJECT: Fraction,
    }  # fmt: skip
    return blanks.get(dtype, "") if text == "-" else readers.get(dtype, str)(text)


def _code(text: str) -> int:
    return _CODES[text] if text in _CODES else int(text)
