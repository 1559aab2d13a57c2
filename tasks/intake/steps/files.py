"""The register of delivered files: each content once for each dataset, with what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, select, update

from tasks.adapters.inbox import HeldFile
from tasks.domain.message import Message
from tasks.intake.core import Delivery
from tasks.intake.steps.staging import inserted_id
from tasks.intake.tables import files

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


def known_contents(connection: Connection, dataset: str) -> dict[str, str]:
    """The content hashes of `dataset` that were read already, each with the name that it came under."""
    query = select(files.c.sha256, files.c.name).where(files.c.dataset == dataset, files.c.state == READ)
    return {row.sha256: row.name for row in connection.execute(query)}


def record_read(connection: Connection, parsed: Parsed, delivery: Delivery, arrival: Arrival) -> int:
    """The id of the file, now recorded as read, also when the same content was refused before."""
    return _record(
        connection,
        parsed,
        {
            "received_at": arrival.received_at,
            "state": READ,
            "reason": "",
            "period": period_of(delivery, arrival.received_at.date()),
            "site": delivery.site,
            "no_movement": delivery.no_movement,
            "archived_as": arrival.archived_as,
        },
    )


def record_refusal(connection: Connection, parsed: Parsed, reason: Message, arrival: Arrival) -> None:
    """Records that the whole file was refused, for which reason and where it lies."""
    values = {"received_at": arrival.received_at, "state": REFUSED, "reason": reason.to_json()}
    _record(connection, parsed, {**values, "archived_as": arrival.archived_as})


def period_of(delivery: Delivery, today: dt.date) -> dt.date | None:
    """The day that a delivery is for: the stated one, else its latest row's, else that of arrival; None for masters."""
    if delivery.stated_date is not None:
        return delivery.stated_date
    if "date" not in delivery.rows.columns:
        return None
    latest = delivery.rows["date"].max()
    return today if pd.isna(latest) else latest.date()


def _record(connection: Connection, parsed: Parsed, values: dict[str, object]) -> int:
    same = (files.c.dataset == parsed.dataset) & (files.c.sha256 == parsed.sha256)
    known = connection.execute(select(files.c.id).where(same)).scalar()
    chosen = {"name": parsed.name, "size": parsed.size, **values}
    if known is not None:
        connection.execute(update(files).values(**chosen).where(files.c.id == known))
        return int(known)
    return inserted_id(connection, files, {"dataset": parsed.dataset, "sha256": parsed.sha256, **chosen})
