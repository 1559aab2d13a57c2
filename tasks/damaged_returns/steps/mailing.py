"""Who is told of the returns by mail: whoever receives a batch, its department, sites with gaps, readers of reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import Connection

from tasks.damaged_returns.batch_papers import advance_list, application_notice, has_application, repair_application
from tasks.damaged_returns.chasing import chased_sites, site_notice
from tasks.damaged_returns.facts import ReturnFacts
from tasks.damaged_returns.steps.batches import Kept
from tasks.damaged_returns.steps.folders import batch_folder, day_folder
from tasks.damaged_returns.steps.ordering import Order
from tasks.damaged_returns.steps.papers import application_file, packing_list_file
from tasks.domain.message import Message, message
from tasks.domain.recipient import Recipient
from tasks.domain.report import Report
from tasks.mail.addressing import mailboxes
from tasks.mail.outbox import OutboxMail
from tasks.mail.steps import queue_reports

# What the mails of a batch are called in the outbox, before its number.
BATCH_MAILS = ("advance", "application")


@dataclass(frozen=True, slots=True)
class Boxes:
    """The mailboxes of the masters by site and by department, as they were delivered; blank ones are left out."""

    sites: Mapping[str, str]
    departments: Mapping[str, str]


def mailboxes_of(masters: Mapping[str, pd.DataFrame]) -> Boxes:
    """The mailboxes that the masters of sites and departments name."""
    return Boxes(*({**_filled(masters[name], key)} for name, key in (("sites", "site"), ("departments", "department"))))


def _filled(master: pd.DataFrame, key: str) -> dict[str, str]:
    own = master[master["email"] != ""]
    return dict(zip(own[key], own["email"], strict=True))


def queue_batches(
    connection: Connection, order: Order, boxes: Boxes, batches: Sequence[Kept]
) -> tuple[OutboxMail, ...]:
    """The advance list and the repair application of each batch, each to whom it concerns and once."""
    queued: list[OutboxMail] = []
    for kept in batches:
        number = kept.papers.batch
        lies_at = batch_folder(kept.date, number).as_posix()
        advance, application = (f"{paper}:{number}" for paper in BATCH_MAILS)
        told = {advance: (advance_list(kept.papers, packing_list_file(kept)), _receivers(order, boxes))}
        if has_application(kept.papers) and order.mail_departments:
            box = boxes.departments.get(kept.papers.department, "")
            notice = application_notice(repair_application(kept.papers), application_file(kept))
            told[application] = (notice, mailboxes(box)[0])
        queued += _queued(connection, order, lies_at, told)
    return tuple(queued)


def queue_chasers(connection: Connection, order: Order, boxes: Boxes, facts: ReturnFacts) -> tuple[OutboxMail, ...]:
    """The mails that ask each site to complete the records that are held, when one is new and every few days after."""
    if not order.mail_sites:
        return ()
    told = {
        f"held:{site}": (site_notice(site, held, order.date.isoformat()), mailboxes(boxes.sites.get(site, ""))[0])
        for site, held in chased_sites(facts.still, order.date).items()
    }
    return _queued(connection, order, day_folder(order.date).as_posix(), told)


def queue_report(
    connection: Connection, order: Order, boxes: Boxes, reports: Mapping[str, Report]
) -> tuple[OutboxMail, ...]:
    """The mails of the report over all to the settings' readers, and of each department's to its mailbox too.

    The management department's mailbox gets the one over all, for it is told of what is twice overdue anywhere.
    """
    if not order.mail:
        return ()
    readers = list(order.readership.recipients)
    if order.mail_departments:
        language = order.readership.language
        readers += [
            Recipient(address, "", language, (name,))
            for name in reports
            if name
            for address in mailboxes(boxes.departments.get(name, ""))[0]
        ]
        overseers = _mailboxes_of(boxes, order.policy.management_department)
        known = {one.address for one in readers if not one.concerns}
        readers += [Recipient(address, "", language, ()) for address in overseers if address not in known]
    queued = queue_reports(
        connection,
        reports,
        replace(order.readership, recipients=tuple(readers)),
        lambda name: day_folder(order.date, name).as_posix(),
        order.clock(),
    )
    return tuple(one for mails in queued.values() for one in mails)


def mail_notes(order: Order, boxes: Boxes) -> Iterable[Message]:
    """What is said of mailboxes to which no mail can go, and where nobody is told of a batch ahead."""
    for name, text in sorted([*boxes.departments.items(), *boxes.sites.items()]):
        for wrong in mailboxes(text)[1]:
            yield message("waiting.note.mailbox", name=name, text=wrong)
    if order.mail and not _receivers(order, boxes):
        yield message("waiting.note.no_receiver")


def _receivers(order: Order, boxes: Boxes) -> tuple[str, ...]:
    """Who gets the advance lists: those named, else the mailbox of the production-management department."""
    if order.receivers:
        return order.receivers
    return _mailboxes_of(boxes, order.policy.production_department)


def _mailboxes_of(boxes: Boxes, named: str) -> tuple[str, ...]:
    """The mailboxes of the first department whose name holds `named`."""
    own = next((box for name, box in sorted(boxes.departments.items()) if named and named in name), "")
    return mailboxes(own)[0]


def _queued(
    connection: Connection, order: Order, lies_at: str, notices: Mapping[str, tuple[Report, tuple[str, ...]]]
) -> tuple[OutboxMail, ...]:
    if not order.mail:
        return ()
    language = order.readership.language
    readers = [Recipient(address, "", language, (key,)) for key, (_, to) in notices.items() for address in to]
    queued = queue_reports(
        connection,
        {key: report for key, (report, _) in notices.items()},
        replace(order.readership, recipients=tuple(readers)),
        lambda _: lies_at,
        order.clock(),
    )
    return tuple(one for mails in queued.values() for one in mails)
