"""The life of one serial on one page: taken down, packed, shipped, repaired, exchanged, scrapped (spec 03)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tasks.damaged_returns.outcomes import repair_cycles
from tasks.damaged_returns.report_parts import (
    FLOW,
    dated,
    drawn,
    number_or_none,
    word,
    yuan_or_none,
)
from tasks.damaged_returns.tracking import all_serials, events_until, tracked
from tasks.domain.amounts import money_text
from tasks.domain.message import Message, message
from tasks.domain.report import Figure, Report, Table
from tasks.domain.shaping import each

_PARTING = " · "


@dataclass(frozen=True, eq=False)
class SerialRecord:
    """All that is kept of one serial; frames by the names of `shapes`.

    `listed` is its line on the damaged-parts list, in a batch or not, `sealed` the parts of its batch (it is one of
    them), `batch_boxes` and `shipments` those of the batch. `events` are its own; `given_for` are events of other
    serials that came back as this one, `fitted` lines of the list that name it as the part that was put in. `cents`:
    what it bears of the batch's freight, None while that is not known.
    """

    serial: str
    serial_key: str
    listed: pd.DataFrame
    sealed: pd.DataFrame
    shipments: pd.DataFrame
    events: pd.DataFrame
    given_for: pd.DataFrame
    fitted: pd.DataFrame
    cents: int | None

    @property
    def known(self) -> bool:
        """Whether anything at all is kept of it."""
        return any(len(rows) for rows in (self.listed, self.events, self.given_for, self.fitted, self.sealed))


@dataclass(frozen=True, slots=True)
class _Moment:
    day: dt.date | None
    what: Message
    details: Message | None
    ref: str


def life_report(record: SerialRecord, as_of: dt.date) -> Report:
    """The page of one serial: where it is, what happened to it in order, its repairs, its links to other serials."""
    own = record.sealed[record.sealed["serial_key"] == record.serial_key]
    events = events_until(record.events, as_of)
    rows = tracked(all_serials(own, record.listed, events), record.shipments, events)
    state, since = _standing(record, rows)
    item = next((row for frame in (own, record.listed) for row in each(frame)), None)
    cycles = repair_cycles(events)
    return Report(
        flow=FLOW,
        period=as_of.isoformat(),
        audience="",
        title=word("life.title", serial=_spelling(record)),
        subtitle=_subtitle(item),
        status="completed",
        headline=word("life.headline", state=state, since=since),
        figures=tuple(_figures(record, events, cycles)),
        charts=(),
        tables=(_moments_table(record, own, events), _repairs_table(cycles)),
        next_steps=tuple(_links(record, events)) or (word("life.no_link"),),
        notes=(),
        definitions=(word("definition.balance"), word("definition.freight")),
    )


def _subtitle(item: Any) -> Message:
    if item is None:
        return word("life.no_record")
    told = filter(None, (item.item, item.item_name, item.site, item.department))
    return message("report.plain", text=_PARTING.join(told))


def _standing(record: SerialRecord, rows: pd.DataFrame) -> tuple[Message, str]:
    """Where the part is and since when: on its way, waiting for its batch, or a new part that nothing happened to."""
    if len(rows):
        return word(f"state.{rows['state'].iloc[0]}"), _day_of(rows["since"])
    if len(record.listed):
        registered = record.listed["registered_on"]
        return word("life.state.not_sent"), _day_of(registered)
    if len(record.fitted):
        return word("life.state.fitted"), _day_of(record.fitted["replaced_on"])
    return word("life.state.given"), _day_of(record.given_for["date"])


def _day_of(days: pd.Series[pd.Timestamp]) -> str:
    known = days.dropna()
    return known.iloc[0].date().isoformat() if len(known) else "—"


def _spelling(record: SerialRecord) -> str:
    """The number as it was delivered, which tells it better than what somebody typed to find it."""
    own = [frame["serial"] for frame in (record.listed, record.events)]
    own += [frame["new_serial"] for frame in (record.given_for, record.fitted)]
    return next((str(one.iloc[0]) for one in own if len(one)), record.serial)


def _figures(record: SerialRecord, events: pd.DataFrame, cycles: pd.DataFrame) -> Iterator[Figure]:
    yield Figure("life.repaired", "count", int((events["event"] == "repaired").sum()))
    yield Figure("life.sent", "count", len(cycles))
    yield Figure("life.repair_cost", "money", yuan_or_none(int(events["cost"].fillna(0).sum())))
    yield Figure("life.freight", "money", yuan_or_none(pd.NA if record.cents is None else record.cents))


def _moments_table(record: SerialRecord, own: pd.DataFrame, events: pd.DataFrame) -> Table:
    moments = [*_before(record), *_on_the_way(record, own), *_events(events)]
    # What bears no date stands first: it was there before anything that is dated.
    ordered = sorted(moments, key=lambda one: one.day or dt.date.min)
    rows = [(one.day, one.what, one.details, one.ref) for one in ordered]
    return drawn(
        "life", rows, ("day", "date", 12), ("what", "wording", 16), ("details", "wording", 28), ("ref", "text", 28),
        shown=200,
    )  # fmt: skip


def _before(record: SerialRecord) -> Iterator[_Moment]:
    for row in each(record.fitted):
        details = word("life.fitted", serial=row.serial, turbine=row.turbine, site=row.site)
        yield _Moment(dated(row.replaced_on), word("life.what.fitted"), details, row.ref)
    for row in each(record.given_for):
        details = word("life.given_for", serial=row.serial, maker=row.maker)
        yield _Moment(dated(row.date), word("life.what.given_for"), details, row.ref)
    for row in each(record.listed):
        by_person = word(f"life.by_person.{'yes' if row.by_person else 'no'}")
        told = {"turbine": row.turbine, "by": row.replaced_by, "cause": row.cause, "by_person": by_person}
        details = word("life.replaced", **told, new_serial=row.new_serial)
        yield _Moment(dated(row.replaced_on), word("life.what.replaced"), details, row.ref)
        registered = word("life.registered", site=row.site)
        yield _Moment(dated(row.registered_on), word("life.what.registered"), registered, row.ref)


def _on_the_way(record: SerialRecord, own: pd.DataFrame) -> Iterator[_Moment]:
    for row in each(own):
        details = word("life.packed", batch=row.batch, box=row.box, count=len(record.sealed))
        yield _Moment(dated(row.date), word("state.packed"), details, row.ref)
    for row in each(record.shipments):
        mode = message(f"returning.mode.{row.mode}")
        told = {"number": row.number, "mode": mode, "origin": row.origin, "destination": row.destination}
        details = word("life.shipped", **told, cost=row.freight)
        yield _Moment(dated(row.date), word("state.shipped"), details, row.ref)


def _events(events: pd.DataFrame) -> Iterator[_Moment]:
    for row in each(events):
        yield _Moment(dated(row.date), word(f"life.event.{row.event}"), _event_details(row), row.ref)


def _event_details(row: Any) -> Message | None:
    told = [row.maker]
    if not pd.isna(row.cost):
        told.append(money_text(row.cost))
    if row.event == "exchanged":
        return word("life.exchanged", new_serial=row.new_serial, maker=row.maker)
    text = _PARTING.join(filter(None, told))
    return message("report.plain", text=text) if text else None


def _repairs_table(cycles: pd.DataFrame) -> Table:
    rows = [
        (dated(row.sent_on), dated(row.ended_on), number_or_none(row.days), row.maker,
         word(f"life.event.{row.event}") if row.event else word("life.open"), yuan_or_none(row.cost))
        for row in each(cycles)
    ]  # fmt: skip
    return drawn(
        "repairs", rows, ("sent_on", "date", 12), ("ended_on", "date", 12), ("days", "count", 8),
        ("maker", "text", 16), ("outcome", "wording", 14), ("cost", "money", 12), shown=50,
    )  # fmt: skip


def _links(record: SerialRecord, events: pd.DataFrame) -> Iterable[Message]:
    exchanged = events[(events["event"] == "exchanged") & (events["new_serial"] != "")]
    for row in each(exchanged):
        yield word("life.link.exchanged", serial=row.new_serial)
    for row in each(record.given_for):
        yield word("life.link.given_for", serial=row.serial)
    for row in each(record.fitted):
        yield word("life.link.fitted", serial=row.serial)
    for row in each(record.listed[record.listed["new_serial"] != ""]):
        yield word("life.link.replaced_by", serial=row.new_serial)
