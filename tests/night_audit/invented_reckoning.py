"""What every night of an invented hotel must come to, by the rules of spec 06, in plain sums over all that happened."""

from __future__ import annotations

from tests.night_audit.invented_hotel import ROOM_ITEMS, InventedHotel
from tests.night_audit.invented_rows import COMPANY, money


def figures_of(hotel: InventedHotel) -> dict[str, object]:
    """The figures of the open date as its close must say them."""
    inside, gone = hotel.inside(), [one for one in hotel.stays if one.departed == hotel.date]
    rooms = {room: [one for one in inside if one.room == room] for room in {one.room for one in inside}}
    came = [one for one in hotel.stays if one.arrived == hotel.date]
    use = ["paid" if any(o.pays for o in own) else "free" if any(o.kind == "免费房" for o in own) else "house"
           for own in rooms.values()]  # fmt: skip
    given_up = [(one.number, hotel.settled(one)) for one in hotel.bookings if one.waits and one.due <= hotel.date]
    given_up += [
        (one.number, one.outcome)
        for one in hotel.bookings
        if one.counts_on == hotel.date and one.outcome and not (one.arrived or one.cancelled)
    ]
    held = money(sum(effect for _, _, effect, _ in hotel.deposits))
    return {
        "occupied_paid": use.count("paid"),
        "complimentary": use.count("free"),
        "house_use": use.count("house"),
        "arrivals": len(came),
        "day_use": sum(one.departed == hotel.date for one in came),
        "departures": sum(one.arrived < hotel.date for one in gone),
        "stayovers": sum(one.arrived < hotel.date for one in inside),
        "walk_ins": sum(not one.booking for one in came),
        "no_shows": sum(made in ("no_show", "undecided") for _, made in given_up),
        "released": sum(made == "released" for _, made in given_up),
        "room_revenue": money(_revenue(hotel)),
        "guest_ledger": money(_guests_owe(hotel)),
        "deposit_ledger": held,
        "deposits_before": held,
        "deposits_after": held,
        "cash_difference": None if hotel.shift_open else money(hotel.off),
        "corporate_ledger": money(_companies_owe(hotel)),
    }


def blocked_by(hotel: InventedHotel) -> set[str]:
    """Kind and object of everything that stops the close of the open date."""
    inside = hotel.inside()
    told = {f"OPEN_SHIFT {hotel.shift}"} if hotel.shift_open else set()
    told |= {f"POS_UNSETTLED {number}" for number in hotel.open_checks}
    told |= {f"HOURLY_OVERSTAY {one.account}" for one in inside if one.kind == "钟点房"}
    told |= {f"DUE_OUT {one.account}" for one in inside if one.kind != "钟点房" and one.due <= hotel.date}
    told |= {f"NO_PRICE {one.account}" for one in inside if one.pays and not one.price and one.kind != "钟点房"}
    told |= {f"ROOM_OUT_OF_ORDER {one.account}" for one in inside if one.room == "107"}
    for room in {one.room for one in inside}:
        own = [one for one in inside if one.room == room]
        beds = [one.bed for one in own if one.bed]
        if len(own) > 1 and (len(set(beds)) < len(beds) or any(not one.bed and one.kind != "拼房" for one in own)):
            told.add(f"DOUBLE_OCCUPIED {room}")
    return told


def deposits_left_over(hotel: InventedHotel) -> set[str]:
    """The reservations on which nobody is expected any more and money is held."""
    told = set()
    for one in hotel.bookings:
        stays = [stay for stay in hotel.stays if stay.booking == one.number]
        over = all(stay.departed for stay in stays) if stays else not one.waits or one.due <= hotel.date
        if hotel.held(one.number) and over:
            told.add(one.number)
    return told


def _revenue(hotel: InventedHotel) -> int:
    own = sum(one.cents for one in hotel.charges if one.date == hotel.date and one.item in ROOM_ITEMS)
    return own + _charged_now(hotel)


def _charged_now(hotel: InventedHotel) -> int:
    return sum(sum(own.values()) for own in hotel.night_charges().values())


def _companies_owe(hotel: InventedHotel) -> int:
    put_on = sum(cents for *_, cents, method in hotel.payments if method == "单位记账")
    return put_on - sum(cents for account, _, cents, _ in hotel.payments if account == COMPANY)


def _guests_owe(hotel: InventedHotel) -> int:
    charged = sum(one.cents for one in hotel.charges) + sum(hotel.posted.values()) + _charged_now(hotel)
    paid = sum(cents for account, _, cents, _ in hotel.payments if account != COMPANY)
    return charged - paid + sum(effect for _, _, effect, moved in hotel.deposits if moved)
