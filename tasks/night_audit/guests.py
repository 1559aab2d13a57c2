"""Guests and companies who owe more than they should, and the points that members earn.

Amounts are cents, points whole numbers. Source: spec 06, step 9.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.keys import code_keys, name_keys
from tasks.domain.message import message
from tasks.night_audit.books import each
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.ledgers import CORPORATE, DEPOSIT, GUEST

POINTS = "points"


def high_balances(lines: pd.DataFrame, in_house: pd.DataFrame) -> pd.DataFrame:
    """The guests in the house who owe more than they deposited (催押), the largest shortfall first.

    Columns: ref, account, room, guest, balance, deposit, short. `lines` are those of `ledgers.ledger_lines`; `in_house`
    has ref, account_key, account, reservation_key, room, guest. A guest without a deposit has deposited 0; what is
    still held on the reservation counts for the first of its accounts.
    """
    owed = lines[lines["ledger"] == GUEST].set_index("account_key")["closing"]
    deposits = lines[lines["ledger"] == DEPOSIT].set_index("account_key")["closing"]
    own = ("stays:" + in_house["account_key"]).map(deposits).fillna(0).astype("int64")
    first = ~in_house.sort_values("account_key")["reservation_key"].duplicated() & (in_house["reservation_key"] != "")
    reserved = ("reservations:" + in_house["reservation_key"]).map(deposits).fillna(0).astype("int64")
    told = in_house[["ref", "account", "room", "guest"]].assign(
        balance=in_house["account_key"].map(owed).fillna(0).astype("int64"),
        deposit=own + reserved.where(first, 0),
    )
    told["short"] = told["balance"] - told["deposit"]
    high = told[(told["short"] > 0) & (told["balance"] > 0)]
    return high.sort_values(["short", "account"], ascending=[False, True], ignore_index=True)


def balance_findings(high: pd.DataFrame, as_of: dt.date) -> tuple[Finding, ...]:
    """BALANCE_ABOVE_DEPOSIT for each row of `high_balances`, in its order."""
    return tuple(
        hotel_finding(
            "BALANCE_ABOVE_DEPOSIT",
            as_of,
            row.account,
            (row.ref,),
            message(
                "night_audit.BALANCE_ABOVE_DEPOSIT",
                account=row.account,
                room=row.room,
                guest=row.guest,
                balance=money_text(row.balance),
                deposit=money_text(row.deposit),
                short=money_text(row.short),
                owner=desk_of("BALANCE_ABOVE_DEPOSIT"),
            ),
            (row.deposit, row.balance),
        )
        for row in each(high)
    )


def credit_findings(lines: pd.DataFrame, accounts: pd.DataFrame, as_of: dt.date) -> tuple[Finding, ...]:
    """CREDIT_LIMIT for each company that owes more than its limit, by name; a blank limit limits nothing.

    `accounts` has ref, company, credit_limit (Int64).
    """
    owed = lines[lines["ledger"] == CORPORATE].set_index("account_key")["closing"]
    told = accounts.assign(balance=name_keys(accounts["company"]).map(owed).fillna(0).astype("int64"))
    over = told[(told["credit_limit"].notna()) & (told["balance"] > told["credit_limit"].fillna(0))]
    return tuple(
        hotel_finding(
            "CREDIT_LIMIT",
            as_of,
            row.company,
            (row.ref,),
            message(
                "night_audit.CREDIT_LIMIT",
                company=row.company,
                balance=money_text(row.balance),
                limit=money_text(row.credit_limit),
                over=money_text(row.balance - row.credit_limit),
                owner=desk_of("CREDIT_LIMIT"),
            ),
            (int(row.credit_limit), int(row.balance)),
        )
        for row in each(over.sort_values("company"))
    )


def points_earned(bills: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The points of bills settled on the date: member_key, member, account_key, account, points; by account.

    `bills` has account_key, account, member_key, balance, paid (money received in all); a bill is settled when its
    guest has left and owes nothing. Each earns once, its money times the member's points a yuan, fractions dropped.
    `members` has member_key, member, points_per_yuan (Int64 scaled by 10,000; a blank one is 1).
    """
    settled = bills[(bills["balance"] == 0) & (bills["paid"] > 0)].drop_duplicates("account_key")
    own = settled[["account_key", "account", "member_key", "paid"]].merge(
        members[["member_key", "member", "points_per_yuan"]], on="member_key"
    )
    factor = own["points_per_yuan"].fillna(10_000).astype("int64")
    points = own["paid"] * factor // (100 * 10_000)
    earned = own[["member_key", "member", "account_key", "account"]].assign(points=points.astype("int64"))
    return earned[earned["points"] > 0].sort_values("account", ignore_index=True)


def points_findings(log: pd.DataFrame, earned_before: pd.DataFrame, as_of: dt.date) -> tuple[Finding, ...]:
    """POINTS_DOUBLE for each bill whose points were credited more than once, by bill.

    `log` has ref, at, operator, action, object of the date's operations; `earned_before` account_key, account of bills
    that earned on an earlier date and were credited again on this one.
    """
    credited = log[log["action"] == POINTS].sort_values(["at", "ref"])
    keys = code_keys(credited["object"])
    again = credited[keys.duplicated(keep=False) | keys.isin(earned_before["account_key"])]
    told = []
    for _, own in again.groupby(code_keys(again["object"])):
        account = str(own["object"].iloc[0])
        # One credit on this date is the second one where the bill had earned before.
        times = max(len(own), 2)
        words = message("night_audit.POINTS_DOUBLE", account=account, times=times, owner=own["operator"].iloc[-1])
        told.append(hotel_finding("POINTS_DOUBLE", as_of, account, own["ref"], words, ("1", str(times))))
    return tuple(sorted(told, key=lambda one: one.item))
