"""What people are told by mail between the steps of a count: here is your sheet, it is due, an answer is wanted."""

from __future__ import annotations

import datetime as dt

from tasks.domain.message import Message
from tasks.domain.report import Report
from tasks.stocktake.report_parts import FLOW, word


def sheet_notice(count: str, number: str, due_on: dt.date, file: str, *, recount: bool) -> Report:
    """The mail that brings a count sheet to whoever counts; `file` lies below the home folder and goes with it."""
    kind = "recount" if recount else "sheet"
    return _notice(
        count,
        number,
        word(f"notice.{kind}", number=number, due=due_on.isoformat()),
        (word(f"notice.{kind}_next"), word("notice.return")),
        enclosed=file,
    )


def sheet_reminder(count: str, number: str, due_on: dt.date, today: dt.date) -> Report:
    """The mail that reminds of a sheet that has not come back, the day before its deadline and on it."""
    when = "today" if due_on == today else "tomorrow"
    return _notice(
        count, number, word(f"notice.due_{when}", number=number, due=due_on.isoformat()), (word("notice.return"),)
    )


def question_notice(count: str, department: str, approval: int, asked: Message, asked_on: dt.date | None) -> Report:
    """The mail that asks for a decision, or reminds of one that was asked for on `asked_on` and has no answer."""
    if asked_on is None:
        headline = word("notice.question", id=approval, asked=asked)
    else:
        headline = word("notice.question_again", id=approval, asked=asked, asked_on=asked_on.isoformat())
    return _notice(count, department, headline, (word("notice.answer", id=approval),))


def _notice(count: str, audience: str, headline: Message, steps: tuple[Message, ...], enclosed: str = "") -> Report:
    return Report(
        flow=FLOW,
        period=count,
        audience=audience,
        title=word("title"),
        subtitle=word("notice.subtitle", count=count, audience=audience),
        status="waiting",
        headline=headline,
        figures=(),
        charts=(),
        tables=(),
        next_steps=steps,
        notes=(),
        definitions=(),
        tone="warn",
        enclosed=enclosed,
    )
