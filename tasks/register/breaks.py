"""The register of breaks: records what a business date saw, and what people do about it, each in one transaction."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, func, insert, select, union_all, update

from tasks.adapters.store import exclusive
from tasks.domain.breaks import ALIVE, Break, State
from tasks.domain.message import Message, message
from tasks.register.break_rows import break_of, row_of
from tasks.register.life import Sighting, sightings_of
from tasks.register.quiet import Known, as_heard_again
from tasks.register.tables import OF_BREAK, break_events, break_sightings, breaks, runs

# Whoever reads a state to write its successor holds this, so that a run and a clerk never overwrite one another.
REGISTER = "register"
# As the tables hold them (tasks.register.tables).
NAME_CHARACTERS_MAX = 80
_CHUNK = 5000
_PREFIX_MIN = 4
# What no database keeps as text; a shell of another encoding gives such signs.
_UNKEPT = re.compile("[\x00\ud800-\udfff]")


class UnableToAct(Exception):
    """What was asked of a break cannot be done; `.message` is one line for people."""

    def __init__(self, why: Message) -> None:
        """Keep `why` for the reader's language."""
        super().__init__(why.key)
        self.message = why


@dataclass(frozen=True, slots=True)
class Done:
    """One act of a person on a break: what, by whom, why, when."""

    action: str
    who: str
    reason: str
    at: dt.datetime


def record(
    connection: Connection, flow: str, period: dt.date, seen: Sequence[Break], *, watched: bool = False
) -> tuple[Break, ...]:
    """Every break that `period` tells of (new, carried, resolved), by id, with its state and history recorded.

    `seen` are the causes that exist on `period`; their state, opened_on, since and owner are filled in here. Recording
    the same again changes nothing. Breaks written off on an earlier date and unchanged since are left out.
    An explained one whose explanation has ended is reopened, where explanations are `watched` also one whose figures
    are others since. Source: spec 01, life of a break.
    """
    exclusive(connection, REGISTER)
    now = {one.id: one for one in seen}
    known = _known(connection, now)
    before = _before(connection, flow, period, now, known)
    today = {row.break_id: _sighting(row) for row in _rows(connection, _at(flow, period))}
    before, today = (as_heard_again(period, now, known, one, watched=watched) for one in (before, today))
    told = sightings_of(period, now, before, today)
    gone = [break_id for break_id in told if break_id not in now]
    known |= _known(connection, gone)
    causes = now | _as_kept(connection, gone)
    result = tuple(_told(causes[break_id], known.get(break_id), sighting) for break_id, sighting in told.items())
    _keep(connection, flow, period, result, known)
    _keep_sightings(connection, flow, told.values(), today, {one.id: one.date for one in result})
    return result


def previous_period(connection: Connection, flow: str, period: dt.date) -> dt.date | None:
    """The newest business date before `period` that a run of `flow` has reported, or None."""
    newest = select(func.max(runs.c.period)).where(runs.c.flow == flow, runs.c.period < period)
    return connection.execute(newest).scalar()


def alive_before(
    connection: Connection, flow: str, period: dt.date, kinds: Collection[str] | None = None
) -> tuple[Break, ...]:
    """The breaks that were alive on the newest reported date before `period`, or that an earlier run of it told of.

    With `kinds`, those of these kinds alone.
    """
    told = union_all(*_alive_then(connection, flow, period), _alive_on(flow, period)).subquery()
    query = (
        select(breaks, told.c.since, told.c.state.label("then"))
        .join(told, told.c.break_id == breaks.c.id)
        .order_by(breaks.c.id, told.c.period)
    )
    if kinds is not None:
        query = query.where(breaks.c.kind.in_(sorted(kinds)))
    alive = {row.id: replace(break_of(row, row.since), state=row.then) for row in _rows(connection, query)}
    return tuple(alive.values())


def told_on(connection: Connection, ids: Iterable[str], before: dt.date) -> frozenset[str]:
    """Which of `ids` any business date earlier than `before` has told of."""
    told: set[str] = set()
    for chunk in _chunks(sorted(set(ids))):
        told |= set(
            connection.execute(select(breaks.c.id).where(breaks.c.id.in_(chunk), breaks.c.opened_on < before)).scalars()
        )
    return frozenset(told)


def last_states(connection: Connection, ids: Iterable[str], before: dt.date) -> dict[str, State]:
    """The state in which the last business date earlier than `before` left each of `ids` that any has told of."""
    states: dict[str, State] = {}
    for chunk in _chunks(sorted(set(ids))):
        query = (
            select(break_sightings.c.break_id, break_sightings.c.state)
            .join(breaks, OF_BREAK)
            .where(breaks.c.id.in_(chunk), break_sightings.c.period < before)
            .order_by(break_sightings.c.period)
        )
        states |= {row.break_id: row.state for row in _rows(connection, query)}
    return states


def listed(connection: Connection, flow: str | None, states: Iterable[State]) -> tuple[Break, ...]:
    """The breaks in one of `states`, oldest first; `flow` None means of every process."""
    query = select(breaks).where(breaks.c.state.in_(list(states))).order_by(breaks.c.opened_on, breaks.c.id)
    if flow is not None:
        query = query.where(breaks.c.flow == flow)
    return tuple(break_of(row, row.opened_on) for row in connection.execute(query))


def explanations(connection: Connection) -> dict[str, tuple[str, str, dt.date | None]]:
    """Who explained each break that stands explained, why and until when, by its id; the last word counts."""
    query = (
        select(break_events.c.break_id, break_events.c.who, break_events.c.reason, breaks.c.quiet_until)
        .join(breaks, breaks.c.id == break_events.c.break_id)
        .where(breaks.c.state == "explained", break_events.c.after == "explained")
        .order_by(break_events.c.id)
    )
    return {row.break_id: (row.who, row.reason, row.quiet_until) for row in connection.execute(query)}


def find(connection: Connection, name: str) -> Break:
    """The break whose id is `name` or begins with it (four characters at least).

    Raises UnableToAct for none or several.
    """
    if _UNKEPT.search(name):
        raise UnableToAct(message("register.no_such_break", id=name))
    rows = connection.execute(select(breaks).where(breaks.c.id.startswith(name, autoescape=True)).limit(2)).all()
    exact = [row for row in rows if row.id == name]
    if exact:
        return break_of(exact[0], exact[0].opened_on)
    if len(name) < _PREFIX_MIN or not rows:
        raise UnableToAct(message("register.no_such_break", id=name))
    if len(rows) > 1:
        raise UnableToAct(message("register.several_breaks", id=name))
    return break_of(rows[0], rows[0].opened_on)


def explain(connection: Connection, name: str, done: Done, until: dt.date | None = None) -> Break:
    """The break, explained from now on, up to and with the day `until` (None: without an end).

    Raises UnableToAct without a reason or where nothing is open.
    """
    one = acting_on(connection, name, done)
    _enter(connection, one, done, before=one.state, after="explained")
    connection.execute(update(breaks).where(breaks.c.id == one.id).values(quiet_until=until))
    return _set_state(connection, one, "explained")


def assign(connection: Connection, name: str, owner: str, done: Done) -> Break:
    """The break, owned by `owner` from now on; raises UnableToAct without owner or reason."""
    one = acting_on(connection, name, done)
    if not owner.strip():
        raise UnableToAct(message("register.no_owner", id=one.id))
    _check_name(owner, one.id)
    _enter(connection, one, done, before=one.owner, after=owner)
    connection.execute(update(breaks).where(breaks.c.id == one.id).values(owner=owner))
    return replace(one, owner=owner)


def write_off(connection: Connection, break_id: str, done: Done) -> Break:
    """The break, written off by an approval that was given; raises UnableToAct where nothing is open."""
    one = acting_on(connection, break_id, done)
    _enter(connection, one, done, before=one.state, after="written-off")
    return _set_state(connection, one, "written-off")


def acting_on(connection: Connection, name: str, done: Done) -> Break:
    """The break called `name`, held to the transaction's end; raises UnableToAct where `done` cannot be done to it."""
    exclusive(connection, REGISTER)
    one = find(connection, name)
    check_done(done, one.id)
    if one.state not in ALIVE:
        raise UnableToAct(message("register.not_open", id=one.id, state=message(f"register.state.{one.state}")))
    return one


def check_done(done: Done, name: str) -> None:
    """Raises UnableToAct where an act on what is called `name` lacks reason or name, or one that cannot be kept."""
    if not done.reason.strip():
        raise UnableToAct(message("register.no_reason", id=name))
    if not done.who.strip():
        raise UnableToAct(message("register.no_name", id=name))
    if _UNKEPT.search(done.reason):
        raise UnableToAct(message("register.unreadable", id=name))
    _check_name(done.who, name)


def _check_name(who: str, name: str) -> None:
    if _UNKEPT.search(who):
        raise UnableToAct(message("register.unreadable", id=name))
    if len(who) > NAME_CHARACTERS_MAX:
        raise UnableToAct(message("register.long_name", id=name, limit=NAME_CHARACTERS_MAX))


def _enter(connection: Connection, one: Break, done: Done, *, before: str, after: str) -> None:
    connection.execute(
        insert(break_events).values(
            break_id=one.id,
            at=done.at,
            who=done.who,
            action=done.action,
            reason=done.reason,
            before=before,
            after=after,
        )
    )


def _set_state(connection: Connection, one: Break, state: State) -> Break:
    connection.execute(update(breaks).where(breaks.c.id == one.id).values(state=state))
    own = (break_sightings.c.date == one.date) & (break_sightings.c.break_id == one.id)
    newest = select(func.max(break_sightings.c.period)).where(own).scalar_subquery()
    connection.execute(update(break_sightings).where(own, break_sightings.c.period == newest).values(state=state))
    return replace(one, state=state)


def _at(flow: str, period: dt.date) -> Select[Any]:
    return select(break_sightings).where(break_sightings.c.flow == flow, break_sightings.c.period == period)


def _alive_on(flow: str, period: dt.date) -> Select[Any]:
    """The sightings that found a break alive on `period`."""
    return _at(flow, period).where(break_sightings.c.state.in_(sorted(ALIVE)))


def _alive_then(connection: Connection, flow: str, period: dt.date) -> tuple[Select[Any], ...]:
    """The sightings that found a break alive when it was last told of before `period`; some stand in both.

    Those of the newest reported date, and those of breaks that only a belated run of an older date has found. Each is
    found by its own index, so that neither walks the history.
    """
    last = OF_BREAK & (breaks.c.last_period == break_sightings.c.period)
    alive = sorted(ALIVE)
    belated = (
        select(break_sightings)
        .join(breaks, last)
        .where(breaks.c.flow == flow, breaks.c.state.in_(alive), breaks.c.last_period < period)
        .where(break_sightings.c.state.in_(alive))
    )
    previous = previous_period(connection, flow, period)
    return (belated,) if previous is None else (_alive_on(flow, previous), belated)


def _before(
    connection: Connection, flow: str, period: dt.date, now: Mapping[str, Break], known: Mapping[str, Known]
) -> dict[str, Sighting]:
    alive = _alive_then(connection, flow, period)
    before = {row.break_id: _sighting(row) for one in alive for row in _rows(connection, one)}
    for chunk in _chunks(sorted((now.keys() & known.keys()) - before.keys())):
        query = (
            select(break_sightings)
            .join(breaks, OF_BREAK)
            .where(breaks.c.id.in_(chunk), break_sightings.c.period < period)
            .order_by(break_sightings.c.period)
        )
        for row in _rows(connection, query):
            before[row.break_id] = _sighting(row)
    return before


def _sighting(row: Row[Any]) -> Sighting:
    return Sighting(row.break_id, row.period, row.state, row.since)


def _known(connection: Connection, ids: Iterable[str]) -> dict[str, Known]:
    query = select(*(breaks.c[name] for name in Known._fields))
    return {
        row.id: Known._make(row)
        for chunk in _chunks(sorted(ids))
        for row in _rows(connection, query.where(breaks.c.id.in_(chunk)))
    }


def _as_kept(connection: Connection, ids: Iterable[str]) -> dict[str, Break]:
    return {
        row.id: break_of(row, row.last_period)
        for chunk in _chunks(sorted(ids))
        for row in _rows(connection, select(breaks).where(breaks.c.id.in_(chunk)))
    }


def _told(one: Break, known: Known | None, sighting: Sighting) -> Break:
    return replace(
        one,
        state=sighting.state,
        since=sighting.since,
        date=known.date if known else one.date,
        opened_on=min(known.opened_on, sighting.period) if known else sighting.period,
        owner=known.owner if known else one.owner,
    )


def _keep(
    connection: Connection, flow: str, period: dt.date, told: Sequence[Break], known: Mapping[str, Known]
) -> None:
    new = [row_of(one) | {"flow": flow, "last_period": period} for one in told if one.id not in known]
    if new:
        connection.execute(insert(breaks), new)
    latest = [one for one in told if one.id in known and known[one.id].last_period <= period]
    if latest:
        fields: dict[str, BindParameter[object]] = {
            name: bindparam(f"new_{name}") for name in (*row_of(latest[0]), "last_period") if name != "id"
        }
        rows = [
            {f"new_{name}": value for name, value in (row_of(one) | {"last_period": period}).items()} for one in latest
        ]
        connection.execute(update(breaks).where(breaks.c.id == bindparam("new_id")).values(fields), rows)
    for one in told:
        if one.id in known and known[one.id].last_period > period and one.opened_on < known[one.id].opened_on:
            connection.execute(update(breaks).where(breaks.c.id == one.id).values(opened_on=one.opened_on))


def _keep_sightings(
    connection: Connection,
    flow: str,
    told: Collection[Sighting],
    today: Mapping[str, Sighting],
    dates: Mapping[str, dt.date],
) -> None:
    rows = [
        {
            "date": dates[one.break_id],
            "break_id": one.break_id,
            "period": one.period,
            "flow": flow,
            "state": one.state,
            "since": one.since,
        }
        for one in told
    ]
    new = [row for row in rows if row["break_id"] not in today]
    if new:
        connection.execute(insert(break_sightings), new)
    for one in told:
        if one.break_id in today and today[one.break_id] != one:
            keys = break_sightings.c
            own = (keys.date == dates[one.break_id]) & (keys.break_id == one.break_id) & (keys.period == one.period)
            connection.execute(update(break_sightings).where(own).values(state=one.state, since=one.since))


def _rows(connection: Connection, query: Select[Any]) -> Sequence[Row[Any]]:
    # All at once: one by one each row is asked of the driver by itself, through four layers.
    return connection.execute(query).all()


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
