"""What people do about complaint cases, actions and commendations: kept with who, when, why and the state before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from tasks.adapters.store import exclusive
from tasks.domain.message import Message, message
from tasks.register.breaks import NAME_CHARACTERS_MAX
from tasks.survey.acts import Act, acted_on_case, acted_on_measure
from tasks.survey.masking import masked
from tasks.survey.steps.casebook import row_of
from tasks.survey.steps.ordering import FLOW
from tasks.survey.tables import survey_case_events, survey_cases, survey_measure_events, survey_measures

CASE_ACTS = ("sort", "handle", "call", "withdraw")
SORTS = ("valid", "help", "information", "venting")
_HIDDEN = ("item", "form_key", "question")
_WAITING = ("open", "handled")


class UnableToWork(Exception):
    """What was asked of a case, an action or a commendation cannot be done; `.message` is one line for people."""

    def __init__(self, why: Message) -> None:
        """Keep `why` for the reader's language."""
        super().__init__(why.key)
        self.message = why


@dataclass(frozen=True, slots=True)
class _Book:
    """Where one kind of thing stands that people work on, and what may become of it."""

    table: Table
    events: Table
    key: str
    acted: Callable[[Mapping[str, Any], Act], dict[str, Any] | Message]


_CASES = _Book(survey_cases, survey_case_events, "case", acted_on_case)
_MEASURES = _Book(survey_measures, survey_measure_events, "number", acted_on_measure)


def act_on_case(connection: Connection, number: int, act: Act, who: str, at: dt.datetime) -> None:
    """Does `act` to the complaint case of that number; raises UnableToWork where it does not fit."""
    _do(connection, _CASES, number, act, who, at)


def act_on_measure(connection: Connection, number: int, act: Act, who: str, at: dt.datetime) -> None:
    """Does `act` to the action or commendation of that number; raises UnableToWork where it does not fit."""
    _do(connection, _MEASURES, number, act, who, at)


def _do(connection: Connection, book: _Book, number: int, act: Act, who: str, at: dt.datetime) -> None:
    exclusive(connection, FLOW)
    if not who.strip() or len(who.strip()) > NAME_CHARACTERS_MAX:
        raise UnableToWork(message("survey_desk.no_name", limit=NAME_CHARACTERS_MAX))
    row = row_of(connection, book.table, number)
    if row is None:
        raise UnableToWork(message(f"survey_desk.none.{book.key}", number=number))
    changed = book.acted({**row, book.key: str(number)}, act)
    if isinstance(changed, Message):
        raise UnableToWork(changed)
    connection.execute(update(book.table).where(book.table.c[book.key] == number).values(changed))
    told = {
        book.key: number,
        "at": at,
        "who": who.strip(),
        "action": act.what,
        "reason": " ".join(filter(None, (act.word, act.note.strip()))),
        "before": row["state"],
        "after": changed.get("state", row["state"]),
    }
    connection.execute(insert(book.events).values(told))


def listed_cases(connection: Connection, department: str = "", *, every: bool = False) -> list[dict[str, object]]:
    """The complaint cases as objects, the most urgent first: those nobody has finished, or `every` one.

    With a `department`, those that it has to handle. What customers wrote stands there with personal data masked.
    """
    own = survey_cases.c
    query = select(survey_cases).order_by(own.due_on, own.case)
    if not every:
        query = query.where(own.state.in_(_WAITING))
    if department:
        query = query.where(own.handled_by == department)
    return [_object(row) for row in connection.execute(query).mappings()]


def listed_measures(connection: Connection, kind: str, *, every: bool = False) -> list[dict[str, object]]:
    """The actions or commendations as objects, the oldest first: those still open, or `every` one."""
    own = survey_measures.c
    query = select(survey_measures).where(own.kind == kind).order_by(own.period, own.number)
    if not every:
        query = query.where(own.state.in_(("open", "done")))
    return [_object(row) for row in connection.execute(query).mappings()]


def _object(row: Mapping[Any, Any]) -> dict[str, object]:
    shown = {name: value for name, value in row.items() if name not in _HIDDEN}
    for name, value in shown.items():
        if isinstance(value, dt.date):
            shown[name] = value.isoformat()
    if "remark" in shown:
        shown["remark"] = masked(str(shown["remark"]))
    return shown
