"""Puts the reports of a run into the outbox, in the transaction of the result that they report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from tasks.adapters.speech import spoken
from tasks.domain.message import message
from tasks.domain.recipient import Recipient
from tasks.domain.report import Report
from tasks.domain.report_json import report_to_json
from tasks.mail.addressing import addressed
from tasks.mail.outbox import NewMail, OutboxMail, queue


@dataclass(frozen=True, slots=True)
class Readership:
    """Who reads the reports of a flow, the sender's domain, which ends the Message-IDs, and the house's language."""

    recipients: tuple[Recipient, ...]
    domain: str
    language: str


def queue_reports(
    connection: Connection,
    reports: Mapping[str, Report],
    readership: Readership,
    lies_at: Callable[[str], str],
    now: dt.datetime,
) -> dict[str, tuple[OutboxMail, ...]]:
    """The mails of each report as they stand in the outbox, by the report's key: "" is the one over all.

    `lies_at` gives the folder below home in which a report's files lie. A mail that stands there already, sent or not,
    is that one, so running again mails nobody twice.
    """
    packed: dict[str, str] = {}
    mails: dict[str, list[NewMail]] = {key: [] for key in reports}
    for key, recipient in addressed(reports, readership.recipients):
        content = packed.setdefault(key, "") or report_to_json(reports[key])
        packed[key] = content
        mails[key].append(_mail(key, reports[key], content, recipient, lies_at(key)))
    return {key: queue(connection, own, readership.domain, now) for key, own in mails.items()}


def _mail(key: str, report: Report, content: str, recipient: Recipient, lies_at: str) -> NewMail:
    subject = message("mail.subject", title=report.title, subtitle=report.subtitle, headline=report.headline)
    return NewMail(
        flow=report.flow,
        period=report.period,
        report=key,
        recipient=recipient.address,
        recipient_name=recipient.name,
        language=recipient.language,
        # A line break that came with a name from a workbook would break out of the head of the mail.
        subject=" ".join(spoken(subject, recipient.language).split()),
        content=content,
        lies_at=lies_at,
    )
