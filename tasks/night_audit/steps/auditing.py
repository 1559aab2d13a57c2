"""The audit of one business date from its evidence to its papers: preview, close, or say why not."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from tasks.adapters.speech import spoken
from tasks.adapters.store import Store, exclusive, open_store
from tasks.domain.amounts import money_text
from tasks.domain.breaks import Break
from tasks.domain.message import Message, message
from tasks.domain.report import Report, figure_values
from tasks.domain.report_json import report_from_json
from tasks.intake.hotel_tables import rooms
from tasks.intake.steps import INTAKE, rows_of_period
from tasks.mail.outbox import OutboxMail
from tasks.mail.steps import Readership, mail_objects, queue_reports
from tasks.night_audit.closing import Closing, Evidence, close_night, stopping_words
from tasks.night_audit.kinds import EVENTS
from tasks.night_audit.policy import Policy
from tasks.night_audit.report import FLOW, Told, item_words, night_report
from tasks.night_audit.steps.gathering import DATASETS, gather
from tasks.night_audit.steps.papers import Night, folder_of, papers_of_closed, papers_of_open
from tasks.night_audit.steps.sealing import begin_first, open_date, seal
from tasks.night_audit.steps.waiving import asking, nothing_to_pass, passing, waived_by, waivers
from tasks.night_audit.tables import night_audits
from tasks.night_audit.told import told_breaks
from tasks.register.approvals import Question, ask_once
from tasks.register.breaks import alive_before, record
from tasks.register.exceptions import exception_of
from tasks.register.runs import Run, record_run

REQUIRED = ("rooms", "room_types")
_ONE_DAY = dt.timedelta(days=1)
Summary = dict[str, object]


@dataclass(frozen=True, slots=True)
class Order:
    """Where the hotel's books lie, by which policy, for which readers; `today` is the calendar's day at the hotel.

    `headings` names the columns of folio in postings.csv, by column. `approvers` may pass what stops a close besides
    the operators with the right. `first_date` is the one with which a hotel begins; it counts until a date is closed.
    """

    home: Path
    database_url: str
    policy: Policy
    readership: Readership
    languages: tuple[str, ...]
    approvers: tuple[str, ...]
    headings: Mapping[str, str]
    today: dt.date
    clock: Callable[[], dt.datetime]
    mail: bool = True
    first_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit of a date found, and the sealed texts that its papers are made of."""

    summary: Summary
    report: Report | None
    postings: Sequence[Mapping[str, object]]
    already: bool = False


def audit(order: Order, date: dt.date) -> Summary:
    """The object of `--json` for the date, closed now if nothing stops it; all of it is kept or nothing.

    A date that is closed already says so and gets its papers if a crash left them out. A date after the open one, or
    one that the calendar has not left behind, is blocked.
    """
    store = open_store(order.database_url)
    return _with_papers(store, order, concluded(store, order, date))


def concluded(store: Store, order: Order, date: dt.date) -> Audited:
    """What the audit of the date came to, kept whole or not at all, before any paper is made of it."""
    with store.writing() as connection:
        exclusive(connection, FLOW)
        # A file that is kept while the date closes would be refused by the seal instead of being told.
        exclusive(connection, INTAKE)
        return _sealed(connection, date) or _audited(connection, order, date)


def preview(order: Order, date: dt.date) -> Summary:
    """The object of `--json` that the close of the date would give now; nothing is written."""
    with open_store(order.database_url).reading() as connection:
        done = _sealed(connection, date)
        if done:
            return done.summary | {"status": "already-done"}
        lacking = _lacking(connection, order, date, _open_date(connection, order, date))
        if lacking:
            return _refused(order, date, lacking)
        evidence = gather(connection, date, order.policy)
        closing, told = _judged(connection, order, evidence, record_breaks=False)
        report = night_report(closing, order.policy, told)
        summary = _summary(order, closing, told, report)
    return summary | {"postings": _posting_rows(closing)}


def question_to_pass(order: Order, date: dt.date) -> Question | None:
    """What people with the right are asked so that the blocked date may close; None where nobody can pass it."""
    with open_store(order.database_url).reading() as connection:
        closing, _ = _judged(connection, order, gather(connection, date, order.policy), record_breaks=False)
    return passing(closing.blocking, closing.books, order.approvers)


def has_rooms(connection: Connection) -> bool:
    """Whether rooms were ever delivered, so that there is a hotel to audit."""
    return connection.execute(select(rooms.c.room_key).limit(1)).first() is not None


def reprint(order: Order, date: dt.date) -> Summary:
    """The object of `--json` of a closed date, its papers written again as they were first made, byte for byte."""
    store = open_store(order.database_url)
    with store.reading() as connection:
        done = _sealed(connection, date)
    if done is None:
        return _refused(order, date, message("night_audit.not_closed", date=date.isoformat()))
    return _with_papers(store, order, done)


def dates_to_close(order: Order, asked: dt.date | None) -> tuple[dt.date, ...]:
    """The dates that a run closes, oldest first: from the open one to the one asked for.

    Nothing asked means the open date alone. A hotel that never closed one begins with the order's first date, else with
    the open one, else with the one asked for, else with yesterday.
    """
    with open_store(order.database_url).reading() as connection:
        begins = _open_date(connection, order, asked or order.today - _ONE_DAY)
    last = asked or begins
    if last <= begins:
        return (last,)
    return tuple(begins + _ONE_DAY * place for place in range((last - begins).days + 1))


def missed_dates(order: Order) -> tuple[dt.date, ...]:
    """Every date that the calendar has left behind and nobody closed, oldest first; empty when there is none.

    A hotel that never opened one begins as dates_to_close says.
    """
    with open_store(order.database_url).reading() as connection:
        opened = open_date(connection)
    if opened is None:
        return dates_to_close(order, None)
    return tuple(opened.date + _ONE_DAY * place for place in range((order.today - opened.date).days))


def _open_date(connection: Connection, order: Order, otherwise: dt.date) -> dt.date:
    """The open date; in a hotel that never closed one the order's first, and `otherwise` where none was ever opened."""
    opened = open_date(connection)
    if opened is None:
        return order.first_date or otherwise
    return order.first_date or opened.date if opened.first else opened.date


def _audited(connection: Connection, order: Order, date: dt.date) -> Audited:
    started = order.clock()
    opened = _open_date(connection, order, date)
    lacking = _lacking(connection, order, date, opened)
    if lacking:
        return Audited(_refused(order, date, lacking), None, ())
    begin_first(connection, opened, started)
    evidence = gather(connection, date, order.policy)
    closing, told = _judged(connection, order, evidence, record_breaks=True)
    report = night_report(closing, order.policy, told)
    mails: tuple[OutboxMail, ...] = ()
    if order.mail:
        folder = folder_of(date).as_posix()
        mails = queue_reports(connection, {"": report}, order.readership, lambda _: folder, started)[""]
    summary = _summary(order, closing, told, report) | {"mails": mail_objects(mails)}
    postings = _posting_rows(closing)
    if told.status == "completed":
        said = {"summary": summary, "postings": postings}
        seal(connection, closing, order.policy, report, said, order.clock())
        nothing_to_pass(connection, date, asking(order.languages[0], started))
    elif question := passing(closing.blocking, closing.books, order.approvers):
        ask_once(connection, question, asking(order.languages[0], started))
    figures = summary["figures"]
    assert isinstance(figures, dict)
    record_run(connection, Run(FLOW, date, told.status, started, order.clock(), figures))
    return Audited(summary, report, postings)


def _judged(connection: Connection, order: Order, evidence: Evidence, *, record_breaks: bool) -> tuple[Closing, Told]:
    date = evidence.books.as_of
    passed = waived_by(connection, date)
    closing = close_night(evidence, order.policy, passed)
    fresh = told_breaks([*closing.blocking, *closing.waived, *closing.findings], date)
    seen = (*fresh, *_unexplained(connection, date, {one.id for one in fresh}))
    breaks: tuple[Break, ...] = record(connection, FLOW, date, seen) if record_breaks else seen
    told = Told(
        status="completed" if closing.may_close else "blocked",
        breaks=breaks,
        nights=evidence.nights,
        waivers=waivers(closing.waived, passed),
        notes=tuple(_notes(closing)),
        rows=rows_of_period(connection, date, DATASETS),
    )
    return closing, told


def _unexplained(connection: Connection, date: dt.date, told: Collection[str]) -> list[Break]:
    """What happened on earlier dates, is not among `told` and was not explained by anybody yet."""
    alive = alive_before(connection, FLOW, date, EVENTS)
    return [one for one in alive if one.date < date and one.state != "explained" and one.id not in told]


def _notes(closing: Closing) -> list[Message]:
    """What was not checked because it was never delivered, said once."""
    absent = [name for name in DATASETS if name not in closing.books.delivered]
    return [message("night_audit.not_checked", dataset=message(f"night_audit.dataset.{name}")) for name in absent]


def _lacking(connection: Connection, order: Order, date: dt.date, opened: dt.date) -> Message | None:
    """Why the date cannot be audited at all."""
    if date > opened:
        return message("night_audit.not_open", date=date.isoformat(), open=opened.isoformat())
    if date < opened:
        return message("night_audit.before_first", date=date.isoformat(), open=opened.isoformat())
    if date >= order.today:
        return message("night_audit.too_early", date=date.isoformat(), today=order.today.isoformat())
    rows = rows_of_period(connection, date, REQUIRED)
    absent = [name for name in REQUIRED if not rows.get(name, {}).get("accepted")]
    if absent:
        return message("night_audit.no_rooms", datasets=", ".join(absent))
    return None


def _refused(order: Order, date: dt.date, why: Message) -> Summary:
    return {
        "flow": FLOW,
        "period": date.isoformat(),
        "status": "blocked",
        "rows": {},
        "figures": {},
        "exceptions": [],
        "reports": [],
        "mails": [],
        "stopping": [spoken(why, order.languages[0])],
    }


def _summary(order: Order, closing: Closing, told: Told, report: Report) -> Summary:
    date = closing.books.as_of
    blocked = [one.message for one in closing.blocking]
    return {
        "flow": FLOW,
        "period": date.isoformat(),
        "status": told.status,
        "rows": {name: dict(counts) for name, counts in told.rows.items()},
        "figures": dict(figure_values(report.figures)),
        "exceptions": [exception_of(one, date, order.languages[0]) for one in told.breaks],
        "reports": [],
        "mails": [],
        "stopping": [spoken(one, order.languages[0]) for one in (*stopping_words(closing), *blocked)],
    }


def _posting_rows(closing: Closing) -> list[dict[str, object]]:
    """The night's postings in the columns of folio, as texts (spec 06, step 13)."""
    date = closing.books.as_of.isoformat()
    return [
        {
            "number": row.number,
            "account": row.account,
            "date": date,
            "at": f"{date} 23:59:59",
            "item": item_words(row.item).to_json(),
            "amount": money_text(row.amount),
            "operator": FLOW,
            "remark": row.number,
        }
        for row in closing.postings
    ]


def _sealed(connection: Connection, date: dt.date) -> Audited | None:
    """What was sealed for a closed date; None for one that is not closed."""
    audits = night_audits.c
    row = connection.execute(
        select(audits.report, audits.said).where(audits.business_date == date, audits.closed_at.is_not(None))
    ).first()
    if row is None:
        return None
    said = json.loads(row.said)
    return Audited(said["summary"], report_from_json(row.report), said["postings"], already=True)


def _with_papers(store: Store, order: Order, audited: Audited) -> Summary:
    """The summary with its papers written; those of a closed date as they were first made."""
    if audited.report is None:
        return audited.summary
    night = Night(audited.report, audited.summary, audited.postings)
    if audited.summary["status"] == "completed":
        paths = papers_of_closed(store, night, order.home, order.languages, order.headings)
    else:
        paths = papers_of_open(night, order.home, order.languages)
    summary = audited.summary | {"reports": [path.as_posix() for path in paths]}
    return summary | {"status": "already-done"} if audited.already else summary
