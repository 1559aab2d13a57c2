"""The books of one hotel as the audit of one business date reads them: tuples of rows, nothing else.

A night is hundreds of rows, or a few thousand, each of them looked at from many sides: plain rows are quicker here
than frames, and say what they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from tasks.night_audit.rows import (
    Accrual,
    BadCell,
    Balance,
    Company,
    Deposit,
    FolioLine,
    Kept,
    Member,
    Operation,
    Operator,
    Original,
    Outcome,
    Payment,
    PosCheck,
    Reservation,
    Room,
    RoomType,
    Shift,
    Stay,
)

P = TypeVar("P")
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, eq=False)
class Books:
    """Everything that the audit of `as_of` knows.

    Gathered are: folio, payments and shifts dated `as_of`; POS checks of that business date and unsettled ones of
    before; the log of `as_of` and what came of the two days before it since the last close; stays in house, arrived or
    departed that date or due, and those of the reservations here; reservations due up to the next date that nothing
    settled, those that are still to be decided, and every one that an open balance, a deposit row here, an outcome of
    `as_of` or a line of the log names, whenever it is due: one that is named and not here counts as lost. Deposits are
    all rows of those reservations and of every open balance. Not here is a reservation of which there is nothing to
    judge yet, though a deposit is held on it: booked, due after the next date, without stay or outcome, named by
    nothing of the date but its balance. `outcomes` are those of the reservations here, in the order in which they were
    recorded: the last one of a reservation stands; `originals` the rows of folio and payments of earlier dates that
    reversals of `as_of` name; `postings` those of `as_of` that are kept already; `accruals` the commission accrued at
    earlier closes for the stays here; `quarantined` one row a bad cell. `delivered` names the datasets that were ever
    delivered: a check that needs another is not made (spec 00).
    Reservations, stays and deposits are in the order of their keys.
    """

    as_of: dt.date
    delivered: frozenset[str]
    room_types: tuple[RoomType, ...] = ()
    rooms: tuple[Room, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    stays: tuple[Stay, ...] = ()
    folio: tuple[FolioLine, ...] = ()
    payments: tuple[Payment, ...] = ()
    shifts: tuple[Shift, ...] = ()
    pos_checks: tuple[PosCheck, ...] = ()
    operators: tuple[Operator, ...] = ()
    corporate_accounts: tuple[Company, ...] = ()
    members: tuple[Member, ...] = ()
    operation_log: tuple[Operation, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    opening: tuple[Balance, ...] = ()
    postings: tuple[Kept, ...] = ()
    originals: tuple[Original, ...] = ()
    accruals: tuple[Accrual, ...] = ()
    quarantined: tuple[BadCell, ...] = ()
    worked_out: dict[Any, Any] = field(init=False, repr=False, default_factory=dict)


def once(asked: Callable[[Books, P], T]) -> Callable[[Books, P], T]:
    """`asked`, worked out once for the same books and policy: several checks of a night rest on the same answer.

    What it gives is shared, so nobody may write to it.
    """

    @wraps(asked)
    def known(books: Books, policy: P) -> T:
        # The policy is kept with the answer, so that no other one gets its id meanwhile.
        name = (asked, id(policy))
        if name not in books.worked_out:
            books.worked_out[name] = (policy, asked(books, policy))
        answer: T = books.worked_out[name][1]
        return answer

    return known


def grouped(rows: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """The rows of each key; keys in the order in which they first come, rows in the given order."""
    found: dict[K, list[T]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found
