"""What becomes of reservations: by the clock during the evening, and at the close of the night (spec 06).

A reservation that came (PMS state 入住, or a stay bearing its number) or that the PMS cancelled is settled by that;
what is said here yields to nothing else. The last of the recorded outcomes stands. Nothing is deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.night_audit.books import Books, looked_up
from tasks.night_audit.deposits import held, held_at_close
from tasks.night_audit.hotel_day import at_time, business_date, business_dates, night_end
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.policy import Policy

NO_SHOWS = ("no_show", "undecided")
_TOLD = ["reservation_key", "reservation", "state", "group_name", "booker", "due_in", "balance", "ref"]
_SET_HERE = (*NO_SHOWS, "released")


@dataclass(frozen=True, slots=True, eq=False)
class Settlement:
    """What a sweep or a close makes of the reservations.

    outcomes: the rows to record (reservation_key, reservation, outcome no_show/undecided/released, at, business_date),
    only where something changes. standing: every reservation of the books with its `state` afterwards (booked,
    checked_in, cancelled, no_show, undecided, released), `due_date`, `balance` (cents held), `confirmed` (bool) and
    `counts_on`, the business date that its outcome belongs to. no_shows and released count reservations of the date.
    """

    outcomes: pd.DataFrame
    standing: pd.DataFrame
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
    at = night_end(books.as_of, policy.night_ends)
    now = standing(books, policy, at)
    date = pd.Timestamp(books.as_of)
    open_now = (now["state"] == "booked") & ~(now["last"].eq("restored") & (now["last_at"] > at))
    swept = (now["last"] == "no_show") & (now["state"] == "no_show") & (now["counts_on"] == date)
    due = (now["due_date"] <= date) & (open_now | swept)
    individual = now["kind"] == "individual"
    target = pd.Series("released", index=now.index, dtype="str")
    target = target.mask(individual & now["confirmed"], "no_show")
    target = target.mask(~individual & _kept_group(now), "undecided")
    changed = due & (target != now["state"])
    new = now[changed].assign(outcome=target[changed], at=at, business_date=date)
    return _settlement(books, now, new)


def sweep(books: Books, policy: Policy, at: dt.datetime) -> Settlement:
    """What the clock makes of the reservations at the moment `at`, from noon to the end of the night (spec 06).

    From `release_at` on, unconfirmed individuals due that business date are released, if they were entered by that
    hour: who books for the same night later on is judged by the other rule. `no_show_after` its due time, at that very
    second too, any other reservation is a no-show and its rooms are free; a group with rooms or a deposit is only "to
    be decided". What somebody restored no clock touches before the close. The outcome belongs to the business date that
    the reservation is due on, or to the open one if that is closed already.
    """
    moment = pd.Timestamp(at).as_unit("s")
    day = business_date(at, policy.night_ends)
    now = standing(books, policy, moment)
    release_at = at_time(day, policy.release_at)
    individual = now["kind"] == "individual"
    lapsed = individual & ~now["confirmed"] & (now["due_date"] == pd.Timestamp(day))
    lapsed &= (moment >= release_at) & (now["entered_at"] <= release_at)
    late = moment >= now["due_in"] + pd.Timedelta(policy.no_show_after)
    waiting = (now["state"] == "booked") & (now["last"] != "restored")
    swept = (now["state"] == "no_show") & (now["last"] == "no_show")
    released = lapsed & (waiting | swept)
    missing = late & waiting & ~released
    outcome = pd.Series("no_show", index=now.index, dtype="str").mask(~individual & _kept_group(now), "undecided")
    outcome = outcome.mask(released, "released")
    chosen = released | missing
    open_date = pd.Timestamp(books.as_of)
    date = now["due_date"].mask(now["due_date"] < open_date, open_date)
    new = now[chosen].assign(outcome=outcome[chosen], at=moment, business_date=date[chosen])
    return _settlement(books, now, new)


def standing(books: Books, policy: Policy, at: pd.Timestamp) -> pd.DataFrame:
    """Every reservation of the books as it stands at `at`, with the columns that `Settlement.standing` names.

    `last` and `last_at` are the last outcome recorded. It is confirmed by money held or by the mark (spec 06). A stay
    that bears its number and arrived by `at` is its arrival; a state 入住 whose stays all arrived later is one of a
    later date, so that a night closed late settles as it would have in time.
    """
    closing = at == night_end(books.as_of, policy.night_ends)
    money = held_at_close(books, policy) if closing else held(books.deposits, at)
    now = books.reservations.copy(deep=False)
    balance = looked_up(now["reservation_key"], money.set_index("reservation_key")["balance"])
    now["balance"] = balance.fillna(0).astype("int64")
    now["confirmed"] = (now["confirmed"] == "yes") | (now["balance"] > 0)
    last = books.outcomes.drop_duplicates("reservation_key", keep="last").set_index("reservation_key")
    now["last"] = looked_up(now["reservation_key"], last["outcome"]).fillna("")
    now["last_at"] = looked_up(now["reservation_key"], last["at"])
    now["due_date"] = business_dates(now["due_in"], policy.night_ends)
    own = now["last"].isin(_SET_HERE)
    now["counts_on"] = now["due_date"].mask(own, looked_up(now["reservation_key"], last["business_date"]))
    first = books.stays.groupby("reservation_key")["arrived_at"].min()
    came_at = looked_up(now["reservation_key"], first)
    came = (came_at <= at) | ((now["state"] == "checked_in") & came_at.isna())
    state = now["state"].mask(now["state"] == "checked_in", "booked")
    given_up = state == "cancelled"
    state = state.mask(own & ~given_up, now["last"]).mask((now["last"] == "restored") & ~given_up, "booked")
    now["state"] = state.mask(came, "checked_in")
    return now


def _kept_group(now: pd.DataFrame) -> pd.Series[bool]:
    return (now["rooms"].str.strip() != "") | (now["balance"] > 0)


def _settlement(books: Books, now: pd.DataFrame, new: pd.DataFrame) -> Settlement:
    after = now.copy(deep=False)
    if len(new):
        after.loc[new.index, "state"] = new["outcome"]
        after.loc[new.index, "counts_on"] = new["business_date"]
    of_date = after["counts_on"] == pd.Timestamp(books.as_of)
    no_show = after["state"].isin(NO_SHOWS) & of_date
    released = (after["state"] == "released") & of_date
    told = after[_TOLD][no_show | released | (after["state"] == "undecided")].sort_values("reservation_key")
    return Settlement(
        outcomes=new[["reservation_key", "reservation", "outcome", "at", "business_date"]].reset_index(drop=True),
        standing=after,
        findings=[_finding(books.as_of, one) for one in told.to_dict("records")],
        no_shows=int(no_show.sum()),
        released=int(released.sum()),
    )


def _finding(as_of: dt.date, one: dict[Hashable, Any]) -> Finding:
    """The NO_SHOW or RELEASED of one reservation; one to be decided is named every night until somebody decides."""
    kind = "RELEASED" if one["state"] == "released" else "NO_SHOW"
    wording = "NO_SHOW_UNDECIDED" if one["state"] == "undecided" else kind
    told = message(
        f"night_audit.{wording}",
        reservation=one["reservation"],
        booker=one["group_name"] or one["booker"],
        due=f"{one['due_in']:%m-%d %H:%M}",
        held=money_text(one["balance"]),
        owner=desk_of(kind),
    )
    return hotel_finding(kind, as_of, one["reservation"], [one["ref"]], told)
