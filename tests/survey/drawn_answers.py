"""Returned forms as delivered, drawn as tables: what a clerk types, not yet read.

The first line heads the columns. `form`, `department`, `product`, `channel`, `overall`, `returned`, `weight` and
`period` are a form's own; whatever else is a question, its cells stand as they are written. An empty cell is blank.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pandas as pd

from tasks.domain.keys import code_key
from tasks.domain.shaping import shaped
from tasks.survey.answers import answer_key
from tasks.survey.forms import Read, read_forms
from tasks.survey.policy import Policy
from tasks.survey.shapes import LAYOUTS, RESPONSES
from tests.survey.drawn_forms import day

WORDS = {"很满意": 5, "比较满意": 4, "满意": 4, "基本满意": 3, "不太满意": 2, "不满意": 1}
HOUSE = Policy(
    answers={answer_key(word): code for word, code in WORDS.items()} | {str(mark): mark for mark in range(1, 6)}
)
_OWN = ("form", "department", "product", "channel", "overall", "returned", "weight", "period")


def drawn_responses(*tables: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """RESPONSES and LAYOUTS of these sheets, delivered in their order."""
    rows: list[dict[str, object]] = []
    layouts = []
    for sheet, table in enumerate(tables):
        lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
        questions = [(at, name) for at, name in enumerate(lines[0]) if name not in _OWN]
        layouts.append({"layout": str(sheet), "headings": json.dumps([name for _, name in questions])})
        for line in lines[1:]:
            own = {"department": "一部", "period": "30", "overall": "5"} | dict(zip(lines[0], line, strict=True))
            cells = json.dumps([line[at] for at, _ in questions], ensure_ascii=False, separators=(",", ":"))
            rows.append(_row(own, len(rows)) | {"layout": str(sheet), "answers": cells})
    frame = pd.DataFrame(rows)
    return shaped(RESPONSES, frame.assign(weight=frame["weight"].astype("Int64"))), shaped(
        LAYOUTS, pd.DataFrame(layouts)
    )


def read(*tables: str, **choices: Any) -> Read:
    """What these sheets say, by the choices of the house and these others."""
    return read_forms(*drawn_responses(*tables), replace(HOUSE, **choices))


def _row(own: dict[str, str], at: int) -> dict[str, object]:
    """One row as delivered; it stands in row `at` + 2 of the file."""
    form = own.get("form") or f"W-{at}"
    returned = own.get("returned", "")
    return {
        "form": form, "form_key": code_key(form), "department": own["department"], "overall": own["overall"],
        "product": own.get("product", ""), "channel": own.get("channel", ""),
        "counted_in": pd.Timestamp(day(own["period"])), "row": at + 2, "delivered": at, "ref": f"responses:{form}",
        "returned_on": pd.Timestamp(day(returned)) if returned else pd.NaT,
        "weight": int(own["weight"]) if own.get("weight") else pd.NA,
    }  # fmt: skip
