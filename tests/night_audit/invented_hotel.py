"""A hotel whose nights are invented: its books, what its own system delivers, and what the rules make of them."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.night_audit.invented_rows import (
    BED_FEE,
    COMPANY,
    DAY,
    Booking,
    Charge,
    Export,
    Stay,
    booking_line,
    money,
    stay_line,
)

FIRST = dt.date(2026, 11, 17)
FLOAT = 50_000
RACK = 30_000
ROOMS = dict.fromkeys(("101", "102", "103", "104", "105", "106"), "正常") | {"107": "维修", "108": "长期自用"}
ROOM_ITEMS = {"房费", "日用房", "折让"}
T = TypeVar("T")


@dataclass
class InventedHotel:
    """The hotel's own system: its books of today, `date`, and the rows that it has not delivered yet."""

    date: dt.date = FIRST - DAY
    bookings: list[Booking] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    # account, date, cents, method
    payments: list[tuple[str, dt.date, int, str]] = field(default_factory=list)
    # holder, date, what it adds to the deposits held, whether an account was paid with it
    deposits: list[tuple[str, dt.date, int, bool]] = field(default_factory=list)
    posted: dict[tuple[dt.date, str], int] = field(default_factory=dict)
    open_checks: list[str] = field(default_factory=list)
    shift_open: bool = False
    off: int = 0
    overdue: set[str] = field(default_factory=set)
    export: Export = field(default_factory=Export)
    _cash: int = 0

    # ---- the course of a day ---------------------------------------------------------------------------------------

    def end_the_day(self) -> None:
        """Whoever was to leave and did not stays on, but the overdue; the shift hands over its cash and `off` more."""
        for one in self.inside():
            if one.due <= self.date and one.account not in self.overdue and one.kind != "钟点房":
                one.due = self.date + DAY
                self.tell_stay(one)
        closed = "" if self.shift_open else self.at(23)
        handed = "" if self.shift_open else money(FLOAT + self._cash + self.off)
        shift = f"{self.shift},李,{self.date},{self.at(7)},{closed},500.00,现金,{handed}"
        self.export.rows["shifts"][self.shift] = shift

    def post_the_rooms(self) -> None:
        """What the hotel's own system did before there was an audit."""
        for one in self.inside():
            if one.price is not None and one.pays and not self.has_room_charge(one.account):
                self.tell_charge(one.account, "房费", one.price)

    def mend(self) -> None:
        """Everything that stops the close is put right."""
        self.shift_open = False
        self.overdue.clear()
        for number in self.open_checks:
            self.tell_check(100, "直接付款", "", number)
        self.open_checks.clear()
        for one in self.inside():
            if one.kind == "钟点房":
                # One whose hours ran on left after the end of the night: it is day use all the same.
                one.departed = self.date
                one.left_at = f"{self.date + DAY} 03:30" if one.due > self.date else ""
                self.tell_stay(one)
                continue
            others = [other for other in self.inside() if other.room == one.room and other is not one]
            if one.price is None:
                one.price = one.discount * RACK // 100
            if one.room == "107" or (others and not (one.bed and all(other.bed != one.bed for other in others))):
                free = self.free()
                one.room = free[0] if free else f"2{self.stays.index(one):02d}"
                if not free:
                    self.export.rows["rooms"][one.room] = f"{one.room},大床,正常"
            self.tell_stay(one)
        self.end_the_day()

    def sweep(self) -> None:
        """What a sweep at half past six leaves as it is until the close."""
        for one in self.bookings:
            if one.waits and not one.restored and one.due <= self.date:
                if not one.group and not self._confirmed(one) and one.due == self.date:
                    one.outcome, one.counts_on = "released", self.date
                elif one.group and (one.rooms or self.held(one.number) > 0):
                    one.outcome, one.counts_on = "undecided", self.date

    def close(self) -> None:
        """What the audit posts and makes of the reservations stands in the books; the date rolls."""
        self.posted |= {(self.date, account): sum(own.values()) for account, own in self.night_charges().items()}
        for one in self.bookings:
            if one.waits and one.due <= self.date:
                one.outcome, one.counts_on, one.restored = self.settled(one), self.date, False
        self.roll()

    def roll(self) -> None:
        """The next day begins."""
        self.date += DAY
        self._cash = self.off = 0
        self.shift_open = False
        self.overdue.clear()

    # ---- what the rules make of it --------------------------------------------------------------------------------

    def night_charges(self) -> dict[str, dict[str, int]]:
        """What the audit posts for the open date: cents by item, by account."""
        made: dict[str, dict[str, int]] = {}
        for one in self.inside():
            own = {"extra_bed": BED_FEE * one.extra_beds} if one.extra_beds else {}
            if not self.has_room_charge(one.account) and (one.price or not one.pays):
                own["room"] = self._part(one) if one.pays else 0
            if own:
                made[one.account] = own
        return made

    def held(self, holder: str) -> int:
        """The cents that a reservation or account has deposited."""
        return sum(effect for own, _, effect, _ in self.deposits if own == holder)

    def owed(self, account: str) -> int:
        """The cents that an account owes; what a reservation's deposit paid is in `transfers`."""
        charged = sum(one.cents for one in self.charges if one.account == account)
        charged += sum(cents for (_, own), cents in self.posted.items() if own == account)
        return charged - sum(cents for own, _, cents, _ in self.payments if own == account)

    # ---- what is delivered ----------------------------------------------------------------------------------------

    def deliver(self, home: Path) -> None:
        """Drops every row that is new or changed into the inbox, a file a dataset."""
        self.export.deliver(home)

    def open_the_house(self) -> None:
        """The masters."""
        self.export.rows["room_types"]["大床"] = "大床,300.00"
        self.export.rows["rooms"] |= {number: f"{number},大床,{state}" for number, state in ROOMS.items()}
        self.export.rows["operators"] |= {"李": "李,0.5,否", "陈": "陈,0.5,是"}
        self.export.rows["corporate_accounts"][COMPANY] = f"{COMPANY},1"

    def tell(self, dataset: str, line: str) -> None:
        self.export.rows[dataset][line] = line

    def tell_booking(self, one: Booking) -> None:
        self.export.rows["reservations"][one.number] = booking_line(one, self.date)

    def tell_stay(self, one: Stay) -> None:
        self.export.rows["stays"][one.account] = stay_line(one)

    def tell_charge(self, account: str, item: str, cents: int, original: str = "", remark: str = "") -> None:
        one = Charge(self.next("F"), account, self.date, item, cents, original)
        self.charges.append(one)
        line = f"{one.number},{account},{self.date},{self.at(20)},{item},{money(cents)},李,{original},{remark}"
        self.export.rows["folio"][one.number] = line

    def tell_payment(self, account: str, cents: int, method: str) -> None:
        self.payments.append((account, self.date, cents, method))
        if method == "现金":
            self._cash += cents
        number = self.next("P")
        line = f"{number},{account},{self.date},{self.at(20)},{method},{money(cents)},李,{self.shift}"
        self.export.rows["payments"][number] = line

    def tell_deposit(self, holder: str, kind: str, cents: int) -> None:
        effect = cents if kind == "收取" else -cents
        self.deposits.append((holder, self.date, effect, kind == "转入账户"))
        if kind in ("收取", "退还"):
            self._cash += effect
        reserved, account = (holder, "") if holder.startswith("R") else ("", holder)
        number, shift = self.next("D"), self.shift if kind in ("收取", "退还") else ""
        line = f"{number},{reserved},{account},{self.at(10)},现金,{money(effect)},{kind},李,{shift}"
        self.export.rows["deposits"][number] = line

    def tell_check(self, cents: int, settled: str, room: str, number: str = "") -> str:
        number = number or self.next("C")
        self.export.rows["pos_checks"][number] = f"{number},餐厅,{self.at(19)},{money(cents)},{settled},{room},,赵"
        return number

    # ---- how the hotel knows --------------------------------------------------------------------------------------

    @property
    def shift(self) -> str:
        return f"S{self.date:%m%d}"

    def check_in(self, choice: int, kind: str, booking: str, cents: int) -> bool:
        room = chosen(self.free(), choice)
        if room:
            self.new_stay(room, kind, booking, cents, bed="1" if kind == "拼房" else "")
        return bool(room)

    def new_stay(self, room: str, kind: str, booking: str, cents: int, *, bed: str) -> None:
        discount = (100, 85)[cents % 2]
        price = {"免费房": 0, "自用房": 0, "拼房": cents, "钟点房": cents}.get(kind, RACK * discount // 100)
        at = f"{self.date + DAY} 01:30" if cents % 5 == 0 and kind != "钟点房" else self.at(15)
        own = Stay(self.next("A"), room, kind, price, self.date, at, self.date + DAY * (1 + cents % 2), bed, booking)
        own.discount, own.extra_beds = discount, int(cents % 7 == 0)
        self.stays.append(own)
        self.tell_stay(own)

    def inside(self) -> list[Stay]:
        return [one for one in self.stays if one.departed is None]

    def free(self) -> list[str]:
        used = {one.room for one in self.inside()}
        return [room for room, state in ROOMS.items() if state != "维修" and room not in used]

    def holders(self) -> list[str]:
        return list(dict.fromkeys(holder for holder, *_ in self.deposits))

    def has_room_charge(self, account: str) -> bool:
        """Whether the system's own room charge of the date stands in the folio."""
        own = [one for one in self.charges if one.account == account and one.date == self.date and one.item == "房费"]
        gone = {one.original for one in own}
        return any(not one.original and one.number not in gone for one in own)

    def _part(self, one: Stay) -> int:
        price = one.price or 0
        if one.kind != "长包房":
            return price
        days = calendar.monthrange(self.date.year, self.date.month)[1]
        return price // days + (self.date.day <= price % days)

    def _confirmed(self, one: Booking) -> bool:
        return one.confirmed or self.held(one.number) > 0

    def settled(self, one: Booking) -> str:
        if one.group:
            return "undecided" if one.rooms or self.held(one.number) > 0 else "released"
        return "no_show" if self._confirmed(one) else "released"

    def next(self, letter: str) -> str:
        return self.export.number(letter)

    def at(self, hour: int) -> str:
        return f"{self.date} {hour:02d}:00"


def chosen(among: Iterable[T], choice: int) -> T | None:
    rows = list(among)
    return rows[choice % len(rows)] if rows else None
