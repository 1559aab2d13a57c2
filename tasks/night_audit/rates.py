"""The rate check of the night: prices, and the authority, the reason and the agreement behind a discount (spec 06)."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.keys import name_keys
from tasks.domain.message import message
from tasks.night_audit.books import Books, looked_up
from tasks.night_audit.charges import SHARE_SCALE, charged_nights, discounted, posted
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.policy import Policy

# A long stay has a contract price: its discount is none that a desk gave.
_DISCOUNTED = ("normal", "shared")
_LOOKED_AT = [
    "account_key", "account", "guest", "room", "bed", "kind", "stay_kind", "priced_by", "price", "rack_rate",
    "discount", "amount", "discount_reason", "approved_by", "company", "operator", "ref",
]  # fmt: skip


def rate_findings(books: Books, policy: Policy) -> list[Finding]:
    """Every RATE_VARIANCE, DISCOUNT_AUTHORITY and DISCOUNT_NO_REASON of the night's stays, by kind and account.

    RATE_VARIANCE: the price of a normal stay by the day is not 门市价 × 折扣 (shared and bed stays have their own
    price, long ones a contract's), or the room charge that the PMS posted for the date is not the one that is due.
    DISCOUNT_AUTHORITY: a normal or shared stay's discount is below the lowest of its operator and of its approver; an
    operator who is not among the operators may give none. DISCOUNT_NO_REASON: a discount without reason, or below the
    agreement of the stay's company. Within the agreement, the agreement is authority and reason. What needs operators
    or corporate accounts is not checked where those were never delivered.
    """
    nights = charged_nights(books, policy)[_LOOKED_AT]
    stays = nights.assign(due=discounted(nights))[nights["kind"] == "paid"]
    stays = _with_limits(stays, books)
    found = [*_variances(books, stays), *_posted_variances(books, nights)]
    given = stays[stays["stay_kind"].isin(_DISCOUNTED) & (stays["discount"] < SHARE_SCALE)]
    agreed = given["agreed"].notna() & (given["discount"] >= given["agreed"]).fillna(value=False)
    if "operators" in books.delivered:
        found += _beyond_authority(books, given[~agreed & (given["discount"] < given["lowest"])])
    below = given["agreed"].notna() & ~agreed
    found += _unreasoned(books, given[below], "DISCOUNT_BEYOND_AGREEMENT")
    silent = (given["discount_reason"].str.strip() == "") & given["agreed"].isna()
    found += _unreasoned(books, given[silent], "DISCOUNT_NO_REASON")
    return sorted(found, key=lambda one: (one.kind, one.item, one.refs))


def _with_limits(stays: pd.DataFrame, books: Books) -> pd.DataFrame:
    """`stays` with the lowest discount that its operator or approver may give, and its company's agreed one (or NA)."""
    may = books.operators.assign(key=name_keys(books.operators["operator"])).groupby("key")["lowest_discount"].min()
    companies = books.corporate_accounts.assign(key=name_keys(books.corporate_accounts["company"]))
    agreements = companies[companies["key"] != ""].groupby("key")["agreed_discount"].min()
    limits = [
        looked_up(name_keys(stays[name]), may).astype("Int64").fillna(SHARE_SCALE)
        for name in ("operator", "approved_by")
    ]
    return stays.assign(
        lowest=limits[0].where(limits[0] <= limits[1], limits[1]),
        agreed=looked_up(name_keys(stays["company"]), agreements).astype("Int64"),
    )


def _variances(books: Books, stays: pd.DataFrame) -> list[Finding]:
    own_price = (stays["bed"].str.strip() != "") | (stays["priced_by"] == "month")
    normal = stays[(stays["stay_kind"] == "normal") & ~own_price & stays["price"].notna()]
    return [
        hotel_finding(
            "RATE_VARIANCE",
            books.as_of,
            one["account"],
            [one["ref"]],
            message(
                "night_audit.RATE_VARIANCE",
                account=one["account"],
                guest=one["guest"],
                room=one["room"],
                price=money_text(one["price"]),
                rack=money_text(one["rack_rate"]),
                discount=_share_text(one["discount"]),
                due=money_text(one["due"]),
                owner=desk_of("RATE_VARIANCE"),
            ),
            (int(one["due"]), int(one["price"])),
        )
        for one in normal[normal["price"] != normal["due"]].to_dict("records")
    ]


def _posted_variances(books: Books, nights: pd.DataFrame) -> list[Finding]:
    """Room charges of the date that the PMS posted with another amount than the stay's."""
    known = posted(books)
    if not len(known):
        return []
    both = nights.dropna(subset=["amount"]).merge(
        known[known["item_key"] == "room"].rename(columns={"amount": "posted"}), on="account_key"
    )
    return [
        hotel_finding(
            "RATE_VARIANCE",
            books.as_of,
            one["account"],
            [one["ref"], *one["refs"]],
            message(
                "night_audit.RATE_POSTED",
                account=one["account"],
                guest=one["guest"],
                room=one["room"],
                posted=money_text(one["posted"]),
                due=money_text(one["amount"]),
                owner=desk_of("RATE_VARIANCE"),
            ),
            (int(one["amount"]), int(one["posted"])),
        )
        for one in both[both["posted"] != both["amount"]].to_dict("records")
    ]


def _beyond_authority(books: Books, stays: pd.DataFrame) -> list[Finding]:
    return [
        hotel_finding(
            "DISCOUNT_AUTHORITY",
            books.as_of,
            one["account"],
            [one["ref"]],
            message(
                "night_audit.DISCOUNT_AUTHORITY",
                account=one["account"],
                guest=one["guest"],
                room=one["room"],
                operator=one["operator"],
                discount=_share_text(one["discount"]),
                lowest=_share_text(one["lowest"]),
                owner=desk_of("DISCOUNT_AUTHORITY"),
            ),
            (_share_text(one["lowest"]), _share_text(one["discount"])),
        )
        for one in stays.to_dict("records")
    ]


def _unreasoned(books: Books, stays: pd.DataFrame, wording: str) -> list[Finding]:
    beyond = wording == "DISCOUNT_BEYOND_AGREEMENT"
    return [
        hotel_finding(
            "DISCOUNT_NO_REASON",
            books.as_of,
            one["account"],
            [one["ref"]],
            message(
                f"night_audit.{wording}",
                account=one["account"],
                guest=one["guest"],
                room=one["room"],
                operator=one["operator"],
                discount=_share_text(one["discount"]),
                owner=desk_of("DISCOUNT_NO_REASON"),
                **({"company": one["company"], "agreed": _share_text(one["agreed"])} if beyond else {}),
            ),
            (_share_text(one["agreed"]) if beyond else "", _share_text(one["discount"])),
        )
        for one in stays.to_dict("records")
    ]


def _share_text(scaled: int) -> str:
    """A share with two places, or as many as it needs: 8000 is `0.80`, 8550 is `0.855`."""
    text = f"{Decimal(int(scaled)) / SHARE_SCALE:.4f}".rstrip("0")
    return text.ljust(text.index(".") + 3, "0")
