"""Quarantined rows that came again without a fault: nobody need be asked for them any more."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select, update

from tasks.intake.steps.staging import VALUES_AT_ONCE
from tasks.intake.tables import quarantined_cells


def mend(connection: Connection, dataset: str, keys: pd.Series[str], file_id: int) -> None:
    """Marks the waiting quarantined cells of `dataset` whose row, known by one of `keys`, now came whole in a file."""
    cells = quarantined_cells.c
    waiting = (cells.dataset == dataset) & (cells.row_key != "") & cells.mended_by.is_(None)
    asked = set(connection.execute(select(cells.row_key).where(waiting).distinct()).scalars())
    came = sorted(asked & set(keys)) if asked else []
    for start in range(0, len(came), VALUES_AT_ONCE):
        here = waiting & cells.row_key.in_(came[start : start + VALUES_AT_ONCE])
        connection.execute(update(quarantined_cells).where(here).values(mended_by=file_id))
