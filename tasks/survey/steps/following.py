"""Follows complaints, actions and commendations: what a run opens, withdraws and closes, kept at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from tasks.survey.complaints import Opening, called_back, fresh_cases, renewed_cases
from tasks.survey.improvements import improvements_of
from tasks.survey.steps.casebook import keep_cases, keep_measures, kept_cases, kept_measures
from tasks.survey.steps.gathering import calls_since
from tasks.survey.steps.ordering import Order
from tasks.survey.steps.periods import Looked


@dataclass(frozen=True, eq=False)
class Book:
    """Every case as CASES, and every action and commendation as MEASURES, after the run."""

    cases: pd.DataFrame
    measures: pd.DataFrame


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
        renewed = improvements_of(one.marks, measures, period, opening, order.policy)
        measures = keep_measures(connection, measures, renewed.measures, renewed.events, now)
    handled = cases.loc[cases["state"] == "handled", "handled_on"]
    if len(handled):
        called = called_back(cases, calls_since(connection, handled.min().date()), order.known_on)
        cases = keep_cases(connection, cases, called.cases, called.events, now)
    return Book(cases, measures)
