"""What the night audit does: sweep, close, preview, reprint, restore, verify."""

from tasks.night_audit.steps.auditing import (
    Audited,
    Order,
    concluded,
    dates_to_close,
    has_rooms,
    missed_dates,
    question_to_pass,
)
from tasks.night_audit.steps.given_up import GivenUp, given_up
from tasks.night_audit.steps.holding import Deposit, deposits_held
from tasks.night_audit.steps.night import close, printed_again, receive, show, shown_before, swept
from tasks.night_audit.steps.sealing import open_date
from tasks.night_audit.steps.sweeping import UnableToRestore, restore
from tasks.night_audit.steps.verifying import verify_nights
from tasks.night_audit.steps.waiving import asking_reason

__all__ = [
    "Audited",
    "Deposit",
    "GivenUp",
    "Order",
    "UnableToRestore",
    "asking_reason",
    "close",
    "concluded",
    "dates_to_close",
    "deposits_held",
    "given_up",
    "has_rooms",
    "missed_dates",
    "open_date",
    "printed_again",
    "question_to_pass",
    "receive",
    "restore",
    "show",
    "shown_before",
    "swept",
    "verify_nights",
]
