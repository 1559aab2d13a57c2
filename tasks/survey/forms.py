"""The forms of a period as people count them: one version of each counts, every cell has become an answer (spec 05)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
import pyarrow as pa

from tasks.domain.keys import name_key
from tasks.domain.message import Message, message
from tasks.domain.shaping import shaped
from tasks.intake.survey_rows import period_named
from tasks.survey.answers import Codes, answer_codes, is_number_or_day
from tasks.survey.cells import cells_of
from tasks.survey.cycles import cycle_ends
from tasks.survey.policy import Policy
from tasks.survey.questions import NO_QUESTION, Column, Headings, headings_of, notes_on, questions_of
from tasks.survey.shapes import FORMS, NO_ANSWER, NOT_ASKED, OVERALL, UNKNOWN, UNKNOWNS

CHUNK = 50_000
WEIGHT_ONE = 10_000
_NAMED_MAX = 5
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """FORMS, the matrix of their answers, QUESTIONS, UNKNOWNS of the forms that count, and notes on the columns.

    `answers` is int8 with the index of `forms`, one column a question but the overall rating.
    """

    forms: pd.DataFrame
    answers: pd.DataFrame
    questions: pd.DataFrame
    unknowns: pd.DataFrame
    notes: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Forms of one layout: their rows in the frame and the column of each of their cells."""

    layout: str
    rows: Ints
    places: tuple[int, ...]


def read_forms(responses: pd.DataFrame, layouts: pd.DataFrame, policy: Policy) -> Read:
    """What RESPONSES say by these LAYOUTS. A form is known by its number and period; of its versions one counts."""
    counted: dict[str, int] = {str(key): int(many) for key, many in responses["layout"].value_counts().items()}
    headings = headings_of(layouts, counted, policy)
    given = pa.array(responses["answers"])
    texts = given.combine_chunks() if isinstance(given, pa.ChunkedArray) else given
    matrix = np.full((len(responses), len(headings.columns)), NOT_ASKED, dtype=np.int8, order="F")
    sheets = list(_sheets(responses["layout"], headings))
    for sheet in sheets:
        _read_sheet(sheet, texts, matrix, headings.columns, policy)
    questions = questions_of(headings.columns, policy)
    at = {one.key: place for place, one in enumerate(headings.columns)}
    asked = [at[key] for key in questions["question"] if key != OVERALL]
    forms = _forms(responses, policy)
    answers = pd.DataFrame(
        {headings.columns[place].key: matrix[:, place] for place in asked}, index=forms.index, copy=False
    )
    delivered = _Given(responses, texts, {sheet.layout: sheet.places for sheet in sheets})
    unknowns = shaped(UNKNOWNS, _unknowns(delivered, forms, answers, questions, at))
    return Read(forms, answers, questions, unknowns, (*notes_on(headings.columns), *_unread_periods(responses)))


def _unread_periods(responses: pd.DataFrame) -> Iterator[Message]:
    """What is said of forms whose survey period names no month: they count by their day."""
    named = responses[["survey_period", "counted_in"]].drop_duplicates("survey_period")
    pairs = zip(named["survey_period"].tolist(), named["counted_in"].dt.date.tolist(), strict=True)
    unread = [text for text, near in pairs if text.strip() and period_named(text, near) is None]
    if unread:
        words = "、".join(unread[:_NAMED_MAX]) + ("…" if len(unread) > _NAMED_MAX else "")
        count = int(responses["survey_period"].astype("object").isin(unread).sum())
        yield message("survey_count.note.period_unread", count=count, words=words)


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    responses: pd.DataFrame
    texts: pa.Array
    places: dict[str, tuple[int, ...]]


def _sheets(layout: pd.Series, headings: Headings) -> Iterator[_Sheet]:
    """The forms by layout, so many at a time as fit the memory."""
    codes, uniques = pd.factorize(layout)
    for code, key in enumerate(uniques):
        rows = np.flatnonzero(codes == code)
        for start in range(0, len(rows), CHUNK):
            yield _Sheet(str(key), rows[start : start + CHUNK], headings.places[str(key)])


def _read_sheet(sheet: _Sheet, texts: pa.Array, matrix: Codes, columns: Sequence[Column], policy: Policy) -> None:
    """Writes the codes of a sheet's cells into the matrix and counts for each column what stands in it."""
    word_of, words = cells_of(texts.take(pa.array(sheet.rows)), len(sheet.places))
    by_heading = np.ascontiguousarray(word_of.T)
    codes = answer_codes(words, policy)
    numbers = np.array(
        [code == UNKNOWN and is_number_or_day(word) for word, code in zip(words, codes, strict=True)], dtype=np.bool_
    )
    known = np.array(words, dtype=object)
    seen: set[int] = set()
    for heading, place in enumerate(sheet.places):
        if place == NO_QUESTION:
            continue
        column, said = columns[place], by_heading[heading]
        own = codes[said]
        times = np.bincount(said, minlength=len(words))
        column.filled += int(times[codes != NO_ANSWER].sum())
        column.known += int(times[codes > 0].sum())
        column.numbers += int(times[numbers].sum())
        column.add_strange(known[(times > 0) & (codes == UNKNOWN) & ~numbers])
        if place in seen:
            there = matrix[sheet.rows, place]
            column.torn |= bool(((there != NO_ANSWER) & (own != NO_ANSWER) & (there != own)).any())
            own = np.where(there == NO_ANSWER, own, there)
        seen.add(place)
        matrix[sheet.rows, place] = own


def _forms(responses: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """FORMS in the order of `responses`."""
    period = cycle_ends(responses["counted_in"], policy.cycle)
    said, words = pd.factorize(responses["overall"])
    overall = answer_codes(map(str, words), policy)
    rows = responses.assign(
        period=period,
        overall=overall[said] if len(words) else np.zeros(0, dtype=np.int8),
        weight=responses["weight"].fillna(WEIGHT_ONE),
        **{name: _one_spelling(responses[name]) for name in ("department", "product", "channel")},
        **_versions(responses.assign(period=period)),
    )
    return shaped(FORMS, rows)


def _one_spelling(names: pd.Series) -> pd.Series:
    """Names that differ in spaces, case or width alone, each in its commonest spelling (of equals the first)."""
    codes, uniques = pd.factorize(names)
    spelt = [str(one) for one in uniques]
    keys = [name_key(one) for one in spelt]
    if len(set(keys)) == len(keys):
        return names
    times = np.bincount(codes, minlength=len(spelt))
    best: dict[str, str] = {}
    for at in sorted(range(len(spelt)), key=lambda at: (-times[at], spelt[at])):
        best.setdefault(keys[at], spelt[at])
    chosen = pd.Series([best[key] for key in keys], dtype="str")
    return chosen.take(codes).set_axis(names.index)


def _versions(rows: pd.DataFrame) -> dict[str, npt.NDArray[np.generic]]:
    """`version`, `versions` and `counts` of each row; the version that counts is the last.

    A version without a day of return takes that of the one delivered before it, so that of two the later delivered is
    later where a day is missing, and of many there is one order.
    """
    count = len(rows)
    version, versions = np.ones(count, dtype=np.int64), np.ones(count, dtype=np.int64)
    several = np.flatnonzero(rows.duplicated(["form_key", "period"], keep=False).to_numpy())
    if len(several):
        own = rows[["form_key", "period", "returned_on", "delivered"]].iloc[several].assign(at=several)
        own = own.sort_values(["delivered", "at"], kind="stable")
        own["day"] = own.groupby(["form_key", "period"])["returned_on"].ffill().fillna(pd.Timestamp(0))
        own = own.sort_values(["day", "delivered", "at"], kind="stable")
        of = own.groupby(["form_key", "period"], sort=False)["at"]
        version[own["at"]] = of.cumcount() + 1
        versions[own["at"]] = of.transform("size")
    return {"version": version, "versions": versions, "counts": version == versions}


def _unknowns(
    given: _Given, forms: pd.DataFrame, answers: pd.DataFrame, questions: pd.DataFrame, at: dict[str, int]
) -> pd.DataFrame:
    """Every cell of a form that counts whose word nobody explained, as it stood."""
    counts, values = forms["counts"].to_numpy(), []
    names = dict(zip(questions["question"], questions["name"], strict=True))
    key_at = {place: key for key, place in at.items() if key in names}
    layouts = given.responses["layout"].to_numpy(dtype=object)
    strange = (answers.to_numpy() == UNKNOWN).any(axis=1) & counts
    for row in np.flatnonzero(strange):
        cells, said = orjson.loads(given.texts[int(row)].as_py()), answers.iloc[row]
        done: set[str] = set()
        for cell, place in zip(cells, given.places[layouts[row]], strict=True):
            key = key_at.get(place, "")
            if key and key not in done and cell.strip() and said[key] == UNKNOWN:
                done.add(key)
                values.append((row, key, names[key], cell))
    overall = given.responses["overall"].to_numpy(dtype=object)
    rated = np.flatnonzero((forms["overall"].to_numpy() == UNKNOWN) & counts)
    values += [(row, OVERALL, "", overall[row]) for row in rated]
    rows, keys, said_names, cells = zip(*values, strict=True) if values else ((), (), (), ())
    told = forms.take(np.array(rows, dtype=np.int64))
    return told.assign(question=list(keys), name=list(said_names), value=list(cells))
