"""How long a million forms take to count beside bare reading of them: `python -m benchmarks.survey_million`.

`--forms 1000000` of 15 questions and the overall rating, as they lie in the store: answers as written, 40 departments,
200 products, 4 channels, answers in words and figures of both languages, one in thirty blank, one in a thousand a word
that nobody explained, one form in a hundred sent twice with other answers. The bare way only parses the same texts and
counts the words of each question; the counting tells versions apart, reads words, counts by total, department, product,
channel and question, and makes shares, intervals and marks of it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import orjson
import pandas as pd

from benchmarks.yardstick import compare
from tasks.domain.shaping import shaped
from tasks.survey.answers import answer_key
from tasks.survey.counting import counts_of, sent_of
from tasks.survey.figures import figures_of
from tasks.survey.forms import read_forms
from tasks.survey.policy import Policy
from tasks.survey.shapes import DISPATCHES, LAYOUTS, RESPONSES
from tasks.survey.targets import marks_of

QUESTIONS, DEPARTMENTS, PRODUCTS, CHANNELS = 15, 40, 200, 4
WORDS = (
    ("很满意", 5), ("比较满意", 4), ("基本满意", 3), ("不太满意", 2), ("不满意", 1), ("满意", 4), ("5", 5),
    ("4", 4), ("3", 3), ("very satisfied", 5),
)  # fmt: skip
SHARES = (0.25, 0.25, 0.12, 0.03, 0.02, 0.08, 0.08, 0.07, 0.03, 0.036)
BLANK, UNEXPLAINED = 0.033, 0.001
AGAIN = 0.01
PERIOD = dt.date(2026, 11, 30)
MONTH = np.datetime64(PERIOD, "s")
POLICY = Policy(answers={answer_key(word): code for word, code in WORDS})


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """The forms as the store gives them, their headings, and the forms that were sent."""

    responses: pd.DataFrame
    layouts: pd.DataFrame
    dispatches: pd.DataFrame


def given(_way: str, forms: int) -> Given:
    """So many forms, drawn from one seed."""
    random = np.random.default_rng(7)
    words = np.array([*(word for word, _ in WORDS), "", "非常满意"], dtype=object)
    drawn = words[random.choice(len(words), (forms, QUESTIONS + 1), p=[*SHARES, BLANK, UNEXPLAINED])]
    number = np.arange(forms)
    again = int(forms * AGAIN)
    number[forms - again :] = np.arange(again)
    form = pd.Series(np.char.add("W-", np.char.zfill(number.astype("str"), 7)), dtype="str")
    department = _taken("业务", random.integers(0, DEPARTMENTS, forms), "部")
    customer = _taken("客户", random.integers(0, forms, forms), "")
    responses = pd.DataFrame(
        {
            "form": form,
            "form_key": form,
            "department": department,
            "product": _taken("产品", random.integers(0, PRODUCTS, forms), ""),
            "channel": _taken("渠道", random.integers(0, CHANNELS, forms), ""),
            "customer": customer,
            "customer_key": customer,
            "overall": pd.Series(drawn[:, -1], dtype="str"),
            "layout": "one",
            "answers": pd.Series([orjson.dumps(row).decode() for row in drawn[:, :-1].tolist()], dtype="str"),
            "returned_on": MONTH,
            "counted_in": MONTH,
            "delivered": np.arange(forms),
            "file": "forms.csv",
            "sheet": "forms",
            "row": np.arange(forms) + 2,
            "ref": "responses:" + form,
        }
    )
    headings = orjson.dumps([f"问题{place + 1}" for place in range(QUESTIONS)]).decode()
    blank = orjson.dumps([""] * QUESTIONS).decode()
    sent = pd.DataFrame({"form": form, "form_key": form, "department": department, "sent_on": MONTH})
    return Given(
        shaped(RESPONSES, responses),
        shaped(LAYOUTS, pd.DataFrame({"layout": ["one"], "headings": [headings], "groups": [blank]})),
        shaped(DISPATCHES, sent.drop_duplicates("form_key")),
    )


def bare(forms: Given) -> int:
    """How many different words stand under the questions: each text parsed, each word counted, nothing else."""
    found: Counter[str] = Counter()
    for text in forms.responses["answers"].tolist():
        found.update(orjson.loads(text))
    return len(found)


def counting(forms: Given) -> int:
    """How many figures the report can show."""
    read = read_forms(forms.responses, forms.layouts, POLICY)
    counts = counts_of(read)
    figures = figures_of(counts, sent_of(forms.dispatches, read.forms, PERIOD), read.questions, POLICY)
    return len(figures) + len(marks_of(figures, POLICY))


def _taken(before: str, numbers: np.ndarray[tuple[int], np.dtype[np.int64]], after: str) -> pd.Series[str]:
    names = pd.Series([f"{before}{one}{after}" for one in range(int(numbers.max(initial=0)) + 1)], dtype="str")
    return names.take(numbers).reset_index(drop=True)


WAYS: dict[str, Callable[[Given], int]] = {"parsing and counting words": bare, "counting": counting}

if __name__ == "__main__":
    compare(WAYS, given, "forms", __doc__ or "")
