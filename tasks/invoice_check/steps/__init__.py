"""What the invoice check does: take in, judge, keep what was agreed, report and mail; what people decide; verify."""

from tasks.invoice_check.steps.day import carry_out, has_invoices, receive, show
from tasks.invoice_check.steps.deciding import ACTS, Decision, UnableToDecide, decide, listed_decisions, withdraw
from tasks.invoice_check.steps.ordering import FLOW, Order
from tasks.invoice_check.steps.periods import agreed_periods, last_day
from tasks.invoice_check.steps.verifying import verify_agreements, verify_allocations

__all__ = [
    "ACTS",
    "FLOW",
    "Decision",
    "Order",
    "UnableToDecide",
    "agreed_periods",
    "carry_out",
    "decide",
    "has_invoices",
    "last_day",
    "listed_decisions",
    "receive",
    "show",
    "verify_agreements",
    "verify_allocations",
    "withdraw",
]
