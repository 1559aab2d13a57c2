"""What people did beside the rules: the operation log and the corrections across the seal (spec 06, steps 7 and 14)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks.domain.amounts import money_text
from tasks.domain.finding import Finding
from tasks.domain.keys import code_key, name_key
from tasks.domain.message import message
from tasks.night_audit.books import Books
from tasks.night_audit.deposits import held_at_close
from tasks.night_audit.hotel_day import DAY, at_time, since_midnight
from tasks.night_audit.kinds import desk_of, hotel_finding
from tasks.night_audit.policy import Policy
from tasks.night_audit.reservations import Standing
from tasks.night_audit.rows import FolioLine, Operation, Original, Payment, Reservation

Log = Sequence[Operation]


@dataclass(frozen=True, slots=True, eq=False)
class Trail:
    """findings: DELETED_LOCKED, PRICE_CHANGED_NEAR_CLOSE, MANUAL_NO_SHOW, REVERSED_AFTER_CLOSE.

    reopened (bills, 撤销结帐), room_moves and group_moves: lines of the log, by time. transfers: the folio's transfers
    of the date from account to account, by time.
    """

    findings: tuple[Finding, ...]
    reopened: Log
    room_moves: Log
    group_moves: Log
    transfers: tuple[FolioLine, ...]

    @property
    def transfers_total(self) -> int:
        """The sum of the transfers in cents; it has to be zero."""
        return sum(row.amount for row in self.transfers)


def trail(books: Books, policy: Policy, standing: Iterable[Standing]) -> Trail:
    """The trail of the books' date; `standing` are its reservations as they stand after the audit."""
    log = sorted(books.operation_log, key=lambda one: (one.at, one.ref))
    found = (
        *_deleted(books, policy, _of(log, "deleted_reservation")),
        *_price_changes(books, policy, _of(log, "price_changed")),
        *_manual_no_shows(books, policy, _of(log, "no_show_set"), standing),
        *_reversed(books),
    )
    moved = [row for row in books.folio if row.item == "transfer" and row.date == books.as_of]
    return Trail(
        findings=tuple(sorted(found, key=lambda one: (one.kind, one.item, one.refs))),
        reopened=_of(log, "bill_reopened"),
        room_moves=_of(log, "room_changed"),
        group_moves=_of(log, "group_joined", "group_left"),
        transfers=tuple(
            sorted((row for row in moved if not row.night_posting), key=lambda one: (one.at, one.number_key))
        ),
    )


def _of(log: Log, *actions: str) -> Log:
    return tuple(line for line in log if line.action in actions)


def _deleted(books: Books, policy: Policy, deleted: Log) -> Iterable[Finding]:
    """Deleted reservations that were locked, without the right to do so, or that ever held money, right or none."""
    reservations = {row.reservation_key: row for row in books.reservations} if deleted else {}
    may = {name_key(row.operator) for row in books.operators if row.may_delete_locked == "yes"}
    for line in deleted:
        key = code_key(line.object)
        reservation, received = reservations.get(key), _received(books, policy, key)
        right = "operators" not in books.delivered or name_key(line.operator) in may
        if received > 0 or (not right and _locked(books, policy, line, reservation)):
            yield _deletion(books, line, reservation, received)


def _locked(books: Books, policy: Policy, line: Operation, reservation: Reservation | None) -> bool:
    """Whether the reservation was locked when it was deleted: `locked_after` its entry, at that very second too.

    One that was never delivered was entered at an unknown time and is taken for locked. Where reservations were not
    delivered, times are not checked.
    """
    if "reservations" not in books.delivered:
        return False
    return reservation is None or line.at >= reservation.entered_at + policy.locked_after


def _deletion(books: Books, line: Operation, reservation: Reservation | None, received: int) -> Finding:
    entered = _minute(reservation.entered_at) if reservation else "—"
    told = message(
        "night_audit.DELETED_WITH_MONEY" if received > 0 else "night_audit.DELETED_LOCKED",
        reservation=line.object,
        operator=line.operator,
        at=_minute(line.at),
        owner=desk_of("DELETED_LOCKED"),
        **({"held": money_text(received)} if received > 0 else {"entered": entered}),
    )
    refs = [line.ref, *([reservation.ref] if reservation else [])]
    return hotel_finding("DELETED_LOCKED", books.as_of, line.object, refs, told)


def _price_changes(books: Books, policy: Policy, changed: Log) -> Iterable[Finding]:
    """Prices changed within `near_close` before or after the end of a night, both ends included."""
    for line in changed:
        since = line.at - since_midnight(policy.night_ends)
        after = since - at_time(since.date(), dt.time())
        if min(after, DAY - after) > policy.near_close:
            continue
        told = message(
            "night_audit.PRICE_CHANGED_NEAR_CLOSE",
            object=line.object,
            operator=line.operator,
            at=_minute(line.at),
            before=line.before,
            after=line.after,
            owner=desk_of("PRICE_CHANGED_NEAR_CLOSE"),
        )
        against = (line.before, line.after)
        yield hotel_finding("PRICE_CHANGED_NEAR_CLOSE", books.as_of, line.object, [line.ref], told, against)


def _manual_no_shows(books: Books, policy: Policy, by_log: Log, standing: Iterable[Standing]) -> Iterable[Finding]:
    """Reservations that ever held money and that somebody set to no-show: by the log, or by the PMS and not by us."""
    told: dict[str, tuple[str, str, str]] = {}
    for line in by_log:
        told.setdefault(code_key(line.object), (line.object, line.operator, line.ref))
    for one in standing:
        own = one.reservation
        if own.state == "no_show" and not one.last:
            told.setdefault(own.reservation_key, (own.reservation, "", own.ref))
    for key, (name, operator, ref) in told.items():
        received = _received(books, policy, key)
        if received > 0:
            words = message(
                "night_audit.MANUAL_NO_SHOW",
                reservation=name,
                operator=operator or "—",
                held=money_text(received),
                owner=desk_of("MANUAL_NO_SHOW"),
            )
            yield hotel_finding("MANUAL_NO_SHOW", books.as_of, name, [ref], words)


def _received(books: Books, policy: Policy, reservation_key: str) -> int:
    """All that was ever received on the reservation, in cents."""
    held = held_at_close(books, policy).get(reservation_key)
    return held.received if held else 0


def _reversed(books: Books) -> Iterable[Finding]:
    """Reversals of the date whose original a closed date holds and the same hand posted."""
    before = {(row.dataset, row.number_key): row for row in books.originals if row.date < books.as_of}
    undone: dict[str, Iterable[FolioLine | Payment]] = {"folio": books.folio, "payments": books.payments}
    for dataset, rows in undone.items():
        for row in rows:
            original = before.get((dataset, row.original_key)) if row.date == books.as_of else None
            if original and name_key(original.operator) == name_key(row.operator):
                yield _reversal(books, row, original)


def _reversal(books: Books, row: FolioLine | Payment, original: Original) -> Finding:
    told = message(
        "night_audit.REVERSED_AFTER_CLOSE",
        account=row.account,
        number=row.number,
        original=original.number,
        date=original.date.isoformat(),
        operator=row.operator,
        amount=money_text(row.amount),
        owner=desk_of("REVERSED_AFTER_CLOSE"),
    )
    against = (money_text(original.amount), money_text(row.amount))
    refs = [row.ref, original.ref]
    return hotel_finding("REVERSED_AFTER_CLOSE", books.as_of, row.account, refs, told, against)


def _minute(at: dt.datetime) -> str:
    return f"{at:%m-%d %H:%M}"
