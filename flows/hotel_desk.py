"""What a hotel's desk does and asks between two nights: commands and forms give the same."""

from __future__ import annotations

import datetime as dt

from flows.command_line import said
from flows.desk_options import opened
from flows.hotel import arranged_order, arranged_policy
from flows.listing import listing
from tasks.domain.amounts import money_text
from tasks.domain.keys import code_key
from tasks.domain.message import Message, message
from tasks.night_audit.steps import deposits_held
from tasks.night_audit.steps import restore as take_back

_SHOWN = ("holder", "of", "who", "balance", "days", "state")


def restored(number: str, who: str, reason: str) -> tuple[Message, ...]:
    """What to tell whoever took the reservation back now: done, its rooms that are free, others to give instead.

    Raises UnableToRestore for one that is not given up.
    """
    _, settings, now = opened()
    order = arranged_order(settings, mail=False)
    found = take_back(order, code_key(number), who, reason, _local(now))
    told = [message("night_audit.restored", reservation=number)]
    for name in ("kept", "sold", "offered"):
        rooms = getattr(found, name)
        if rooms:
            told.append(message(f"night_audit.restored.{name}", rooms=", ".join(rooms)))
    return tuple(told)


def deposit_rows(reservation: str = "") -> list[dict[str, object]]:
    """The deposits that are held, the oldest first; of `reservation` alone, also where nothing is held any more."""
    store, settings, now = opened()
    with store.reading() as connection:
        found = deposits_held(connection, arranged_policy(settings), _local(now), reservation)
    return [
        {
            "holder": one.holder,
            "of": one.sort,
            "who": one.who,
            "balance": money_text(one.balance),
            "days": one.days,
            "since": one.since.isoformat(sep=" ", timespec="minutes"),
            "state": one.state,
        }
        for one in found
    ]


def deposits_in_words(rows: list[dict[str, object]], *, whole: bool) -> str:
    """The rows as a table for a terminal, all or the first (`listing`); one sentence when there are none."""
    if not rows:
        return said("cli.deposits.none")
    headings = [said(f"cli.deposits.{name}") for name in _SHOWN]
    cells = [[_cell(name, row[name]) for name in _SHOWN] for row in rows]
    return listing(headings, cells, [name in ("balance", "days") for name in _SHOWN], whole=whole)


def _cell(name: str, value: object) -> str:
    if name == "state":
        return said(f"night_audit.last_state.{value}")
    return said(f"night_audit.dataset.{value}") if name == "of" else str(value)


def _local(now: dt.datetime) -> dt.datetime:
    """The hotel's own clock, which bears no zone."""
    return now.replace(tzinfo=None, microsecond=0)
