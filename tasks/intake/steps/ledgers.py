"""Ledger rows: kept once for each site and day, withdrawn and replaced when a later ledger says otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select, update

from tasks.adapters.store import read_frame, write_frame
from tasks.intake.keyed import NEW
from tasks.intake.ledger_days import RETURNED, LedgerChange, take_over
from tasks.intake.steps.staging import staged
from tasks.intake.steps.unsettling import unsettle
from tasks.intake.tables import ledger_rows

_DAY = ["site", "date"]


def keep_ledgers(
    connection: Connection,
    rows: pd.DataFrame,
    covered: pd.DataFrame,
    file_ids: Mapping[int, int],
    reported: Collection[dt.date],
) -> pd.Series[str]:
    """What became of every row of one wave of ledgers, by its index: new, returned or repeated.

    `rows` are typed ledger rows with `file`, `covered` the days they speak for (see ledger_days), `file_ids` the stored
    file of each `file`.
    """
    stored = _stored(connection, covered)
    change = take_over(rows, stored, covered, reported)
    _add(connection, rows, change, file_ids)
    _withdraw(connection, rows, change, file_ids)
    _bring_back(connection, change)
    unsettle(connection, change.touched)
    return change.rows["outcome"]


def _stored(connection: Connection, covered: pd.DataFrame) -> pd.DataFrame:
    columns = ledger_rows.c
    with staged(connection, ledger_rows, covered[_DAY].drop_duplicates(), _DAY) as days:
        query = (
            select(
                columns.id, columns.site, columns.date, columns.content_key, columns.place, columns.number,
                columns.sequence, columns.item_key, columns.item_name, columns.withdrawn_by,
            )
            .join(days, (days.c.site == columns.site) & (days.c.date == columns.date))
        )  # fmt: skip
        # Sorted here: asked for the order of ids, SQLite would look through all that ever lived.
        frame = read_frame(connection, query).sort_values("id", ignore_index=True)
    return frame.assign(withdrawn=frame["withdrawn_by"].notna().astype("bool")).drop(columns="withdrawn_by")


def _add(connection: Connection, rows: pd.DataFrame, change: LedgerChange, file_ids: Mapping[int, int]) -> None:
    new = rows[change.rows["outcome"] == NEW]
    columns = [column.name for column in ledger_rows.columns if column.name in new.columns]
    placed = change.rows.loc[new.index]
    ids = new["file"].map(dict(file_ids)).astype("int64")
    write_frame(
        connection, ledger_rows, new[columns].assign(file_id=ids, place=placed["place"], number=placed["number"])
    )


def _withdraw(connection: Connection, rows: pd.DataFrame, change: LedgerChange, file_ids: Mapping[int, int]) -> None:
    gone = change.withdrawn
    if len(gone) == 0:
        return
    with_heir = gone[gone["heir"] >= 0]
    heirs = rows.loc[with_heir["heir"], [*_DAY, "content_key"]].assign(
        place=change.rows.loc[with_heir["heir"], "place"]
    )
    found = dict(zip(with_heir["id"].tolist(), _ids(connection, heirs), strict=True))
    values = pd.DataFrame(
        {
            "id": gone["id"],
            "withdrawn_by": gone["file"].map(dict(file_ids)).astype("int64"),
            "replaced_by": pd.array([found.get(one, pd.NA) for one in gone["id"].tolist()], dtype="Int64"),
            "amended": gone["amended"],
        }
    )
    with staged(connection, ledger_rows, values, list(values.columns)) as new:
        connection.execute(
            update(ledger_rows)
            .values(withdrawn_by=new.c.withdrawn_by, replaced_by=new.c.replaced_by, amended=new.c.amended)
            .where(ledger_rows.c.id == new.c.id)
        )


def _bring_back(connection: Connection, change: LedgerChange) -> None:
    back = change.rows.loc[change.rows["outcome"] == RETURNED, ["id", "number"]]
    if len(back) == 0:
        return
    with staged(connection, ledger_rows, back, ["id", "number"]) as new:
        connection.execute(
            update(ledger_rows)
            .values(withdrawn_by=None, replaced_by=None, amended=False, number=new.c.number)
            .where(ledger_rows.c.id == new.c.id)
        )


def _ids(connection: Connection, heirs: pd.DataFrame) -> list[int]:
    """The ids of the rows known by site, date, content_key and place, in the order given."""
    identity = [*_DAY, "content_key", "place"]
    with staged(connection, ledger_rows, heirs, identity) as wanted:
        same = (ledger_rows.c.site == wanted.c.site) & (ledger_rows.c.date == wanted.c.date)
        same &= (ledger_rows.c.content_key == wanted.c.content_key) & (ledger_rows.c.place == wanted.c.place)
        query = select(ledger_rows.c.id, *(ledger_rows.c[name] for name in identity)).join(wanted, same)
        stored = read_frame(connection, query)
    found = heirs.reset_index(drop=True).merge(stored, on=identity, how="left")["id"]
    return [int(one) for one in found.to_numpy(dtype=np.int64)]
