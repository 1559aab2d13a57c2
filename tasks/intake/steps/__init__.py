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
from tasks.intake.steps.sources import SourceToRead, take_in_sources
from tasks.intake.steps.taking_in import WORK as INTAKE
from tasks.intake.steps.taking_in import DatasetTaken, Import, IntakeRules, TakenIn, take_in
from tasks.intake.steps.verifying import verify_intake

__all__ = [
    "DATED",
    "HOTEL",
    "INTAKE",
    "INVOICING",
    "MASTERS",
    "RETURNS",
    "STOCK",
    "Answer",
    "DatasetTaken",
    "Import",
    "IntakeRules",
    "RefusedFileRow",
    "SourceToRead",
    "TakenIn",
    "date_answers",
    "keep_outcome",
    "ledger_rows_set_aside",
    "outcomes_for",
    "quarantined_of_period",
    "refused_files",
    "replaced_rows",
    "rows_of_period",
    "take_in",
    "take_in_sources",
    "verify_intake",
    "waiting_answers",
]
