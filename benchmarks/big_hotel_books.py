"""Keeps the tables of a hotel as if files had been taken in, and sets closed nights behind an open one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, insert, select, update

from tasks.adapters.store import write_frame
from tasks.domain.keys import code_keys, name_keys
from tasks.intake import hotel_tables
from tasks.intake.row_keys import KEYS, NAMED
from tasks.intake.tables import files, row_counts
from tasks.night_audit.tables import night_audits

_ONE_DAY = dt.timedelta(days=1)


def open_files(connection: Connection, datasets: Iterable[str], now: dt.datetime) -> None:
    """One file a dataset, so that everything counts as delivered."""
    for number, dataset in enumerate(dict.fromkeys(datasets), 1):
        own = {"id": number, "dataset": dataset, "sha256": dataset, "name": dataset, "size": 0, "state": "read"}
        counts = {"file_id": number, "dataset": dataset, "read": 1, "accepted": 1}
        connection.execute(insert(files).values(**own, received_at=now))
        connection.execute(insert(row_counts).values(**counts, quarantined=0, repeated=0, ignored=0))


def keep(connection: Connection, frames: Mapping[str, pd.DataFrame]) -> None:
    """Adds the rows of every dataset to its table, codes and names with their keys."""
    for dataset, rows in frames.items():
        table = getattr(hotel_tables, dataset)
        whole = _keyed(dataset, rows)
        write_frame(connection, table, whole[[name for name in whole if name in table.columns]])


def leave(connection: Connection, accounts: Sequence[str], at: dt.datetime) -> None:
    """The stays of `accounts` have left at the moment `at`."""
    stays = hotel_tables.stays
    connection.execute(update(stays).where(stays.c.account.in_(accounts)).values(departed_at=at))


def set_back(connection: Connection, nights: int) -> None:
    """The figures of the last closed night once more for each of the `nights` before it: a year is their sum."""
    audits = night_audits.c
    last = select(func.max(audits.business_date)).where(audits.closed_at.is_not(None)).scalar_subquery()
    row = connection.execute(select(night_audits).where(audits.business_date == last)).one()
    before = row.closed_at - dt.timedelta(hours=1)
    own = {"opened_at": before, "closed_at": before, "measures": row.measures}
    dates = [row.business_date - _ONE_DAY * place for place in range(1, nights + 1)]
    if dates:
        connection.execute(insert(night_audits), [{**own, "business_date": date} for date in dates])


def _keyed(dataset: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with a key beside each code and name, a place in a file, and blanks for missing texts."""
    made = {
        key: (name_keys if key in NAMED else code_keys)(rows[code].fillna("").astype("str"))
        for key, code in KEYS.get(dataset, {}).items()
        if code in rows
    }
    whole = rows.assign(**made, file_id=1, sheet="", row=np.arange(1, len(rows) + 1))
    blank = {str(name): whole[name].fillna("") for name in whole.select_dtypes(include=["object", "str"])}
    return whole.assign(**blank)
