"""What the stock ledger does: receive, reconcile a date in one transaction, write its reports, show its figures."""

from tasks.stock_ledger.report import FLOW
from tasks.stock_ledger.steps.day import Day, receive, reconcile_and_report, show
from tasks.stock_ledger.steps.gathering import Moment, Thresholds
from tasks.stock_ledger.steps.mailing import Mailing
from tasks.stock_ledger.steps.reconciling import Order, Reconciled, known_departments, reconcile
from tasks.stock_ledger.steps.telling import Readers

__all__ = [
    "FLOW",
    "Day",
    "Mailing",
    "Moment",
    "Order",
    "Readers",
    "Reconciled",
    "Thresholds",
    "known_departments",
    "receive",
    "reconcile",
    "reconcile_and_report",
    "show",
]
