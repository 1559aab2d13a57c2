"""Who gets the reports of a business date by mail: the settings' readers, each department, each site its own sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from tasks.domain.message import Message, message
from tasks.domain.recipient import Recipient
from tasks.domain.report import Report
from tasks.intake.tables import departments, sites
from tasks.mail.addressing import mailboxes
from tasks.mail.outbox import OutboxMail
from tasks.mail.steps import Readership, queue_reports
from tasks.stock_ledger.steps.folders import report_folder, site_page

# Tells the report of a site from that of a department with the same name.
_SITE = "site:"


@dataclass(frozen=True, slots=True)
class Mailing:
    """Whose mail a run queues: the readers of the settings and, where wanted, the mailboxes that the masters name.

    With a `department` only what concerns it and its sites is mailed; without `wanted` nothing is.
    """

    readership: Readership
    departments: bool
    sites: bool
    department: str = ""
    wanted: bool = True


# The mails of a date by the department whose report they bring; under "" every mail of the date.
Mailed = dict[str, tuple[OutboxMail, ...]]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a date: the report of each department, under "" the one over all, and the page of each site."""

    as_of: dt.date
    reports: Mapping[str, Report]
    pages: Mapping[str, Report]


def queue_day(connection: Connection, mailing: Mailing, told: Told, now: dt.datetime) -> Mailed:
    """The mails that tell of a date, in the outbox: each department's report, and to each site its own sheet.

    The pages are those of the run's own scope. What stands in the outbox already is not queued again.
    """
    if not mailing.wanted:
        return dict.fromkeys(told.reports, ())
    own = {name: report for name, report in told.reports.items() if mailing.department in ("", name)}
    boxes = _mailboxes(connection)
    at = {name: report_folder(told.as_of, name).as_posix() for name in own}
    readers = list(mailing.readership.recipients)
    if mailing.departments:
        readers += _readers({name: text for name, text in boxes.departments.items() if name in own}, mailing)
    if mailing.sites:
        own |= {_SITE + site: page for site, page in told.pages.items()}
        at |= {_SITE + site: site_page(told.as_of, site).as_posix() for site in told.pages}
        readers += _readers({_SITE + site: boxes.sites.get(site, "") for site in told.pages}, mailing)
    queued = queue_reports(connection, own, replace(mailing.readership, recipients=tuple(readers)), at.__getitem__, now)
    everything = tuple(one for mails in queued.values() for one in mails)
    return {name: queued.get(name, ()) if name else everything for name in told.reports}


def wrong_mailboxes(connection: Connection) -> Iterable[Message]:
    """What is said of mailboxes in the masters to which no mail can go."""
    boxes = _mailboxes(connection)
    for name, text in sorted([*boxes.departments.items(), *boxes.sites.items()]):
        for wrong in mailboxes(text)[1]:
            yield message("stock_ledger.note.mailbox", name=name, text=wrong)


def _readers(boxes: Mapping[str, str], mailing: Mailing) -> list[Recipient]:
    """A reader for each address of each mailbox, whom the report of the mailbox's name concerns."""
    language = mailing.readership.language
    return [Recipient(address, "", language, (name,)) for name, text in boxes.items() for address in mailboxes(text)[0]]


@dataclass(frozen=True, slots=True)
class _Mailboxes:
    """What stands as mailbox in the masters, by department and by site; the blank ones are left out."""

    departments: dict[str, str]
    sites: dict[str, str]


def _mailboxes(connection: Connection) -> _Mailboxes:
    """The mailboxes of departments and sites as they were delivered."""
    of_departments = select(departments.c.department, departments.c.email).where(departments.c.email != "")
    of_sites = select(sites.c.site, sites.c.email).where(sites.c.email != "")
    return _Mailboxes(
        {row[0]: row[1] for row in connection.execute(of_departments.order_by(departments.c.department))},
        {row[0]: row[1] for row in connection.execute(of_sites.order_by(sites.c.site))},
    )
