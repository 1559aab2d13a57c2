"""The night's charges: one for each stay, date and item, and none that the PMS posted itself (spec 06, step 4)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from tasks.domain.keys import name_key
from tasks.night_audit.books import Books, grouped, once
from tasks.night_audit.hotel_day import present, stays_by_the_hour
from tasks.night_audit.policy import Package, Policy
from tasks.night_audit.rows import FolioLine, Stay

SHARE_SCALE = 10_000
_WITHOUT_CHARGE = {"free": "complimentary", "house": "house"}
_NUMBER = re.compile(r"[0-9]+")


class Charge(NamedTuple):
    """One item that the night charges an account: `amount` in cents, `ref` the stay's.

    `kind` says how the stay counts: paid, complimentary or house.
    """

    account_key: str
    account: str
    room_key: str
    room: str
    item: str
    amount: int
    kind: str
    ref: str


class ChargedNight(NamedTuple):
    """A stay that is charged for the night: cents, None without a price; `kind` as in `Charge`."""

    stay: Stay
    amount: int | None
    kind: str


class Posted(NamedTuple):
    """What stands in the folio for the date under one account and item: cents net, and the rows."""

    amount: int
    refs: tuple[str, ...]


def night_charges(books: Books, policy: Policy) -> tuple[Charge, ...]:
    """What the close posts, by account; of each account its room, its extra beds, its packages.

    Items are room, extra_bed and the names of the packages. Left out is what stands in the folio of the date already
    (`posted`) or was kept by this audit. Packages are for paid rooms; those that are a share take it of the room charge
    of the date, whoever posted it. A stay without price has no charge: it blocks the night (NO_PRICE).
    """
    known = posted(books)
    done = {*known, *((kept.account_key, name_key(kept.item)) for kept in books.postings)}
    nights = sorted(charged_nights(books, policy), key=lambda night: night.stay.account_key)
    return tuple(
        _charge(night, item, amount)
        for night in nights
        for item, amount in _items(night, known, policy)
        if (night.stay.account_key, name_key(item)) not in done
    )


def _charge(night: ChargedNight, item: str, amount: int) -> Charge:
    stay = night.stay
    return Charge(stay.account_key, stay.account, stay.room_key, stay.room, item, amount, night.kind, stay.ref)


def _items(night: ChargedNight, known: Mapping[tuple[str, str], Posted], policy: Policy) -> Iterator[tuple[str, int]]:
    """Every item of the night with its cents, what the PMS posted among them."""
    stay = night.stay
    if night.amount is not None:
        yield "room", night.amount
    # The fee is one bed's, for one night.
    beds = (stay.extra_beds or 0) * (stay.extra_bed_fee or 0)
    if beds > 0:
        yield "extra_bed", beds
    if night.kind != "paid":
        return
    own = known.get((stay.account_key, "room"))
    for package in policy.packages:
        amount = _package(stay, own.amount if own else night.amount, package, policy)
        if amount:
            yield package.name, amount


@once
def charged_nights(books: Books, policy: Policy) -> tuple[ChargedNight, ...]:
    """The stays that the audit charges for the night, in the order of the books.

    In house on the night of the date: normal, long and shared stays at their own price (of the day, or the day's part
    of the month), free and house ones at 0.00, hourly ones only where the policy converts them, at rack rate times
    discount, because an hourly price is none for a night.
    """
    converts = policy.hourly_overnight == "convert"
    return tuple(
        ChargedNight(stay, _amount(stay, books.as_of), _WITHOUT_CHARGE.get(stay.kind, "paid"))
        for stay in present(books, policy)
        if stay.kind != "hourly" or (converts and stays_by_the_hour(stay))
    )


def _amount(stay: Stay, date: dt.date) -> int | None:
    if stay.kind in _WITHOUT_CHARGE:
        return 0
    if stay.kind == "hourly":
        return discounted(stay)
    if stay.priced_by == "month" and stay.price is not None:
        return of_month(stay.price, date)
    return stay.price


def of_month(price: int, date: dt.date) -> int:
    """The part of a monthly price (cents) that falls on `date`: all parts of a month sum to the price exactly.

    The days share alike, so the cents that do not divide go to the first days (spec 00: largest remainder).
    """
    each, rest = divmod(price, calendar.monthrange(date.year, date.month)[1])
    return each + (rest >= date.day)


def discounted(stay: Stay) -> int:
    """门市价 × 折扣 of a stay in cents, half up (spec 06, step 4)."""
    return share_of(stay.rack_rate, stay.discount)


def share_of(amount: int, share: int) -> int:
    """`amount` (cents) times `share` (scaled by 10,000), half up to the cent; the sign takes no part in rounding."""
    rounded = (abs(amount) * share + SHARE_SCALE // 2) // SHARE_SCALE
    return -rounded if amount < 0 else rounded


def posted(books: Books) -> Mapping[tuple[str, str], Posted]:
    """What stands in the folio for the date, by account_key and item_key.

    Reversed rows are not there any more. A reversal of an earlier date corrects that date and is none of this one's
    charges; rows that repeat a night posting of ours are not looked at; what is net below zero is an allowance and
    no posting. A row of 0.00 that nobody reversed is one.
    """
    folio = [row for row in books.folio if not row.night_posting and row.date == books.as_of]
    numbers = {row.number_key for row in folio}
    own = [row for row in folio if not row.original_key or row.original_key in numbers]
    reversed_keys = {row.original_key for row in own}
    found = {}
    for key, rows in grouped(own, lambda row: (row.account_key, name_key(row.item))).items():
        amount = sum(row.amount for row in rows)
        if amount > 0 or any(_is_nothing(row, reversed_keys) for row in rows):
            found[key] = Posted(amount, tuple(row.ref for row in rows))
    return MappingProxyType(found)


def _is_nothing(row: FolioLine, reversed_keys: set[str]) -> bool:
    """Whether it is a row of 0.00 that reverses nothing and that nobody reversed."""
    return row.amount == 0 and not row.original_key and row.number_key not in reversed_keys


def _package(stay: Stay, room_charge: int | None, package: Package, policy: Policy) -> int:
    """The cents of one package; 0 where it comes to nothing."""
    if package.share is not None:
        return share_of(room_charge or 0, package.share)
    guests = 1 if stay.guests is None else stay.guests
    times = {"stay": 1, "guest": guests, "breakfast": _breakfasts(stay.breakfast, guests, policy)}
    return times[package.per] * (package.amount or 0)


def _breakfasts(text: str, guests: int, policy: Policy) -> int:
    """How many breakfasts the text means: its word's, else its number, else one for each guest; blank is none."""
    if not text:
        return 0
    word = policy.breakfasts.get(name_key(text))
    if word is not None:
        return word
    number = _NUMBER.search(unicodedata.normalize("NFKC", text))
    return int(number[0]) if number else guests
