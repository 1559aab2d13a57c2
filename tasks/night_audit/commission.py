"""Commission of the night: accrued for each room within its dates, and taken back outside them (spec 06, step 5)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.keys import name_keys
from tasks.domain.message import message
from tasks.night_audit.books import Books, empty
from tasks.night_audit.charges import charged_nights
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.policy import Policy

ITEM = "commission"
_ACCRUED = ["account_key", "account", "room_key", "room", "source", "amount", "ref"]
_REVERSED = ["account_key", "account", "original", "date", "amount", "ref"]
_NONE_OUTSIDE = empty("folio").assign(guest="")[[*_REVERSED, "guest"]]


@dataclass(frozen=True, slots=True, eq=False)
class Commission:
    """accruals: what the night accrues (account_key, account, room_key, room, source, amount in cents, ref).

    reversals: the red reversals proposed for what was accrued outside its dates (account_key, account, original: the
    number of the row to reverse or "", date that it was accrued for, amount below zero, ref).
    """

    accruals: pd.DataFrame
    reversals: pd.DataFrame
    findings: list[Finding]


def night_commission(books: Books, policy: Policy) -> Commission:
    """The commission of the books' date.

    It accrues on paid stays in house while 佣金起 ≤ date ≤ 佣金止, a blank end being open; free and house rooms earn
    none. It is of the room: where several accounts of one source share a room, the highest counts once. Accrued outside
    its dates is what the folio of the date (item commission, net of its own reversals) or an earlier close holds for a
    date that the stay's commission, as it is delivered now, does not cover.
    """
    nights = charged_nights(books, policy)
    earning = [*_ACCRUED, "kind", "commission", "commission_from", "commission_to"]
    paid = nights[earning][(nights["kind"] == "paid") & (nights["commission"].fillna(0) > 0)]
    due = paid[_within(paid, pd.Series(pd.Timestamp(books.as_of), index=paid.index))]
    due = due.assign(amount=due["commission"], by=name_keys(due["source"]))
    once = due.sort_values(["amount", "account_key"], ascending=[False, True]).drop_duplicates(["room_key", "by"])
    accruals = once.sort_values("account_key")[_ACCRUED].astype({"amount": "int64"}).reset_index(drop=True)
    outside = _outside(books)
    reversals = outside.assign(amount=-outside["amount"])[_REVERSED].reset_index(drop=True)
    return Commission(accruals, reversals, [_finding(books, one) for one in outside.to_dict("records")])


def _within(rows: pd.DataFrame, dates: pd.Series[pd.Timestamp]) -> pd.Series[bool]:
    """Whether each row's commission covers its date; a row without commission covers none."""
    begun = rows["commission_from"].isna() | (rows["commission_from"] <= dates)
    ended = rows["commission_to"].notna() & (rows["commission_to"] < dates)
    return begun & ~ended & (rows["commission"].fillna(0) > 0)


def _outside(books: Books) -> pd.DataFrame:
    """The accruals outside their dates with `original`, `date`, `amount`, `ref` and the stay's own columns."""
    if not len(books.folio) and not len(books.accruals):
        return _NONE_OUTSIDE
    rows = books.folio[(name_keys(books.folio["item"]) == ITEM) & (books.folio["night_posting"] == "")]
    undone = rows["number_key"].isin(rows.loc[rows["original_key"] != "", "original_key"])
    live = rows[(rows["original_key"] == "") & ~undone & (rows["amount"] != 0)]
    posted = live.assign(original=live["number"])[["account_key", "original", "date", "amount", "ref"]]
    kept = books.accruals.rename(columns={"business_date": "date"}).assign(original="")
    kept = kept.assign(ref="accruals:" + kept["account"] + ":" + kept["date"].dt.strftime("%Y-%m-%d"))
    accrued = pd.concat([posted, kept[posted.columns]])
    if not len(accrued):
        return _NONE_OUTSIDE
    stays = books.stays[["account_key", "account", "guest", "commission", "commission_from", "commission_to"]]
    both = accrued.merge(stays, on="account_key")
    return both[~_within(both, both["date"])].sort_values(["account_key", "date", "ref"])


def _finding(books: Books, one: dict[Hashable, Any]) -> Finding:
    told = message(
        "night_audit.COMMISSION_OUTSIDE",
        account=one["account"],
        guest=one["guest"],
        date=f"{one['date']:%Y-%m-%d}",
        amount=money_text(one["amount"]),
        reversal=money_text(-one["amount"]),
        owner=desk_of("COMMISSION_OUTSIDE"),
    )
    return hotel_finding("COMMISSION_OUTSIDE", books.as_of, one["account"], [one["ref"]], told, (0, int(one["amount"])))
