"""How reliably bookings turn into guests: the month by salesperson, company and source (信誉档案, spec 06, step 14)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tasks.domain.amounts import rate_text
from tasks.domain.keys import name_key
from tasks.night_audit.books import Books
from tasks.night_audit.reservations import NO_SHOWS, Standing
from tasks.night_audit.rows import Reservation, Stay

BY = ("salesperson", "company", "source")


@dataclass(frozen=True, slots=True, eq=False)
class Month:
    """Every reservation due in a month that ends, as it stands before this close, and the stays that came of them."""

    standing: tuple[Standing, ...]
    stays: tuple[Stay, ...]


class Reliability(NamedTuple):
    """What became of the bookings of a salesperson, company or source (`by`); `name` is "" for those without one.

    `no_shows` are also those to be decided, `no_show_rate` no_shows / bookings as a text with six places.
    """

    by: str
    name: str
    bookings: int
    arrived: int
    cancelled: int
    no_shows: int
    released: int
    no_show_rate: str | None


def reputation(
    standing: Iterable[Standing], stays: Iterable[Stay], companies: Iterable[str], month: dt.date
) -> tuple[Reliability, ...]:
    """One row for each salesperson, company and source of the reservations due in the month of `month`.

    By name within each `by`, and each `by` sums to all bookings. What is still expected is only a booking. A
    reservation has no company of its own: it is that of its stay, else the group's or the booker's name where
    `companies` has it.
    """
    known: dict[str, str] = {}
    for company in companies:
        known.setdefault(name_key(company), company)
    known.pop("", None)
    by_stay: dict[str, str] = {}
    for stay in stays:
        if stay.company:
            by_stay.setdefault(stay.reservation_key, known.get(name_key(stay.company), stay.company))
    states: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in standing:
        if (one.due_date.year, one.due_date.month) == (month.year, month.month):
            own = one.reservation
            company = by_stay.get(own.reservation_key) or _named_company(own, known)
            for by, name in zip(BY, (own.salesperson, company, own.source), strict=True):
                states[by, name].append(one.state)
    ordered = sorted(states.items(), key=lambda group: (BY.index(group[0][0]), group[0][1]))
    return tuple(_counted(by, name, own) for (by, name), own in ordered)


def month_reputation(month: Month | None, books: Books, standing: tuple[Standing, ...]) -> tuple[Reliability, ...]:
    """The month's table at its end, this night's outcomes (`standing`) among it; without rows on every other date."""
    if month is None:
        return ()
    here = {one.reservation.reservation_key for one in standing}
    before = [one for one in month.standing if one.reservation.reservation_key not in here]
    companies = [row.company for row in books.corporate_accounts]
    return reputation([*before, *standing], [*month.stays, *books.stays], companies, books.as_of)


def _named_company(reservation: Reservation, known: Mapping[str, str]) -> str:
    """The company that the group or the booker is; "" for neither."""
    keys = (name_key(reservation.group_name), name_key(reservation.booker))
    return next((known[key] for key in keys if key in known), "")


def _counted(by: str, name: str, states: list[str]) -> Reliability:
    no_shows = sum(states.count(state) for state in NO_SHOWS)
    return Reliability(
        by=by,
        name=name,
        bookings=len(states),
        arrived=states.count("checked_in"),
        cancelled=states.count("cancelled"),
        no_shows=no_shows,
        released=states.count("released"),
        no_show_rate=rate_text(no_shows, len(states)),
    )
