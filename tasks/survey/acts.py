"""What people do with a complaint case, a corrective action or a commendation, and what does not fit (spec 05).

Rows are mappings by the columns of CASES or MEASURES with days as dates or None; an act gives the columns that change,
or the sentence that says why it cannot be done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tasks.domain.message import Message, message

SORTS = ("valid", "help", "information", "venting")
"""What a complaint is: a valid one, or one that asks for help or information or only vents."""
Changes = dict[str, Any]
"""The columns that an act changes and what they are then."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did on the day `on`: `what` is one of the acts below, `today` the day on which it is said.

    `word` is the sort of a complaint; `note` what was done, or why something is withdrawn or taken up again.
    """

    what: str
    on: dt.date
    today: dt.date
    word: str = ""
    note: str = ""


def acted_on_case(row: Mapping[str, Any], act: Act) -> Changes | Message:
    """What `act` makes of a case, or why it does not fit; `row` as CASES.

    sort: says what kind of complaint it is (`word`); handle: says what was done (`note`), and may be said anew until
    the customer was called; call: that was done, which closes it; withdraw: it is none (`note` says why).
    """
    return _acted(_OF_CASES, row, act)


def acted_on_measure(row: Mapping[str, Any], act: Act) -> Changes | Message:
    """What `act` makes of a corrective action or a commendation, or why it does not fit; `row` as MEASURES.

    done: what the department did (`note`); verify: it helped, which closes it; reopen: it did not (`note`); give: the
    commendation was given; withdraw: there is no cause for it (`note` says why).
    """
    return _acted(_OF_MEASURES, row, act)


def _acted(
    acts: Mapping[str, Callable[[Mapping[str, Any], Act], Changes | Message]],
    row: Mapping[str, Any],
    act: Act,
) -> Changes | Message:
    if act.what not in acts:
        return message("survey_findings.unable.act", named=_named(row))
    if act.on > act.today:
        return message("survey_findings.unable.ahead", named=_named(row), day=act.on.isoformat())
    return acts[act.what](row, act)


def _sorted(row: Mapping[str, Any], act: Act) -> Changes | Message:
    if row["state"] not in _ALIVE:
        return _over(row)
    if act.word not in SORTS:
        return message("survey_findings.unable.sort", named=_named(row))
    return {"sort": act.word}


def _handled(row: Mapping[str, Any], act: Act) -> Changes | Message:
    if row["state"] not in _ALIVE:
        return _over(row)
    if not row["sort"]:
        return message("survey_findings.unable.unsorted", named=_named(row))
    if not act.note.strip():
        return message("survey_findings.unable.no_measure", named=_named(row))
    return {"state": "handled", "measure": act.note.strip(), "handled_on": act.on}


def _called(row: Mapping[str, Any], act: Act) -> Changes | Message:
    if row["state"] not in _ALIVE:
        return _over(row)
    if row["state"] != "handled":
        return message("survey_findings.unable.unhandled", named=_named(row))
    if act.on < row["handled_on"]:
        handled_on = row["handled_on"].isoformat()
        return message("survey_findings.unable.early", named=_named(row), day=act.on.isoformat(), handled_on=handled_on)
    return {"state": "closed", "called_on": act.on, "closed_on": act.on}


def _withdrawn(row: Mapping[str, Any], act: Act) -> Changes | Message:
    if row["state"] not in _ALIVE:
        return _over(row)
    if not act.note.strip():
        return message("survey_findings.unable.no_reason", named=_named(row))
    return {"state": "withdrawn", "measure": act.note.strip(), "closed_on": act.on}


def _done(row: Mapping[str, Any], act: Act) -> Changes | Message:
    if row["kind"] != "action":
        return message("survey_findings.unable.no_action", named=_named(row))
    if row["state"] != "open":
        return _over(row)
    if not act.note.strip():
        return message("survey_findings.unable.no_measure", named=_named(row))
    return {"state": "done", "reason": act.note.strip()}


def _verified(row: Mapping[str, Any], act: Act) -> Changes | Message:
    if row["kind"] != "action":
        return message("survey_findings.unable.no_action", named=_named(row))
    if row["state"] != "done":
        return _over(row) if row["state"] in _CLOSED else _undone(row)
    return {"state": "verified", "closed_on": act.on}


def _reopened(row: Mapping[str, Any], act: Act) -> Changes | Message:
    if row["kind"] != "action":
        return message("survey_findings.unable.no_action", named=_named(row))
    if row["state"] != "done":
        return _over(row) if row["state"] in _CLOSED else _undone(row)
    if not act.note.strip():
        return message("survey_findings.unable.no_reason", named=_named(row))
    return {"state": "open", "reason": act.note.strip()}


def _given(row: Mapping[str, Any], act: Act) -> Changes | Message:
    if row["kind"] != "commendation":
        return message("survey_findings.unable.no_commendation", named=_named(row))
    if row["state"] != "open":
        return _over(row)
    return {"state": "given", "closed_on": act.on}


def _measure_withdrawn(row: Mapping[str, Any], act: Act) -> Changes | Message:
    if row["state"] in _CLOSED:
        return _over(row)
    if not act.note.strip():
        return message("survey_findings.unable.no_reason", named=_named(row))
    return {"state": "withdrawn", "reason": act.note.strip(), "closed_on": act.on}


def _over(row: Mapping[str, Any]) -> Message:
    return message(
        "survey_findings.unable.over", named=_named(row), state=message(f"survey_findings.state.{row['state']}")
    )


def _named(row: Mapping[str, Any]) -> Message:
    """The case, the action or the commendation by its number."""
    if "case" in row:
        return message("survey_findings.named.case", number=row["case"])
    return message(f"survey_findings.named.{row['kind']}", number=row["number"])


def _undone(row: Mapping[str, Any]) -> Message:
    return message("survey_findings.unable.undone", named=_named(row))


_ALIVE = frozenset({"open", "handled"})
_CLOSED = frozenset({"verified", "given", "withdrawn"})
_OF_CASES = {"sort": _sorted, "handle": _handled, "call": _called, "withdraw": _withdrawn}
_OF_MEASURES = {
    "done": _done,
    "verify": _verified,
    "reopen": _reopened,
    "give": _given,
    "withdraw": _measure_withdrawn,
}
CASE_ACTS, MEASURE_ACTS = tuple(_OF_CASES), tuple(_OF_MEASURES)
