"""Who is told of the survey by mail: the readers whom the settings name, and each department."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection, select

from tasks.domain.message import Message, message
from tasks.domain.recipient import Recipient
from tasks.domain.report import Report
from tasks.intake.tables import departments
from tasks.mail.addressing import mailboxes
from tasks.mail.outbox import OutboxMail
from tasks.mail.steps import queue_reports
from tasks.survey.steps.folders import period_folder
from tasks.survey.steps.ordering import Order


def mailboxes_of(connection: Connection) -> dict[str, str]:
    """The mailboxes that the masters name, by department."""
    query = select(departments.c.department, departments.c.email).where(departments.c.email != "")
    return {row.department: row.email for row in connection.execute(query)}


def queue_report(
    connection: Connection, order: Order, boxes: Mapping[str, str], reports: Mapping[str, Report]
) -> tuple[OutboxMail, ...]:
    """The mails of the report over all to the settings' readers, and of each department's to its mailbox too."""
    if not order.mail:
        return ()
    readers = list(order.readership.recipients)
    if order.mail_departments:
        language = order.readership.language
        known = {(one.address, name) for one in readers for name in one.concerns}
        readers += [
            Recipient(address, "", language, (name,))
            for name in reports
            if name
            for address in mailboxes(boxes.get(name, ""))[0]
            if (address, name) not in known
        ]
    queued = queue_reports(
        connection,
        reports,
        replace(order.readership, recipients=tuple(readers)),
        lambda name: period_folder(order.period, name).as_posix(),
        order.clock(),
    )
    return tuple(one for mails in queued.values() for one in mails)


def mail_notes(boxes: Mapping[str, str]) -> Iterable[Message]:
    """What is said of mailboxes to which no mail can go."""
    for name, text in sorted(boxes.items()):
        for wrong in mailboxes(text)[1]:
            yield message("survey_desk.note.mailbox", name=name, text=wrong)
