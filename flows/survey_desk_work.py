"""What the desk of the survey does, for its commands and its forms: cases and measures worked on, listed, shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flows.command_line import said
from flows.desk_options import opened
from flows.listing import listing
from tasks.domain.message import Message, message
from tasks.survey.acts import Act
from tasks.survey.steps import act_on_case, act_on_measure, listed_cases, listed_measures

_CASE = ("case", "state", "sort", "due_on", "handled_by", "owner", "form", "customer", "name", "rating", "remark")
_MEASURE = ("number", "state", "period", "department", "measure", "due_on", "owner", "reason")
_NUMBERS = frozenset({"case", "number"})


def worked_on_cases(numbers: Sequence[int], act: Act, who: str) -> tuple[Message, ...]:
    """What is said of complaint cases that were worked on, all of them or none.

    Raises UnableToWork for the first that the act does not fit.
    """
    store, _, now = opened()
    with store.writing() as connection:
        for number in numbers:
            act_on_case(connection, number, act, who, now)
    return tuple(message(f"survey_desk.done.{act.what}", number=number) for number in numbers)


def worked_on_measures(numbers: Sequence[int], act: Act, who: str) -> tuple[Message, ...]:
    """The same of corrective actions and commendations."""
    store, _, now = opened()
    with store.writing() as connection:
        for number in numbers:
            act_on_measure(connection, number, act, who, now)
    return tuple(message(f"survey_desk.done_measure.{act.what}", number=number) for number in numbers)


def case_rows(department: str, *, every: bool) -> list[dict[str, object]]:
    """The complaint cases as objects, the most urgent first: those nobody has finished, or `every` one."""
    store, _, _ = opened()
    with store.reading() as connection:
        return listed_cases(connection, department, every=every)


def measure_rows(kind: str, *, every: bool) -> list[dict[str, object]]:
    """The corrective actions or commendations as objects, the oldest first: those still open, or `every` one."""
    store, _, _ = opened()
    with store.reading() as connection:
        return listed_measures(connection, kind, every=every)


def cases_in_words(rows: Sequence[Mapping[str, object]], *, whole: bool) -> str:
    """The cases as a table for a terminal, all or the first; one sentence when there are none."""
    return _in_words("cases", _CASE, rows, whole=whole)


def measures_in_words(kind: str, rows: Sequence[Mapping[str, object]], *, whole: bool) -> str:
    """The same of corrective actions or commendations."""
    return _in_words(kind, _MEASURE, rows, whole=whole)


def _in_words(kind: str, shown: Sequence[str], rows: Sequence[Mapping[str, object]], *, whole: bool) -> str:
    if not rows:
        return said(f"survey_desk.empty.{kind}")
    headings = [said(f"survey_desk.heading.{name}") for name in shown]
    states = "case_state" if kind == "cases" else "measure_state"
    cells = [[_cell(name, row[name], states) for name in shown] for row in rows]
    return listing(headings, cells, [name in _NUMBERS for name in shown], whole=whole)


def _cell(name: str, value: object, states: str) -> str:
    """A value as the reports word it."""
    if name == "period":
        return str(value)[:7]
    if name == "name" and not value:
        return said("survey_findings.overall")
    if name == "state":
        return said(f"survey_report.{states}.{value}")
    if name in ("sort", "measure", "rating") and value:
        return said(f"survey_report.{name}.{value}")
    return str(value) if value else "—"
