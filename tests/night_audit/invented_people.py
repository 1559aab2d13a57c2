"""What people do in an invented hotel on a day.

Each deed takes two numbers that choose among what is there; one that finds nothing to do does nothing.
"""

from __future__ import annotations

from tests.night_audit.invented_hotel import FIRST, InventedHotel, chosen
from tests.night_audit.invented_rows import COMPANY, DAY, Booking, money

_KINDS = ("正常", "正常", "长包房", "免费房", "自用房", "拼房")
_METHODS = ("现金", "信用卡", "微信", "单位记账")
_ITEMS = ("电话", "损物赔偿", "POS", "折让", "房费", "洗衣")
Command = tuple[str, int, int]


def do(hotel: InventedHotel, command: Command) -> None:
    """One command of the day: the deed of that name and the numbers that it chooses by."""
    name, choice, cents = command
    DEEDS[name](hotel, choice, cents)


def book(hotel: InventedHotel, choice: int, _cents: int) -> None:
    group = choice % 4 == 3
    rooms = "103" if choice % 8 == 7 else ""
    number = hotel.next("R")
    hotel.bookings.append(Booking(number, group, hotel.date + DAY * (choice % 3), choice % 2 == 1, rooms))
    hotel.tell_booking(hotel.bookings[-1])


def cancel(hotel: InventedHotel, choice: int, _cents: int) -> None:
    if one := chosen([one for one in hotel.bookings if not one.arrived], choice):
        one.cancelled = True
        hotel.tell_booking(one)


def deposit(hotel: InventedHotel, choice: int, cents: int) -> None:
    if holder := chosen([*(one.number for one in hotel.bookings), *(one.account for one in hotel.inside())], choice):
        hotel.tell_deposit(holder, "收取", cents)


def give_back(hotel: InventedHotel, choice: int, cents: int) -> None:
    holder = chosen([one for one in hotel.holders() if hotel.held(one) > 0], choice)
    if holder:
        kind = ("退还", "没收", "转入账户")[cents % 3]
        hotel.tell_deposit(holder, kind, min(cents, hotel.held(holder)))


def arrive(hotel: InventedHotel, choice: int, cents: int) -> None:
    one = chosen([one for one in hotel.bookings if not (one.arrived or one.cancelled)], choice)
    if one and hotel.check_in(choice, "正常", one.number, cents):
        one.arrived = True


def walk_in(hotel: InventedHotel, choice: int, cents: int) -> None:
    hotel.check_in(choice, _KINDS[choice % len(_KINDS)], "", cents)


def share(hotel: InventedHotel, choice: int, cents: int) -> None:
    """A second guest in a room that is let by the bed."""
    beds = [one for one in hotel.inside() if one.kind == "拼房"]
    alone = [one for one in beds if sum(other.room == one.room for other in hotel.inside()) == 1]
    if one := chosen(alone, choice):
        hotel.new_stay(one.room, "拼房", "", cents, bed="2")


def day_use(hotel: InventedHotel, choice: int, cents: int) -> None:
    if room := chosen(hotel.free(), choice):
        hotel.new_stay(room, "钟点房", "", cents, bed="")
        own = hotel.stays[-1]
        own.at, own.departed = hotel.at(12), hotel.date
        hotel.tell_stay(own)
        hotel.tell_charge(own.account, "日用房", cents)


def leave(hotel: InventedHotel, choice: int, _cents: int) -> None:
    if one := chosen([one for one in hotel.inside() if one.arrived < hotel.date], choice):
        owed = hotel.owed(one.account)
        if choice % 2 and owed:
            hotel.tell_payment(one.account, owed, _METHODS[choice % 3])
        one.departed = hotel.date
        hotel.tell_stay(one)


def extend(hotel: InventedHotel, choice: int, _cents: int) -> None:
    # Who stays on by the hour is none who stays overnight until somebody says at which price.
    if one := chosen([one for one in hotel.inside() if one.kind != "钟点房"], choice):
        one.due += DAY * (1 + choice % 2)
        hotel.tell_stay(one)


def move(hotel: InventedHotel, choice: int, _cents: int) -> None:
    room = chosen(hotel.free(), choice)
    one = chosen(hotel.inside(), choice)
    if one and room:
        hotel.tell("operation_log", f"{hotel.at(16)},李,换房,{one.account},{one.room},{room}")
        one.room = room
        hotel.tell_stay(one)


def charge(hotel: InventedHotel, choice: int, cents: int) -> None:
    item = _ITEMS[choice % len(_ITEMS)]
    if item == "房费":
        # The system posts a room itself: the audit must not do it again.
        fitting = [one for one in hotel.inside() if one.pays and not hotel.has_room_charge(one.account)]
        if one := chosen(fitting, choice):
            hotel.tell_charge(one.account, item, cents)
    elif one := chosen(hotel.stays, choice):
        hotel.tell_charge(one.account, item, -cents if item == "折让" else cents)


def reverse(hotel: InventedHotel, choice: int, _cents: int) -> None:
    gone = {one.original for one in hotel.charges}
    if one := chosen([one for one in hotel.charges if not one.original and one.number not in gone], choice):
        hotel.tell_charge(one.account, one.item, -one.cents, original=one.number)


def pay(hotel: InventedHotel, choice: int, cents: int) -> None:
    if one := chosen(hotel.stays, choice):
        hotel.tell_payment(one.account, -cents if choice % 5 == 4 else cents, _METHODS[choice % len(_METHODS)])


def settle(hotel: InventedHotel, _choice: int, cents: int) -> None:
    """The company pays what its guests had put on its account."""
    hotel.tell_payment(COMPANY, cents, _METHODS[cents % 3])


def bring_back(hotel: InventedHotel, choice: int, _cents: int) -> None:
    """The system brings back what the audit posted the night before."""
    postings = sorted((date, account) for date, account in hotel.posted if date == hotel.date - DAY)
    if hotel.date > FIRST and postings:
        for place, (date, account) in enumerate(postings, 1):
            number = hotel.next("G")
            hotel.export.rows["folio"][number] = (
                f"{number},{account},{date},{date} 23:59,房费,{money(choice)},夜审,,DB-{date}-{place}"
            )


def belated(hotel: InventedHotel, choice: int, cents: int) -> None:
    """A line of a date that is closed comes again with another amount, or for the first time."""
    if one := chosen([one for one in hotel.charges if hotel.date > FIRST and one.date < hotel.date], choice):
        number = one.number if choice % 2 else hotel.next("F")
        line = f"{number},{one.account},{one.date},{one.date} 20:00,电话,{money(one.cents + cents)},李,,"
        hotel.export.rows["folio"][number] = line


def check(hotel: InventedHotel, choice: int, cents: int) -> None:
    if one := chosen(hotel.inside(), choice):
        number = hotel.tell_check(cents, "挂房账", one.room)
        if choice % 3:
            hotel.tell_charge(one.account, "POS", cents, remark=number)


def trouble(hotel: InventedHotel, choice: int, cents: int) -> None:
    """Something that must stop the close."""
    one = chosen([one for one in hotel.inside() if one.pays], choice)
    sort = cents % 7
    if sort == 0:
        hotel.shift_open = True
    elif sort == 1:
        hotel.open_checks.append(hotel.tell_check(cents, "未结", ""))
    elif one and sort == 2:
        one.price = None
        hotel.tell_stay(one)
    elif one and sort == 3:
        one.room = "107"
        hotel.tell_stay(one)
    elif one and sort == 4:
        hotel.new_stay(one.room, "正常", "", cents, bed="")
    elif sort == 6:
        if room := chosen(hotel.free(), choice):
            # Its hours are over on the date, or are said to run on beyond the night.
            hotel.new_stay(room, "钟点房", "", cents, bed="")
            hotel.stays[-1].due = hotel.date + DAY * (choice % 2)
            hotel.tell_stay(hotel.stays[-1])
    elif one:
        one.due = hotel.date
        hotel.overdue.add(one.account)
        hotel.tell_stay(one)


_DONE = (
    book, cancel, deposit, give_back, arrive, walk_in, share, day_use, leave, extend, move, charge, reverse, pay,
    settle, bring_back, belated, check, trouble,
)  # fmt: skip
DEEDS = {one.__name__: one for one in _DONE}
