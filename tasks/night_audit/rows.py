"""The rows of a hotel's books, one noun each: what its systems delivered, and what earlier closes kept.

Money is whole cents, shares and discounts are whole numbers scaled by 10,000; None is blank where a number, day or
moment may be blank. Moments are local to the hotel and without zone. Texts are never missing, "" is blank. A code
stands as delivered and, as `<name>_key`, comparable. `ref` names the row: `stays:A001`, `folio:F12`. The fields of a
delivered row bear the names of its table's columns (tasks.intake.hotel_tables).
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

# What each outflow takes away, whatever the sign that the desk wrote (spec 06: deposits, refunds negative).
_OUTFLOWS = frozenset({"refunded", "transferred", "forfeited"})


def effect_of(kind: str, amount: int) -> int:
    """What an amount adds to the deposits held: refunds, transfers and forfeits take away whatever their sign.

    A receipt counts as it was written, so that a red one undoes a receipt (spec 06: deposits). The sum of amounts of
    one kind and one sign may stand for all of them.
    """
    return -abs(amount) if kind in _OUTFLOWS else amount


class RoomType(NamedTuple):
    """A type of room and its rack rate."""

    room_type: str
    room_type_key: str
    rack_rate: int
    beds: int | None = None

    @property
    def ref(self) -> str:
        """The name of the row."""
        return f"room_types:{self.room_type}"


class Room(NamedTuple):
    """A room; state normal, repair, closed or house; condition clean, dirty, inspect or "".

    `housekeeping` is occupied or vacant, as housekeeping saw it, or "".
    """

    room: str
    room_key: str
    room_type: str
    floor: str = ""
    state: str = "normal"
    condition: str = ""
    housekeeping: str = ""

    @property
    def ref(self) -> str:
        """The name of the row."""
        return f"rooms:{self.room}"


class Reservation(NamedTuple):
    """A reservation: kind individual or group, confirmed yes, no or "".

    `state` as the PMS says it: booked, checked_in, cancelled, no_show or released. `rooms` are the rooms assigned, as
    written.
    """

    reservation: str
    reservation_key: str
    kind: str
    booker: str
    group_name: str
    room_type: str
    room_count: int
    rooms: str
    due_in: dt.datetime
    due_out: dt.datetime
    price: int
    discount: int | None
    discount_reason: str
    source: str
    salesperson: str
    commission: int | None
    confirmed: str
    state: str
    entered_by: str
    entered_at: dt.datetime

    @property
    def ref(self) -> str:
        """The name of the row."""
        return f"reservations:{self.reservation}"


class Deposit(NamedTuple):
    """A movement of deposits: kind received, refunded, transferred or forfeited, `amount` as delivered."""

    number: str
    number_key: str
    reservation: str
    reservation_key: str
    account: str
    account_key: str
    at: dt.datetime
    method: str
    amount: int
    kind: str
    operator: str
    shift: str
    shift_key: str

    @property
    def ref(self) -> str:
        """The name of the row."""
        return f"deposits:{self.number}"

    @property
    def effect(self) -> int:
        """What the row adds to the deposits held."""
        return effect_of(self.kind, self.amount)


class Stay(NamedTuple):
    """A stay: kind normal, hourly, long, shared, free or house; priced_by day or month; confidential yes, no or ""."""

    account: str
    account_key: str
    reservation: str
    reservation_key: str
    room: str
    room_key: str
    bed: str
    guest: str
    guests: int | None
    kind: str
    arrived_at: dt.datetime
    due_out: dt.datetime
    departed_at: dt.datetime | None
    rack_rate: int
    discount: int
    price: int | None
    priced_by: str
    discount_reason: str
    approved_by: str
    extra_beds: int | None
    extra_bed_fee: int | None
    breakfast: str
    commission: int | None
    commission_from: dt.date | None
    commission_to: dt.date | None
    connected: str
    group_number: str
    member: str
    member_key: str
    company: str
    source: str
    confidential: str
    operator: str

    @property
    def ref(self) -> str:
        """The name of the row."""
        return f"stays:{self.account}"


class FolioLine(NamedTuple):
    """A charge or an allowance on an account.

    `night_posting` is the number `DB-...` of the night posting that this row repeats, "" for every other row.
    """

    number: str
    number_key: str
    account: str
    account_key: str
    date: dt.date
    at: dt.datetime
    item: str
    amount: int
    operator: str
    shift: str
    shift_key: str
    outlet: str
    original: str
    original_key: str
    remark: str
    night_posting: str

    @property
    def ref(self) -> str:
        """The name of the row."""
        return f"folio:{self.number}"


class Payment(NamedTuple):
    """Money paid on an account, refunds below zero."""

    number: str
    number_key: str
    account: str
    account_key: str
    date: dt.date
    at: dt.datetime
    method: str
    amount: int
    operator: str
    shift: str
    shift_key: str
    original: str
    original_key: str

    @property
    def ref(self) -> str:
        """The name of the row."""
        return f"payments:{self.number}"


class Shift(NamedTuple):
    """What a cashier's shift handed over by one method of payment; one row a shift and method."""

    shift: str
    shift_key: str
    operator: str
    date: dt.date
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    cash_float: int | None
    method: str
    handed_over: int | None

    @property
    def ref(self) -> str:
        """The name of the row."""
        return f"shifts:{self.shift}"


class PosCheck(NamedTuple):
    """A check of a point of sale: settlement room, direct or open."""

    check: str
    check_key: str
    outlet: str
    at: dt.datetime
    amount: int
    settlement: str
    room: str
    room_key: str
    guest: str
    operator: str

    @property
    def ref(self) -> str:
        """The name of the row."""
        return f"pos_checks:{self.check}"


class Operator(NamedTuple):
    """What an operator may do: `lowest_discount`, and yes, no or "" for the two rights."""

    operator: str
    lowest_discount: int
    may_delete_locked: str
    may_release_audit: str

    @property
    def ref(self) -> str:
        """The name of the row."""
        return f"operators:{self.operator}"


class Company(NamedTuple):
    """A corporate account."""

    company: str
    credit_limit: int | None
    agreed_discount: int | None
    balance: int | None

    @property
    def ref(self) -> str:
        """The name of the row."""
        return f"corporate_accounts:{self.company}"


class Member(NamedTuple):
    """A member and the points for each yuan (scaled by 10,000)."""

    member: str
    member_key: str
    name: str
    points: int | None
    points_per_yuan: int | None

    @property
    def ref(self) -> str:
        """The name of the row."""
        return f"members:{self.member}"


class Operation(NamedTuple):
    """A line of the operation log."""

    at: dt.datetime
    operator: str
    action: str
    object: str
    before: str
    after: str

    @property
    def ref(self) -> str:
        """The name of the row."""
        return f"operation_log:{self.object}:{self.at:%Y-%m-%dT%H:%M:%S}"


class Outcome(NamedTuple):
    """What was made of a reservation here: released, no_show, undecided or restored."""

    reservation_key: str
    outcome: str
    at: dt.datetime
    business_date: dt.date


class Balance(NamedTuple):
    """What a holder of one of the three ledgers has."""

    ledger: str
    account_key: str
    account: str
    balance: int


class Kept(NamedTuple):
    """A posting of the date that this audit has kept already."""

    account_key: str
    item: str
    number: str
    amount: int


class Original(NamedTuple):
    """A row of an earlier date that a reversal names; `dataset` is folio or payments, a payment has no item."""

    dataset: str
    number: str
    number_key: str
    account: str
    account_key: str
    item: str
    operator: str
    date: dt.date
    at: dt.datetime
    amount: int

    @property
    def ref(self) -> str:
        """The name of the row."""
        return f"{self.dataset}:{self.number}"


class Accrual(NamedTuple):
    """Commission accrued at an earlier close."""

    account: str
    account_key: str
    room: str
    room_key: str
    source: str
    business_date: dt.date
    amount: int


class BadCell(NamedTuple):
    """A cell that could not be read; `reason` is a message in JSON.

    `row_key` is the number or account of its row, "" where that could not be read either.
    """

    dataset: str
    file: str
    sheet: str
    row: int
    column: str
    value: str
    reason: str
    row_key: str
