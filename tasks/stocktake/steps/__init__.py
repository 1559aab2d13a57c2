"""What the stocktake does: open a count, collect its sheets, compare, ask, post, report."""

from tasks.stocktake.steps.agreeing import Answer, keep_answer
from tasks.stocktake.steps.carrying import Carried
from tasks.stocktake.steps.deciding import asking_reason
from tasks.stocktake.steps.month import (
    carry_on,
    counts_under_way,
    has_stock,
    month_end,
    open_count,
    receive,
    show,
    state_accounts,
)
from tasks.stocktake.steps.ordering import AGREEMENT, FLOW, Order
from tasks.stocktake.steps.verifying import verify_counts

__all__ = [
    "AGREEMENT",
    "FLOW",
    "Answer",
    "Carried",
    "Order",
    "asking_reason",
    "carry_on",
    "counts_under_way",
    "has_stock",
    "keep_answer",
    "month_end",
    "open_count",
    "receive",
    "show",
    "state_accounts",
    "verify_counts",
]
