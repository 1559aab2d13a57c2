"""Rooms as the front desk knows them against rooms as housekeeping saw them.

Source: spec 06, step 10.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from tasks.domain.finding import Finding
from tasks.domain.message import message
from tasks.night_audit.books import each
from tasks.night_audit.kinds import desk_of, hotel_finding

OCCUPIED, VACANT, DIRTY = "occupied", "vacant", "dirty"


def room_discrepancies(rooms: pd.DataFrame, in_house: pd.DataFrame, as_of: dt.date) -> tuple[Finding, ...]:
    """SKIP (front desk occupied, housekeeping vacant) and SLEEP (the other way round), by room.

    `rooms` has ref, room, room_key, floor, housekeeping ("" where housekeeping saw nothing, which is no finding);
    `in_house` ref, room_key, account, guest of the stays in the house on the night.
    """
    seen = rooms[rooms["housekeeping"] != ""]
    taken = seen["room_key"].isin(in_house["room_key"])
    wrong = seen[taken != (seen["housekeeping"] == OCCUPIED)].sort_values(["room", "ref"])
    told = []
    for row in each(wrong):
        own = in_house[in_house["room_key"] == row.room_key].sort_values("ref")
        if len(own):
            guests, accounts = "、".join(own["guest"]), "、".join(own["account"])
            owner = desk_of("SKIP")
            words = message("night_audit.SKIP", room=row.room, guest=guests, account=accounts, owner=owner)
            refs = (row.ref, *own["ref"])
            told.append(hotel_finding("SKIP", as_of, row.room, refs, words, (OCCUPIED, row.housekeeping)))
        else:
            words = message("night_audit.SLEEP", room=row.room, owner=desk_of("SLEEP"))
            told.append(hotel_finding("SLEEP", as_of, row.room, (row.ref,), words, (VACANT, row.housekeeping)))
    return tuple(told)


def conditions_after(rooms: pd.DataFrame, in_house: pd.DataFrame) -> pd.DataFrame:
    """Every room whose condition the night changes: room_key, room, before, after; an occupied room becomes dirty."""
    slept_in = rooms[rooms["room_key"].isin(in_house["room_key"]) & (rooms["condition"] != DIRTY)]
    changed = slept_in[["room_key", "room"]].assign(before=slept_in["condition"], after=DIRTY)
    return changed.sort_values("room", ignore_index=True)
