"""The lists of a night's report: who did not come, who owes, what was moved, who comes and goes tomorrow (spec 06)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tasks.domain.report import Kind, Table
from tasks.night_audit.closing import Closing
from tasks.night_audit.hotel_day import DAY, present
from tasks.night_audit.policy import Policy
from tasks.night_audit.report_odd import unassigned_money
from tasks.night_audit.report_parts import amounts, drawn, minute, word, yuan
from tasks.night_audit.reservations import NO_SHOWS
from tasks.night_audit.rows import Reservation


def reservations_table(closing: Closing) -> Table:
    """No-shows and released reservations of the date with what they hold."""
    of_date = (one for one in closing.settlement.standing if one.counts_on == closing.books.as_of)
    chosen = (one for one in of_date if one.state in {*NO_SHOWS, "released"})
    rows = [
        (
            one.reservation.reservation,
            _booker(one.reservation),
            word(f"last_state.{one.state}"),
            minute(one.reservation.due_in),
            yuan(one.balance),
        )
        for one in sorted(chosen, key=lambda one: one.reservation.reservation_key)
    ]
    columns: tuple[tuple[str, Kind, int], ...] = (
        ("reservation", "text", 14), ("booker", "text", 16), ("state", "wording", 10), ("due_in", "text", 12),
    )  # fmt: skip
    return drawn("given_up", rows, *columns, *amounts("held"))


def _booker(reservation: Reservation) -> str:
    return reservation.group_name or reservation.booker


def lists(closing: Closing, policy: Policy) -> Iterable[Table]:
    """High balances, money without a shift, refunds by operator, moves, tomorrow's arrivals and due-outs."""
    guest: tuple[tuple[str, Kind, int], ...] = (("account", "text", 12), ("room", "text", 8), ("guest", "text", 14))
    high = [
        (row.account, row.room, row.guest, yuan(row.balance), yuan(row.deposit), yuan(row.short))
        for row in closing.high
    ]
    yield drawn("high_balances", high, *guest, *amounts("balance", "deposit", "short"))
    yield from unassigned_money(closing)
    back = [(row.operator, row.times, yuan(row.amount)) for row in closing.cashiers.given_back]
    if back:
        yield drawn("given_back", back, ("operator", "text", 12), ("count", "count", 8), *amounts("amount"))
    moves = [
        (f"{row.at:%H:%M}", row.operator, word(f"action.{row.action}"), row.object, row.before, row.after)
        for row in (*closing.trail.reopened, *closing.trail.room_moves, *closing.trail.group_moves)
    ]
    if moves:
        yield drawn(
            "moves", moves, ("at", "text", 8), ("operator", "text", 12), ("action", "wording", 12),
            ("object", "text", 14), ("before", "text", 14), ("after", "text", 14),
        )  # fmt: skip
    yield from _tomorrow(closing, policy, guest)


def _tomorrow(closing: Closing, policy: Policy, guest: Sequence[tuple[str, Kind, int]]) -> Iterable[Table]:
    tomorrow = closing.books.as_of + DAY
    standing = closing.settlement.standing
    coming = [one.reservation for one in standing if one.due_date == tomorrow and one.state == "booked"]
    rows = [
        (one.reservation, _booker(one), one.room_type, one.room_count, minute(one.due_in))
        for one in sorted(coming, key=lambda one: (one.due_in, one.reservation_key))
    ]
    yield drawn(
        "arrivals_tomorrow", rows, ("reservation", "text", 14), ("booker", "text", 16), ("room_type", "text", 10),
        ("room_count", "count", 8), ("due_in", "text", 12),
    )  # fmt: skip
    leaving = [stay for stay in present(closing.books, policy) if stay.due_out.date() == tomorrow]
    out = [
        (stay.account, stay.room, stay.guest, minute(stay.due_out))
        for stay in sorted(leaving, key=lambda one: (one.room, one.account))
    ]
    yield drawn("due_outs_tomorrow", out, *guest, ("due_out", "text", 12))
