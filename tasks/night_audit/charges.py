"""The night's charges: one for each stay, date and item, and none that the PMS posted itself (spec 06, step 4)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import pandas as pd

from tasks.domain.keys import name_key, name_keys
from tasks.night_audit.books import Books, empty, looked_up, once
from tasks.night_audit.hotel_day import overstayed_hours, present
from tasks.night_audit.policy import Package, Policy

SHARE_SCALE = 10_000
_WITHOUT_CHARGE = {"free": "complimentary", "house": "house"}
_COLUMNS = ["account_key", "account", "room_key", "room", "item", "amount", "kind", "ref"]
_NUMBER = re.compile(r"[0-9]+")


def night_charges(books: Books, policy: Policy) -> pd.DataFrame:
    """What the close posts: account_key, account, room_key, room, item, amount (cents), kind, ref; by account and item.

    Items are room, extra_bed and the names of the packages; kind says how the stay counts: paid, complimentary or
    house. Left out is what stands in the folio of the date already (`posted`) or was kept by this audit. Packages are
    for paid rooms; those that are a share take it of the room charge of the date, whoever posted it. A stay without
    price has no charge: it blocks the night (NO_PRICE).
    """
    nights = charged_nights(books, policy)
    known = posted(books)
    rooms = known[known["item_key"] == "room"].set_index("account_key")["amount"]
    base = looked_up(nights["account_key"], rooms).astype("Int64").fillna(nights["amount"])
    lines = [nights.assign(item="room")[_COLUMNS], _extra_beds(nights)]
    if policy.packages:
        paid = nights.assign(base=base)[nights["kind"] == "paid"]
        lines += [_package(paid, package, policy) for package in policy.packages]
    charges = pd.concat([line for line in lines if len(line)] or lines[:1]).dropna(subset=["amount"])
    done = {*_pairs(known["account_key"], known["item_key"])}
    done |= {*_pairs(books.postings["account_key"], name_keys(books.postings["item"]))}
    if done:
        items = name_keys(charges["item"].astype("str"))
        new = [pair not in done for pair in _pairs(charges["account_key"], items)]
        charges = charges[np.array(new, dtype="bool")]
    # The lines of an account stay in their order: its room, its extra beds, its packages.
    ordered = charges.sort_values("account_key", kind="stable", ignore_index=True)
    return ordered.astype({"amount": "int64", "item": "str"})


def _pairs(keys: pd.Series[str], items: pd.Series[str]) -> Iterable[tuple[str, str]]:
    return zip(keys, items, strict=True)


@once
def charged_nights(books: Books, policy: Policy) -> pd.DataFrame:
    """The stays that the audit charges for the night, with `amount` (Int64 cents, blank without price) and `kind`.

    `kind` says how the stay counts (`night_charges`), `stay_kind` is its own.
    In house on the night of the date: normal, long and shared stays at their own price (of the day, or the day's part
    of the month), free and house ones at 0.00, hourly ones only past their hours and where the policy converts them, at
    rack rate times discount, because an hourly price is none for a night.
    """
    stays = present(books, policy)
    hourly = stays["kind"] == "hourly"
    if hourly.any():
        converted = overstayed_hours(stays, books.as_of, policy.night_ends) & (policy.hourly_overnight == "convert")
        stays = stays[~hourly | converted]
    amount = stays["price"].mask(stays["priced_by"] == "month", of_month(stays["price"], books.as_of))
    amount = amount.mask(stays["kind"] == "hourly", discounted(stays)).mask(stays["kind"].isin([*_WITHOUT_CHARGE]), 0)
    kind = stays["kind"].where(stays["kind"].isin([*_WITHOUT_CHARGE]), "paid").replace(_WITHOUT_CHARGE)
    return stays.assign(amount=amount, stay_kind=stays["kind"], kind=kind)


def of_month(prices: pd.Series[int], date: dt.date) -> pd.Series[int]:
    """The part of each monthly price (cents) that falls on `date`: all parts of a month sum to the price exactly.

    The days share alike, so the cents that do not divide go to the first days (spec 00: largest remainder).
    """
    days = calendar.monthrange(date.year, date.month)[1]
    return prices // days + (prices % days >= date.day).astype("Int64")


def discounted(stays: pd.DataFrame) -> pd.Series[int]:
    """门市价 × 折扣 of each stay, half up to the cent (spec 06, step 4)."""
    return share_of(stays["rack_rate"], stays["discount"])


def share_of(amounts: pd.Series[int], shares: pd.Series[int] | int) -> pd.Series[int]:
    """`amounts` (cents) times `shares` (scaled by 10,000), half up to the cent; the sign takes no part in rounding."""
    exact = amounts.abs() * shares
    rounded = (exact + SHARE_SCALE // 2) // SHARE_SCALE
    return rounded.mask(amounts < 0, -rounded)


def posted(books: Books) -> pd.DataFrame:
    """What stands in the folio for the date, one row an account and item: account_key, item_key, amount (net), refs.

    Reversed rows are not there any more. A reversal of an earlier date corrects that date and is none of this one's
    charges; rows that repeat a night posting of ours are not looked at; what is net below zero is an allowance and
    no posting. A row of 0.00 that nobody reversed is one.
    """
    if not len(books.folio):
        return empty("folio").assign(item_key="", refs="")[["account_key", "item_key", "amount", "refs"]]
    folio = books.folio[(books.folio["night_posting"] == "") & (books.folio["date"] == pd.Timestamp(books.as_of))]
    own = folio[(folio["original_key"] == "") | folio["original_key"].isin(folio["number_key"])]
    standing = (own["original_key"] == "") & ~own["number_key"].isin(own["original_key"])
    own = own.assign(item_key=name_keys(own["item"]), nothing=standing & (own["amount"] == 0))
    sums = own.groupby(["account_key", "item_key"], as_index=False).agg(
        amount=("amount", "sum"), nothing=("nothing", "any"), refs=("ref", list)
    )
    return sums.loc[(sums["amount"] > 0) | sums["nothing"], ["account_key", "item_key", "amount", "refs"]]


def _extra_beds(nights: pd.DataFrame) -> pd.DataFrame:
    """The fee of one bed and night times the beds, where both are written."""
    fees = nights["extra_beds"] * nights["extra_bed_fee"]
    return nights.assign(item="extra_bed", amount=fees)[fees.fillna(0) > 0][_COLUMNS]


def _package(paid: pd.DataFrame, package: Package, policy: Policy) -> pd.DataFrame:
    """The lines of one package; where it comes to nothing there is none."""
    guests = paid["guests"].fillna(1)
    if package.share is not None:
        amount = share_of(paid["base"], package.share)
    else:
        times = {
            "stay": guests * 0 + 1,
            "guest": guests,
            "breakfast": _breakfasts(paid["breakfast"], guests, policy),
        }
        amount = times[package.per] * int(package.amount or 0)
    return paid.assign(item=package.name, amount=amount)[amount.fillna(0) != 0][_COLUMNS]


def _breakfasts(texts: pd.Series[str], guests: pd.Series[int], policy: Policy) -> pd.Series[int]:
    """How many breakfasts each text means: its number, else its word's, else one for each guest; blank is none."""
    meant: dict[str, int | None] = {}
    for text in texts.unique():
        number = _NUMBER.search(unicodedata.normalize("NFKC", text))
        word = policy.breakfasts.get(name_key(text))
        meant[text] = 0 if not text else word if word is not None else int(number[0]) if number else None
    return texts.map(meant).astype("Int64").fillna(guests)
