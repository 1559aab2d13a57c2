"""The rate check of the night: prices, and the authority, the reason and the agreement behind a discount (spec 06)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.keys import name_key
from tasks.domain.message import Message, message
from tasks.night_audit.books import Books
from tasks.night_audit.charges import SHARE_SCALE, ChargedNight, charged_nights, discounted, posted
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.policy import Policy
from tasks.night_audit.rows import Stay

# A long stay has a contract price: its discount is none that a desk gave.
_DISCOUNTED = ("normal", "shared")


class _Given(NamedTuple):
    """A discount of the night: the lowest that its operator or approver may give, and its company's agreed one."""

    stay: Stay
    lowest: int
    agreed: int | None

    @property
    def within_agreement(self) -> bool:
        return self.agreed is not None and self.stay.discount >= self.agreed


def rate_findings(books: Books, policy: Policy) -> list[Finding]:
    """Every RATE_VARIANCE, DISCOUNT_AUTHORITY and DISCOUNT_NO_REASON of the night's stays, by kind and account.

    RATE_VARIANCE: the price of a normal stay by the day is not 门市价 × 折扣 (shared and bed stays have their own
    price, long ones a contract's), or the room charge that the PMS posted for the date is not the one that is due.
    DISCOUNT_AUTHORITY: a normal or shared stay's discount is below the lowest of its operator and of its approver; an
    operator who is not among the operators may give none. DISCOUNT_NO_REASON: a discount without reason, or below the
    agreement of the stay's company. Within the agreement, the agreement is authority and reason. What needs operators
    or corporate accounts is not checked where those were never delivered.
    """
    nights = charged_nights(books, policy)
    paid = [night.stay for night in nights if night.kind == "paid"]
    found = [*_variances(books, paid), *_posted_variances(books, nights)]
    for one in _given(books, paid):
        if "operators" in books.delivered and not one.within_agreement and one.stay.discount < one.lowest:
            found.append(_beyond_authority(books, one))
        if one.agreed is not None and not one.within_agreement:
            found.append(_beyond_agreement(books, one.stay, one.agreed))
        if one.agreed is None and not one.stay.discount_reason.strip():
            found.append(_unreasoned(books, one.stay))
    return sorted(found, key=lambda one: (one.kind, one.item, one.refs))


def _given(books: Books, stays: Iterable[Stay]) -> Iterator[_Given]:
    """The discounts of normal and shared stays."""
    may = _least((one.operator, one.lowest_discount) for one in books.operators)
    agreements = _least((one.company, one.agreed_discount) for one in books.corporate_accounts if name_key(one.company))
    for stay in stays:
        if stay.kind in _DISCOUNTED and stay.discount < SHARE_SCALE:
            lowest = min(may.get(name_key(name), SHARE_SCALE) for name in (stay.operator, stay.approved_by))
            yield _Given(stay, lowest, agreements.get(name_key(stay.company)))


def _least(discounts: Iterable[tuple[str, int | None]]) -> Mapping[str, int]:
    """The lowest discount of each name, by its key."""
    found: dict[str, int] = {}
    for name, discount in discounts:
        if discount is not None:
            key = name_key(name)
            found[key] = min(discount, found.get(key, discount))
    return found


def _variances(books: Books, stays: Iterable[Stay]) -> Iterator[Finding]:
    for stay in stays:
        due = discounted(stay)
        own_price = bool(stay.bed.strip()) or stay.priced_by == "month"
        if stay.kind != "normal" or own_price or stay.price is None or stay.price == due:
            continue
        told = _told(
            "RATE_VARIANCE",
            stay,
            price=money_text(stay.price),
            rack=money_text(stay.rack_rate),
            discount=_share_text(stay.discount),
            due=money_text(due),
        )
        yield hotel_finding("RATE_VARIANCE", books.as_of, stay.account, [stay.ref], told, (due, stay.price))


def _posted_variances(books: Books, nights: Iterable[ChargedNight]) -> Iterator[Finding]:
    """Room charges of the date that the PMS posted with another amount than the stay's."""
    known = posted(books)
    for stay, due, _ in nights:
        own = known.get((stay.account_key, "room"))
        if own is None or due is None or own.amount == due:
            continue
        told = _told("RATE_VARIANCE", stay, "RATE_POSTED", posted=money_text(own.amount), due=money_text(due))
        refs = [stay.ref, *own.refs]
        yield hotel_finding("RATE_VARIANCE", books.as_of, stay.account, refs, told, (due, own.amount))


def _beyond_authority(books: Books, one: _Given) -> Finding:
    stay, lowest, given = one.stay, _share_text(one.lowest), _share_text(one.stay.discount)
    told = _told("DISCOUNT_AUTHORITY", stay, operator=stay.operator, discount=given, lowest=lowest)
    return hotel_finding("DISCOUNT_AUTHORITY", books.as_of, stay.account, [stay.ref], told, (lowest, given))


def _beyond_agreement(books: Books, stay: Stay, agreed: int) -> Finding:
    given, allowed = _share_text(stay.discount), _share_text(agreed)
    own = {"operator": stay.operator, "discount": given, "company": stay.company, "agreed": allowed}
    told = _told("DISCOUNT_NO_REASON", stay, "DISCOUNT_BEYOND_AGREEMENT", **own)
    return hotel_finding("DISCOUNT_NO_REASON", books.as_of, stay.account, [stay.ref], told, (allowed, given))


def _unreasoned(books: Books, stay: Stay) -> Finding:
    given = _share_text(stay.discount)
    told = _told("DISCOUNT_NO_REASON", stay, operator=stay.operator, discount=given)
    return hotel_finding("DISCOUNT_NO_REASON", books.as_of, stay.account, [stay.ref], told, ("", given))


def _told(kind: str, stay: Stay, wording: str = "", **figures: str) -> Message:
    """What is said of a stay under a kind, in the kind's own words or in `wording`: whose, where, and who acts."""
    of_stay = {"account": stay.account, "guest": stay.guest, "room": stay.room}
    return message(f"night_audit.{wording or kind}", owner=desk_of(kind), **of_stay, **figures)


def _share_text(scaled: int) -> str:
    """A share with two places, or as many as it needs: 8000 is `0.80`, 8550 is `0.855`."""
    text = f"{Decimal(scaled) / SHARE_SCALE:.4f}".rstrip("0")
    return text.ljust(text.index(".") + 3, "0")
