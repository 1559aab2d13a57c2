"""Follows complaints, actions and commendations: what a run opens, withdraws and closes, kept at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from tasks.domain.message import Message
from tasks.survey.complaints import KNOWN_BY, Opening, Renewal, called_back, fresh_cases, renewed_cases
from tasks.survey.improvements import KNOWN_BY as MEASURE_KNOWN_BY
from tasks.survey.improvements import Renewed, improvements_of
from tasks.survey.renewals import case_notes, measure_notes
from tasks.survey.steps.casebook import (
    case_events_since,
    keep_cases,
    keep_measures,
    kept_cases,
    kept_measures,
    measure_events_since,
)
from tasks.survey.steps.gathering import calls_since
from tasks.survey.steps.ordering import Order
from tasks.survey.steps.periods import Looked


@dataclass(frozen=True, eq=False)
class Book:
    """Every case as CASES, and every action and commendation as MEASURES, after the run; `notes` on what it changed."""

    cases: pd.DataFrame
    measures: pd.DataFrame
    notes: tuple[Message, ...]


def followed(connection: Connection, order: Order, looked: Looked, clerks: Mapping[str, str]) -> Book:
    """The book after the periods looked at were entered, and the calls that closed a case."""
    cases, measures = kept_cases(connection), kept_measures(connection)
    now = order.clock()
    opening = Opening(order.date, clerks)
    for period, one in looked.judged.items():
        read = one.read
        fresh = fresh_cases(read.forms, read.answers, read.questions, order.policy, opening)
        renewal = renewed_cases(cases, fresh, read.forms, opening)
        cases = keep_cases(connection, cases, renewal.cases, renewal.events, now)
        renewed = improvements_of(one.final, measures, period, opening, order.policy)
        measures = keep_measures(connection, measures, renewed.measures, renewed.events, now)
    handled = cases.loc[cases["state"] == "handled", "handled_on"]
    if len(handled):
        called = called_back(cases, calls_since(connection, handled.min().date()), order.known_on)
        cases = keep_cases(connection, cases, called.cases, called.events, now)
    return Book(cases, measures, _notes(connection, cases, measures, now))


def _notes(
    connection: Connection, cases: pd.DataFrame, measures: pd.DataFrame, now: dt.datetime
) -> tuple[Message, ...]:
    """What runs of this day withdrew, opened again or closed: the second run of a day says the same as the first."""
    since = dt.datetime.combine(now.date(), dt.time(), now.tzinfo)
    of_cases = case_events_since(connection, since).merge(cases[["case", *KNOWN_BY]], on="case")
    of_measures = measure_events_since(connection, since).merge(measures[["number", *MEASURE_KNOWN_BY]], on="number")
    return (
        *case_notes(Renewal(cases, of_cases.drop(columns="case"))),
        *measure_notes(Renewed(measures, of_measures.drop(columns="number"))),
    )
