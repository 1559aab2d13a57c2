"""The kinds of findings of the night audit: which of them stop the close, whose desk mends them, how one is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from tasks.domain.amounts import MONEY_SCALE, QUANTITY_SCALE, money_text
from tasks.domain.finding import Finding
from tasks.domain.message import Message, message

# Spec 06, break kinds; BAD_ROW is the row of a stay or of the date's money that could not be read (spec 06: bad data),
# UNREAD_ROW one of a shift or check, which stops nothing.
BLOCKING = frozenset(
    {
        "OPEN_SHIFT", "DUE_OUT", "HOURLY_OVERSTAY", "NO_PRICE", "ROOM_OUT_OF_ORDER", "DOUBLE_OCCUPIED",
        "POS_UNSETTLED", "BAD_ROW",
    }
)  # fmt: skip
# What happened on a date and no later date undoes: told every night until somebody explains it.
EVENTS = frozenset(
    {
        "CASH_DIFFERENCE", "SHIFT_MISSING", "POS_WRONG_ROOM", "POS_MISSING", "POS_DOUBLE", "COMMISSION_OUTSIDE",
        "DELETED_LOCKED", "PRICE_CHANGED_NEAR_CLOSE", "MANUAL_NO_SHOW", "REVERSED_AFTER_CLOSE", "POINTS_DOUBLE",
        "CHANGED_AFTER_CLOSE", "UNREAD_ROW",
    }
)  # fmt: skip
_KINDS_OF_DESK = {
    "front_office": "DUE_OUT HOURLY_OVERSTAY NO_PRICE ROOM_OUT_OF_ORDER DOUBLE_OCCUPIED BAD_ROW BALANCE_ABOVE_DEPOSIT",
    "reservations": "NO_SHOW RELEASED DEPOSIT_UNDECIDED DELETED_LOCKED MANUAL_NO_SHOW",
    "cashier": "OPEN_SHIFT CASH_DIFFERENCE SHIFT_MISSING UNREAD_ROW",
    "outlets": "POS_UNSETTLED POS_WRONG_ROOM POS_MISSING POS_DOUBLE",
    "housekeeping": "SKIP SLEEP",
    "finance": "COMMISSION_OUTSIDE CREDIT_LIMIT POINTS_DOUBLE REVERSED_AFTER_CLOSE CHANGED_AFTER_CLOSE",
    "front_office_manager": "RATE_VARIANCE DISCOUNT_AUTHORITY DISCOUNT_NO_REASON PRICE_CHANGED_NEAR_CLOSE",
}
DESKS: Mapping[str, str] = MappingProxyType(
    {kind: desk for desk, kinds in _KINDS_OF_DESK.items() for kind in kinds.split()}
)


def desk_of(kind: str) -> Message:
    """The name of the desk that mends a finding of `kind`; raises KeyError for a kind that spec 06 does not know."""
    return message(f"night_audit.desk.{DESKS[kind]}")


def line_of(finding: Finding) -> str:
    """The name by which an approval passes or leaves out a blocking finding: `OPEN_SHIFT:S1`."""
    return f"{finding.kind}:{finding.item}"


def hotel_finding(
    kind: str,
    as_of: dt.date,
    item: str,
    refs: Iterable[str],
    told: Message,
    against: tuple[int, int] | tuple[str, str] = ("", ""),
) -> Finding:
    """One finding of the audit of `as_of` on `item` (room, account, reservation, check or shift as delivered).

    It stands on its rows. `against` is what was expected and what was found: cents, whose difference is found less
    expected, or texts. `told` names the object, who acts (`owner`) and the fix.
    """
    rows = tuple(sorted(set(refs)))
    expected, found = (money_text(one) if isinstance(one, int) else one for one in against)
    difference = against[1] - against[0] if isinstance(against[0], int) and isinstance(against[1], int) else 0
    return Finding(
        kind=kind,
        site="",
        warehouse="",
        item=item,
        date=as_of,
        refs=rows,
        stands_on=rows,
        expected=expected,
        found=found,
        difference=difference * (QUANTITY_SCALE // MONEY_SCALE),
        message=told,
    )
