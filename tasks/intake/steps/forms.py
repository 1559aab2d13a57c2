"""Forms of a survey as they are kept: their layouts, their order of arrival, the month of those that name none."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

import pandas as pd
from sqlalchemy import Connection, func, select

from tasks.adapters.store import write_rows
from tasks.intake.survey_rows import month_end
from tasks.intake.survey_tables import responses, survey_layouts
from tasks.intake.wide_sheets import Layout


def complete_forms(connection: Connection, layouts: Sequence[Layout], rows: pd.DataFrame, arrived: dt.date) -> None:
    """Gives the rows their number in the order of arrival and, where nothing says another, the month of `arrived`.

    Layouts of theirs that were never seen before are kept.
    """
    last = connection.execute(select(func.max(responses.c.delivered))).scalar() or 0
    rows["delivered"] = range(last + 1, last + 1 + len(rows))
    rows["counted_in"] = rows["counted_in"].fillna(pd.Timestamp(month_end(arrived))).astype("datetime64[s]")
    used = set(rows["layout"])
    mine = {layout.key: layout for layout in layouts if layout.key in used}
    query = select(survey_layouts.c.layout).where(survey_layouts.c.layout.in_(mine))
    known = set(connection.execute(query).scalars())
    fresh = [
        (key, json.dumps(layout.headings, ensure_ascii=False), json.dumps(layout.groups, ensure_ascii=False))
        for key, layout in mine.items()
        if key not in known
    ]
    if fresh:
        write_rows(connection, survey_layouts, ("layout", "headings", "groups"), fresh)
