"""What intake does: take in what waits, account for every row of a period, verify what is kept."""

from tasks.intake.hotel_rows import HOTEL
from tasks.intake.row_keys import INVOICING, RETURNS
from tasks.intake.steps.accounts import (
    DATED,
    STOCK,
    RefusedFileRow,
    date_answers,
    ledger_rows_set_aside,
    quarantined_of_period,
    refused_files,
    replaced_rows,
    rows_of_period,
)
from tasks.intake.steps.answers import Answer, keep_outcome, outcomes_for, waiting_answers
from tasks.intake.steps.keeping import MASTERS
from tasks.intake.steps.receiving import (
    Received,
    Receiving,
    is_worth_another_try,
    receiving_step,
    take_in_all,
    tell_all,
)
from tasks.intake.steps.sources import SourceToRead, take_in_sources
from tasks.intake.steps.taking_in import WORK as INTAKE
from tasks.intake.steps.taking_in import DatasetTaken, Import, IntakeRules, TakenIn, take_in
from tasks.intake.steps.verifying import verify_intake
from tasks.intake.survey_rows import SURVEY

__all__ = [
    "DATED",
    "HOTEL",
    "INTAKE",
    "INVOICING",
    "MASTERS",
    "RETURNS",
    "STOCK",
    "SURVEY",
    "Answer",
    "DatasetTaken",
    "Import",
    "IntakeRules",
    "Received",
    "Receiving",
    "RefusedFileRow",
    "SourceToRead",
    "TakenIn",
    "date_answers",
    "is_worth_another_try",
    "keep_outcome",
    "ledger_rows_set_aside",
    "outcomes_for",
    "quarantined_of_period",
    "receiving_step",
    "refused_files",
    "replaced_rows",
    "rows_of_period",
    "take_in",
    "take_in_all",
    "take_in_sources",
    "tell_all",
    "verify_intake",
    "waiting_answers",
]
