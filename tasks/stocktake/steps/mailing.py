"""Who is told of a count by mail: sheets to those who count, reminders, questions to those who decide, reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import Connection, select

from tasks.domain.message import Message, message
from tasks.domain.recipient import Recipient
from tasks.domain.report import Report
from tasks.domain.shaping import each
from tasks.domain.working_days import is_working_day, working_days_between
from tasks.intake.tables import departments, sites
from tasks.mail.addressing import mailboxes
from tasks.mail.outbox import OutboxMail
from tasks.mail.steps import queue_reports
from tasks.stocktake.facts import CountFacts
from tasks.stocktake.notices import question_notice, sheet_notice, sheet_reminder
from tasks.stocktake.steps.deciding import Waiting
from tasks.stocktake.steps.folders import count_folder
from tasks.stocktake.steps.ordering import Order

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Boxes:
    """The mailboxes of the masters by site and by department, as they were delivered; blank ones are left out."""

    sites: Mapping[str, str]
    departments: Mapping[str, str]


def mailboxes_of(connection: Connection) -> Boxes:
    """The mailboxes that the masters of sites and departments name."""
    of_sites = select(sites.c.site, sites.c.email).where(sites.c.email != "")
    of_departments = select(departments.c.department, departments.c.email).where(departments.c.email != "")
    return Boxes(
        {row[0]: row[1] for row in connection.execute(of_sites)},
        {row[0]: row[1] for row in connection.execute(of_departments)},
    )


def queue_sheets(connection: Connection, order: Order, count: str, sheets: pd.DataFrame) -> tuple[OutboxMail, ...]:
    """The mails that bring each sheet to its site, or a department's stores to the department; each goes once.

    `sheets`: number, site, department, round, due_on, file.
    """
    boxes = mailboxes_of(connection)
    notices = {
        f"sheet:{row.number}": (
            sheet_notice(count, row.number, pd.Timestamp(row.due_on).date(), row.file, recount=row.round > 0),
            _box_of(boxes, order, row.site, row.department),
        )
        for row in each(sheets)
    }
    return _queued(connection, order, f"{count_folder(count).as_posix()}/sheets", notices)


def queue_reminders(connection: Connection, order: Order, count: str, sheets: pd.DataFrame) -> tuple[OutboxMail, ...]:
    """The mails that remind of sheets still awaited: on the working day before the deadline and on the deadline.

    `sheets`: number, site, department, due_on, state.
    """
    boxes = mailboxes_of(connection)
    due = sheets["due_on"].dt.date
    soon = (due == order.today) | (due.map(_day_before) == order.today)
    notices = {
        f"remind:{row.number}:{order.today}": (
            sheet_reminder(count, row.number, pd.Timestamp(row.due_on).date(), order.today),
            _box_of(boxes, order, row.site, row.department),
        )
        for row in each(sheets[soon & (sheets["state"] == "awaited")])
    }
    return _queued(connection, order, count_folder(count).as_posix(), notices)


def queue_questions(
    connection: Connection, order: Order, facts: CountFacts, waiting: Sequence[Waiting]
) -> tuple[OutboxMail, ...]:
    """The mails that ask for each decision, and that remind of it every so many working days without an answer."""
    boxes = mailboxes_of(connection)
    notices: dict[str, tuple[Report, str]] = {}
    asked = {one.id: one for one in facts.decisions}
    for one in waiting:
        decision = asked[one.id]
        box = _decider(boxes, order, decision.department, decision.level)
        count, department, shown = facts.count.number, decision.department, one.question.shown
        notices[f"decide:{one.id}"] = (question_notice(count, department, one.id, shown, None), box)
        again = working_days_between(decision.asked_on, order.today) // order.policy.remind_working_days
        if again:
            reminder = question_notice(count, department, one.id, shown, decision.asked_on)
            notices[f"decide:{one.id}:{again}"] = (reminder, box)
    return _queued(connection, order, count_folder(facts.count.number).as_posix(), notices)


def queue_report(connection: Connection, order: Order, reports: Mapping[str, Report]) -> tuple[OutboxMail, ...]:
    """The mails of the report over all to the settings' readers, and of each department's to its mailbox too."""
    if not order.mail:
        return ()
    readers = list(order.readership.recipients)
    if order.mail_departments:
        boxes = mailboxes_of(connection).departments
        language = order.readership.language
        readers += [
            Recipient(address, "", language, (name,))
            for name in reports
            if name
            for address in mailboxes(boxes.get(name, ""))[0]
        ]
    number = reports[""].period
    queued = queue_reports(
        connection,
        reports,
        replace(order.readership, recipients=tuple(readers)),
        lambda name: count_folder(number, name).as_posix(),
        order.clock(),
    )
    return tuple(one for mails in queued.values() for one in mails)


def wrong_mailboxes(connection: Connection) -> Iterable[Message]:
    """What is said of mailboxes in the masters to which no mail can go."""
    boxes = mailboxes_of(connection)
    for name, text in sorted([*boxes.departments.items(), *boxes.sites.items()]):
        for wrong in mailboxes(text)[1]:
            yield message("stocktake.note.mailbox", name=name, text=wrong)


def _queued(
    connection: Connection, order: Order, lies_at: str, notices: Mapping[str, tuple[Report, str]]
) -> tuple[OutboxMail, ...]:
    if not order.mail:
        return ()
    language = order.readership.language
    readers = [
        Recipient(address, "", language, (key,)) for key, (_, box) in notices.items() for address in mailboxes(box)[0]
    ]
    queued = queue_reports(
        connection,
        {key: report for key, (report, _) in notices.items()},
        replace(order.readership, recipients=tuple(readers)),
        lambda _: lies_at,
        order.clock(),
    )
    return tuple(one for mails in queued.values() for one in mails)


def _box_of(boxes: Boxes, order: Order, site: str, department: str) -> str:
    if site:
        return boxes.sites.get(site, "") if order.mail_sites else ""
    return boxes.departments.get(department, "") if order.mail_departments else ""


def _decider(boxes: Boxes, order: Order, department: str, level: str) -> str:
    """The mailbox of whoever decides: the department's own, or that of the department that manages business."""
    if not order.mail_departments:
        return ""
    if level == "department":
        return boxes.departments.get(department, "")
    named = order.policy.management_department
    return next((box for name, box in sorted(boxes.departments.items()) if named and named in name), "")


def _day_before(day: dt.date) -> dt.date:
    before = day - _ONE_DAY
    while not is_working_day(before):
        before -= _ONE_DAY
    return before
