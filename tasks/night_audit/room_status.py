"""Rooms as the front desk knows them against rooms as housekeeping saw them.

Source: spec 06, step 10.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.night_audit.books import grouped
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.rows import Room, Stay

OCCUPIED, VACANT, DIRTY = "occupied", "vacant", "dirty"


class Condition(NamedTuple):
    """A room whose condition the night changes."""

    room_key: str
    room: str
    before: str
    after: str


def room_discrepancies(rooms: Iterable[Room], in_house: Iterable[Stay], as_of: dt.date) -> tuple[Finding, ...]:
    """SKIP (front desk occupied, housekeeping vacant) and SLEEP (the other way round), by room.

    `in_house` are the stays in the house on the night. A room that housekeeping did not see is no finding.
    """
    inside = grouped(sorted(in_house, key=lambda one: one.ref), lambda stay: stay.room_key)
    told = []
    for room in sorted(rooms, key=lambda one: (one.room, one.ref)):
        own, seen = inside.get(room.room_key, []), room.housekeeping
        if not seen or bool(own) == (seen == OCCUPIED):
            continue
        if own:
            guests, accounts = "、".join(stay.guest for stay in own), "、".join(stay.account for stay in own)
            words = message("night_audit.SKIP", room=room.room, guest=guests, account=accounts, owner=desk_of("SKIP"))
            refs = (room.ref, *(stay.ref for stay in own))
            told.append(hotel_finding("SKIP", as_of, room.room, refs, words, (OCCUPIED, seen)))
        else:
            words = message("night_audit.SLEEP", room=room.room, owner=desk_of("SLEEP"))
            told.append(hotel_finding("SLEEP", as_of, room.room, (room.ref,), words, (VACANT, seen)))
    return tuple(told)


def conditions_after(rooms: Iterable[Room], in_house: Iterable[Stay]) -> tuple[Condition, ...]:
    """Every room whose condition the night changes, by room: an occupied one becomes dirty."""
    slept_in = {stay.room_key for stay in in_house}
    return tuple(
        Condition(room.room_key, room.room, room.condition, DIRTY)
        for room in sorted(rooms, key=lambda one: one.room)
        if room.room_key in slept_in and room.condition != DIRTY
    )
