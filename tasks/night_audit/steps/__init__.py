"""What the night audit does: sweep, close, preview, reprint, restore, verify."""

from tasks.night_audit.steps.auditing import Audited, Order, concluded, dates_to_close, missed_dates
from tasks.night_audit.steps.night import Receiving, close, printed_again, receive, show, shown_before, swept
from tasks.night_audit.steps.sweeping import UnableToRestore, restore
from tasks.night_audit.steps.verifying import verify_nights

__all__ = [
    "Audited",
    "Order",
    "Receiving",
    "UnableToRestore",
    "close",
    "concluded",
    "dates_to_close",
    "missed_dates",
    "printed_again",
    "receive",
    "restore",
    "show",
    "shown_before",
    "swept",
    "verify_nights",
]
