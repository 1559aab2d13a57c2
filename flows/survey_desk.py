"""The forms by which people work on complaints and measures in Prefect's UI; they do what `daybook survey` does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from config.wording import in_every_language
from flows.desk_options import opened
from flows.forms import (
    CASE_ACTS,
    MEASURE_ACTS,
    SORTS,
    CaseAct,
    CaseNumbers,
    CaseSort,
    DoneOn,
    MeasureAct,
    MeasureNumbers,
    Note,
    Who,
    separate,
)
from flows.overview import refresh_desk
from flows.survey_desk_work import worked_on_cases, worked_on_measures
from tasks.adapters.speech import spoken_in_every_language
from tasks.desk import mark_run
from tasks.domain.message import Message, message
from tasks.survey.acts import Act
from tasks.survey.steps import UnableToWork

Worked = Callable[[Sequence[int], Act, str], tuple[Message, ...]]


@flow(name="work-on-complaints", description=in_every_language("form.flow.work_on_complaints"), persist_result=False)
async def work_on_complaints(
    cases: CaseNumbers, act: CaseAct, who: Who, sort: CaseSort = "", note: Note = "", done_on: DoneOn = None
) -> State[Any]:
    """Says what kind of complaint it is, what was done, that the customer was called, or that it is none."""
    mark_run(f"work-on-complaints {cases}", "work-on-complaints")
    chosen, kind = CASE_ACTS.get(act), SORTS.get(sort, "")
    if chosen is None:
        return _unknown(act, tuple(CASE_ACTS))
    if sort and not kind:
        return _unknown(sort, tuple(SORTS))
    return await _worked(worked_on_cases, cases, _act(chosen, done_on, kind, note), who)


@flow(name="work-on-measures", description=in_every_language("form.flow.work_on_measures"), persist_result=False)
async def work_on_measures(
    measures: MeasureNumbers, act: MeasureAct, who: Who, note: Note = "", done_on: DoneOn = None
) -> State[Any]:
    """Says that an action was done, that it helped, or that a commendation was given."""
    mark_run(f"work-on-measures {measures}", "work-on-measures")
    chosen = MEASURE_ACTS.get(act)
    if chosen is None:
        return _unknown(act, tuple(MEASURE_ACTS))
    return await _worked(worked_on_measures, measures, _act(chosen, done_on, "", note), who)


def _act(what: str, done_on: dt.date | None, sort: str, note: str) -> Act:
    _, _, now = opened()
    return Act(what, done_on or now.date(), now.date(), word=sort, note=note.strip())


def _unknown(value: str, known: Sequence[str]) -> State[Any]:
    why = message("form.error.decision", value=value, known="; ".join(known))
    return Failed(message=spoken_in_every_language(message("form.refused", why=why)))


async def _worked(work: Worked, numbers: str, act: Act, who: str) -> State[Any]:
    asked = separate(numbers)
    if not asked or not all(one.isdigit() for one in asked):
        why = message("survey_desk.no_numbers", value=numbers)
        return Failed(message=spoken_in_every_language(message("form.refused", why=why)))
    try:
        told = work([int(one) for one in asked], act, who.strip())
    except UnableToWork as unable:
        return Failed(message=spoken_in_every_language(message("form.refused", why=unable.message)))
    await refresh_desk()
    said = [spoken_in_every_language(one) for one in told]
    return Completed(message="; ".join(said), data=said)
