"""A released reservation taken back, and a room for the no-show who comes after all (spec 06).

Nobody is moved out: if the rooms that were assigned are taken, other free ones are offered.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import pandas as pd

from tasks.domain.keys import code_key
from tasks.domain.message import Message, message
from tasks.night_audit.books import Books
from tasks.night_audit.hotel_day import business_date
from tasks.night_audit.policy import Policy
from tasks.night_audit.reservations import NO_SHOWS, standing

_BETWEEN_ROOMS = re.compile(r"[,，、;；/\s]+")
_GIVEN_UP = (*NO_SHOWS, "released")


@dataclass(frozen=True, slots=True)
class Restoring:
    """Whether a reservation can be taken back, and where its guest can sleep.

    refusal: why not, in words, or None. kept: its assigned rooms that are still free, as delivered; sold: those that
    are not; offered: other free rooms in their stead, as many as the reservation lacks or as there are.
    """

    refusal: Message | None
    kept: tuple[str, ...] = ()
    sold: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()


def restoring(books: Books, policy: Policy, reservation_key: str, at: dt.datetime) -> Restoring:
    """What restoring the reservation at `at` means; only a no-show or a released one can be restored (spec 06).

    Rooms of its own type are offered first, then clean ones, then by number.
    """
    now = standing(books, policy, pd.Timestamp(at).as_unit("s"))
    chosen = now[now["reservation_key"] == reservation_key].to_dict("records")
    if not chosen:
        return Restoring(message("night_audit.restore.unknown", reservation=reservation_key))
    one = chosen[0]
    if one["state"] not in _GIVEN_UP:
        state = message(f"night_audit.last_state.{one['state']}")
        return Restoring(message("night_audit.restore.not_given_up", reservation=one["reservation"], state=state))
    free = free_rooms(books, policy, at, now[now["reservation_key"] != reservation_key])
    assigned = room_keys(one["rooms"])
    own = [key for key in assigned if key in set(free["room_key"])]
    others = free[~free["room_key"].isin(assigned)]
    others = others.assign(other_type=others["room_type_key"] != one["room_type_key"])
    ordered = others.sort_values(["other_type", "condition", "room_key"], key=_clean_first)
    lacking = max(int(one["room_count"]), 1) - len(own)
    names = dict(zip(books.rooms["room_key"], books.rooms["room"], strict=True))
    return Restoring(
        refusal=None,
        kept=tuple(names[key] for key in own),
        sold=tuple(names.get(key, key) for key in assigned if key not in own),
        offered=tuple(ordered["room"].head(max(lacking, 0))),
    )


def free_rooms(books: Books, policy: Policy, at: dt.datetime, reservations: pd.DataFrame) -> pd.DataFrame:
    """The rooms that can be given to a guest at `at`: in order, nobody in them, assigned to nobody who is expected.

    `reservations` are those to keep rooms for, with their `state` and `due_date` (reservations.standing): rooms of one
    that is booked or to be decided and due by that business date are kept.
    """
    moment = pd.Timestamp(at)
    stays = books.stays
    inside = (stays["arrived_at"] <= moment) & (stays["departed_at"].isna() | (stays["departed_at"] > moment))
    today = pd.Timestamp(business_date(at, policy.night_ends))
    expected = reservations["state"].isin(["booked", "undecided"]) & (reservations["due_date"] <= today)
    kept = {key for text in reservations.loc[expected, "rooms"] for key in room_keys(text)}
    taken = kept | set(stays.loc[inside, "room_key"])
    return books.rooms[(books.rooms["state"] == "normal") & ~books.rooms["room_key"].isin(taken)]


def room_keys(text: str) -> list[str]:
    """The keys of the rooms that a cell names, several by comma, in its order and each once."""
    return list(dict.fromkeys(filter(None, map(code_key, _BETWEEN_ROOMS.split(text)))))


def _clean_first(column: pd.Series) -> pd.Series:
    return column != "clean" if column.name == "condition" else column
