"""Gathers what was delivered for one period, in the frames of `shapes`; None for a dataset that never came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd
from sqlalchemy import Connection, Select, Table, or_, select

from tasks.adapters.store import read_frame
from tasks.domain.message import Message, message
from tasks.domain.shaping import shaped
from tasks.intake.survey_tables import dispatches, followups, responses, survey_layouts
from tasks.intake.tables import departments, files
from tasks.survey.material import Material
from tasks.survey.shapes import DISPATCHES, FOLLOWUPS, LAYOUTS, RESPONSES

DATASETS = {"responses": responses, "dispatches": dispatches, "followups": followups}
_SPACES = r"\s+"
_NAMED_MAX = 5


def gather(connection: Connection, first: dt.date, last: dt.date, known_on: dt.date, there: frozenset[str]) -> Material:
    """Everything of the period from `first` to `last`; `there` are the datasets that were ever delivered."""
    rows = _responses(connection, first, last)
    layouts = select(survey_layouts).where(survey_layouts.c.layout.in_(sorted(set(rows["layout"]))))
    return Material(
        first=first,
        last=last,
        known_on=known_on,
        responses=rows,
        layouts=shaped(LAYOUTS, read_frame(connection, layouts)),
        dispatches=_dispatches(connection, first, last) if "dispatches" in there else None,
        followups=_followups(connection, first, last) if "followups" in there else None,
        members=_members(connection, first, last),
    )


def delivered(connection: Connection) -> frozenset[str]:
    """Which of the datasets were ever delivered, if only as an empty sheet."""
    return frozenset(
        name
        for name in DATASETS
        if connection.execute(
            select(files.c.id).where(files.c.dataset == name, files.c.state == "read").limit(1)
        ).first()
    )


def counted_twice(connection: Connection, first: dt.date, last: dt.date) -> list[Message]:
    """What is said of forms that stand in another period too, with the same number, customer and day of return."""
    own, other = responses.c, responses.alias().c
    elsewhere = or_(other.counted_in < first, other.counted_in > last)
    same = [
        other.form_key == own.form_key,
        other.customer_key == own.customer_key,
        other.returned_on == own.returned_on,
    ]
    query = select(own.form).where(own.counted_in >= first, own.counted_in <= last)
    forms = connection.execute(query.where(select(other.form_key).where(*same, elsewhere).exists()).distinct())
    names = sorted(forms.scalars())
    more = "…" if len(names) > _NAMED_MAX else ""
    listed = "、".join(names[:_NAMED_MAX]) + more
    return [message("survey_desk.note.counted_twice", count=len(names), forms=listed)] if names else []


def clerks_of(connection: Connection) -> dict[str, str]:
    """Who answers for each department of the masters."""
    return {row.department: row.clerk for row in connection.execute(select(departments))}


def calls_since(connection: Connection, day: dt.date) -> pd.DataFrame:
    """The follow-up calls made on `day` or later, whatever the day of their service, as FOLLOWUPS."""
    return _called(connection, _with_files(followups).where(followups.c.called_on >= day))


def _with_files(table: Table) -> Select[tuple[object, ...]]:
    columns = [column for column in table.c if column.name != "file_id"]
    return select(*columns, files.c.name.label("file")).join(files, files.c.id == table.c.file_id)


def _responses(connection: Connection, first: dt.date, last: dt.date) -> pd.DataFrame:
    own = responses.c
    query = _with_files(responses).where(own.counted_in >= first, own.counted_in <= last)
    found = read_frame(connection, query.order_by(own.delivered))
    again = found.groupby("form_key", sort=False).cumcount() + 1
    later = (":" + again.astype("str")).where(again > 1, "")
    return shaped(RESPONSES, found.assign(ref=_ref("responses", found, ["form"]) + later))


def _dispatches(connection: Connection, first: dt.date, last: dt.date) -> pd.DataFrame:
    """The forms sent that came back in the period, and those sent within it that never did.

    A house may begin its numbers anew: of several forms sent under one number the last one before the period's end
    came back, and one that came back later was not this one where another was sent since.
    """
    own, returned, other = dispatches.c, responses.c, dispatches.alias().c
    came = select(returned.form_key).where(returned.counted_in >= first, returned.counted_in <= last)
    since = select(other.form_key).where(other.form_key == own.form_key, other.sent_on > last).exists()
    later = select(returned.form_key).where(returned.form_key == own.form_key, returned.counted_in > last).exists()
    lost = (own.sent_on >= first) & (since | ~later)
    query = _with_files(dispatches).where(own.sent_on <= last, or_(own.form_key.in_(came), lost))
    found = read_frame(connection, query.order_by(own.sent_on, own.form_key)).drop_duplicates("form_key", keep="last")
    return shaped(DISPATCHES, found.assign(ref=_ref("dispatches", found, ["form"])))


def _followups(connection: Connection, first: dt.date, last: dt.date) -> pd.DataFrame:
    own = followups.c
    return _called(connection, _with_files(followups).where(own.service_on >= first, own.service_on <= last))


def _called(connection: Connection, query: Select[tuple[object, ...]]) -> pd.DataFrame:
    own = followups.c
    found = read_frame(connection, query.order_by(own.service_on, own.customer_key))
    day = found["service_on"].dt.strftime("%Y-%m-%d").astype("str")
    return shaped(FOLLOWUPS, found.assign(ref=_ref("followups", found.assign(day=day), ["customer", "day"])))


def _members(connection: Connection, first: dt.date, last: dt.date) -> pd.DataFrame:
    own = followups.c
    served = select(own.customer_key).where(own.service_on >= first, own.service_on <= last)
    frames = []
    for table in (dispatches, responses):
        said = select(table.c.customer, table.c.customer_key, table.c.department, table.c.member)
        query = said.where(table.c.member != "", table.c.customer_key.in_(served)).distinct()
        frames.append(read_frame(connection, query.order_by(table.c.customer_key, table.c.department, table.c.member)))
    return shaped(DISPATCHES, pd.concat(frames, ignore_index=True))


def _ref(dataset: str, rows: pd.DataFrame, names: Sequence[str]) -> pd.Series[str]:
    """How people find a row; names of rows are joined by spaces, so none stands within one."""
    text = pd.Series(dataset, index=rows.index, dtype="str")
    for name in names:
        text = text + ":" + rows[name].str.replace(_SPACES, "", regex=True)
    return text
