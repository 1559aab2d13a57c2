"""What the return of damaged parts does: take in, seal what is due, write and mail its papers, report, verify."""

from tasks.damaged_returns.steps.day import Receiving, carry_out, has_parts, receive, show
from tasks.damaged_returns.steps.ordering import FLOW, Order
from tasks.damaged_returns.steps.verifying import verify_batches

__all__ = [
    "FLOW",
    "Order",
    "Receiving",
    "carry_out",
    "has_parts",
    "receive",
    "show",
    "verify_batches",
]
