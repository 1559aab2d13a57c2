"""What customers wrote, by department and rating, and the words that they use most (spec 05: remarks)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from tasks.domain.shaping import shaped
from tasks.survey.masking import masked
from tasks.survey.policy import Policy
from tasks.survey.shapes import OVERALL, REMARKS, SCALE, WORDS

_SATISFIED, _DISSATISFIED = 4, 2
_RATINGS = ("dissatisfied", "neutral", "satisfied")
# Signs, numbers and single letters say nothing; a single Chinese sign may (slow, dear, dirty).
_WORD = re.compile(r"(?=.*[^\W\d_])(?:[^\x00-\x7f].*|..+)")


def remarks_of(forms: pd.DataFrame, answers: pd.DataFrame, questions: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """The remarks of the forms that count, as REMARKS: by department, dissatisfied ones first, then by form.

    `forms` as FORMS, `answers` their matrix, `questions` as QUESTIONS. A form is dissatisfied when its overall rating
    is 2 or 1 or an item would open a case; satisfied is 5 or 4. `question` names the items that would open one, with
    commas between them. Personal data is masked.
    """
    own = forms[forms["counts"] & (forms["remark"] != "")]
    names = questions.set_index("question")["name"]
    keys = [key for key in questions.sort_values("place")["question"] if key != OVERALL and key in answers]
    codes = answers.loc[own.index, keys].to_numpy(dtype=np.int8)
    low = (codes >= min(SCALE)) & (codes <= policy.complaint_at)
    overall = own["overall"].to_numpy(dtype=np.int64)
    unhappy = ((overall >= min(SCALE)) & (overall <= _DISSATISFIED)) | low.any(axis=1)
    rating = np.select([unhappy, overall >= _SATISFIED], [0, 2], default=1)
    shown = own.assign(
        text=[masked(text) for text in own["remark"]],
        rank=rating,
        rating=np.array(_RATINGS, dtype=object)[rating],
        question=["、".join(str(names[keys[at]]) for at in np.flatnonzero(row)) for row in low],
    ).sort_values(["department", "rank", "form_key"], kind="stable")
    return shaped(REMARKS, shown.assign(place=range(1, len(shown) + 1)))


def words_of(remarks: pd.DataFrame, segment: Callable[[str], Iterable[str]], policy: Policy) -> pd.DataFrame:
    """The `policy.words_shown` most frequent words of the remarks as WORDS; a word counts once for each form.

    `remarks` as REMARKS, masked; `segment` divides a text into words. Stop words, signs and numbers are none; letters
    count in lower case and half width.
    """
    stopped = {_plain(word) for word in policy.stop_words}
    forms: Counter[str] = Counter()
    dissatisfied: Counter[str] = Counter()
    unhappy = remarks.loc[remarks["rating"] == _RATINGS[0], "text"].value_counts().to_dict()
    # Many write the same few words, so each text is divided once.
    for text, times in remarks["text"].value_counts().items():
        own = {_plain(word) for word in segment(_plain(str(text)))} - stopped
        for word in own:
            if _WORD.fullmatch(word):
                forms[word] += int(times)
                dissatisfied[word] += int(unhappy.get(text, 0))
    ranked = sorted(forms, key=lambda word: (-forms[word], -dissatisfied[word], word))[: policy.words_shown]
    lines = [{"word": word, "forms": forms[word], "dissatisfied": dissatisfied[word]} for word in ranked]
    return shaped(WORDS, pd.DataFrame(lines, columns=list(WORDS)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
