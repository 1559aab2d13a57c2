"""What mail does: send everything that is due, and tell the owner of failures."""

from tasks.mail.steps.dispatching import Dispatched, PostOffice, dispatch

__all__ = ["Dispatched", "PostOffice", "dispatch"]
