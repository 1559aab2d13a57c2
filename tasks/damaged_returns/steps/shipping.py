"""Reads shipments with what each bears of its own freight or of the one that it names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pandas as pd
from sqlalchemy import Connection, and_, func, select

from tasks.adapters.store import read_frame
from tasks.damaged_returns.bearers import named_by, with_shares
from tasks.damaged_returns.shapes import shaped
from tasks.damaged_returns.steps.stores import pieces
from tasks.damaged_returns.tables import return_batches, return_boxes
from tasks.domain.keys import code_key
from tasks.intake.return_tables import shipments

_YEAR = dt.timedelta(days=365)
_MARK = "shipments:"


def shipments_lately(connection: Connection, as_of: dt.date, told: Collection[str], share_by: str) -> pd.DataFrame:
    """The frame `shipments` of what was sent in the last year, and of what the refs `told` still speak of.

    By day and number; freights are shared by `share_by`, volume or weight, of the batches.
    """
    parts = [read_frame(connection, select(shipments).where(shipments.c.date.between(as_of - _YEAR, as_of)))]
    older = sorted({code_key(ref.removeprefix(_MARK)) for ref in told if ref.startswith(_MARK)})
    parts += [_numbered(connection, some, as_of) for some in pieces(older)]
    return _with_shares(connection, pd.concat(parts, ignore_index=True), as_of, share_by)


def shipments_of(connection: Connection, batches: Collection[str], as_of: dt.date, share_by: str) -> pd.DataFrame:
    """The frame `shipments` of these batches (keys), as `shipments_lately` gives it."""
    query = select(shipments).where(shipments.c.batch_key.in_(list(batches)), shipments.c.date <= as_of)
    return _with_shares(connection, read_frame(connection, query), as_of, share_by)


def _numbered(connection: Connection, keys: Collection[str], as_of: dt.date) -> pd.DataFrame:
    return read_frame(connection, select(shipments).where(shipments.c.number_key.in_(keys), shipments.c.date <= as_of))


def _with_shares(connection: Connection, found: pd.DataFrame, as_of: dt.date, share_by: str) -> pd.DataFrame:
    """The shipments `found` with what each bears, all that share a freight with one of them having been looked at.

    What names another's freight is looked for within a year of what is found.
    """
    found = found.drop_duplicates("number_key")
    asked = found
    if len(found):
        first, last = (day.date() for day in (found["date"].min(), found["date"].max()))
        around = and_(shipments.c.cost.is_(None), shipments.c.date.between(first - _YEAR, min(last + _YEAR, as_of)))
        asked = _whole(connection, _joined(found, read_frame(connection, select(shipments).where(around))), as_of)
    weighed = asked.assign(weight=asked["batch_key"].map(_weights(connection, asked, share_by)).astype("Int64"))
    shared = with_shares(weighed.sort_values(["date", "number_key"], ignore_index=True))
    own = shared[shared["number_key"].isin(found["number_key"])]
    return shaped("shipments", own.assign(ref=_MARK + own["number"]))


def _whole(connection: Connection, asked: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """The shipments and all that they name, however far their references lead."""
    missing = named_by(asked)
    while missing:
        more = [_numbered(connection, some, as_of) for some in pieces(sorted(missing))]
        known = len(asked)
        asked = _joined(asked, *more)
        missing = named_by(asked[known:]) - set(asked["number_key"])
    return asked


def _joined(*parts: pd.DataFrame) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled or parts[:1], ignore_index=True).drop_duplicates("number_key", ignore_index=True)


def _weights(connection: Connection, asked: pd.DataFrame, share_by: str) -> dict[str, int]:
    """Volume or weight of the batches, by key, of shipments that may share; without one where a box has none."""
    if asked["cost"].notna().all():
        return {}
    batch, box = return_batches.c, return_boxes.c[share_by]
    found: dict[str, int] = {}
    for some in pieces(sorted(set(asked["batch_key"]) - {""})):
        query = (
            select(batch.batch_key, func.sum(box).label("size"))
            .join(return_boxes, return_boxes.c.batch == batch.batch)
            .where(batch.batch_key.in_(some))
            .group_by(batch.batch_key)
            .having(func.count() == func.count(box))
        )
        found |= {row.batch_key: int(row.size) for row in connection.execute(query)}
    return found
