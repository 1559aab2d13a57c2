"""What the return of damaged parts does: take in, seal what is due, write and mail its papers, report, verify."""

from tasks.damaged_returns.steps.day import carry_out, has_parts, receive, show
from tasks.damaged_returns.steps.ordering import FLOW, Order
from tasks.damaged_returns.steps.verifying import verify_batches

__all__ = [
    "FLOW",
    "Order",
    "carry_out",
    "has_parts",
    "receive",
    "show",
    "verify_batches",
]
