"""The kinds of findings of the invoice check, how much each matters, and how one is made (spec 04, rules)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from tasks.domain.amounts import MONEY_SCALE, QUANTITY_SCALE, money_text
from tasks.domain.finding import Finding, Severity
from tasks.domain.message import Message

# Money or tax may be lost, or the tax office would object.
_HIGH = frozenset(
    {
        "GAP", "NOT_FROM_BOOK", "LENT", "ISSUED_BY_OTHER", "VOID_KEPT", "RED_LINK", "NOT_BOOKED", "PERIOD_TOTAL",
        "RECEIPT_WITHOUT_INVOICE", "NOT_ON_PLATFORM", "NOT_IN_REGISTER",
    }
)  # fmt: skip
_LOW = frozenset({"OUT_OF_ORDER", "BOOK_CHECK", "NUMBER_DAMAGED", "TAX_NUMBER"})
# Only likely, or not yet due: the ends of the keys whose breaks are low, whatever their kind.
_MILD = (".likely", ".not_due")
# Beyond the table of spec 04: NUMBER_DAMAGED, NUMBER_FORMAT, TAX_NUMBER, NOT_ON_PLATFORM, NOT_IN_REGISTER and
# PLATFORM_DIFFERS are what its text demands of numbers and of the tax download.
KINDS = _HIGH | _LOW | frozenset(
    {
        "BOOK_SPLIT", "COPY_MISSING", "DUPLICATE", "ARITHMETIC", "PRE_ISSUED", "OVERPAID", "UNDERPAID",
        "NUMBER_FORMAT", "PLATFORM_DIFFERS",
    }
)  # fmt: skip


def severity_of(finding: Finding) -> Severity:
    """How much it matters: high where money or tax may be lost, low where only somebody should look."""
    if finding.message.key.endswith(_MILD):
        return "low"
    return "high" if finding.kind in _HIGH else "low" if finding.kind in _LOW else "medium"


def invoice_finding(
    kind: str,
    date: dt.date,
    item: str,
    refs: Iterable[str],
    told: Message,
    against: tuple[int, int] | tuple[str, str] = ("", ""),
) -> Finding:
    """One finding on `item` (an invoice, book, receipt or voucher by the number people know), whose own day is `date`.

    It stands on its rows. `against` is what was expected and what was found: cents, whose difference is found less
    expected, or texts.
    """
    rows = tuple(sorted(set(refs)))
    expected, found = (money_text(one) if isinstance(one, int) else one for one in against)
    difference = against[1] - against[0] if isinstance(against[0], int) and isinstance(against[1], int) else 0
    return Finding(
        kind=kind,
        site="",
        warehouse="",
        item=item,
        date=date,
        refs=rows,
        stands_on=rows,
        expected=expected,
        found=found,
        difference=difference * (QUANTITY_SCALE // MONEY_SCALE),
        message=told,
    )
