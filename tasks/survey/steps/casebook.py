"""Complaint cases, actions and commendations as they are kept, each change with who, when and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from hashlib import blake2b
from typing import Any

import pandas as pd
from sqlalchemy import BindParameter, Connection, Table, bindparam, func, insert, select, update

from tasks.adapters.store import read_frame, write_frame
from tasks.domain.shaping import shaped
from tasks.survey.shapes import CASES, MEASURES
from tasks.survey.tables import survey_case_events, survey_cases, survey_measure_events, survey_measures

PROGRAM = "daybook"
"""Who a change is by that no person made."""
_OF_CASE = ("form_key", "question", "period")
_OF_MEASURE = ("kind", "department", "period", "measure")
_SHARES = ("value", "target")


def kept_cases(connection: Connection) -> pd.DataFrame:
    """Every case, whatever became of it, as CASES, in the order of their numbers."""
    found = read_frame(connection, select(survey_cases).order_by(survey_cases.c.case))
    return shaped(CASES, found.assign(case=found["case"].astype("str")))


def kept_measures(connection: Connection) -> pd.DataFrame:
    """Every action and commendation as MEASURES, in the order of their numbers."""
    found = read_frame(connection, select(survey_measures).order_by(survey_measures.c.number))
    shares = {name: [Fraction(text) if text else None for text in found[name].tolist()] for name in _SHARES}
    own = {name: pd.Series(values, index=found.index, dtype=object) for name, values in shares.items()}
    return shaped(MEASURES, found.assign(number=found["number"].astype("str"), **own))


def case_events_since(connection: Connection, since: dt.datetime) -> pd.DataFrame:
    """What runs did to cases since then: case, act; each once."""
    return _events_since(connection, survey_case_events, "case", since)


def measure_events_since(connection: Connection, since: dt.datetime) -> pd.DataFrame:
    """The same of actions and commendations: number, act."""
    return _events_since(connection, survey_measure_events, "number", since)


def _events_since(connection: Connection, events: Table, key: str, since: dt.datetime) -> pd.DataFrame:
    own = events.c
    query = select(own[key], own.action.label("act")).where(own.who == PROGRAM, own.at >= since).order_by(own.id)
    found = read_frame(connection, query).drop_duplicates()
    return found.assign(**{key: found[key].astype("str")})


def keep_cases(
    connection: Connection, before: pd.DataFrame, after: pd.DataFrame, events: pd.DataFrame, at: dt.datetime
) -> pd.DataFrame:
    """`after`, the new ones numbered, with what `events` says of them kept since `before`."""
    if events.empty:
        return after
    numbered = after.assign(case=_numbers(connection, survey_cases, after["case"]))
    items = [blake2b(text.encode(), digest_size=16).hexdigest() for text in numbered["question"].tolist()]
    rows = numbered.assign(item=pd.Series(items, index=numbered.index, dtype="str"), case=_whole(numbered["case"]))
    _keep(connection, (survey_cases, survey_case_events, "case"), rows, _changes(_OF_CASE, before, rows, events), at)
    return numbered


def keep_measures(
    connection: Connection, before: pd.DataFrame, after: pd.DataFrame, events: pd.DataFrame, at: dt.datetime
) -> pd.DataFrame:
    """The same of actions and commendations."""
    if events.empty:
        return after
    numbered = after.assign(number=_numbers(connection, survey_measures, after["number"]))
    texts = {name: ["" if one is None else str(one) for one in numbered[name].tolist()] for name in _SHARES}
    own = {name: pd.Series(values, index=numbered.index, dtype="str") for name, values in texts.items()}
    rows = numbered.assign(number=_whole(numbered["number"]), **own)
    changes = _changes(_OF_MEASURE, before, rows, events)
    _keep(connection, (survey_measures, survey_measure_events, "number"), rows, changes, at)
    return numbered


def _numbers(connection: Connection, table: Table, given: pd.Series) -> pd.Series:
    """The numbers of all; those without get the next ones in their order."""
    key = next(iter(table.primary_key.columns))
    last = connection.execute(select(func.max(key))).scalar() or 0
    fresh = given == ""
    return given.where(~fresh, (fresh.cumsum() + int(last)).astype("str")).astype("str")


def _whole(numbers: pd.Series) -> pd.Series:
    return numbers.astype("int64")


def _changes(keys: Sequence[str], before: pd.DataFrame, rows: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """The events beside the place of their row, its state before and after; new rows had none."""
    places = rows[[*keys, "state"]].assign(place=range(len(rows))).rename(columns={"state": "after"})
    states = before[[*keys, "state"]].rename(columns={"state": "before"})
    found = events[[*keys, "act"]].merge(places, on=list(keys), how="left").merge(states, on=list(keys), how="left")
    return found.assign(before=found["before"].fillna(""))


def _keep(
    connection: Connection, where: tuple[Table, Table, str], rows: pd.DataFrame, changes: pd.DataFrame, at: dt.datetime
) -> None:
    table, events, key = where
    own = rows[[name for name in rows.columns if name in table.c]]
    new = changes["before"] == ""
    write_frame(connection, table, own.iloc[sorted(set(changes.loc[new, "place"].tolist()))])
    again = own.iloc[sorted(set(changes.loc[~new, "place"].tolist()))]
    if len(again):
        fields: dict[str, BindParameter[object]] = {
            name: bindparam(f"new_{name}") for name in again.columns if name != key
        }
        values = [{f"new_{name}": _plain(value) for name, value in row.items()} for row in again.to_dict("records")]
        connection.execute(update(table).where(table.c[key] == bindparam(f"new_{key}")).values(fields), values)
    told = [
        {key: number, "at": at, "who": PROGRAM, "action": act, "reason": "", "before": before, "after": after}
        for number, act, before, after in zip(
            rows[key].iloc[changes["place"].tolist()].tolist(),
            *(changes[name].tolist() for name in ("act", "before", "after")),
            strict=True,
        )
    ]
    connection.execute(insert(events), told)


def _plain(value: Any) -> Any:
    if value is pd.NaT:
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def row_of(connection: Connection, table: Table, number: int) -> Mapping[str, Any] | None:
    """One case or measure by its number, its days as dates; None where there is none."""
    key = next(iter(table.primary_key.columns))
    found = connection.execute(select(table).where(key == number)).mappings().first()
    return None if found is None else dict(found)
