"""What mail does: queue the reports of a run, send everything that is due, tell the owner of failures."""

from tasks.mail.steps.alerting import Owner
from tasks.mail.steps.delivering import mail_objects, send_and_tell, send_due
from tasks.mail.steps.dispatching import Dispatched, dispatch
from tasks.mail.steps.office import PostOffice
from tasks.mail.steps.queueing import Readership, queue_reports

__all__ = [
    "Dispatched",
    "Owner",
    "PostOffice",
    "Readership",
    "dispatch",
    "mail_objects",
    "queue_reports",
    "send_and_tell",
    "send_due",
]
