"""A released reservation taken back, and a room for the no-show who comes after all (spec 06).

Nobody is moved out: if the rooms that were assigned are taken, other free ones are offered.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from tasks.domain.keys import code_key
from tasks.domain.message import Message, message
from tasks.night_audit.books import Books
from tasks.night_audit.hotel_day import business_date
from tasks.night_audit.policy import Policy
from tasks.night_audit.reservations import NO_SHOWS, Standing, standing
from tasks.night_audit.rows import Room

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
    now = standing(books, policy, at)
    one = next((one for one in now if one.reservation.reservation_key == reservation_key), None)
    if one is None:
        return Restoring(message("night_audit.restore.unknown", reservation=reservation_key))
    if one.state not in _GIVEN_UP:
        state = message(f"night_audit.last_state.{one.state}")
        written = one.reservation.reservation
        return Restoring(message("night_audit.restore.not_given_up", reservation=written, state=state))
    free = free_rooms(books, policy, at, (other for other in now if other is not one))
    assigned, own_type = room_keys(one.reservation.rooms), code_key(one.reservation.room_type)
    free_keys = {room.room_key for room in free}
    own = [key for key in assigned if key in free_keys]
    others = sorted(
        (room for room in free if room.room_key not in assigned),
        key=lambda room: (code_key(room.room_type) != own_type, room.condition != "clean", room.room_key),
    )
    lacking = max(one.reservation.room_count, 1) - len(own)
    names = {room.room_key: room.room for room in books.rooms}
    return Restoring(
        refusal=None,
        kept=tuple(names[key] for key in own),
        sold=tuple(names.get(key, key) for key in assigned if key not in own),
        offered=tuple(room.room for room in others[: max(lacking, 0)]),
    )


def free_rooms(books: Books, policy: Policy, at: dt.datetime, reservations: Iterable[Standing]) -> tuple[Room, ...]:
    """The rooms that can be given to a guest at `at`: in order, nobody in them, assigned to nobody who is expected.

    `reservations` are those to keep rooms for: rooms of one that is booked or to be decided and due by that business
    date are kept.
    """
    today = business_date(at, policy.night_ends)
    expected = (one for one in reservations if one.state in {"booked", "undecided"} and one.due_date <= today)
    taken = {key for one in expected for key in room_keys(one.reservation.rooms)}
    taken |= {
        stay.room_key
        for stay in books.stays
        if stay.arrived_at <= at and (stay.departed_at is None or stay.departed_at > at)
    }
    return tuple(room for room in books.rooms if room.state == "normal" and room.room_key not in taken)


def room_keys(text: str) -> list[str]:
    """The keys of the rooms that a cell names, several by comma, in its order and each once."""
    return list(dict.fromkeys(filter(None, map(code_key, _BETWEEN_ROOMS.split(text)))))
