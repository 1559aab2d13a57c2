"""What the survey does: take in, count, follow complaints and calls, report; what people do about cases; verify."""

from tasks.survey.steps.day import carry_out, has_forms, is_done, receive, show
from tasks.survey.steps.deciding import (
    CASE_ACTS,
    SORTS,
    UnableToWork,
    act_on_case,
    act_on_measure,
    listed_cases,
    listed_measures,
)
from tasks.survey.steps.gathering import DATASETS
from tasks.survey.steps.ordering import FLOW, Order
from tasks.survey.steps.verifying import verify_survey

__all__ = [
    "CASE_ACTS",
    "DATASETS",
    "FLOW",
    "SORTS",
    "Order",
    "UnableToWork",
    "act_on_case",
    "act_on_measure",
    "carry_out",
    "has_forms",
    "is_done",
    "listed_cases",
    "listed_measures",
    "receive",
    "show",
    "verify_survey",
]
