"""What becomes of reservations: by the clock during the evening, and at the close of the night (spec 06).

A reservation that came (PMS state 入住, or a stay bearing its number) or that the PMS cancelled is settled by that;
what is said here yields to nothing else. The last of the recorded outcomes stands. Nothing is deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.night_audit.books import Books
from tasks.night_audit.deposits import held, held_at_close
from tasks.night_audit.hotel_day import at_time, business_date, night_end
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.policy import Policy
from tasks.night_audit.rows import Outcome, Reservation

NO_SHOWS = ("no_show", "undecided")
_SET_HERE = (*NO_SHOWS, "released")


class Standing(NamedTuple):
    """A reservation as it stands at a moment.

    `state` is booked, checked_in, cancelled, no_show, undecided or released; `last` and `last_at` are the last outcome
    recorded here, "" and None without one; `counts_on` is the business date that its outcome belongs to; `balance` the
    cents held; `confirmed` says whether money or the mark confirms it (spec 06).
    """

    reservation: Reservation
    state: str
    last: str
    last_at: dt.datetime | None
    due_date: dt.date
    counts_on: dt.date
    balance: int
    confirmed: bool

    @property
    def individual(self) -> bool:
        """Whether it is of one guest, no group."""
        return self.reservation.kind == "individual"

    @property
    def keeps(self) -> bool:
        """Whether rooms are assigned to it or money is held on it: a group that keeps is for somebody to decide."""
        return bool(self.reservation.rooms.strip()) or self.balance > 0


class Settled(NamedTuple):
    """An outcome to record: no_show, undecided or released."""

    reservation_key: str
    reservation: str
    outcome: str
    at: dt.datetime
    business_date: dt.date


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a sweep or a close makes of the reservations.

    `outcomes` are to be recorded, only where something changes; `standing` is every reservation of the books as it
    stands afterwards. `no_shows` and `released` count reservations of the date.
    """

    outcomes: tuple[Settled, ...]
    standing: tuple[Standing, ...]
    findings: list[Finding]
    no_shows: int
    released: int


def settle(books: Books, policy: Policy) -> Settlement:
    """What the close of the books' date makes of every reservation due by then that has not arrived (spec 06).

    Unconfirmed individuals are released, confirmed ones are no-shows. A group with rooms assigned or holding a deposit
    is a no-show to be decided; every other group is released, marked as confirmed or not, because the rule of groups
    names rooms and money alone. A group of which one guest came has arrived. What earlier nights settled stays, and so
    does what was restored after the end of the night; a no-show that a sweep of the same date set is judged anew.
    """
    date, at = books.as_of, night_end(books.as_of, policy.night_ends)
    now = standing(books, policy, at)
    judged = ((one, _at_close(one)) for one in now if _is_due(one, date, at))
    return _settlement(
        books, now, [_settled(one, outcome, at, date) for one, outcome in judged if outcome != one.state]
    )


def _is_due(one: Standing, date: dt.date, at: dt.datetime) -> bool:
    """Whether the close of `date`, whose night ends at `at`, has to judge the reservation."""
    restored_later = one.last == "restored" and one.last_at is not None and one.last_at > at
    swept = one.state == one.last == "no_show" and one.counts_on == date
    return one.due_date <= date and (swept or (one.state == "booked" and not restored_later))


def _at_close(one: Standing) -> str:
    if one.individual:
        return "no_show" if one.confirmed else "released"
    return "undecided" if one.keeps else "released"


def sweep(books: Books, policy: Policy, at: dt.datetime) -> Settlement:
    """What the clock makes of the reservations at the moment `at`, from noon to the end of the night (spec 06).

    From `release_at` on, unconfirmed individuals due that business date are released, if they were entered by that
    hour: who books for the same night later on is judged by the other rule. `no_show_after` its due time, at that very
    second too, any other reservation is a no-show and its rooms are free; a group with rooms or a deposit is only "to
    be decided". What somebody restored no clock touches before the close. The outcome belongs to the business date that
    the reservation is due on, or to the open one if that is closed already.
    """
    now = standing(books, policy, at)
    judged = ((one, _by_clock(one, policy, at)) for one in now)
    new = [_settled(one, outcome, at, max(one.due_date, books.as_of)) for one, outcome in judged if outcome]
    return _settlement(books, now, new)


def _by_clock(one: Standing, policy: Policy, at: dt.datetime) -> str:
    """What the clock makes of the reservation at `at`, "" where nothing."""
    waiting = one.state == "booked" and one.last != "restored"
    swept = one.state == one.last == "no_show"
    day = business_date(at, policy.night_ends)
    release_at = at_time(day, policy.release_at)
    unsecured = (
        one.individual and not one.confirmed and one.due_date == day and one.reservation.entered_at <= release_at
    )
    if unsecured and at >= release_at and (waiting or swept):
        return "released"
    if waiting and at >= one.reservation.due_in + policy.no_show_after:
        return "undecided" if one.keeps and not one.individual else "no_show"
    return ""


def standing(books: Books, policy: Policy, at: dt.datetime) -> tuple[Standing, ...]:
    """Every reservation of the books as it stands at `at`, in their order.

    It is confirmed by money held or by the mark (spec 06). A stay that bears its number and arrived by `at` is its
    arrival; a state 入住 whose stays all arrived later is one of a later date, so that a night closed late settles as
    it would have in time.
    """
    closing = at == night_end(books.as_of, policy.night_ends)
    money = held_at_close(books, policy) if closing else held(books.deposits, at)
    last = {outcome.reservation_key: outcome for outcome in books.outcomes}
    came: dict[str, dt.datetime] = {}
    for stay in books.stays:
        key = stay.reservation_key
        came[key] = min(stay.arrived_at, came.get(key, stay.arrived_at))
    found = []
    for one in books.reservations:
        key = one.reservation_key
        own, due_date = last.get(key), business_date(one.due_in, policy.night_ends)
        balance = money[key].balance if key in money else 0
        found.append(
            Standing(
                reservation=one,
                state="checked_in" if _has_come(one, came.get(key), at) else _expected(one, own),
                last=own.outcome if own else "",
                last_at=own.at if own else None,
                due_date=due_date,
                counts_on=own.business_date if own and own.outcome in _SET_HERE else due_date,
                balance=balance,
                confirmed=one.confirmed == "yes" or balance > 0,
            )
        )
    return tuple(found)


def _has_come(one: Reservation, came_at: dt.datetime | None, at: dt.datetime) -> bool:
    return one.state == "checked_in" if came_at is None else came_at <= at


def _expected(one: Reservation, last: Outcome | None) -> str:
    """The state of a reservation that has not come: cancelled, else what was made of it here, else as delivered."""
    if one.state != "cancelled" and last is not None:
        return "booked" if last.outcome == "restored" else last.outcome
    return "booked" if one.state == "checked_in" else one.state


def _settled(one: Standing, outcome: str, at: dt.datetime, date: dt.date) -> Settled:
    return Settled(one.reservation.reservation_key, one.reservation.reservation, outcome, at, date)


def _settlement(books: Books, now: Iterable[Standing], new: Iterable[Settled]) -> Settlement:
    made = {one.reservation_key: one for one in new}
    after = tuple(_after(one, made.get(one.reservation.reservation_key)) for one in now)
    of_date = [one for one in after if one.counts_on == books.as_of]
    no_shows = [one for one in of_date if one.state in NO_SHOWS]
    released = [one for one in of_date if one.state == "released"]
    undecided = [one for one in after if one.state == "undecided" and one.counts_on != books.as_of]
    told = sorted((*no_shows, *released, *undecided), key=lambda one: one.reservation.reservation_key)
    return Settlement(
        outcomes=tuple(made.values()),
        standing=after,
        findings=[_finding(books.as_of, one) for one in told],
        no_shows=len(no_shows),
        released=len(released),
    )


def _after(one: Standing, made: Settled | None) -> Standing:
    return one if made is None else one._replace(state=made.outcome, counts_on=made.business_date)


def _finding(as_of: dt.date, one: Standing) -> Finding:
    """The NO_SHOW or RELEASED of one reservation; one to be decided is named every night until somebody decides."""
    kind = "RELEASED" if one.state == "released" else "NO_SHOW"
    wording = "NO_SHOW_UNDECIDED" if one.state == "undecided" else kind
    row = one.reservation
    told = message(
        f"night_audit.{wording}",
        reservation=row.reservation,
        booker=row.group_name or row.booker,
        due=f"{row.due_in:%m-%d %H:%M}",
        held=money_text(one.balance),
        owner=desk_of(kind),
    )
    return hotel_finding(kind, as_of, row.reservation, [row.ref], told)
