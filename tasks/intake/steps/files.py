"""The register of delivered files: each content once for each dataset, with what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from tasks.adapters.inbox import HeldFile
from tasks.domain.message import Message
from tasks.intake.core import Delivery
from tasks.intake.row_keys import KEYS
from tasks.intake.tables import changes, files

READ, REFUSED = "read", "refused"


@dataclass(frozen=True, slots=True)
class Parsed:
    """One content and what was read from it: a delivery, or the reason why the whole of it is refused."""

    dataset: str
    name: str
    sha256: str
    size: int
    held: HeldFile | None
    delivery: Delivery | None
    refusal: Message | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a file arrived (in the business zone) and where it lies below the home folder."""

    received_at: dt.datetime
    archived_as: str


def known_contents(connection: Connection, dataset: str, contents: Collection[str]) -> dict[str, str]:
    """Those of the content hashes `contents` of `dataset` that were read already, with the name each came under."""
    query = select(files.c.sha256, files.c.name).where(
        files.c.dataset == dataset, files.c.sha256.in_(contents), files.c.state == READ
    )
    return {row.sha256: row.name for row in connection.execute(query)}


def overtaken(connection: Connection, dataset: str, content: str) -> bool:
    """Whether files read after the one of the content hash `content` changed values of `dataset`, so that theirs stand.

    Systems and sites send whole tables: one that comes back to an earlier state gives an earlier content, which is a
    repeat and brings nothing back (spec 10).
    """
    own = select(files.c.id).where(files.c.dataset == dataset, files.c.sha256 == content).scalar_subquery()
    since = select(changes.c.id).where(changes.c.dataset == dataset, changes.c.file_id > own).limit(1)
    return dataset in KEYS and connection.execute(since).first() is not None


def record_read(connection: Connection, read: Sequence[tuple[Parsed, Delivery, Arrival]]) -> list[int]:
    """The ids of the files of one dataset, in the order given, now recorded as read, also those refused before."""
    shas = [parsed.sha256 for parsed, _, _ in read]
    refused = select(files.c.sha256).where(files.c.dataset == read[0][0].dataset, files.c.sha256.in_(shas))
    known = set(connection.execute(refused).scalars())
    values = [_values(parsed, _as_read(delivery, arrival)) for parsed, delivery, arrival in read]
    for again in values:
        if again["sha256"] in known:
            connection.execute(update(files).values(**again).where(_same(again)))
    new = [one for one in values if one["sha256"] not in known]
    if new:
        connection.execute(insert(files), new)
    stored = select(files.c.sha256, files.c.id).where(files.c.dataset == read[0][0].dataset, files.c.sha256.in_(shas))
    ids = {row.sha256: int(row.id) for row in connection.execute(stored)}
    return [ids[sha] for sha in shas]


def record_refusal(connection: Connection, parsed: Parsed, reason: Message, arrival: Arrival) -> None:
    """Records that the whole file was refused, for which reason and where it lies."""
    refused = {"received_at": arrival.received_at, "state": REFUSED, "reason": reason.to_json()}
    values = _values(parsed, {**refused, "archived_as": arrival.archived_as})
    if connection.execute(update(files).values(**values).where(_same(values))).rowcount == 0:
        connection.execute(insert(files).values(**values))


def period_of(delivery: Delivery, today: dt.date) -> dt.date | None:
    """The day that a delivery is for: the stated one, else its latest row's, else that of arrival; None for masters."""
    if delivery.stated_date is not None:
        return delivery.stated_date
    if "date" not in delivery.rows.columns:
        return None
    latest = delivery.rows["date"].max()
    return today if pd.isna(latest) else latest.date()


def _values(parsed: Parsed, more: dict[str, object]) -> dict[str, object]:
    return {"dataset": parsed.dataset, "sha256": parsed.sha256, "name": parsed.name, "size": parsed.size, **more}


def _as_read(delivery: Delivery, arrival: Arrival) -> dict[str, object]:
    return {
        "received_at": arrival.received_at,
        "state": READ,
        "reason": "",
        "period": period_of(delivery, arrival.received_at.date()),
        "site": delivery.site,
        "no_movement": delivery.no_movement,
        "archived_as": arrival.archived_as,
    }


def _same(values: dict[str, object]) -> ColumnElement[bool]:
    return and_(files.c.dataset == values["dataset"], files.c.sha256 == values["sha256"])
