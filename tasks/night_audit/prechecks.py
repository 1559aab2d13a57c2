"""What stops the close of a night: each finding names its object, who acts and what mends it (spec 06, step 2)."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.message import message, message_from_json
from tasks.night_audit.books import Books
from tasks.night_audit.charges import charged_nights
from tasks.night_audit.hotel_day import business_dates, overstayed_hours, present
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.policy import Policy

_OUT_OF_ORDER = ("repair", "closed")
Record = dict[Hashable, Any]


def prechecks(books: Books, policy: Policy) -> list[Finding]:
    """Every blocking finding of the date, by kind and object; a dataset that was never delivered has no rows to block.

    Kinds: OPEN_SHIFT, DUE_OUT, HOURLY_OVERSTAY, NO_PRICE, ROOM_OUT_OF_ORDER, DOUBLE_OCCUPIED, POS_UNSETTLED, BAD_ROW.
    """
    stays = present(books, policy)
    found = [
        *_open_shifts(books),
        *_due_outs(books, stays),
        *_hourly(books, policy),
        *_without_price(books, policy),
        *_out_of_order(books, stays),
        *_double_occupied(books, stays),
        *_unsettled_checks(books, policy),
        *_bad_rows(books),
    ]
    return sorted(found, key=lambda one: (one.kind, one.item, one.refs))


def _open_shifts(books: Books) -> list[Finding]:
    """A shift of the date that no row of it says was closed."""
    if not len(books.shifts):
        return []
    shifts = books.shifts[books.shifts["date"] == pd.Timestamp(books.as_of)]
    closed = shifts.loc[shifts["closed_at"].notna(), "shift_key"]
    still = shifts[~shifts["shift_key"].isin(closed)]
    first = still.drop_duplicates("shift_key")
    rows_of = still.groupby("shift_key")["ref"].agg(list)
    return [
        hotel_finding(
            "OPEN_SHIFT",
            books.as_of,
            one["shift"],
            rows_of[one["shift_key"]],
            message(
                "night_audit.OPEN_SHIFT",
                shift=one["shift"],
                owner=one["operator"] or desk_of("OPEN_SHIFT"),
                opened="" if pd.isna(one["opened_at"]) else f"{one['opened_at']:%m-%d %H:%M}",
            ),
        )
        for one in first.to_dict("records")
    ]


def _due_outs(books: Books, stays: pd.DataFrame) -> list[Finding]:
    """Stays in house whose 预离 is a calendar day up to the date; hourly ones are judged by their hours."""
    due = stays["due_out"].dt.normalize() <= pd.Timestamp(books.as_of)
    chosen = due & stays["departed_at"].isna() & (stays["kind"] != "hourly")
    return [_of_stay("DUE_OUT", books, one) for one in _records(stays, chosen)]


def _hourly(books: Books, policy: Policy) -> list[Finding]:
    if policy.hourly_overnight == "convert" or not (books.stays["kind"] == "hourly").any():
        return []
    chosen = books.stays[overstayed_hours(books.stays, books.as_of, policy.night_ends)]
    return [_of_stay("HOURLY_OVERSTAY", books, one) for one in chosen.to_dict("records")]


def _without_price(books: Books, policy: Policy) -> list[Finding]:
    """Stays to be charged whose price is blank or not above zero: a free room has a kind of its own."""
    nights = charged_nights(books, policy)
    none = (nights["kind"] == "paid") & ~(nights["amount"].fillna(0) > 0)
    return [_of_stay("NO_PRICE", books, one) for one in _records(nights, none.astype("bool"))]


def _out_of_order(books: Books, stays: pd.DataFrame) -> list[Finding]:
    """Stays in rooms under repair or closed, and those in no room that the hotel has."""
    state = stays["room_key"].map(dict(zip(books.rooms["room_key"], books.rooms["state"], strict=True)))
    broken, unknown = _records(stays, state.isin(_OUT_OF_ORDER)), _records(stays, state.isna())
    return [_of_stay("ROOM_OUT_OF_ORDER", books, one) for one in broken] + [
        _of_stay("ROOM_OUT_OF_ORDER", books, one, "ROOM_UNKNOWN") for one in unknown
    ]


def _records(stays: pd.DataFrame, chosen: pd.Series[bool]) -> list[Record]:
    return stays[chosen].to_dict("records") if chosen.any() else []


def _of_stay(kind: str, books: Books, one: Record, wording: str = "") -> Finding:
    told = message(
        f"night_audit.{wording or kind}",
        account=one["account"],
        guest=one["guest"],
        room=one["room"],
        due=f"{one['due_out']:%m-%d %H:%M}",
        owner=desk_of(kind),
    )
    return hotel_finding(kind, books.as_of, one["account"], [one["ref"]], told)


def _double_occupied(books: Books, stays: pd.DataFrame) -> list[Finding]:
    """Rooms with several stays of which one has the room to itself, or two have the same bed."""
    rooms = stays[stays["room_key"] != ""]
    if not rooms["room_key"].duplicated().any():
        return []
    alone = (rooms["kind"] != "shared") & (rooms["bed"].str.strip() == "")
    bed = rooms["room_key"] + "/" + rooms["bed"].str.strip()
    one_bed = (rooms["bed"].str.strip() != "") & bed.duplicated(keep=False)
    several = rooms["room_key"].duplicated(keep=False)
    wrong = rooms["room_key"].isin(rooms.loc[(several & alone) | one_bed, "room_key"])
    chosen = rooms[wrong].sort_values(["room_key", "account_key"])
    told = chosen.groupby("room_key").agg(
        room=("room", "first"), accounts=("account", ", ".join), guests=("guest", ", ".join), refs=("ref", list)
    )
    return [
        hotel_finding(
            "DOUBLE_OCCUPIED",
            books.as_of,
            one["room"],
            one["refs"],
            message(
                "night_audit.DOUBLE_OCCUPIED",
                room=one["room"],
                accounts=one["accounts"],
                guests=one["guests"],
                owner=desk_of("DOUBLE_OCCUPIED"),
            ),
        )
        for one in told.to_dict("records")
    ]


def _unsettled_checks(books: Books, policy: Policy) -> list[Finding]:
    """Checks of the date, and any older one, that nobody settled."""
    checks = books.pos_checks
    if not len(checks):
        return []
    due = business_dates(checks["at"], policy.night_ends) <= pd.Timestamp(books.as_of)
    chosen = checks[due & (checks["settlement"] == "open")]
    return [
        hotel_finding(
            "POS_UNSETTLED",
            books.as_of,
            one["check"],
            [one["ref"]],
            message(
                "night_audit.POS_UNSETTLED",
                check=one["check"],
                outlet=one["outlet"],
                amount=money_text(one["amount"]),
                owner=one["operator"] or desk_of("POS_UNSETTLED"),
            ),
        )
        for one in chosen.to_dict("records")
    ]


def _bad_rows(books: Books) -> list[Finding]:
    """Cells of stays and of the date's money that could not be read: without them the night would close wrongly."""
    return [
        hotel_finding(
            "BAD_ROW",
            books.as_of,
            one["file"],
            [f"{one['dataset']}:{one['file']}:{one['sheet']}:{one['row']}:{one['column']}"],
            message(
                "night_audit.BAD_ROW",
                file=one["file"],
                row=one["row"],
                column=one["column"],
                value=one["value"],
                reason=message_from_json(one["reason"]),
                owner=desk_of("BAD_ROW"),
            ),
        )
        for one in books.quarantined.to_dict("records")
    ]
