"""What is held on reservations: balances at a moment, and the deposits that outlive their reservation (spec 06)."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.night_audit.books import Books, deposit_effects, once
from tasks.night_audit.hotel_day import business_dates, night_end, present
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.policy import Policy

# States in which nobody is expected any more, so that the money waits for a named decision.
_OVER = frozenset({"no_show", "undecided", "released", "cancelled", "unknown", "departed"})


def held(deposits: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """What each reservation holds at `until`, one row a reservation_key that ever had a deposit row by then.

    balance: cents, receipts less what left; received: cents of all receipts above zero; since: the first row's moment;
    reservation: as the deposits write it. Rows without a reservation belong to an account and are left out.
    """
    rows = deposits[(deposits["reservation_key"] != "") & (deposits["at"] <= until)]
    effects = deposit_effects(rows)
    return (
        rows.assign(effect=effects, taken=effects.clip(lower=0))
        .groupby("reservation_key", as_index=False)
        .agg(
            reservation=("reservation", "first"),
            balance=("effect", "sum"),
            received=("taken", "sum"),
            since=("at", "min"),
        )
    )


@once
def held_at_close(books: Books, policy: Policy) -> pd.DataFrame:
    """What each reservation holds at the end of the night of the books' date (`held`)."""
    return held(books.deposits, night_end(books.as_of, policy.night_ends))


def undecided_deposits(books: Books, policy: Policy, standing: pd.DataFrame) -> list[Finding]:
    """One DEPOSIT_UNDECIDED for every deposit that outlived its reservation, by reservation (spec 06).

    `standing` has every reservation of the books with its state after the audit (reservations.Settlement). A deposit is
    listed while its balance is not zero and nobody is expected on it: the reservation is a no-show, released or
    cancelled, is unknown, or all of its stays have departed. Each names its age in days and the last state.
    Where reservations were never delivered none can be missed, and nothing is listed (spec 00: not checked).
    """
    if "reservations" not in books.delivered:
        return []
    money = held_at_close(books, policy)
    money = money[money["balance"] != 0]
    if not len(money):
        return []
    money = money.merge(standing[["reservation_key", "state", "booker", "ref"]], on="reservation_key", how="left")
    gone = ~money["reservation_key"].isin(_staying(books, policy)) & money["reservation_key"].isin(
        books.stays["reservation_key"]
    )
    state = money["state"].fillna("unknown")
    state = state.mask(gone & state.isin(["checked_in", "booked"]), "departed")
    money = money.assign(
        state=state,
        booker=money["booker"].fillna(""),
        age=(pd.Timestamp(books.as_of) - business_dates(money["since"], policy.night_ends)).dt.days,
    )
    over = money[state.isin(_OVER)].sort_values("reservation_key")
    rows_of: dict[str, list[str]] = {}
    for key, ref in zip(books.deposits["reservation_key"], books.deposits["ref"], strict=True):
        rows_of.setdefault(key, []).append(ref)
    findings = []
    for one in over.to_dict("records"):
        known = [] if pd.isna(one["ref"]) else [one["ref"]]
        told = message(
            "night_audit.DEPOSIT_UNDECIDED",
            reservation=one["reservation"],
            booker=one["booker"],
            state=message(f"night_audit.last_state.{one['state']}"),
            days=one["age"],
            amount=money_text(one["balance"]),
            owner=desk_of("DEPOSIT_UNDECIDED"),
        )
        refs = known + rows_of[one["reservation_key"]]
        found = hotel_finding(
            "DEPOSIT_UNDECIDED", books.as_of, one["reservation"], refs, told, (0, int(one["balance"]))
        )
        # A part refunded later is the same open deposit.
        findings.append(replace(found, stands_on=()))
    return findings


def _staying(books: Books, policy: Policy) -> set[str]:
    """The reservations of which a stay has not departed by the end of the night, or has not come yet."""
    coming = books.stays.loc[books.stays["departed_at"].isna(), "reservation_key"]
    return {*present(books, policy)["reservation_key"], *coming}
